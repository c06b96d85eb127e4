"""One person with two phones, and an organiser who closes the vote in the same moment."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.kernel.actor import Actor
from app.plumbing.database import db, transaction
from app.posters.actions.voting import NoVoteNow, cast, close_vote
from app.posters.models import Ballot, Poster
from app.posters.queries.posters import marketplace_of
from app.registration.models import Registration
from tests.factories.people import a_person
from tests.factories.posters import a_poster
from tests.factories.programmes import a_team
from tests.factories.registration import a_registration
from tests.factories.voices import here
from tests.posters.conftest import AT
from tests.together import side_by_side

HELEN = Actor("staff", None, "Helen Shaw")
SOON = 0.5
"""Seconds in which whoever need not wait would be through."""


@pytest.fixture
def vote(summit):
    with transaction():
        market = marketplace_of(summit)
        market.ballot_opens_at = AT - timedelta(minutes=5)
        market.ballot_closes_at = AT + timedelta(hours=1)
    return summit


@pytest.fixture
def posters(vote):
    names = ("Beacon", "Canal Street")
    return [a_poster(a_team(vote.programme, name), vote).id for name in names]


@pytest.fixture
def voter(vote):
    return here(a_registration(vote, a_person("Gwen Price")), at=AT).id


@pytest.fixture
def is_postgresql(app):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("on SQLite one transaction writes at a time, whatever it holds")


def ballots():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Ballot))


def voting(poster_id, registration_id, *, ready=lambda: None, before_the_end=lambda: None, by=cast):
    def vote():
        ready()
        with transaction():
            poster = db.session.get_one(Poster, poster_id)
            by(poster, db.session.get_one(Registration, registration_id), at=AT)
            before_the_end()

    return vote


def test_two_phones_of_one_person_have_one_ballot(app, posters, voter):
    phones = [voting(poster, voter) for poster in posters]
    for _ in range(5):
        assert side_by_side(app, *phones) == [None, None]
        assert ballots() == 1


def test_without_its_key_two_phones_would_have_two_ballots(app, is_postgresql, posters, voter):
    both = threading.Barrier(2, timeout=10)

    def look_then_write(poster, registration, *, at):
        assert db.session.scalar(select(Ballot.id)) is None
        both.wait()
        facts = {"event_id": poster.event_id, "registration_id": registration.id, "cast_at": at}
        db.session.add(Ballot(poster_id=poster.id, **facts))

    with_key = [voting(poster, voter, by=look_then_write) for poster in posters]
    assert sorted(type(came).__name__ for came in side_by_side(app, *with_key)) == [
        "IntegrityError",
        "NoneType",
    ]
    assert ballots() == 1

    with transaction():
        db.session.query(Ballot).delete()
        db.session.execute(db.text("ALTER TABLE ballot DROP CONSTRAINT uq_ballot_registration_id"))
    try:
        assert side_by_side(app, *with_key) == [None, None]
        assert ballots() == 2
    finally:
        with transaction():
            db.session.query(Ballot).delete()
            db.session.execute(
                db.text(
                    "ALTER TABLE ballot ADD CONSTRAINT uq_ballot_registration_id UNIQUE (registration_id)"
                )
            )


def closing_beside(app, event, posters, voter, *, by):
    """Close the vote while a ballot is being written; return whether the closing waited for it."""
    event_id, kind = event.id, type(event)
    written, closed, waited = threading.Event(), threading.Event(), []

    def see_whether_the_closing_waits():
        written.set()
        waited.append(not closed.wait(SOON))

    def close():
        written.wait(10)
        found = db.session.get_one(kind, event_id)
        with transaction():
            close_vote(found, by=HELEN, at=AT)
        closed.set()

    vote = voting(posters[0], voter, before_the_end=see_whether_the_closing_waits, by=by)
    assert side_by_side(app, vote, close) == [None, None]
    return waited[0]


def test_a_vote_is_not_closed_while_a_ballot_is_being_written(app, vote, posters, voter):
    assert closing_beside(app, vote, posters, voter, by=cast)

    assert ballots() == 1


def test_without_its_lock_a_ballot_would_come_after_the_count(
    app, is_postgresql, vote, posters, voter
):
    def cast_without_holding(poster, registration, *, at):
        facts = {"event_id": poster.event_id, "registration_id": registration.id, "cast_at": at}
        db.session.add(Ballot(poster_id=poster.id, **facts))
        db.session.flush()

    assert not closing_beside(app, vote, posters, voter, by=cast_without_holding)


def test_whoever_votes_while_it_is_being_closed_is_too_late(app, vote, posters, voter):
    event_id, kind = vote.id, type(vote)
    closing = threading.Event()

    def close():
        found = db.session.get_one(kind, event_id)
        with transaction():
            close_vote(found, by=HELEN, at=AT)
            closing.set()
            threading.Event().wait(SOON)

    late = voting(posters[0], voter, ready=lambda: closing.wait(10))

    came_of_closing, came_of_voting = side_by_side(app, close, late)

    assert came_of_closing is None
    assert isinstance(came_of_voting, NoVoteNow)
    assert ballots() == 0
