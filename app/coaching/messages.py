"""What coaching writes to coaches."""

from datetime import datetime

from app.people.models import Person
from app.plumbing.addresses import address_of
from app.plumbing.mail import post
from app.plumbing.stationery import written
from app.programmes.models import Team


def asked_to_record(team: Team, coach: Person, *, asked_by: str, at: datetime) -> None:
    """Ask a coach to record a visit that has no record."""
    assert coach.email is not None, "whoever asks has looked for an address"
    words = written(
        "coaching/email/asked_to_record",
        coach=coach,
        team=team,
        programme=team.programme,
        asked_by=asked_by,
        address=address_of(
            "organiser.coaching.new_visit",
            programme_slug=team.programme.slug,
            team_slug=team.slug,
        ),
    )
    post(
        words,
        to_name=coach.name,
        to_address=coach.email,
        at=at,
        about=f"visit-request:{team.id}",
        programme_id=team.programme_id,
    )
