"""Taking answers back: a person's right, and a part of erasing them."""

from datetime import datetime

from app.kernel.actor import Actor
from app.people.actions import Memory
from app.people.models import Person
from app.people.rules import Traces, counted
from app.plumbing.database import db, hold
from app.questionnaires.models import Response, Wave
from app.questionnaires.queries.answers import as_earlier, responses_in
from app.questionnaires.queries.kept import Kept, choices_of, kept_of, waves_chosen_for


def take_back(person: Person) -> None:
    """Delete everything that somebody answered and chose, as far as anything still leads to it.

    Figures that were published stay: they show nobody. It stands in no record of changes, because
    that would tell staff who had answered. Whoever erases a person calls this first: once the person
    is gone, nothing leads from them to their pseudonyms.
    """
    for wave in waves_chosen_for(choices_of(person)):
        hold(wave)
    kept: Kept = kept_of(person)
    for wave, row in kept.rounds:
        _leave_a_place(wave, row)
        db.session.delete(row)
    for _, said in kept.feedback:
        db.session.delete(said)
    for choice in kept.choices:
        db.session.delete(choice)


def _leave_a_place(wave: Wave, row: Response) -> None:
    """Remember where somebody stood in what was published, so that no later table shows them."""
    if wave.figures is None:
        return
    earlier = as_earlier(wave, responses_in(wave))
    if row.respondent in earlier.answers:
        place = earlier.place_of(row.respondent)
        wave.gone = [*wave.gone, [place.block, place.step]]


def _traces(person: Person) -> Traces:
    kept = kept_of(person)
    answered = len(kept.rounds) + len(kept.feedback)
    return Traces(
        goes=counted(
            answered, "questionnaire with its answers", "questionnaires with their answers"
        )
    )


def _forget(person: Person, _by: Actor, _at: datetime) -> None:
    take_back(person)


MEMORY = Memory(traces=_traces, forget=_forget)
