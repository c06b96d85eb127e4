"""Who may be named in a write-up, and who may be seen in its pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import false, or_, select
from sqlalchemy.orm import joinedload

from app.certificates.models import CertificateIssue
from app.certificates.queries.register import State, stands_as
from app.certificates.rules import CertificateKind, Holder
from app.events.models import Event
from app.people.models import Person
from app.plumbing.database import db
from app.programmes.models import Team, TeamMembership
from app.registration.models import Registration, Status
from app.writeups.models import Mention, PicturedPerson, WriteUp, WriteUpPicture
from app.writeups.queries.write_ups import newest_version
from app.writeups.rules.words import names_in


def people_around(event: Event) -> Sequence[Person]:
    """Return everybody who has to do with an event: booked on it, or in a team of its programme."""
    booked = select(Registration.person_id).where(Registration.event_id == event.id)
    members = (
        select(TeamMembership.person_id)
        .join(Team, Team.id == TeamMembership.team_id)
        .where(Team.programme_id == event.programme_id)
    )
    return db.session.scalars(
        select(Person)
        .where(or_(Person.id.in_(booked), Person.id.in_(members)))
        .order_by(Person.sorting_name, Person.id)
    ).all()


def mentions_of(write_up: WriteUp) -> Mapping[UUID, Mention]:
    """Return who was asked whether they may be named, by person."""
    rows = db.session.scalars(select(Mention).where(Mention.write_up_id == write_up.id))
    return {row.person_id: row for row in rows}


def mention_of(write_up: WriteUp, person: Person) -> Mention | None:
    """Return whether somebody was asked, and what they answered."""
    return db.session.scalar(
        select(Mention).where(Mention.write_up_id == write_up.id, Mention.person_id == person.id)
    )


def names_of(person: Person) -> Sequence[str]:
    """Return every name by which somebody could be called in a text."""
    return [name for name in (person.name, person.certificate_name) if name]


def names_to_leave_out(write_up: WriteUp, *, but: Person | None = None) -> Sequence[str]:
    """Return the names of everybody who has not agreed to be named, but for whoever looks themselves."""
    mentions = mentions_of(write_up)
    return [
        name
        for person in people_around(write_up.event)
        if not ((mention := mentions.get(person.id)) and mention.agrees)
        and (but is None or person.id != but.id)
        for name in names_of(person)
    ]


@dataclass(frozen=True)
class Named:
    """Somebody whom a write-up would name, whether they were asked, and what they answered."""

    person: Person
    mention: Mention | None
    can_be_reached: bool

    @property
    def can_be_asked(self) -> bool:
        """Say whether they were not asked, and a letter can reach them."""
        return self.mention is None and self.can_be_reached


def named_in(write_up: WriteUp) -> Sequence[Named]:
    """Return whom the newest text would name, and who was recognised at the event, by name."""
    newest, event = newest_version(write_up), write_up.event
    text = "\n".join([newest.title, newest.summary, newest.text])
    mentions, recognised = mentions_of(write_up), _recognised_at(event)
    booked = frozenset(
        db.session.scalars(select(Registration.person_id).where(Registration.event_id == event.id))
    )
    return [
        Named(
            person,
            mentions.get(person.id),
            bool(person.email) and (event.is_open_to_all or person.id in booked),
        )
        for person in people_around(event)
        if person.id in recognised or person.id in mentions or names_in(text, names_of(person))
    ]


def _recognised_at(event: Event) -> frozenset[UUID]:
    rows = db.session.scalars(
        select(CertificateIssue.holder_id).where(
            CertificateIssue.event_id == event.id,
            CertificateIssue.kind == CertificateKind.RECOGNITION,
            CertificateIssue.holder == Holder.PERSON,
            stands_as(State.VALID),
        )
    )
    return frozenset(rows)


@dataclass(frozen=True)
class PhotoWish:
    """Somebody who was booked on an event, and whether they may be in pictures of it."""

    person: Person
    agrees: bool


def photo_wishes_at(event: Event) -> Sequence[PhotoWish]:
    """Return who was booked on an event, with what they said about photos, by name."""
    rows = db.session.scalars(
        select(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.event_id == event.id, Registration.status == Status.CONFIRMED)
        .options(joinedload(Registration.person))
        .order_by(Person.sorting_name, Person.id)
    )
    return [PhotoWish(row.person, row.photo_consent) for row in rows]


def pictured_in(pictures: Sequence[WriteUpPicture]) -> Mapping[UUID, Sequence[Person]]:
    """Return who can be recognised in each picture."""
    rows = db.session.scalars(
        select(PicturedPerson)
        .where(PicturedPerson.picture_id.in_([picture.id for picture in pictures]))
        .options(joinedload(PicturedPerson.person))
    )
    found: dict[UUID, list[Person]] = {}
    for row in rows:
        found.setdefault(row.picture_id, []).append(row.person)
    return found


def may_not_be_shown(write_up: WriteUp) -> frozenset[UUID]:
    """Return the pictures in which somebody can be recognised who does not agree (any more)."""
    rows = db.session.scalars(
        select(PicturedPerson.picture_id)
        .join(WriteUpPicture, WriteUpPicture.id == PicturedPerson.picture_id)
        .outerjoin(
            Registration,
            (Registration.person_id == PicturedPerson.person_id)
            & (Registration.event_id == write_up.event_id),
        )
        .where(
            WriteUpPicture.write_up_id == write_up.id,
            or_(Registration.id.is_(None), Registration.photo_consent == false()),
        )
    )
    return frozenset(rows)
