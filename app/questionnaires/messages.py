"""What questionnaires write to people."""

from datetime import datetime

from app.people.models import Person
from app.plumbing.addresses import address_of
from app.plumbing.mail import post
from app.plumbing.stationery import written
from app.questionnaires.models import Wave


def reminder(wave: Wave, person: Person, token: str, *, about: str, at: datetime) -> None:
    """Ask somebody who has not answered a round to do so, by their own link."""
    assert person.email is not None, "who has no address gets no letter"
    event = wave.event
    words = written(
        "questionnaires/email/reminder",
        event=event,
        person=person,
        closes_at=wave.closes_at,
        link=address_of(
            "public.registration.letter",
            token=token,
            programme_slug=event.programme.slug,
            event_slug=event.slug,
            way="skills",
        ),
    )
    post(
        words,
        to_name=person.name,
        to_address=person.email,
        at=at,
        about=about,
        programme_id=event.programme_id,
    )
