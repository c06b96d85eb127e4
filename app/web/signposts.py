"""Signs from a room to one above it or beside it, which it may not know by itself."""

from collections.abc import Sequence

from flask import Flask, url_for

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.text import counted
from app.network.queries import NetworkData, data_of, programmes_to_join
from app.people.models import Person
from app.programmes.models import Programme
from app.questionnaires.models import Response
from app.questionnaires.queries.answers import open_round_of
from app.questionnaires.queries.kept import kept_of


def register(app: Flask) -> None:
    """Let every page show the signs."""
    app.add_template_global(questionnaire_at)
    app.add_template_global(answers_kept_of)
    app.add_template_global(networks_to_join)
    app.add_template_global(network_data)


def questionnaire_at(me: Person, event: Event) -> str | None:
    """Return where somebody answers the questionnaire of an event, while its round is open."""
    at = now()
    if at < event.check_in_opens_at or event.cancelled_at is not None:
        return None
    if open_round_of(me.id, event, at=at) is None:
        return None
    return url_for(
        "attendee.questionnaires.start",
        programme_slug=event.programme.slug,
        event_slug=event.slug,
    )


def answers_kept_of(me: Person) -> list[str]:
    """Say in a line each what is kept of somebody's answers."""
    kept = kept_of(me)
    return [
        *(f"{wave.event.title}: {_answers_in(row)}" for wave, row in kept.rounds),
        *(f"{event.title}: what you said about it" for event, _ in kept.feedback),
        *("What you chose before your first answer" for _ in kept.choices),
    ]


def _answers_in(row: Response) -> str:
    ratings = len({**row.ratings, **row.late}) + len(row.then_ratings)
    return counted(ratings, "answer", "answers")


def networks_to_join(me: Person) -> Sequence[Programme]:
    """Return the programmes whose network somebody may join and has not."""
    return programmes_to_join(me)


def network_data(me: Person) -> NetworkData:
    """Return what the network holds about somebody."""
    return data_of(me, at=now())
