from datetime import timedelta

import pytest

from app.kernel.actor import Actor
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.posters.actions.voting import (
    ClosedForGood,
    NotCheckedIn,
    NotUp,
    NoVoteNow,
    OwnTeam,
    close_vote,
    open_vote,
)
from app.posters.models import Ballot
from app.posters.queries.posters import marketplace_of
from app.posters.queries.voting import ballots_cast, choice_of, results_of
from tests.factories.people import a_person
from tests.factories.posters import a_poster
from tests.factories.programmes import a_member, a_team
from tests.factories.registration import a_registration
from tests.factories.voices import a_ballot, here
from tests.posters.conftest import AT

HELEN = Actor("staff", None, "Helen Shaw")


@pytest.fixture
def open_market(summit):
    with transaction():
        market = marketplace_of(summit)
        market.ballot_opens_at = AT - timedelta(minutes=5)
        market.ballot_closes_at = AT + timedelta(hours=1)
    return market


@pytest.fixture
def voter(summit):
    team = a_team(summit.programme, "Old Mill Surgery")
    return here(a_registration(summit, a_person("Gwen Price"), team), at=AT)


def another_voter(summit, name):
    return here(a_registration(summit, a_person(name)), at=AT)


def test_one_ballot_each_changeable_until_it_closes(summit, open_market, poster, voter):
    other = a_poster(a_team(summit.programme, "Beacon"), summit)

    a_ballot(voter, poster, at=AT)
    a_ballot(voter, other, at=AT)

    assert ballots_cast(summit) == 1
    assert choice_of(voter) == other.id


def test_nobody_votes_for_their_own_team(summit, open_market, voter):
    own = a_poster(voter.team, summit)

    with pytest.raises(OwnTeam, match=r"^You can't vote for your own team\.$"):
        a_ballot(voter, own, at=AT)


def test_a_member_of_a_team_who_booked_without_it_cannot_vote_for_it_either(
    summit, open_market, poster, team
):
    ed = a_person("Ed Marsh")
    a_member(team, ed)
    alone = here(a_registration(summit, ed), at=AT)

    with pytest.raises(OwnTeam):
        a_ballot(alone, poster, at=AT)


def test_only_who_has_checked_in_votes(summit, open_market, poster):
    absent = a_registration(summit, a_person("Lee"))

    with pytest.raises(NotCheckedIn):
        a_ballot(absent, poster, at=AT)


def test_a_hidden_poster_takes_no_votes(open_market, poster, voter):
    with transaction():
        poster.hidden_at = AT

    with pytest.raises(NotUp):
        a_ballot(voter, poster, at=AT)


@pytest.mark.parametrize("minutes", [-10, 60])
def test_nobody_votes_before_it_opens_or_after_it_closes(open_market, poster, voter, minutes):
    with pytest.raises(NoVoteNow):
        a_ballot(voter, poster, at=AT + timedelta(minutes=minutes))


def test_counts_are_hidden_until_it_closes_and_a_tie_is_a_tie(summit, open_market, poster, voter):
    other = a_poster(a_team(summit.programme, "Beacon"), summit)
    a_ballot(voter, poster, at=AT)
    a_ballot(another_voter(summit, "Ed Marsh"), other, at=AT)

    assert results_of(summit, open_market, at=AT) is None
    with transaction():
        close_vote(summit, by=HELEN, at=AT)
    (first,) = results_of(summit, marketplace_of(summit), at=AT)

    assert first.is_shared
    assert (first.number, first.votes) == (1, 1)
    assert [p.team.name for p in first.posters] == ["Beacon", "Hill Top Practice"]


def test_a_vote_that_was_closed_stays_closed(summit, open_market):
    with transaction():
        close_vote(summit, by=HELEN, at=AT)

    with pytest.raises(ClosedForGood), transaction():
        open_vote(summit, by=HELEN, at=AT)


def test_organisers_open_the_vote_and_how_anybody_voted_is_in_no_record(summit, poster, voter):
    with transaction():
        open_vote(summit, by=HELEN, at=AT)
    a_ballot(voter, poster, at=AT)

    assert db.session.query(Ballot).count() == 1
    assert [line.verb for line in db.session.query(AuditEntry)] == ["opened the vote"]
