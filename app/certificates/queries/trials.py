"""Trying the designs before certificates are issued: on which names, and how it went."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, SQLColumnExpression, func, or_, select

from app.certificates.models import DesignTrial
from app.events.models import Event
from app.people.models import Person
from app.plumbing.database import db
from app.plumbing.pdf import Fields, designs, sample
from app.plumbing.queue import MOST_ATTEMPTS, Job
from app.programmes.models import Programme, Team, TeamMembership
from app.registration.models import Registration, Status

STRANGE = "Łukasz Wróbel, Αγγελική Π., 李小龙"
"""What a design must be able to print, whoever takes part."""


class Why(StrEnum):
    """What is difficult about the name that a design is tried on."""

    LONGEST = "longest"
    STRANGE = "strange"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One design with one name, and how drawing it went, if that was tried as it stands now."""

    design: str
    title: str
    why: Why
    name: str
    fields: Fields
    fingerprint: str
    result: DesignTrial | None


def trials_of(programme: Programme) -> Sequence[Trial]:
    """Return every design with every name that it is to be tried on."""
    names, results = _names(programme), _results(programme)
    return [
        _trial(programme, design, why, names[why][design], results)
        for design in designs()
        for why in Why
        if names[why][design]
    ]


def trial_of(programme: Programme, design: str, why: Why) -> Trial | None:
    """Return one design with one of its names, if there are such a design and such a name."""
    found = (trial for trial in trials_of(programme) if (trial.design, trial.why) == (design, why))
    return next(found, None)


def are_being_tried(programme: Programme) -> bool:
    """Say whether later work is about to try this programme's designs."""
    waiting = select(Job.id).where(
        Job.batch == trials_batch(programme),
        Job.done_at.is_(None),
        Job.cancelled_at.is_(None),
        Job.attempts < MOST_ATTEMPTS,
    )
    return db.session.scalar(waiting.limit(1)) is not None


def trials_batch(programme: Programme) -> str:
    """Return under which name the work of trying a programme's designs is kept together."""
    return f"trials:{programme.id}"


def _trial(
    programme: Programme,
    design: str,
    why: Why,
    name: str,
    results: Mapping[str, DesignTrial],
) -> Trial:
    fields = _fields(programme, design, name)
    fingerprint = _fingerprint(design, fields)
    return Trial(
        design=design,
        title=designs()[design].title,
        why=why,
        name=name,
        fields=fields,
        fingerprint=fingerprint,
        result=results.get(fingerprint),
    )


def _fields(programme: Programme, design: str, name: str) -> Fields:
    """Return the design's sample with this programme's own words and the name to try."""
    return {
        **sample(design),
        "recipient": name,
        "programme": programme.title,
        "host": programme.host_organisation,
        "commissioner": programme.commissioner,
        "aims": programme.aims,
        "signatory_name": programme.signatory_name,
        "signatory_role": programme.signatory_role,
    }


def _fingerprint(design: str, fields: Fields) -> str:
    """Return what stays the same while nothing that the trial prints has changed."""
    printed = [design, designs()[design].version, fields]
    return hashlib.sha256(json.dumps(printed, sort_keys=True, default=str).encode()).hexdigest()


def _results(programme: Programme) -> Mapping[str, DesignTrial]:
    tried = db.session.scalars(select(DesignTrial).where(DesignTrial.programme_id == programme.id))
    return {result.fingerprint: result for result in tried}


def _names(programme: Programme) -> Mapping[Why, Mapping[str, str]]:
    """Return the names that each design is tried on."""
    person, team = _longest_name(programme), _longest_team(programme)
    return {
        Why.LONGEST: {design: team if design == "team" else person for design in designs()},
        Why.STRANGE: dict.fromkeys(designs(), STRANGE),
    }


def _longest_name(programme: Programme) -> str:
    """Return the longest name of those in a team or booked: what a design must have room for."""
    printed = func.coalesce(func.nullif(Person.certificate_name, ""), Person.name)
    members = select(TeamMembership.person_id).join(Team).where(Team.programme_id == programme.id)
    events = select(Event.id).where(Event.programme_id == programme.id)
    booked = select(Registration.person_id).where(
        Registration.event_id.in_(events), Registration.status == Status.CONFIRMED
    )
    return _longest(printed, or_(Person.id.in_(members), Person.id.in_(booked)))


def _longest_team(programme: Programme) -> str:
    return _longest(Team.name, Team.programme_id == programme.id)


def _longest(words: SQLColumnExpression[str], where: ColumnElement[bool]) -> str:
    found = select(words).where(where).order_by(func.length(words).desc(), words).limit(1)
    return db.session.scalar(found) or ""
