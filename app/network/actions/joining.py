"""Joining the network, what its members show, and leaving it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from app.network.actions.acting import held_member, is_deleted, themselves
from app.network.actions.writing import plan_digest
from app.network.models import NetworkMember, NetworkTopic, TeamRequest
from app.network.queries import membership_of
from app.network.rules import topic_key
from app.people.models import Person
from app.plumbing import audit
from app.plumbing.database import db, insert_new
from app.programmes.models import Programme, Team


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What somebody lets the other members see of them, and whether they get the digest."""

    team: bool
    role: bool
    email: bool
    about: str
    topics: Sequence[str]
    gets_digest: bool


def join(programme: Programme, person: Person, *, at: datetime) -> NetworkMember:
    """Make somebody a member with their name and team shown; joining twice is joining once."""
    standing = membership_of(person, programme)
    if standing is not None:
        return standing
    insert_new(
        NetworkMember(
            programme_id=programme.id,
            person_id=person.id,
            shows_team=True,
            shows_role=False,
            shows_email=False,
            about="",
            gets_digest=True,
            joined_at=at,
        )
    )
    member = membership_of(person, programme)
    assert member is not None, "it is there: we or the same form a moment ago wrote it"
    audit.record(
        "joined the network", member, by=themselves(person), at=at, programme_id=programme.id
    )
    plan_digest(programme, at=at)
    return member


def show(programme: Programme, person: Person, shown: Shown, *, at: datetime) -> None:
    """Let the other members see these items of somebody and no others."""
    member = held_member(programme, person)
    before = _ticks(member)
    member.shows_team, member.shows_role = shown.team, shown.role
    member.shows_email, member.about = shown.email, shown.about
    member.gets_digest = shown.gets_digest
    known = {topic.key: topic for topic in member.topics}
    wanted = {topic_key(word): word for word in shown.topics}
    member.topics = [
        known.get(key) or NetworkTopic(word=word, key=key) for key, word in wanted.items()
    ]
    db.session.flush()
    audit.record(
        "changed what is shown",
        member,
        by=themselves(member.person),
        at=at,
        programme_id=member.programme_id,
        before=before,
        after=_ticks(member),
    )


def _ticks(member: NetworkMember) -> dict[str, bool]:
    return {
        "team": member.shows_team,
        "role": member.shows_role,
        "e-mail": member.shows_email,
        "digest": member.gets_digest,
    }


def leave(programme: Programme, person: Person, *, at: datetime) -> None:
    """Take somebody out of the network, and delete what they showed and asked; twice it is once."""
    member = membership_of(person, programme)
    if member is not None and is_deleted(member):
        teams = select(Team.id).where(Team.programme_id == programme.id)
        db.session.execute(
            delete(TeamRequest).where(
                TeamRequest.person_id == person.id, TeamRequest.team_id.in_(teams)
            )
        )
        audit.record(
            "left the network", member, by=themselves(person), at=at, programme_id=programme.id
        )
