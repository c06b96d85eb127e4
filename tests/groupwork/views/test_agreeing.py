from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest

from app.groupwork.messages import answer_token
from app.groupwork.models import Agreement, Card, FlipChart, FollowUp, Note, Seat
from app.groupwork.rules.agreeing import Outcome
from app.groupwork.rules.stages import Move
from app.groupwork.rules.words import Source
from app.kernel.clock import now
from app.plumbing.database import db
from app.plumbing.mail import Letter
from app.plumbing.queue import run_due
from app.programmes.rules import Role
from tests.factories.events import an_event
from tests.factories.groupwork import (
    a_card,
    a_follow_up,
    a_group_work,
    a_pen,
    a_table,
    a_theme,
    an_agreement,
    led_on,
)
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member_of_staff, a_team
from tests.factories.registration import a_registration
from tests.factories.voices import here
from tests.groupwork.conftest import AT
from tests.posters.files import a_picture
from tests.visitor import Visitor

HERE = "/organise/together/events/summit/groupwork"
MINE = "/my/together/summit/table"
TO_AGREE = (Move.START, Move.TIME, Move.REVEAL, Move.AGREE)
WHAT = {"text": "Pilot signposting", "due_on": "2026-04-30", "strength": "4"}


@pytest.fixture
def agreeing(work):
    return led_on(work, *TO_AGREE, at=AT)


def all_of(model):
    db.session.rollback()
    return db.session.query(model).all()


def propose(scribe, table, **values):
    return scribe.fill_in(f"/g/{table.code}/agreement", action="", **{**WHAT, **values})


def test_a_table_agrees_and_the_owner_says_yes_on_their_own_phone(
    scribe, attendee, facilitator, agreeing, table, gwen
):
    page = propose(scribe, table, owner=str(gwen.id))
    assert "It is on the list." in page.text
    assert "Owner has not said yes" in page.text
    asked = attendee.open(MINE)
    assert "Table 1 put you down for this: Pilot signposting" in asked.text

    (agreement,) = all_of(Agreement)
    answer = say(attendee, agreement, "yes")

    assert "You agreed." in answer.text
    assert "Owner agrees" in facilitator.open(f"{HERE}/agreements").text
    assert "Gwen Price" in facilitator.open(f"{HERE}/wall").text


def say(visitor, agreement, word):
    page = visitor.open(MINE)
    form = next(form for form in page.forms if form.values.get("say") == [word])
    assert form.action.endswith(str(agreement.id))
    return visitor.send(form.action, data={name: held[0] for name, held in form.values.items()})


def test_an_owner_who_says_no_is_noted(attendee, facilitator, agreeing, table, gwen):
    agreement = an_agreement(table, gwen)
    say(attendee, agreement, "no")

    assert "Owner says no" in facilitator.open(f"{HERE}/agreements").text
    say(attendee, agreement, "yes")
    assert "Owner agrees" in facilitator.open(f"{HERE}/agreements").text


def test_somebody_of_the_team_says_yes_for_it(attendee, agreeing, table, gwen):
    agreement = an_agreement(table, owner_team_id=gwen.team_id)

    say(attendee, agreement, "yes")

    (agreement,) = all_of(Agreement)
    assert agreement.agreed_by == gwen.person_id


def test_nobody_agrees_to_what_somebody_else_owns(app, summit, agreeing, table, gwen):
    other = here(a_registration(summit, a_person("Ed Marsh"), a_team(summit.programme)), at=AT)
    agreement = an_agreement(table, gwen)
    phone = Visitor(app).carry(visit=a_visit_of(other.person, at=AT))
    phone.fill_in("/my/together/summit/seat", table=str(table.id))
    assert "put you down" not in phone.open(MINE).text
    csrf = phone.open("/my/together/summit/note").forms[-1].values["csrf_token"][0]

    page = phone.send(
        f"/my/together/summit/agreements/{agreement.id}", data={"csrf_token": csrf, "say": "yes"}
    )

    assert page.status == 404


def test_an_owner_who_is_not_there_is_refused_with_every_word_kept(scribe, agreeing, table):
    page = propose(scribe, table, owner_name="Nora Bell")

    assert page.status == 409
    assert "Nobody called Nora Bell has checked in." in page.text
    assert "Pilot signposting" in page.html
    assert all_of(Agreement) == []


def test_somebody_at_another_table_is_named_by_their_name(scribe, agreeing, table, gwen):
    propose(scribe, table, owner_name="gwen price")

    (agreement,) = all_of(Agreement)
    assert agreement.owner_id == gwen.id


def test_an_agreement_asks_gently_for_an_owner_and_a_day(scribe, agreeing, table):
    page = propose(scribe, table, due_on="")

    assert page.status == 422
    assert "Who will do this? Choose somebody, or a team." in page.text
    assert "Enter the day by which it is done." in page.text
    late = propose(scribe, table, due_on="2020-01-01")
    assert "Enter a day that is still to come." in late.text


def test_a_table_has_three_agreements(scribe, agreeing, table, gwen):
    page = scribe.open(f"/g/{table.code}/agreement")
    for number in range(1, 4):
        an_agreement(table, gwen, number=number)
    form = page.forms[-1]
    data = {**{n: v[0] for n, v in form.values.items()}, **WHAT, "owner": str(gwen.id)}

    refused = scribe.send(f"/g/{table.code}/agreement", data=data)

    assert refused.status == 409
    assert "Table 1 has 3 agreements." in refused.text
    assert "Add an agreement" not in scribe.open(f"/g/{table.code}").text


def test_a_table_takes_an_agreement_back(scribe, facilitator, agreeing, table, gwen):
    agreement = an_agreement(table, gwen)

    scribe.fill_in(f"/g/{table.code}", action=f"{agreement.id}/withdrawal")

    assert "Nothing is agreed yet" in facilitator.open(f"{HERE}/agreements").text


def test_a_facilitator_takes_an_agreement_off_the_list(facilitator, agreeing, table, gwen):
    agreement = an_agreement(table, gwen)

    page = facilitator.fill_in(f"{HERE}/agreements", action=f"{agreement.id}/withdrawal")

    assert "Nothing is agreed yet" in page.text


def test_agreements_are_read_back_one_by_one_large(facilitator, agreeing, table, gwen):
    for number, text in enumerate(("Signpost", "Share the rota"), start=1):
        an_agreement(table, gwen, number=number, text=text)

    facilitator.fill_in(f"{HERE}/agreements", action="/reading")
    first = facilitator.open(f"{HERE}/wall").text
    assert "Signpost" in first and "Share the rota" not in first
    page = facilitator.open(f"{HERE}/agreements")
    onward = next(form for form in page.forms if form.values.get("number") == ["2"])
    facilitator.send(onward.action, data={n: v[0] for n, v in onward.values.items()})

    assert "Share the rota" in facilitator.open(f"{HERE}/wall").text


# Paper.


def test_what_a_table_wrote_on_paper_is_typed_up_and_marked(facilitator, work, table):
    led_on(work, Move.START, Move.TIME, Move.REVEAL, at=AT)

    page = facilitator.fill_in(f"{HERE}/tables/{table.id}/paper", text="From the flip chart")

    assert "marked as written on paper" in page.text
    (card,) = all_of(Card)
    assert (card.source, card.table_id) == (Source.PAPER, table.id)
    assert "From the flip chart" in facilitator.open(f"{HERE}/wall").text


def test_an_agreement_is_entered_for_a_table_without_a_phone(facilitator, agreeing, table, gwen):
    page = facilitator.fill_in(f"{HERE}/tables/{table.id}/agreement", owner=str(gwen.id), **WHAT)

    assert "on paper" in page.text
    refused = facilitator.fill_in(
        f"{HERE}/tables/{table.id}/agreement", owner_name="Nobody", **WHAT
    )
    assert refused.status == 409


def test_a_photo_of_a_flip_chart_is_cleaned_and_shown(facilitator, work, table):
    page = upload(facilitator, table, a_picture("JPEG"))
    assert "being made ready" in page.text

    run_due(now)

    (chart,) = all_of(FlipChart)
    picture = facilitator.client.get(f"{HERE}/charts/{chart.id}")
    assert picture.mimetype == "image/jpeg"
    assert picture.data.startswith(b"\xff\xd8")
    assert "Flip chart of Table 1" in facilitator.open(f"{HERE}/tables/{table.id}/paper").html


def test_a_file_that_is_no_photo_is_refused(facilitator, work, table):
    page = upload(facilitator, table, b"<script>alert(1)</script>")

    assert page.status == 422
    assert all_of(FlipChart) == []


def upload(visitor, table, content):
    path = f"{HERE}/tables/{table.id}/photo"
    values = visitor.open(path).forms[-1].values
    return visitor.send(path, data={**values, "file": (BytesIO(content), "chart.jpg")})


# Tables.


def test_a_table_that_joins_another_while_it_writes_loses_nothing(app, facilitator, work, gwen):
    led_on(work, Move.START, at=AT)
    first, second = a_table(work, 1), a_table(work, 2)
    phone = Visitor(app).carry(scribe=a_pen(second, at=AT))
    form = next(f for f in phone.open(f"/g/{second.code}").forms if f.action.endswith("/cards"))
    a_card(second, "Before", at=AT)

    facilitator.fill_in(f"{HERE}/tables/{second.id}", action="/joining", table=str(first.id))
    data = {name: held[0] for name, held in form.values.items()}
    page = phone.send(form.action, data={**data, "text": "In the middle"})

    assert page.status == 200
    assert "Table 2 has joined Table 1" in page.text
    assert [(card.text, card.table_id) for card in all_of(Card)] == [
        ("Before", second.id),
        ("In the middle", first.id),
    ]
    facilitator.fill_in(f"{HERE}/tables/{second.id}", action="/separation")
    assert "has joined" not in phone.open(f"/g/{second.code}").text


def test_a_facilitator_looks_along_but_not_before_the_time_is_up(facilitator, work, table):
    led_on(work, Move.START, at=AT)
    a_card(table, "Our secret", at=AT)
    page = facilitator.open(f"{HERE}/tables/{table.id}")
    assert "What do you plan to do next?" in page.text
    assert "Our secret" not in page.text

    led_on(work, Move.TIME, at=AT)

    assert "Our secret" in facilitator.open(f"{HERE}/tables/{table.id}").text


def test_somebody_sits_down_at_another_table(attendee, work, gwen):
    page = attendee.fill_in("/my/together/summit/seat", table=str(a_table(work, 3).id))

    assert "Table 3" in page.text
    assert len(all_of(Seat)) == 1


def test_who_came_later_is_given_a_seat(facilitator, summit, work):
    a_registration(summit, a_person("Ed Marsh"))

    facilitator.fill_in(f"{HERE}/tables", action="/seats")

    assert len(all_of(Seat)) == 2
    assert "Ed Marsh" in facilitator.open(f"{HERE}/tables").text


def test_a_table_stands_on_the_pass_and_on_somebodys_own_page(attendee, work):
    assert "Group work: Table 1" in attendee.open("/my").text
    assert "Table 1" in attendee.open("/my/together/summit/pass").text
    assert "your seat at table 1" in attendee.open("/my/data").text


# Afterwards.


@pytest.fixture
def shared(agreeing, table, gwen):
    """A finished session with an agreement that its owner said yes to."""
    agreement = an_agreement(table, gwen, agreed_at=AT)
    led_on(agreeing, Move.SHARE, at=AT)
    return agreement


def test_the_owner_is_asked_after_a_month_and_answers_with_one_tap(app, facilitator, shared, clock):
    clock.move_to(AT + timedelta(days=31))
    run_due(now)
    letter = next(one for one in all_of(Letter) if one.about.startswith("agreement:"))
    assert letter.subject.startswith("What became of it: Riverside will pilot")
    assert "1 month" not in letter.text
    address = next(line for line in letter.text.splitlines() if line.startswith("Partly: "))
    path = address.partition("http://localhost")[2]

    page = Visitor(app).open(path)
    assert page.status == 200
    assert all(one.answered_at is None for one in all_of(FollowUp))
    done = Visitor(app).fill_in(path, action="", words="Reception had no time")

    assert "It is written down" in done.text
    (agreement,) = all_of(Agreement)
    assert agreement.outcome is Outcome.PARTLY
    board = facilitator.open(f"{HERE}/agreements").text
    assert "1 partly" in board
    assert "Reception had no time" in board


def test_letters_end_when_it_is_done_or_nobody_wants_them(app, shared, clock):
    follow_up = all_of(FollowUp)[0]
    path = f"/a/{follow_up.id}/{answer_token(follow_up)}"
    Visitor(app).fill_in(path, action="", outcome="not_yet", ends_letters="y")

    clock.move_to(AT + timedelta(days=300))
    run_due(now)

    assert not [one for one in all_of(Letter) if one.about.startswith("agreement:")]


def test_who_never_said_yes_is_not_asked(agreeing, table, gwen, clock):
    an_agreement(table, gwen)
    led_on(agreeing, Move.SHARE, at=AT)

    clock.move_to(AT + timedelta(days=300))
    run_due(now)

    assert all_of(Letter) == []


def test_three_letters_go_out_while_it_is_not_done(shared, clock):
    for days in (31, 92, 190):
        clock.move_to(AT + timedelta(days=days))
        run_due(now)

    assert len([one for one in all_of(Letter) if one.about.startswith("agreement:")]) == 3


def test_sharing_taken_back_and_done_again_plans_the_letters_once(shared, facilitator, clock):
    facilitator.fill_in(HERE, action="/undo")
    facilitator.fill_in(HERE, action="/moves/share")

    assert [one.months for one in sorted(all_of(FollowUp), key=lambda f: f.months)] == [1, 3, 6]


def test_a_wrong_secret_opens_no_agreement(app, shared):
    follow_up = all_of(FollowUp)[0]

    assert Visitor(app).open(f"/a/{follow_up.id}/{'0' * 26}").status == 404


def test_what_became_of_it_is_written_down_when_told_in_person(facilitator, shared):
    page = facilitator.fill_in(f"{HERE}/agreements/{shared.id}/outcome", outcome="done")

    assert "1 done" in page.text


def test_open_agreements_greet_the_next_event(app, facilitator, shared, summit):
    later = an_event(
        summit.programme, "reunion", title="Reunion", starts_at=AT + timedelta(days=60)
    )
    a_group_work(later, at=AT)
    reunion = HERE.replace("summit", "reunion")

    assert "What we agreed last time" in facilitator.open(f"{reunion}/wall").text
    assert "1 open from earlier events" in facilitator.open(reunion).text
    facilitator.fill_in(f"{HERE}/agreements/{shared.id}/outcome", outcome="done")
    assert "Riverside will pilot" not in facilitator.open(f"{reunion}/wall").text


def test_the_harvest_is_one_page_and_goes_to_everybody_who_came(
    facilitator, summit, shared, work, gwen
):
    stayed_away = a_registration(summit, a_person("Ed Marsh"))
    assert stayed_away.person.email
    page = facilitator.fill_in(f"{HERE}/harvest", action="/letters")
    assert "On its way to everybody who was here." in page.text

    run_due(now)
    run_due(now)

    letters = [one for one in all_of(Letter) if one.about.startswith("group-work:")]
    assert [one.to_name for one in letters] == ["Gwen Price"]
    assert letters[0].enclosures


def test_what_is_not_finished_is_not_sent(facilitator, agreeing):
    assert "Finish the session" in facilitator.open(f"{HERE}/harvest").text


@pytest.mark.parametrize("paper", ["table-cards", "table-sheets", "cards", "harvest"])
def test_papers_are_drawn(facilitator, shared, work, paper):
    answer = facilitator.client.get(f"{HERE}/papers/{paper}.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_a_full_day_still_fits_on_one_page(facilitator, summit, gwen):
    work = a_group_work(summit, at=AT, tables=8)
    for question in range(3):
        led_on(work, Move.START if not question else Move.NEXT, at=AT)
        cards = [
            a_card(a_table(work, number), f"{number} " + "word " * 40, at=AT)
            for number in range(1, 9)
        ]
        led_on(work, Move.TIME, Move.REVEAL, at=AT)
        for number, card in enumerate(cards):
            a_theme(work, f"Theme {number} of question {question} with a long name", card)
    led_on(work, Move.AGREE, at=AT)
    for number in range(24):
        table = a_table(work, number // 3 + 1)
        an_agreement(table, gwen, number=number + 1, text="We will do what " + "we said " * 25)

    answer = facilitator.client.get(f"{HERE}/papers/harvest.pdf")

    with pikepdf.open(BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) == 1


def test_exports_carry_every_word_and_no_person_but_owners(facilitator, work, table, gwen):
    led_on(work, Move.START, at=AT)
    a_card(table, "=1+1 Signposting", at=AT, source=Source.PERSON, person=gwen.person)
    led_on(work, Move.TIME, Move.REVEAL, at=AT)

    rows = facilitator.client.get(f"{HERE}/export.csv").get_data(as_text=True)
    text = facilitator.client.get(f"{HERE}/export.txt").get_data(as_text=True)

    assert '"\'=1+1 Signposting"' in rows
    assert "- =1+1 Signposting [Table 1]" in text
    assert "Gwen" not in rows + text


# A note of one's own.


def test_a_note_is_for_its_writer_alone(app, attendee, facilitator, summit, gwen):
    page = attendee.fill_in("/my/together/summit/note", text="Ask more questions")

    assert "Nobody but you is shown it" in page.text
    assert "Ask more questions" in attendee.open("/my/together/summit/note").html
    assert "Your own note of" in attendee.open("/my/data").text
    attendee.fill_in("/my/together/summit/note", text="")
    assert all_of(Note) == []


def test_a_coach_leads_no_group_work(app, summit, work):
    coach = Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.COACH))

    assert coach.open(HERE).status == 403


def test_a_letter_is_due_on_the_same_day_of_a_later_month(shared):
    due = sorted(one.due_at.date() for one in all_of(FollowUp))

    assert due == [date(2026, 4, 26), date(2026, 6, 26), date(2026, 9, 26)]


def test_follow_ups_of_nobody_with_an_address_are_not_sent(agreeing, table, clock):
    team = a_team(agreeing.event.programme, "The Limes")
    agreement = an_agreement(table, owner_team_id=team.id, agreed_at=AT)
    led_on(agreeing, Move.SHARE, at=AT)
    a_follow_up(agreement, at=AT, months=2)

    clock.move_to(AT + timedelta(days=40))
    run_due(now)

    assert all_of(Letter) == []
