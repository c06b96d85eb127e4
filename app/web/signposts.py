"""Signs from a room to one above it or beside it, which it may not know by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, url_for

from app.events.models import Event
from app.groupwork.queries.notes import notes_of
from app.groupwork.queries.parts import part_of
from app.groupwork.queries.tables import seat_of
from app.kernel.clock import now
from app.kernel.text import counted
from app.network.queries import NetworkData, data_of, programmes_to_join
from app.people.models import Person
from app.programmes.models import Programme
from app.questionnaires.models import Response
from app.questionnaires.queries.answers import open_round_of
from app.questionnaires.queries.kept import kept_of
from app.registration.queries import registration_of
from app.writeups.queries.kept import Kept as KeptInStories
from app.writeups.queries.kept import kept_of as in_stories_of
from app.writeups.queries.reading import events_told_of, write_up_at


def register(app: Flask) -> None:
    """Let every page show the signs."""
    app.add_template_global(questionnaire_at)
    app.add_template_global(story_of_event)
    app.add_template_global(stories_told)
    app.add_template_global(answers_kept_of)
    app.add_template_global(networks_to_join)
    app.add_template_global(network_data)
    app.add_template_global(kept_in_stories)
    app.add_template_global(table_at)
    app.add_template_global(group_work_of_person)


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


def kept_in_stories(me: Person) -> KeptInStories:
    """Return what write-ups keep about somebody."""
    return in_stories_of(me)


@dataclass(frozen=True)
class Sign:
    """A few words and where they lead."""

    text: str
    href: str


def table_at(me: Person, event: Event) -> Sign | None:
    """Return at which table somebody sits in an event's group work, and where they find it."""
    place = registration_of(me.id, event.id)
    seat = seat_of(place) if place is not None else None
    if seat is None:
        return None
    return Sign(
        seat.table.writes_for.name,
        url_for(
            "attendee.groupwork.my_table",
            programme_slug=event.programme.slug,
            event_slug=event.slug,
        ),
    )


def group_work_of_person(me: Person) -> Sequence[Sign]:
    """Return what is kept of somebody's part in group work, each with where they find it."""
    notes = [
        Sign(
            f"Your own note of {note.registration.event.title}, which nobody else is shown",
            url_for(
                "attendee.groupwork.note",
                programme_slug=note.registration.event.programme.slug,
                event_slug=note.registration.event.slug,
            ),
        )
        for note in notes_of(me)
    ]
    parts = [
        Sign(
            f"{event.title}: {words}",
            url_for(
                "attendee.groupwork.my_table",
                programme_slug=event.programme.slug,
                event_slug=event.slug,
            ),
        )
        for event, words in part_of(me)
    ]
    return [*parts, *notes]


def story_of_event(event: Event) -> str | None:
    """Return where everybody reads the story of an event, once it is published."""
    found = write_up_at(event.programme.slug, event.slug)
    if found is None or found.is_withdrawn:
        return None
    return url_for(
        "public.writeups.story", programme_slug=event.programme.slug, event_slug=event.slug
    )


def stories_told() -> Sequence[Sign]:
    """Return the newest stories that everybody can read, by their events: a title may yet be masked."""
    return [
        Sign(
            f"{event.title}, {event.programme.title}",
            url_for(
                "public.writeups.story",
                programme_slug=event.programme.slug,
                event_slug=event.slug,
            ),
        )
        for event in events_told_of()
    ]
