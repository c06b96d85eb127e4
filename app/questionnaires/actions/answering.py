"""Answering a round: what somebody chose once, and what they rate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.kernel.refusal import Refusal
from app.people.models import Person
from app.plumbing.database import hold, insert_new
from app.programmes.models import Programme
from app.questionnaires.actions.rounds import RoundIsNotOpen
from app.questionnaires.models import RatingChoice, Response, Wave
from app.questionnaires.queries.answers import (
    choice_of,
    place_at,
    respondent_in,
    response_of,
)
from app.questionnaires.rules.statistics import is_on_scale
from app.questionnaires.rules.timing import RoundState, day_alone


class OffTheScale(Refusal):
    """An answer is no step of the scale, or to nothing that is asked."""


class NotBooked(Refusal):
    """Who answers is booked at the event."""


def choose(
    person: Person,
    programme: Programme,
    *,
    keeps_together: bool,
    shows_small_team: bool,
    at: datetime,
) -> RatingChoice:
    """Keep what somebody chose before their first answer; the first choice stands."""
    insert_new(
        RatingChoice(
            id=uuid4(),
            person_id=person.id,
            programme_id=programme.id,
            keeps_together=keeps_together,
            shows_small_team=shows_small_team,
            chosen_at=day_alone(at),
        )
    )
    choice = choice_of(person.id, programme.id)
    assert choice is not None, "just chosen"
    return choice


@dataclass(frozen=True)
class Given:
    """Ratings by item, and where people look back, how they rate themselves at the start."""

    ratings: Mapping[str, int]
    then: Mapping[str, int]


def answer(person: Person, wave: Wave, given: Given, *, at: datetime) -> bool:
    """Keep somebody's answers, in one row however often they come; return whether they count.

    What arrives after the round has closed was typed in good faith. It is kept for the person and in
    no figure: tables that were published must not change with one person's answers.
    """
    sheet = wave.version.sheet
    if not (is_on_scale(sheet, given.ratings) and is_on_scale(sheet, given.then)):
        raise OffTheScale("One of these answers is not on the scale. Open the page again.")
    place = place_at(wave.event, person.id)
    choice = choice_of(person.id, wave.event.programme_id)
    if place is None or choice is None:
        raise NotBooked("Only people who are booked at the event answer this round.")
    hold(wave, shared=True)
    if wave.state(at) is RoundState.PLANNED:
        raise RoundIsNotOpen("This round opens with check-in. Come back then.")
    counts = wave.state(at) is RoundState.OPEN
    row = _row_for(person, wave, choice, team_id=place.team_id, at=at)
    if counts:
        row.ratings = {**row.ratings, **given.ratings}
        row.then_ratings = {**row.then_ratings, **given.then}
    else:
        row.late = {**row.late, **given.ratings}
    row.changed_at = day_alone(at)
    return counts


def _row_for(
    person: Person, wave: Wave, choice: RatingChoice, *, team_id: UUID | None, at: datetime
) -> Response:
    is_linked = choice.keeps_together
    insert_new(
        Response(
            id=uuid4(),
            wave_id=wave.id,
            respondent=respondent_in(wave, person.id, is_linked=is_linked),
            team_id=team_id,
            is_linked=is_linked,
            ratings={},
            then_ratings={},
            late={},
            changed_at=day_alone(at),
            panels=0,
        )
    )
    row = response_of(wave, person.id, is_linked=is_linked)
    assert row is not None, "just made"
    return row
