"""A year after the programme nobody finds any more who sat where, wrote and voted what."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.groupwork.actions.forgetting import forget
from app.groupwork.actions.noting import keep_note
from app.groupwork.actions.tables import sit_down
from app.groupwork.actions.voting import vote
from app.groupwork.models import Agreement, Card, Dots, FollowUp, Note, Scribe, Seat
from app.groupwork.queries.sessions import prompt_at
from app.groupwork.queries.voting import votes_by_theme
from app.groupwork.rules.keeping import KEPT_FOR
from app.groupwork.rules.stages import Move
from app.groupwork.rules.voting import Voters
from app.groupwork.rules.words import Source
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.people.actions import erase, traces_of
from app.plumbing.database import db, transaction
from app.plumbing.queue import Job, run_due
from tests.factories.groupwork import (
    a_card,
    a_follow_up,
    a_group_work,
    a_pen,
    a_theme,
    an_agreement,
    led_on,
)
from tests.groupwork.conftest import AT

LEAD = Actor("staff", None, "Helen")


def all_of(model):
    db.session.expire_all()
    return db.session.scalars(select(model)).all()


@pytest.fixture
def work(summit, gwen):
    return a_group_work(summit, at=AT, voters=Voters.PEOPLE)


@pytest.fixture
def used(work, table, gwen):
    """A session in which Gwen sat, wrote, voted and kept a note."""
    a_pen(table, at=AT)
    with transaction():
        sit_down(gwen, table)
    led_on(work, Move.START, at=AT)
    card = a_card(table, "Ring back", at=AT, source=Source.PERSON, person=gwen.person)
    taken_back = a_card(table, "Something rash", at=AT)
    with transaction():
        db.session.merge(taken_back).withdrawn_at = AT
        keep_note(gwen, "I talk too much", at=AT)
    led_on(work, Move.TIME, Move.REVEAL, at=AT)
    theme = a_theme(work, "Signposting", card)
    led_on(work, Move.VOTE, at=AT)
    with transaction():
        vote(work, {theme.id: 2}, place=gwen)
    return led_on(work, Move.COUNT, at=AT)


def over(summit):
    """Return a moment at which the programme has been over for long enough."""
    ends = summit.programme.ends_on
    return datetime(ends.year, ends.month, ends.day, 12, tzinfo=UTC) + KEPT_FOR


def test_a_year_later_words_and_counts_are_left_without_people(used, summit, clock):
    dots = votes_by_theme(prompt_at(used, 0))

    clock.move_to(over(summit))
    run_due(now)

    assert (all_of(Seat), all_of(Scribe), all_of(Note)) == ([], [], [])
    assert [(card.text, card.person_id) for card in all_of(Card)] == [("Ring back", None)]
    assert [row.registration_id for row in all_of(Dots)] == [None]
    assert votes_by_theme(prompt_at(used, 0)) == dots != {}


def test_nothing_goes_a_day_early_and_a_second_run_changes_nothing(used, summit, clock):
    clock.move_to(over(summit) - timedelta(days=2))
    run_due(now)
    assert len(all_of(Note)) == len(all_of(Seat)) == 1

    clock.move_to(over(summit))
    run_due(now)
    with transaction():
        assert forget(db.session.merge(summit).programme, at=now()) is None

    assert all_of(Note) == []
    assert [card.text for card in all_of(Card)] == ["Ring back"]
    (job,) = db.session.scalars(select(Job).where(Job.name == "groupwork.forget"))
    assert job.done_at is not None


def test_a_programme_that_goes_on_longer_is_waited_for(used, summit, clock):
    planned = over(summit)
    with transaction():
        summit.programme.ends_on += timedelta(days=90)

    clock.move_to(planned)
    run_due(now)
    assert len(all_of(Note)) == 1

    clock.move_to(over(summit))
    run_due(now)
    assert all_of(Note) == []


def test_a_note_written_late_is_kept_for_a_year_of_its_own(used, summit, gwen, clock):
    clock.move_to(over(summit) - timedelta(days=10))
    with transaction():
        keep_note(gwen, "Looking back", at=now())

    clock.move_to(over(summit))
    run_due(now)
    assert [note.text for note in all_of(Note)] == ["Looking back"]

    clock.move_to(over(summit) + KEPT_FOR)
    run_due(now)
    assert all_of(Note) == []


def test_a_late_note_changed_twice_in_a_day_goes_a_year_after_its_last_change(
    used, summit, gwen, clock
):
    written = over(summit) - timedelta(days=10)
    for at in (written, written + timedelta(hours=5)):
        with transaction():
            keep_note(gwen, f"Looking back at {at:%H}", at=at)

    clock.move_to(written + KEPT_FOR)
    run_due(now)
    assert len(all_of(Note)) == 1

    clock.shift(timedelta(hours=5))
    run_due(now)
    assert all_of(Note) == []


def test_the_note_says_when_it_goes(attendee, gwen, summit):
    page = attendee.fill_in("/my/together/summit/note", text="Ask more")

    goes_on = summit.programme.ends_on + KEPT_FOR
    assert f"Deleted on {goes_on.day} {goes_on:%B %Y}" in page.text


def test_whoever_is_erased_leaves_the_tables_words_alone(used, table, gwen):
    agreement = an_agreement(table, gwen, agreed_by=gwen.person_id, agreed_at=AT)
    follow_up = a_follow_up(agreement, at=AT)
    with transaction():
        db.session.merge(follow_up).words = "I was ill"
    assert "1 note for themselves" in traces_of(gwen.person).goes

    with transaction():
        erase(gwen.person, reason="She asked for it.", by=LEAD, at=AT)

    assert (all_of(Note), all_of(Seat)) == ([], [])
    assert [row.registration_id for row in all_of(Dots)] == [None]
    assert [row.words for row in all_of(FollowUp)] == [""]
    assert [row.agreed_by for row in all_of(Agreement)] == [None]
    assert len(all_of(Card)) == 2
