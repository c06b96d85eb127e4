"""Registering without being known, links from letters, and passes that were found."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import func, select

from app.people.models import PersonalLink, Visit
from app.plumbing.database import db, transaction
from app.plumbing.limits import limiter
from app.plumbing.mail import Letter
from app.plumbing.queue import run_due
from app.registration.actions.booking import write_again
from app.registration.actions.codes import replace_code
from app.registration.models import AccessNeed, Registration, Status
from app.registration.queries import feed_token, pass_code
from tests.factories.events import an_event
from tests.factories.people import a_person
from tests.factories.programmes import a_member, a_programme, a_team
from tests.factories.registration import a_registration, the_code_of
from tests.registration.test_booking import ORGANISER
from tests.visitor import Visitor

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
FORM = "/events/together/summit/registration"
ANSWERS = {
    "name": "Dr Siân O'Connor",
    "email": "sian@riverside.example",
    "practice": "hill-top-practice",
    "role": "GP",
    "diet": "other",
    "diet_other": "No celery",
    "adjustments": ["step_free", "hearing_loop"],
    "wants_call": "y",
    "phone": "07700 900123",
}


@pytest.fixture(autouse=True)
def _ten_in_march():
    limiter.reset()
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def summit(app):
    programme = a_programme()
    a_team(programme)
    return an_event(programme, summary="See what every team has achieved.")


def the_letter() -> Letter:
    return db.session.scalars(select(Letter)).one()


def the_link(way: str) -> str:
    found = re.search(rf"http://localhost(/l/\S+/{way})\b", the_letter().text)
    assert found
    return found[1]


def test_coming_events_are_listed_and_lead_to_their_pages(visitor, summit):
    an_event(summit.programme, "closed", title="For teams only", is_open_to_all=False)

    page = visitor.open("/events")

    assert "Thursday 26 March 2026, 9.30 am to 3.30 pm" in page.text
    assert "For teams only" not in page.text
    assert ("Summit", "/events/together/summit") in page.links()
    assert visitor.open("/events/together/closed").status == 404
    assert visitor.open("/events/together/nothing").status == 404


@pytest.mark.parametrize(
    ("capacity", "words"),
    [
        (60, "59 places left of 60"),
        (5, "Only 4 places left"),
        (2, "Only 1 place left."),
        (1, "All places are taken"),
        (None, "There is room for everybody"),
    ],
)
def test_an_event_says_in_words_what_is_left(visitor, app, capacity, words):
    event = an_event(a_programme(), capacity=capacity)
    a_registration(event)

    assert words in visitor.open("/events/together/summit").text


def test_an_event_can_be_put_into_a_calendar(visitor, summit):
    answer = visitor.open("/events/together/summit/event.ics")

    calendar = Calendar.from_ical(answer.response.data)
    assert calendar.walk("VEVENT")[0]["SUMMARY"].startswith("Summit")
    assert answer.response.mimetype == "text/calendar"


def test_registering_books_a_newcomer_and_shows_nobody_a_pass(visitor, summit):
    page = visitor.fill_in(FORM, **ANSWERS)

    assert page.status == 200
    assert "Look in your e-mail" in page.text
    registration = db.session.scalars(select(Registration)).one()
    assert registration.status is Status.CONFIRMED
    assert registration.photo_consent is False
    need = db.session.scalars(select(AccessNeed)).one()
    assert (need.diet_other, need.adjustments) == ("No celery", ["step_free", "hearing_loop"])
    assert visitor.open("/my").status == 401  # typing an address opens nobody's pages


def test_known_and_unknown_addresses_get_the_very_same_answer(app, summit):
    a_person("Gwen Price", email="gwen@hilltop.example")
    answers = []
    for email in ("gwen@hilltop.example", "nobody@knows.example"):
        somebody = Visitor(app)
        sent = somebody.fill_in(FORM, follow=False, **{**ANSWERS, "email": email})
        shown = somebody.open(sent.location)
        answers.append((sent.status, sent.location, sent.html, shown.text))

    assert answers[0] == answers[1]


def test_a_wrong_form_comes_back_with_every_message_and_all_that_was_typed(visitor, summit):
    page = visitor.fill_in(
        FORM,
        name="<b>Eve</b>",
        email="nonsense",
        diet="other",
        wants_call="y",
        role="GP & <i>lead</i>",
    )

    assert page.status == 422
    for message in (
        "Enter an e-mail address, such as name@practice.example.",
        "Choose your practice.",
        "Say what you can or cannot eat.",
        "Enter the number we should call.",
    ):
        assert page.text.count(message) == 2, message  # in the summary and beside the field
    form = next(f for f in page.forms if "submission" in f.names)
    assert form.values["name"] == ["<b>Eve</b>"]
    assert form.values["role"] == ["GP & <i>lead</i>"]
    assert form.values["diet"] == ["other"]
    assert form.values["wants_call"] == ["y"]
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 0


@pytest.mark.parametrize("email", ["ł@x.example", "a@müller.example"])
def test_an_address_no_server_takes_is_said_so(visitor, summit, email):
    page = visitor.fill_in(FORM, **{**ANSWERS, "email": email})

    assert page.status == 422
    assert "Enter the address in plain letters, without accents." in page.text


@pytest.mark.parametrize("name", ["https://evil.example", "www.evil.example", "a@b.example"])
def test_a_name_is_no_advertisement(visitor, summit, name):
    page = visitor.fill_in(FORM, **{**ANSWERS, "name": name})

    assert page.status == 422
    assert "Enter a name only, without any address." in page.text


def test_what_belongs_to_an_answer_taken_back_is_not_kept(visitor, summit):
    visitor.fill_in(FORM, **{**ANSWERS, "diet": "vegan", "wants_call": None})

    need = db.session.scalars(select(AccessNeed)).one()
    assert (need.diet, need.diet_other, need.phone) == ("vegan", "", "")


def test_the_same_page_sent_twice_writes_one_letter(visitor, summit):
    page = visitor.open(FORM)
    for _ in range(2):
        assert visitor.submit(page, FORM, **ANSWERS).status == 200

    assert the_letter().to_address == "sian@riverside.example"


def test_whoever_comes_too_late_keeps_what_they_typed(visitor, app):
    programme = a_programme()
    a_team(programme)
    event = an_event(programme, capacity=1)
    page = visitor.open(FORM)
    a_registration(event)

    late = visitor.submit(page, FORM, **ANSWERS)

    assert late.status == 409
    assert "Summit is full: 1 place is taken." in late.text
    assert ["Dr Siân O'Connor"] in [form.values.get("name") for form in late.forms]


def test_a_link_shows_one_button_and_no_name_and_changes_nothing_when_scanned(visitor, summit):
    visitor.fill_in(FORM, **ANSWERS)
    path = the_link("pass")

    for _ in range(20):
        page = visitor.open(path)
        head = visitor.client.head(path)
        assert (page.status, head.status_code) == (200, 200)
        assert "Siân" not in page.html
        assert "Open my pass" in page.html
    assert db.session.scalars(select(Visit)).all() == []
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"


def test_a_link_is_swapped_for_a_cookie_and_a_clean_address(visitor, summit):
    visitor.fill_in(FORM, **ANSWERS)

    sent = visitor.fill_in(the_link("pass"), follow=False)

    assert sent.status == 302
    assert sent.location == "/my/together/summit/pass"
    assert "HttpOnly" in sent.response.headers["Set-Cookie"]
    page = visitor.open(sent.location)
    assert "Dr Siân O'Connor" in page.text
    assert visitor.open(the_link("pass"), follow=False).location == "/my/together/summit/pass"


def test_a_known_person_takes_the_place_from_the_letter(visitor, summit):
    gwen = a_person("Gwen Price", email="gwen@hilltop.example")
    team = a_team(summit.programme, "Canal Street")
    a_member(team, gwen)
    visitor.fill_in(FORM, **{**ANSWERS, "email": "gwen@hilltop.example"})

    form = visitor.fill_in(the_link("answer"))
    assert "Booking for Gwen Price" in form.text
    page = visitor.submit(form, "/my/together/summit/place")

    assert "You're booked" in page.text
    registration = db.session.scalars(select(Registration)).one()
    assert (registration.person_id, registration.team_id) == (gwen.id, team.id)
    assert db.session.scalars(select(AccessNeed)).all() == []  # what the stranger typed is not hers


def test_an_ended_link_is_gone_and_an_unknown_one_is_nowhere(visitor, summit):
    visitor.fill_in(FORM, **ANSWERS)
    path = the_link("pass")
    link = db.session.scalars(select(PersonalLink)).one()
    assert link.expires_at == summit.ends_at + timedelta(days=90)
    with transaction():
        link.revoked_at = AT

    page = visitor.open(path)
    assert page.status == 410
    assert ("your own pages by e-mail", "/link") in page.links()
    assert visitor.send(path).status in {400, 410}
    assert visitor.open("/l/" + "0" * 26).status == 404
    assert visitor.open("/l/" + "0" * 26 + "/together/summit/pass").status == 404


def test_no_token_is_kept(visitor, summit):
    visitor.fill_in(FORM, **ANSWERS)
    token = the_link("pass").split("/")[2]

    link = db.session.scalars(select(PersonalLink)).one()
    assert token not in (link.token_hash, str(link.id))


def test_a_scanned_pass_says_what_it_is_for_and_not_whose(visitor, summit):
    registration = a_registration(summit, a_person("Gwen Price"))
    code = the_code_of(registration)
    secret = pass_code(code)

    for path in (f"/K/{secret}", f"/k/{secret.lower()}"):
        page = visitor.open(path)
        assert "This is a pass for Practices Improving Together" in page.text
        assert "Gwen" not in page.html
    with transaction():
        replace_code(code, by=ORGANISER, at=AT)
    assert visitor.open(f"/K/{secret}").status == 404
    assert visitor.open("/K/NOTHING").status == 404


def test_a_feed_follows_the_events_of_a_programme(visitor, summit):
    registration = a_registration(summit, a_person("Gwen Price"))
    launch = an_event(summit.programme, "launch", title="Launch")
    gone = a_registration(launch, registration.person, status=Status.CANCELLED, ended_at=AT)
    a_registration(an_event(a_programme("other"), title="Elsewhere"), registration.person)
    token = feed_token(the_code_of(registration))

    answer = visitor.open(f"/calendar/{token}.ics")

    events = Calendar.from_ical(answer.response.data).walk("VEVENT")
    assert {(str(e["SUMMARY"])[:6], str(e["STATUS"])) for e in events} == {
        ("Summit", "CONFIRMED"),
        ("Launch", "CANCELLED"),
    }
    assert gone.ended_at is not None
    assert b"Gwen" not in answer.response.data
    assert visitor.open(f"/calendar/{token[:-1]}u.ics").status == 404
    assert visitor.open("/calendar/nonsense.ics").status == 404


def test_a_lost_link_is_mailed_again_and_nobody_learns_who_is_known(app, summit):
    gwen = a_person("Gwen Price", email="gwen@hilltop.example")
    answers = []
    for email in ("Gwen@hilltop.example", "nobody@knows.example"):
        page = Visitor(app).fill_in("/link", email=email)
        answers.append((page.status, page.text))
    assert answers[0] == answers[1]

    run_due(lambda: AT)

    assert the_letter().to_name == "Gwen Price"
    token = re.search(r"/l/(\w{26})", the_letter().text)[1]
    visitor = Visitor(app)
    page = visitor.open(f"/l/{token}")
    assert "Gwen" not in page.html
    assert "My page" in visitor.submit(page, f"/l/{token}").text
    assert gwen.email == "gwen@hilltop.example"


def test_nobody_is_flooded_with_links(app, summit):
    a_person("Gwen Price", email="gwen@hilltop.example")
    for _ in range(6):
        Visitor(app).fill_in("/link", email="gwen@hilltop.example")

    run_due(lambda: AT)

    assert len(db.session.scalars(select(Letter)).all()) == 3


def test_one_address_cannot_ask_for_links_without_end(visitor, app):
    page = visitor.open("/link")

    statuses = [
        visitor.submit(page, "/link", email="n@x.example", follow=False).status for _ in range(101)
    ]

    assert statuses == [302] * 100 + [429]


def test_a_wrong_address_is_said_so(visitor, app):
    page = visitor.fill_in("/link", email="nonsense")

    assert page.status == 422
    assert "Enter an e-mail address, such as" in page.text


def test_the_newest_five_links_work(app, summit):
    registration = a_registration(summit, a_person("Gwen Price"))
    for hour in range(7):
        with transaction():
            write_again(registration, by=ORGANISER, at=AT + timedelta(hours=hour))

    live = [link for link in db.session.scalars(select(PersonalLink)) if link.revoked_at is None]
    assert len(live) == 5
