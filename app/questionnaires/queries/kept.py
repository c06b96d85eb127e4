"""All that is kept of what somebody answered, found by the pseudonyms that only they lead to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.events.models import Event
from app.people.models import Person
from app.plumbing.database import db
from app.questionnaires.models import EventFeedback, RatingChoice, Response, Wave
from app.questionnaires.queries.answers import critic_at, respondent_in
from app.questionnaires.rules.sheets import Item, Sheet
from app.registration.models import Registration


@dataclass(frozen=True)
class Kept:
    """What somebody chose, what they answered in each round, and what they said about events."""

    choices: Sequence[RatingChoice]
    rounds: Sequence[tuple[Wave, Response]]
    feedback: Sequence[tuple[Event, EventFeedback]]

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing."""
        return not (self.choices or self.rounds or self.feedback)


def kept_of(person: Person) -> Kept:
    """Return all that can be found; a round that was kept apart and has closed leads to nobody."""
    choices = choices_of(person)
    return Kept(choices, _rounds(person, choices), _feedback(person))


def choices_of(person: Person) -> Sequence[RatingChoice]:
    """Return what somebody chose in each programme; without it nobody answers."""
    return db.session.scalars(select(RatingChoice).where(RatingChoice.person_id == person.id)).all()


def waves_chosen_for(choices: Sequence[RatingChoice]) -> Sequence[Wave]:
    """Return every round of the programmes in which somebody chose, in the order of their events."""
    programmes = [choice.programme_id for choice in choices]
    return db.session.scalars(
        select(Wave)
        .join(Wave.event)
        .options(contains_eager(Wave.event).joinedload(Event.programme), joinedload(Wave.version))
        .where(Event.programme_id.in_(programmes))
        .order_by(Event.starts_at, Wave.id)
    ).all()


def _rounds(person: Person, choices: Sequence[RatingChoice]) -> list[tuple[Wave, Response]]:
    linked = {choice.programme_id: choice.keeps_together for choice in choices}
    waves = {wave.id: wave for wave in waves_chosen_for(choices)}
    keys = {
        respondent_in(wave, person.id, is_linked=linked[wave.event.programme_id])
        for wave in waves.values()
    }
    rows = db.session.scalars(
        select(Response).where(Response.wave_id.in_(waves), Response.respondent.in_(keys))
    )
    found = {row.wave_id: row for row in rows}
    return [(wave, found[wave.id]) for wave in waves.values() if wave.id in found]


def _feedback(person: Person) -> list[tuple[Event, EventFeedback]]:
    events = db.session.scalars(
        select(Event)
        .join(Registration, Registration.event_id == Event.id)
        .options(joinedload(Event.programme))
        .where(Registration.person_id == person.id)
        .order_by(Event.starts_at)
    ).all()
    critics = {critic_at(event, person.id): event for event in events}
    rows = db.session.scalars(select(EventFeedback).where(EventFeedback.respondent.in_(critics)))
    found = {row.respondent: row for row in rows}
    return [(event, found[critic]) for critic, event in critics.items() if critic in found]


def in_plain_words(kept: Kept) -> dict[str, Any]:
    """Return all that is kept in the words it was asked in, to be read without this product."""
    return {
        "choices": [
            {
                "rounds_kept_together": choice.keeps_together,
                "small_team_may_be_shown": choice.shows_small_team,
                "chosen_on": choice.chosen_at.date().isoformat(),
            }
            for choice in kept.choices
        ],
        "rounds": [
            {
                "event": wave.event.title,
                "last_changed_on": row.changed_at.date().isoformat(),
                "answers": list(_worded(wave.version.sheet, row)),
            }
            for wave, row in kept.rounds
        ],
        "feedback": [
            {
                "event": event.title,
                "useful": said.useful,
                "best": said.best,
                "better": said.better,
                "given_on": said.given_at.date().isoformat(),
            }
            for event, said in kept.feedback
        ],
    }


def _worded(sheet: Sheet, row: Response) -> Iterator[dict[str, str | None]]:
    def step(ratings: Mapping[str, int], item: Item) -> str | None:
        return sheet.scale[ratings[item.id] - 1] if item.id in ratings else None

    for item in sheet.items:
        yield {
            "statement": item.text,
            "answer": step(row.ratings, item),
            "after_the_close": step(row.late, item),
            "looking_back": step(row.then_ratings, item),
        }
