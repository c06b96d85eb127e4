"""Questions about questionnaires, rounds and answers. Names and answers meet here for their owner alone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.events.models import Event
from app.kernel.clock import london_day
from app.kernel.codes import derived_code
from app.people.models import Person
from app.plumbing.database import db
from app.plumbing.keys import key_for
from app.programmes.models import Programme, Team
from app.programmes.queries import memberships_in
from app.questionnaires.models import (
    EventFeedback,
    Questionnaire,
    QuestionnaireVersion,
    RatingChoice,
    Response,
    Wave,
)
from app.questionnaires.rules.closing import Answered, Earlier, Round
from app.questionnaires.rules.publishing import Place, TeamCount
from app.questionnaires.rules.statistics import is_whole
from app.questionnaires.rules.timing import RoundState
from app.registration.models import Registration, Status


def questionnaire_of(programme: Programme) -> Questionnaire | None:
    """Return a programme's questionnaire, once it has one."""
    return db.session.scalar(
        select(Questionnaire).where(Questionnaire.programme_id == programme.id)
    )


def version_in_use(questionnaire: Questionnaire) -> QuestionnaireVersion:
    """Return the newest version of a questionnaire."""
    return db.session.scalars(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.questionnaire_id == questionnaire.id)
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
    ).one()


def waves_of(programme: Programme) -> Sequence[Wave]:
    """Return a programme's rounds in the order of their events."""
    return db.session.scalars(
        select(Wave)
        .join(Wave.event)
        .options(contains_eager(Wave.event), joinedload(Wave.version))
        .where(Event.programme_id == programme.id)
        .order_by(Event.starts_at)
    ).all()


def wave_of(event: Event) -> Wave | None:
    """Return the round at an event, if there is one."""
    return db.session.scalar(select(Wave).where(Wave.event_id == event.id))


def choice_of(person_id: UUID, programme_id: UUID) -> RatingChoice | None:
    """Return what somebody chose before their first answer."""
    return db.session.scalar(
        select(RatingChoice).where(
            RatingChoice.person_id == person_id, RatingChoice.programme_id == programme_id
        )
    )


def respondent_in(wave: Wave, person_id: UUID, *, is_linked: bool) -> str:
    """Return the pseudonym under which somebody answers: one for the programme, or one for the round.

    Without the server's key nobody finds the person behind it, nor which pseudonym is theirs.
    """
    within = wave.event.programme_id if is_linked else wave.id
    return derived_code(key_for("questionnaires"), f"{within}/{person_id}")


def response_of(wave: Wave, person_id: UUID, *, is_linked: bool) -> Response | None:
    """Return what somebody answered in a round."""
    return db.session.scalar(
        select(Response).where(
            Response.wave_id == wave.id,
            Response.respondent == respondent_in(wave, person_id, is_linked=is_linked),
        )
    )


def place_at(event: Event, person_id: UUID) -> Registration | None:
    """Return somebody's booked place at an event; who has one may answer."""
    return db.session.scalar(
        select(Registration).where(
            Registration.event_id == event.id,
            Registration.person_id == person_id,
            Registration.status == Status.CONFIRMED,
        )
    )


def places_at(event: Event) -> Sequence[Registration]:
    """Return everybody who is booked at an event."""
    return db.session.scalars(
        select(Registration)
        .join(Person)
        .options(contains_eager(Registration.person))
        .where(Registration.event_id == event.id, Registration.status == Status.CONFIRMED)
        .order_by(Person.sorting_name)
    ).all()


@dataclass(frozen=True)
class OwnRound:
    """A round as somebody who is booked sees it."""

    wave: Wave
    response: Response | None

    @property
    def ratings(self) -> Mapping[str, int]:
        """Return their answers, with what came late."""
        return {**self.response.ratings, **self.response.late} if self.response else {}

    @property
    def is_whole(self) -> bool:
        """Say whether nothing was left out."""
        return is_whole(self.wave.version.sheet, self.ratings)


def own_rounds(person: Person) -> Sequence[OwnRound]:
    """Return the rounds at events where somebody is booked, by event, in three statements."""
    waves = db.session.scalars(
        select(Wave)
        .join(Wave.event)
        .join(Registration, Registration.event_id == Event.id)
        .options(contains_eager(Wave.event).joinedload(Event.programme), joinedload(Wave.version))
        .where(Registration.person_id == person.id, Registration.status == Status.CONFIRMED)
        .where(Event.cancelled_at.is_(None))
        .order_by(Event.starts_at)
    ).all()
    choices = {
        row.programme_id: row.keeps_together
        for row in db.session.scalars(
            select(RatingChoice).where(RatingChoice.person_id == person.id)
        )
    }
    keys = {
        wave.id: respondent_in(
            wave, person.id, is_linked=choices.get(wave.event.programme_id, True)
        )
        for wave in waves
    }
    found = {
        row.wave_id: row
        for row in db.session.scalars(
            select(Response).where(
                Response.wave_id.in_(keys), Response.respondent.in_(set(keys.values()))
            )
        )
    }
    return [OwnRound(wave, found.get(wave.id)) for wave in waves]


def open_round_of(person_id: UUID, event: Event, *, at: datetime) -> Wave | None:
    """Return the round that somebody at an event can answer now, if there is one."""
    wave = wave_of(event)
    if wave is None or wave.state(at) is not RoundState.OPEN or place_at(event, person_id) is None:
        return None
    return wave


@dataclass(frozen=True)
class Rate:
    """How many answered a round, of how many who could."""

    answered: int
    expected: int


def rate_of(wave: Wave) -> Rate:
    """Return how many have answered so far: all that is said about a round that is open."""
    if wave.figures is not None:
        return Rate(wave.figures["answered"], wave.figures["expected"])
    return Rate(len(_whole(wave)), len(places_at(wave.event)))


def _whole(wave: Wave) -> set[str]:
    sheet = wave.version.sheet
    rows = db.session.execute(
        select(Response.respondent, Response.ratings).where(Response.wave_id == wave.id)
    )
    return {respondent for respondent, ratings in rows if is_whole(sheet, ratings)}


def silent_at(wave: Wave) -> Sequence[Registration]:
    """Return who is booked, has an address and has not answered a round to the end."""
    answered = _whole(wave)
    linked = linked_choices(wave.event.programme_id)
    return [
        place
        for place in places_at(wave.event)
        if place.person.email is not None
        and respondent_in(wave, place.person_id, is_linked=linked.get(place.person_id, True))
        not in answered
    ]


def linked_choices(programme_id: UUID) -> Mapping[UUID, bool]:
    """Return for everybody who chose whether their rounds are kept together."""
    rows = db.session.execute(
        select(RatingChoice.person_id, RatingChoice.keeps_together).where(
            RatingChoice.programme_id == programme_id
        )
    )
    return {row[0]: row[1] for row in rows}


def responses_in(wave: Wave) -> Sequence[Response]:
    """Return everything that was answered in a round."""
    return db.session.scalars(select(Response).where(Response.wave_id == wave.id)).all()


def round_as_answered(wave: Wave, responses: Iterable[Response]) -> Round:
    """Return a round as the rules know it: what was asked, and who answered what."""
    return Round(
        str(wave.id),
        wave.version.sheet,
        {
            row.respondent: Answered(
                row.ratings,
                str(row.team_id) if row.team_id else None,
                row.is_linked,
                row.then_ratings or None,
            )
            for row in responses
        },
    )


def closed_before(wave: Wave) -> Sequence[tuple[Wave, Sequence[Response]]]:
    """Return the rounds of a programme that were closed already, in that order, with their answers."""
    closed = [one for one in waves_of(wave.event.programme) if one.figures is not None]
    closed.sort(key=lambda one: one.closes_at)
    return [(one, responses_in(one)) for one in closed if one.id != wave.id]


def as_earlier(wave: Wave, responses: Iterable[Response]) -> Earlier:
    """Return a closed round as the rules know it, with what was shown about it."""
    figures: dict[str, Any] = wave.figures or {}
    rows = list(responses)
    whole = Round(str(wave.id), wave.version.sheet, round_as_answered(wave, rows).answers).counted
    return Earlier(
        id=str(wave.id),
        sheet=wave.version.sheet,
        answers=whole,
        shown=frozenset(name for name, team in figures["teams"].items() if not team["why"]),
        step={row.respondent: row.panels for row in rows},
        is_in_chain=figures["is_in_chain"],
        gone=tuple(Place(block, step) for block, step in wave.gone),
    )


def team_counts(wave: Wave, ending: Round) -> Mapping[str, TeamCount]:
    """Count for each team who is in it on the day, who answered, and whether all of them agreed."""
    event = wave.event
    members: dict[UUID, set[UUID]] = {}
    for membership in memberships_in(event.programme):
        if membership.covers(london_day(event.starts_at)):
            members.setdefault(membership.team_id, set()).add(membership.person_id)
    for place in places_at(event):
        if place.team_id is not None:
            members.setdefault(place.team_id, set()).add(place.person_id)
    agreed = set(
        db.session.scalars(
            select(RatingChoice.person_id).where(
                RatingChoice.programme_id == event.programme_id, RatingChoice.shows_small_team
            )
        )
    )
    answered = Counter(one.team for one in ending.counted.values())
    teams = {str(team): people for team, people in members.items()}
    return {
        name: TeamCount(
            answered[name],
            len(teams.get(name, ())),
            all_agreed=name in teams and teams[name] <= agreed,
        )
        for name in {*teams, *(team for team in answered if team is not None)}
    }


def teams_by_id(programme: Programme) -> Mapping[str, Team]:
    """Return a programme's teams by their ids in words."""
    rows = db.session.scalars(select(Team).where(Team.programme_id == programme.id))
    return {str(team.id): team for team in rows}


def feedback_of(event: Event, person_id: UUID) -> EventFeedback | None:
    """Return what somebody said about an event, or that they skipped it."""
    return db.session.scalar(
        select(EventFeedback).where(
            EventFeedback.event_id == event.id,
            EventFeedback.respondent == critic_at(event, person_id),
        )
    )


def unsaid_about(events: Iterable[Event], person_id: UUID) -> frozenset[UUID]:
    """Return the events about which somebody has said nothing yet, and skipped nothing."""
    critics = {critic_at(event, person_id): event.id for event in events}
    said = db.session.scalars(
        select(EventFeedback.respondent).where(EventFeedback.respondent.in_(critics))
    )
    return frozenset(critics.values()) - {critics[critic] for critic in said}


def critic_at(event: Event, person_id: UUID) -> str:
    """Return the pseudonym under which somebody speaks about an event."""
    return derived_code(key_for("event feedback"), f"{event.id}/{person_id}")


def feedback_at(event: Event) -> Sequence[EventFeedback]:
    """Return what people said about an event, in no order that tells who came first."""
    return db.session.scalars(
        select(EventFeedback)
        .where(EventFeedback.event_id == event.id, EventFeedback.useful.is_not(None))
        .order_by(EventFeedback.respondent)
    ).all()


def has_closed_round(programme: Programme) -> bool:
    """Say whether figures of a programme were published, so that its smallest group stands."""
    count = select(func.count()).select_from(Wave).join(Wave.event)
    closed = count.where(Event.programme_id == programme.id, Wave.closed_at.is_not(None))
    return bool(db.session.scalar(closed))
