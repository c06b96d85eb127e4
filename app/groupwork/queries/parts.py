"""What is kept of somebody's part in group work: for their own page about their data."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.events.models import Event
from app.groupwork.models import Agreement, Card, Dots, Seat, Table
from app.kernel.text import counted, joined
from app.people.models import Person
from app.plumbing.database import db
from app.registration.models import Registration


def part_of(person: Person) -> Sequence[tuple[Event, str]]:
    """Return the events in whose group work somebody has a part, and what it is, the newest first."""
    rows = db.session.execute(
        select(Event, Registration, Table)
        .join(Registration, Registration.event_id == Event.id)
        .join(Seat, Seat.registration_id == Registration.id)
        .join(Table, Seat.table_id == Table.id)
        .where(Registration.person_id == person.id)
        .order_by(Event.starts_at.desc())
    )
    return [(event, _words(person, place, table)) for event, place, table in rows]


def _words(person: Person, place: Registration, table: Table) -> str:
    cards = select(func.count()).where(
        Card.person_id == person.id, Card.group_work_id == table.group_work_id
    )
    owned = select(func.count()).where(
        Agreement.owner_id == place.id, Agreement.withdrawn_at.is_(None)
    )
    voted = select(Dots.id).where(Dots.registration_id == place.id).limit(1)
    number_of_cards, number_owned = db.session.scalar(cards) or 0, db.session.scalar(owned) or 0
    parts = [f"your seat at {table.name.lower()}"]
    if number_of_cards:
        parts.append(counted(number_of_cards, "card") + " of your own")
    if number_owned:
        parts.append(counted(number_owned, "agreement") + " in your name")
    if db.session.scalar(voted) is not None:
        parts.append("your dots, which nobody sees")
    return joined(parts)
