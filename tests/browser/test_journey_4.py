"""Journey 4: the facilitator of the group work, with a wall, a phone, three tables and an owner's phone."""

import re
import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from app.events.models import Event
from app.groupwork.models import Agreement, Card, FollowUp, Step
from app.groupwork.queries.sessions import group_work_of
from app.groupwork.queries.tables import seated_in, tables_of
from app.kernel.clock import now
from app.people.actions import mint_link
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.plumbing.queue import Job
from app.registration.models import Registration, Status
from app.registration.queries import registrations_of
from app.web.sample.cast import PASSWORD
from app.web.sample.loading import load_sample
from tests.browser.conftest import PHONE, check_page
from tests.factories.voices import here
from tests.posters.files import a_picture

pytestmark = pytest.mark.browser

PROJECTOR = {"width": 1024, "height": 768}
SOON = 5000
"""Milliseconds: a screen looks every two seconds."""

THOUGHTS = (
    "Let reception signpost callers to the pharmacist",
    "A card at the desk that says who helps best",
    "Ask patients at the desk what they came for",
    "Share our rota with the neighbours",
    "Ten minutes on Monday",
    "Run charts where the team has its tea",
    "One list for a doctor and a nurse",
)


@pytest.fixture
def summit(live):
    with transaction():
        load_sample(at=now())
        # Posters and designs are nobody's business here, and take the machine for a minute.
        db.session.execute(update(Job).values(cancelled_at=now()))
    event = db.session.scalars(select(Event).where(Event.slug == "summit")).one()
    for place in registrations_of(event, status=Status.CONFIRMED)[:20]:
        here(place, at=now())
    return event


def fresh(model):
    db.session.rollback()
    return db.session.scalars(select(model)).all()


@dataclass
class Day:
    """The day of the session: its windows, and who owns what."""

    windows: object
    summit: Event

    def __post_init__(self) -> None:
        work = group_work_of(self.summit)
        self.home = f"/organise/{self.summit.programme.slug}/events/summit/groupwork"
        self.codes = {table.number: table.code for table in tables_of(work)}
        self.owner = next(seat.registration for seat in seated_in(work) if seat.is_here)
        self.owner_name = self.owner.person.name
        self.own_number = owner_table(work, self.owner)
        self.phone = self.wall = self.own = None
        self.numbers, self.tables = [], {}


def test_the_group_work_from_its_rehearsal_to_what_became_of_it(live, windows, summit):
    day = Day(windows, summit)

    the_session_is_prepared(day)
    the_wall_shows_codes(day)
    three_scribes_join(day)
    tables_write_and_nobody_reads(day)
    a_silent_table_turns_amber(day)
    a_lost_network_loses_nothing(day)
    two_more_minutes_and_time(day)
    a_flip_chart_is_typed_up(day)
    six_cards_at_a_time(day)
    cards_become_themes(day)
    votes_are_secret_until_closed(day)
    the_wall_forgets_the_question_before(day)
    closing_the_laptop_loses_nothing(day)
    an_agreement_has_an_owner(day)
    the_owner_agrees(day)
    a_table_on_paper(day)
    one_page_for_everybody(day)
    one_tap_after_a_month(day)
    what_became_of_them(day)


def the_session_is_prepared(day):
    """Three questions, six tables with the people who are here."""
    day.phone = day.windows.open(PHONE)
    day.phone.goto("/sign-in/")
    day.phone.fill("input[name=email]", "marcus@northvale.example")
    day.phone.fill("input[name=password]", PASSWORD)
    day.phone.press("input[name=password]", "Enter")
    day.phone.goto(day.home)
    expect(day.phone.get_by_text("Rehearsal", exact=True)).to_be_visible()
    expect(day.phone.locator(".group-tables__one")).to_have_count(6)
    assert sum(int(n) for n in re.findall(r"(\d+) of \d+ here", day.phone.content())) == 20
    check_page(day.phone)


def the_wall_shows_codes(day):
    """The wall on the projector, with the tables' codes and what is open from last time."""
    day.wall = beside(day.windows, day.phone, PROJECTOR)
    day.wall.goto(f"{day.home}/wall")
    for code in day.codes.values():
        expect(day.wall.get_by_text(code)).to_be_visible()
    expect(day.wall.get_by_text("What we agreed last time")).to_be_visible()
    check_page(day.wall)


def three_scribes_join(day):
    """Three scribes join by the code on the card."""
    day.numbers = [day.own_number, *(n for n in day.codes if n != day.own_number)][:3]
    day.tables = {
        number: day.windows.open(PHONE, allow=("409", "ERR_INTERNET")) for number in day.numbers
    }
    for number, table in day.tables.items():
        table.goto(f"/G/{day.codes[number]}")
        table.get_by_role("button", name=f"Write for Table {number}").click()
        expect(table.get_by_text("You are the scribe")).to_be_visible()
    expect(day.phone.get_by_text("Scribe joined")).to_have_count(3, timeout=SOON)
    check_page(day.tables[day.own_number])


def tables_write_and_nobody_reads(day):
    """The clock runs everywhere; the wall shows only how many."""
    day.phone.get_by_role("button", name="Start question 1").click()
    for screen in (day.wall, *day.tables.values()):
        expect(screen.locator("[data-clock]")).to_have_text(re.compile(r"^7:\d\d$"), timeout=SOON)
    for place, thought in enumerate(THOUGHTS):
        table = day.tables[day.numbers[place % 3]]
        table.get_by_label("Your card").fill(thought)
        table.get_by_role("button", name="Send the card").click()
        expect(table.locator(".group-own p").get_by_text(thought)).to_be_visible()
    counts = day.wall.locator(".group-wall__count")
    expect(counts.filter(has_text=re.compile("^[123]$"))).to_have_count(3, timeout=SOON)
    for thought in THOUGHTS:
        assert thought not in day.wall.content()
        assert thought not in day.phone.content()


def a_silent_table_turns_amber(day):
    """Three minutes later the three tables without a card are amber; the clock still runs."""
    marks = day.phone.locator(".is-quiet").filter(has_text="No card yet")
    expect(marks).to_have_count(0)
    with transaction():
        db.session.execute(update(Step).values(at=now() - timedelta(minutes=3)))
    # The mark comes by time alone: the page is drawn anew each half minute.
    expect(marks).to_have_count(3, timeout=35_000)
    expect(day.phone.locator("[data-clock]").first).to_have_text(re.compile(r"^7:\d\d$"))
    amber = marks.first.evaluate("mark => getComputedStyle(mark).backgroundColor")
    calm = day.phone.locator(".group-tables__one:not(.is-quiet)").first
    assert amber != calm.evaluate("table => getComputedStyle(table).backgroundColor")
    check_page(day.phone)


def a_lost_network_loses_nothing(day):
    """A lost network: what is typed stays on the phone, is sent when it is back, and exists once."""
    lost = day.tables[day.numbers[1]]
    lost.context.set_offline(True)
    lost.get_by_label("Your card").fill("Written without a network")
    lost.get_by_role("button", name="Send the card").click()
    expect(lost.get_by_text("No network. Your card is kept on this phone")).to_be_visible()
    lost.context.set_offline(False)
    expect(lost.locator(".group-own p").get_by_text("Written without")).to_be_visible(timeout=9000)
    assert sum(card.text == "Written without a network" for card in fresh(Card)) == 1


def two_more_minutes_and_time(day):
    """Two more minutes, then time; a draft is kept."""
    draft = day.tables[day.numbers[2]]
    draft.get_by_label("Your card").fill("A thought that is not finished")
    day.phone.get_by_role("button", name="+2 minutes").click()
    expect(day.wall.locator("[data-clock]")).to_have_text(re.compile(r"^9:\d\d$"), timeout=SOON)
    expect(draft.locator("[data-clock]")).to_have_text(re.compile(r"^9:\d\d$"), timeout=SOON)
    expect(draft.get_by_label("Your card")).to_have_value("A thought that is not finished")
    day.phone.get_by_role("button", name="Time", exact=True).click()
    expect(day.wall.get_by_text("Time is up")).to_be_visible(timeout=SOON)


def a_flip_chart_is_typed_up(day):
    """Table 6 wrote on paper: a photo of its flip chart is kept, and its words are typed up beside it."""
    desk = beside(day.windows, day.phone, PHONE)
    desk.goto(f"{day.home}/tables")
    desk.get_by_role("link", name="Table 6").click()
    desk.get_by_role("link", name="Photo of a flip chart").click()
    check_page(desk)
    photo = {"name": "chart.jpg", "mimeType": "image/jpeg", "buffer": a_picture("JPEG")}
    desk.get_by_label("Photo of the flip chart").set_input_files(photo)
    desk.get_by_role("button", name="Keep the photo").click()
    expect(desk.get_by_text("The photo is kept")).to_be_visible()
    picture = desk.get_by_role("img", name="Flip chart of Table 6")
    for _ in range(50):
        if picture.count():
            break
        desk.wait_for_timeout(400)
        desk.reload()
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 0
    check_page(desk)
    desk.get_by_label("What stands on the card").fill("Draw the whole way of a repeat")
    desk.get_by_role("button", name="Enter the card").click()
    expect(desk.get_by_text("Entered for Table 6, marked as written on paper.")).to_be_visible()
    desk.goto(f"{day.home}/cards")
    expect(desk.get_by_text("Table 6 · on paper")).to_be_visible()


def six_cards_at_a_time(day):
    """The cards, six at a time, under their tables and no name."""
    day.phone.get_by_role("button", name="Reveal the cards").click()
    expect(day.wall.locator(".group-card")).to_have_count(6, timeout=SOON)
    assert day.owner_name not in day.wall.content()
    assert day.wall.evaluate("document.documentElement.scrollHeight <= innerHeight + 16")
    check_page(day.wall)


def cards_become_themes(day):
    """Three cards into a theme, by ticking; another is dragged; and taken back."""
    day.phone.get_by_role("button", name="Group into themes").click()
    day.phone.get_by_role("link", name="Put cards into themes").click()
    for thought in THOUGHTS[:3]:
        day.phone.get_by_label(thought).check()
    day.phone.get_by_label("Name of a new theme").fill("Signposting by reception")
    day.phone.get_by_role("button", name="Make a theme of the chosen cards").click()
    expect(day.wall.get_by_text("Signposting by reception")).to_be_visible(timeout=SOON)
    expect(day.wall.get_by_text("3 cards")).to_be_visible()
    check_page(day.phone)
    board = beside(day.windows, day.phone, {"width": 1280, "height": 800})
    board.goto(f"{day.home}/themes")
    drag(board, THOUGHTS[3], "Signposting by reception")
    expect(board.get_by_text("4 cards")).to_be_visible()
    board.get_by_role("button", name="Take the last change back").click()
    expect(board.get_by_text("3 cards")).to_be_visible()
    board.get_by_label(THOUGHTS[3]).focus()
    board.keyboard.press("Space")
    board.keyboard.press("1")
    expect(board.get_by_text("4 cards")).to_be_visible()
    board.get_by_label(THOUGHTS[4]).check()
    board.get_by_label("Name of a new theme").fill("Time together")
    board.get_by_role("button", name="Make a theme of the chosen cards").click()


def votes_are_secret_until_closed(day):
    """Three dots for each table; nobody sees them before the vote closes."""
    day.phone.goto(day.home)
    day.phone.get_by_role("button", name="Vote", exact=True).click()
    for table in day.tables.values():
        first = table.locator(".group-dots").first
        expect(first).to_be_visible(timeout=2 * SOON)
        first.locator("input[value='2']").check()
        table.locator(".group-dots").nth(1).locator("input[value='1']").check()
        table.get_by_role("button", name="Vote", exact=True).click()
        expect(table.get_by_text("Your dots are in.")).to_be_visible()
    expect(day.wall.get_by_text("3 of 6 tables voted")).to_be_visible(timeout=SOON)
    assert "6 dots" not in day.wall.content()
    check_page(day.tables[day.own_number])
    day.phone.goto(day.home)
    day.phone.get_by_role("button", name="Close the vote").click()
    expect(day.wall.locator(".group-card").first).to_contain_text("6 dots", timeout=SOON)


def the_wall_forgets_the_question_before(day):
    """The next question; the wall remembers nothing of the one before."""
    day.phone.get_by_role("button", name="Next question").click()
    expect(day.wall.get_by_text("Can you spread your efficiencies?")).to_be_visible(timeout=SOON)
    assert "Signposting by reception" not in day.wall.content()
    day.phone.get_by_role("button", name="Time", exact=True).click()
    day.phone.get_by_role("button", name="Reveal the cards").click()


def closing_the_laptop_loses_nothing(day):
    """Closing the laptop and opening it again loses nothing."""
    day.wall.close()
    day.wall = beside(day.windows, day.phone, PROJECTOR)
    day.wall.goto(f"{day.home}/wall")
    expect(day.wall.get_by_text("No cards for this question.")).to_be_visible()


def an_agreement_has_an_owner(day):
    """An agreement asks for an owner, then stands on the wall."""
    day.phone.get_by_role("button", name="Agreements").click()
    table = day.tables[day.own_number]
    expect(table.get_by_role("link", name="Add an agreement")).to_be_visible(timeout=2 * SOON)
    table.get_by_role("link", name="Add an agreement").click()
    table.get_by_label("What will you do?").fill("Riverside will pilot signposting")
    table.get_by_label("By when?").fill((now() + timedelta(days=60)).date().isoformat())
    for watched in day.windows.watched:
        watched.allowed.append("422")
    table.get_by_role("button", name="Put it on the list").click()
    expect(table.get_by_role("link", name=re.compile("Who will do this"))).to_be_visible()
    table.get_by_label("Who will do this?").select_option(label=day.owner_name)
    table.get_by_label("4 · We will").check()
    table.get_by_role("button", name="Put it on the list").click()
    expect(day.wall.get_by_text("Riverside will pilot signposting")).to_be_visible(timeout=SOON)


def the_owner_agrees(day):
    """Read back, large; the owner agrees on their own phone."""
    day.phone.goto(f"{day.home}/agreements")
    day.phone.get_by_role("button", name="Read back the first").click()
    expect(day.wall.get_by_text("Waiting for the owner")).to_be_visible(timeout=SOON)
    day.own = day.windows.open(PHONE)
    with transaction():
        link = mint_link(
            db.session.get_one(Registration, day.owner.id).person,
            at=now(),
            expires_at=now() + timedelta(days=1),
        )
    day.own.goto(f"/l/{link}")
    day.own.locator("main button[type=submit]").click()
    day.own.goto(f"/my/{day.summit.programme.slug}/summit/table")
    check_page(day.own)
    day.own.get_by_role("button", name="I agree").click()
    expect(day.own.get_by_text("You agreed.")).to_be_visible()
    expect(day.wall.get_by_text(f"{day.owner_name} agrees")).to_be_visible(timeout=SOON)


def a_table_on_paper(day):
    """A table on paper."""
    day.phone.goto(f"{day.home}/agreements")
    day.phone.get_by_role("link", name="Enter for Table 6").click()
    day.phone.get_by_label("What will you do?").fill("Teach two neighbours")
    day.phone.get_by_label("Who will do this?").select_option(label="Team: Hill Top Practice")
    day.phone.get_by_label("By when?").fill((now() + timedelta(days=90)).date().isoformat())
    day.phone.get_by_role("button", name="Enter the agreement").click()
    expect(day.phone.get_by_text("on paper")).to_be_visible()


def one_page_for_everybody(day):
    """One page, in less than five seconds, for everybody who came."""
    day.phone.goto(day.home)
    day.phone.get_by_role("button", name="Finish and share").click()
    day.phone.goto(f"{day.home}/harvest")
    check_page(day.phone)
    paper = day.phone.request.get(f"{day.home}/papers/harvest.pdf", timeout=5000)
    assert paper.body().startswith(b"%PDF")
    day.phone.get_by_role("button", name="Send it to 20 people who came").click()
    expect(day.phone.get_by_text("On its way")).to_be_visible()


def one_tap_after_a_month(day):
    """A month later the owner's letter, one tap, a page that asks to confirm."""
    due = next(
        one
        for one in fresh(FollowUp)
        if one.months == 1 and one.agreement.text == "Riverside will pilot signposting"
    )
    with transaction():
        db.session.execute(
            update(Job)
            .where(
                Job.name == "groupwork.ask_after",
                Job.arguments["follow_up_id"].as_string() == str(due.id),
            )
            .values(due_at=now())
        )
    letter = letter_about(due.agreement_id)
    path = re.search(r"Partly: http://localhost:\d+(\S+)", letter.text)[1]
    day.own.goto(path)
    assert all(one.outcome is None for one in fresh(Agreement) if one.id == due.agreement_id)
    check_page(day.own)
    day.own.get_by_role("button", name="Confirm").click()
    expect(day.own.get_by_text("It is written down")).to_be_visible()


def what_became_of_them(day):
    """What became of them."""
    day.phone.goto(f"{day.home}/agreements")
    expect(day.phone.locator(".stat").filter(has_text="partly")).to_contain_text("1")
    check_page(day.phone)


def owner_table(work, place):
    seat = next(seat for seat in seated_in(work) if seat.registration.id == place.id)
    return next(table.number for table in tables_of(work) if table.id == seat.table_id)


def beside(windows, page, size):
    """Open another window of somebody who is signed in."""
    window = windows.open(size)
    window.context.add_cookies(page.context.cookies())
    return window


def drag(page, text, onto):
    grip = page.locator(".group-pick").filter(has_text=text).locator("[data-grip]")
    target = page.locator("section").filter(has=page.get_by_role("heading", name=re.compile(onto)))
    start, end = grip.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 30, steps=8)
    page.mouse.up()


def letter_about(agreement_id):
    for _ in range(200):
        found = [one for one in fresh(Letter) if one.about == f"agreement:{agreement_id}"]
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("the worker wrote no letter")
