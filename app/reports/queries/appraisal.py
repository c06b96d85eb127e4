"""What somebody can bring to their yearly appraisal: their own facts of many rooms, for themselves alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.certificates.models import CertificateIssue
from app.certificates.queries.completion import (
    WERE_THERE,
    PersonStanding,
    as_gathering,
    presence_in,
    programmes_joined_by,
    rules_of,
    standing_of_person,
)
from app.certificates.queries.register import State, certificates_of, state_of
from app.certificates.rules import Holder, Presence, minutes_present, rule_sentence
from app.checkin.models import Attendance
from app.events.models import Event
from app.groupwork.models import Agreement, Note
from app.groupwork.queries.agreements import agreements_undertaken_by
from app.groupwork.queries.notes import notes_of
from app.people.models import Person
from app.plumbing.database import db
from app.posters.models import Poster, Reflection
from app.posters.queries.mine import reflections_by
from app.posters.queries.posters import newest_poster_of
from app.programmes.models import Programme
from app.questionnaires.queries.answers import OwnRound, own_rounds
from app.questionnaires.queries.results import own_report
from app.questionnaires.rules.reporting import Report
from app.registration.models import Registration


@dataclass(frozen=True, kw_only=True)
class Attended:
    """An event at which somebody was, or which they made up, with the minutes that the door recorded."""

    event: Event
    presence: Presence
    minutes: int
    goes_on: bool

    @property
    def counts(self) -> bool:
        """Say whether the minutes are evidence: seen at the door, and nothing left to be checked."""
        return not (self.presence.is_made_up or self.presence.is_flagged)


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """What somebody did, wrote and undertook in one programme."""

    programme: Programme
    standing: PersonStanding | None
    rule: str
    attended: Sequence[Attended]
    certificates: Sequence[CertificateIssue]
    skills: Report | None
    poster: Poster | None
    agreements: Sequence[Agreement]
    notes: Mapping[UUID, Note]
    reflections: Sequence[Reflection]

    @property
    def minutes(self) -> int:
        """Return how long somebody was there in all, breaks included."""
        return sum(one.minutes for one in self.attended if one.counts)

    @property
    def events_without_note(self) -> Sequence[Event]:
        """Return the events they were at and have written nothing of for themselves."""
        return [one.event for one in self.attended if one.event.id not in self.notes]


def appraisal_pack(me: Person, *, at: datetime) -> Sequence[Chapter]:
    """Return somebody's own pack, the newest programme first."""
    belongings = _belongings(me, at=at)
    return [_chapter(me, programme, belongings, at=at) for programme in belongings.programmes]


@dataclass(frozen=True, kw_only=True)
class _Belongings:
    """Everything of somebody's that the pack is made of, over all programmes."""

    joined: Sequence[Programme]
    attended: Sequence[Attended]
    certificates: Sequence[CertificateIssue]
    rounds: Sequence[OwnRound]
    agreements: Sequence[Agreement]
    notes: Sequence[Note]
    reflections: Sequence[Reflection]

    @property
    def programmes(self) -> Sequence[Programme]:
        """Return every programme that has a chapter, the newest first."""
        found = {
            *self.joined,
            *(one.event.programme for one in self.attended),
            *(one.programme for one in self.certificates),
            *(one.registration.event.programme for one in self.notes),
            *(one.poster.event.programme for one in self.reflections),
        }
        return sorted(found, key=lambda one: (one.starts_on, one.title), reverse=True)


def _belongings(me: Person, *, at: datetime) -> _Belongings:
    return _Belongings(
        joined=programmes_joined_by(me),
        attended=_attended_by(me, at=at),
        certificates=[
            one for one in certificates_of(me, at=at) if state_of(one) is not State.WITHDRAWN
        ],
        rounds=own_rounds(me),
        agreements=agreements_undertaken_by(me),
        notes=notes_of(me),
        reflections=reflections_by(me),
    )


def _chapter(me: Person, programme: Programme, belongings: _Belongings, *, at: datetime) -> Chapter:
    here = programme.id
    standing = standing_of_person(programme, me.id, at=at)
    rounds = [one for one in belongings.rounds if one.wave.event.programme_id == here]
    return Chapter(
        programme=programme,
        standing=standing,
        rule=rule_sentence(rules_of(programme)[Holder.PERSON]) if standing else "",
        attended=[one for one in belongings.attended if one.event.programme_id == here],
        certificates=[one for one in belongings.certificates if one.programme_id == here],
        skills=own_report(rounds),
        poster=newest_poster_of(standing.team) if standing else None,
        agreements=[
            one for one in belongings.agreements if one.group_work.event.programme_id == here
        ],
        notes={
            one.registration.event_id: one
            for one in belongings.notes
            if one.registration.event.programme_id == here
        },
        reflections=[
            one for one in belongings.reflections if one.poster.event.programme_id == here
        ],
    )


def _attended_by(me: Person, *, at: datetime) -> Sequence[Attended]:
    rows = db.session.execute(
        select(Attendance, Event)
        .join(Registration, Attendance.registration_id == Registration.id)
        .join(Event, Registration.event_id == Event.id)
        .join(Event.programme)
        .options(contains_eager(Event.programme))
        .where(
            Registration.person_id == me.id,
            Attendance.status.in_(WERE_THERE),
            Event.cancelled_at.is_(None),
        )
        .order_by(Event.starts_at, Event.id)
    )
    return [_attended(event, presence_in(attendance), at=at) for attendance, event in rows]


def _attended(event: Event, presence: Presence, *, at: datetime) -> Attended:
    return Attended(
        event=event,
        presence=presence,
        minutes=minutes_present(presence, as_gathering(event), at=at),
        goes_on=at < event.ends_at and presence.left_at is None,
    )
