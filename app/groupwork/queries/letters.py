"""Questions about letters: who was there and has not had the harvest yet."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.groupwork.models import GroupWork
from app.people.models import Person
from app.plumbing.database import db
from app.plumbing.mail import Letter
from app.registration.models import Registration
from app.registration.queries import places_come


def who_came(work: GroupWork) -> Sequence[Registration]:
    """Return who came and was not written to about this session's harvest."""
    had = select(Letter.to_address).where(Letter.about == about(work))
    came = places_come(work.event)
    rows = db.session.scalars(
        select(Registration)
        .join(Registration.person)
        .options(contains_eager(Registration.person))
        .where(Registration.event_id == work.event_id, Person.email.not_in(had))
        .order_by(Person.sorting_name, Registration.id)
    )
    return [place for place in rows if place.id in came]


def harvests_sent(work: GroupWork) -> int:
    """Return to how many the harvest went out."""
    count = select(func.count()).select_from(Letter).where(Letter.about == about(work))
    return db.session.scalar(count) or 0


def about(work: GroupWork) -> str:
    """Return what the letters with a harvest are about."""
    return f"group-work:{work.id}"
