"""Questions about who has a place, who holds which pass, and what people need."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload

from app.events.models import Event
from app.kernel.codes import derived_code, digest
from app.kernel.names import sorting_name
from app.people.models import Person
from app.plumbing.database import db
from app.plumbing.keys import key_for
from app.plumbing.mail import Letter, LetterState
from app.programmes.models import Team
from app.programmes.queries import teams_of
from app.registration.models import (
    AccessNeed,
    InvitationList,
    PersonalCode,
    Registration,
    Status,
)
from app.registration.rules.columns import what_is_missing
from app.registration.rules.importing import (
    KnownPerson,
    Verdict,
    addresses_in,
    judge_rows,
    verdict_of,
)
from app.registration.rules.places import places_left

REMIND_AGAIN_AFTER = timedelta(days=1)
_AT_ONCE = 500  # addresses in one statement
_SAID_NO = frozenset({Status.DECLINED, Status.CANCELLED})


@dataclass(frozen=True)
class Standing:
    """Whose address it is, and how they stand at an event."""

    person: KnownPerson
    registration_id: UUID | None
    status: Status | None


def pass_code(code: PersonalCode) -> str:
    """Return the 26 characters in a pass's QR; they can be made again but are not kept."""
    return derived_code(key_for("pass"), str(code.id))


def live_code(person_id: UUID, programme_id: UUID) -> PersonalCode | None:
    """Return the code that opens doors for somebody in a programme now."""
    return db.session.scalar(
        select(PersonalCode).where(
            PersonalCode.person_id == person_id,
            PersonalCode.programme_id == programme_id,
            PersonalCode.revoked_at.is_(None),
        )
    )


def code_with(secret: str) -> PersonalCode | None:
    """Return the pass that carries this long code, while it is good."""
    return db.session.scalar(
        select(PersonalCode).where(
            PersonalCode.code_hash == digest(secret), PersonalCode.revoked_at.is_(None)
        )
    )


def feed_token(code: PersonalCode) -> str:
    """Return the secret word in the address of somebody's calendar feed for a programme."""
    return f"{code.id.hex}-{derived_code(key_for('calendar feed'), str(code.id))}".lower()


def code_of_feed(token: str) -> PersonalCode | None:
    """Return the pass whose calendar feed this is; a pass replaced later keeps its feed."""
    try:
        code = db.session.get(PersonalCode, UUID(token.partition("-")[0]))
    except ValueError:
        return None
    return code if code is not None and feed_token(code) == token.lower() else None


def taken_places(event: Event) -> int:
    """Return how many people are booked."""
    count = db.session.scalar(
        select(func.count()).where(
            Registration.event_id == event.id, Registration.status == Status.CONFIRMED
        )
    )
    return count or 0


def free_places(event: Event) -> int | None:
    """Return how many places an event still has; None where there is no limit."""
    return places_left(event.capacity, taken_places(event))


def registration_of(person_id: UUID, event_id: UUID) -> Registration | None:
    """Return somebody's registration for an event, whatever became of it."""
    return db.session.scalar(_registration(), {"person_id": person_id, "event_id": event_id})


@cache
def _registration() -> Select[Registration]:
    return select(Registration).where(
        Registration.person_id == bindparam("person_id"),
        Registration.event_id == bindparam("event_id"),
    )


def registration_at(event: Event, registration_id: UUID) -> Registration | None:
    """Return this registration, if it is one of this event."""
    return db.session.scalar(
        _with_names().where(Registration.id == registration_id, Registration.event_id == event.id)
    )


def registration_sent_as(submission_id: UUID) -> Registration | None:
    """Return the registration that this very sending of a form made."""
    return db.session.scalar(
        select(Registration).where(Registration.submission_id == submission_id)
    )


def registrations_of(event: Event, *, status: Status | None = None) -> Sequence[Registration]:
    """Return everybody on an event's list, by name."""
    return db.session.scalars(_listed(event, status=status, words="")).all()


def registrations_of_person(person: Person) -> Sequence[Registration]:
    """Return all that somebody was ever booked on or invited to, the earliest event first."""
    return db.session.scalars(
        select(Registration)
        .join(Event)
        .options(contains_eager(Registration.event).joinedload(Event.programme))
        .options(joinedload(Registration.team))
        .where(Registration.person_id == person.id)
        .order_by(Event.starts_at)
    ).all()


def found_registrations(
    event: Event, *, status: Status | None, words: str, page: int, size: int
) -> tuple[Sequence[Registration], int]:
    """Return one page of an event's list, and how many there are with these filters."""
    listed = _listed(event, status=status, words=words)
    count = db.session.scalar(select(func.count()).select_from(listed.order_by(None).subquery()))
    rows = db.session.scalars(listed.offset((page - 1) * size).limit(size)).all()
    return rows, count or 0


def counts_by_status(event: Event) -> Mapping[Status, int]:
    """Return how many registrations of an event stand how."""
    rows = db.session.execute(
        select(Registration.status, func.count())
        .where(Registration.event_id == event.id)
        .group_by(Registration.status)
    )
    return dict(rows.all())


def needs_of(registration: Registration) -> AccessNeed | None:
    """Return what somebody told us they need at an event, while we still keep it."""
    return db.session.scalar(
        select(AccessNeed).where(AccessNeed.registration_id == registration.id)
    )


def needs_at(event: Event) -> Sequence[AccessNeed]:
    """Return what the people booked on an event need, by name."""
    return db.session.scalars(
        select(AccessNeed)
        .join(AccessNeed.registration)
        .join(Registration.person)
        .options(
            contains_eager(AccessNeed.registration).contains_eager(Registration.person),
            contains_eager(AccessNeed.registration).joinedload(Registration.team),
        )
        .where(Registration.event_id == event.id, Registration.status == Status.CONFIRMED)
        .order_by(Person.sorting_name, Registration.id)
    ).all()


def need_at(event: Event, need_id: UUID) -> AccessNeed | None:
    """Return what one person needs, if they are on this event's list."""
    return db.session.scalar(
        select(AccessNeed)
        .join(AccessNeed.registration)
        .where(AccessNeed.id == need_id, Registration.event_id == event.id)
    )


def lists_of(event: Event) -> Sequence[InvitationList]:
    """Return the lists that were uploaded for an event, the newest first, without their rows."""
    return db.session.scalars(
        select(InvitationList)
        .options(defer(InvitationList.rows), defer(InvitationList.headers))
        .where(InvitationList.event_id == event.id)
        .order_by(InvitationList.uploaded_at.desc(), InvitationList.id)
    ).all()


def list_at(event: Event, list_id: UUID) -> InvitationList | None:
    """Return this list, if it was uploaded for this event."""
    return db.session.scalar(
        select(InvitationList).where(
            InvitationList.id == list_id, InvitationList.event_id == event.id
        )
    )


def verdicts_on(listed: InvitationList) -> Sequence[Verdict]:
    """Judge the rows of a list by who is known now; once it is sent, return what was decided."""
    if listed.sent_at is not None:
        return [verdict_of(row) for row in listed.rows]
    columns = listed.mapping
    if what_is_missing(columns):
        return []
    rows = listed.read_rows
    standings = standings_by_address(listed.event, addresses_in(rows, columns))
    return judge_rows(
        rows,
        columns,
        known_emails={email: standing.person for email, standing in standings.items()},
        registered_emails={email for email, standing in standings.items() if standing.status},
        declined_emails={e for e, standing in standings.items() if standing.status in _SAID_NO},
        teams={team.name: team.id for team in teams_of(listed.event.programme)},
    )


def standings_by_address(event: Event, emails: Collection[str]) -> Mapping[str, Standing]:
    """Return who of these is known and how they stand at an event, with few statements."""
    found: dict[str, Standing] = {}
    at_this_event = and_(Registration.person_id == Person.id, Registration.event_id == event.id)
    for some in _in_parts(sorted(emails)):
        rows = db.session.execute(
            select(Person.email, Person.id, Person.name, Registration.id, Registration.status)
            .outerjoin(Registration, at_this_event)
            .where(Person.email.in_(some))
        )
        for email, person_id, name, registration_id, status in rows:
            assert email is not None
            found[email] = Standing(KnownPerson(person_id, name), registration_id, status)
    return found


def newest_letters(registration_ids: Collection[UUID]) -> Mapping[UUID, LetterState]:
    """Return how the newest letter about each of these registrations stands."""
    about = {f"registration:{one}": one for one in registration_ids}
    states: dict[UUID, LetterState] = {}
    for some in _in_parts(sorted(about)):
        rows = db.session.execute(
            select(Letter.about, Letter.state)
            .where(Letter.about.in_(some))
            .order_by(Letter.created_at)
        )
        states.update({about[subject]: state for subject, state in rows})
    return states


def people_to_remind(event: Event, *, at: datetime) -> Sequence[Registration]:
    """Return who was invited, has not answered, and had no letter about it for a day."""
    written_to = set(
        db.session.scalars(
            select(Letter.about).where(
                Letter.programme_id == event.programme_id,
                Letter.created_at > at - REMIND_AGAIN_AFTER,
            )
        )
    )
    if event.cancelled_at is not None or at >= event.starts_at:
        return []
    silent = _listed(event, status=Status.INVITED, words="").where(Person.email.is_not(None))
    return [one for one in db.session.scalars(silent) if f"registration:{one.id}" not in written_to]


def _in_parts(things: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(things), _AT_ONCE):
        yield things[start : start + _AT_ONCE]


def _with_names() -> Select[Registration]:
    return (
        select(Registration)
        .join(Registration.person)
        .outerjoin(Registration.team)
        .options(contains_eager(Registration.person), contains_eager(Registration.team))
    )


def _listed(event: Event, *, status: Status | None, words: str) -> Select[Registration]:
    listed = _with_names().where(Registration.event_id == event.id)
    if status is not None:
        listed = listed.where(Registration.status == status)
    for word in words.split():
        listed = listed.where(_is_about(word))
    return listed.order_by(Person.sorting_name, Registration.id)


def _is_about(word: str) -> ColumnElement[bool]:
    # The sorting name carries no accents, so "Sian" finds Siân and "Siân" finds Sian.
    folded = sorting_name(word).strip()
    in_team = Team.name.icontains(word, autoescape=True)
    return (
        or_(Person.sorting_name.contains(folded, autoescape=True), in_team) if folded else in_team
    )


_who_came: list[Callable[[UUID], bool]] = []


def presence_is_told_by(answer: Callable[[UUID], bool]) -> None:
    """Say once, at start-up, who knows whether somebody came: the room that keeps attendance.

    Rooms beside that one may ask without standing on it.
    """
    _who_came[:] = [answer]


def has_come(registration: Registration) -> bool:
    """Say whether somebody has checked in at the event; who has left again has come, too."""
    return any(answer(registration.id) for answer in _who_came)


_who_is_here: list[Callable[[UUID], Mapping[UUID, bool]]] = []


def presences_are_told_by(answer: Callable[[UUID], Mapping[UUID, bool]]) -> None:
    """Say once, at start-up, who knows which places of an event had somebody come, and if they still are."""
    _who_is_here[:] = [answer]


def places_here(event: Event) -> frozenset[UUID]:
    """Return the places whose people have checked in at an event and have not left."""
    return frozenset(place for place, is_here in _presences(event) if is_here)


def places_come(event: Event) -> frozenset[UUID]:
    """Return the places whose people have checked in at an event, also those who have left."""
    return frozenset(place for place, _ in _presences(event))


def _presences(event: Event) -> Iterator[tuple[UUID, bool]]:
    for answer in _who_is_here:
        yield from answer(event.id).items()
