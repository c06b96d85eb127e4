"""Forgetting somebody: the table's cards and agreements stay, without their name."""

from datetime import datetime

from sqlalchemy import func, select, update

from app.groupwork.models import Agreement, Card
from app.kernel.actor import Actor
from app.people.actions import Memory
from app.people.models import Person
from app.people.rules import Traces, counted
from app.plumbing.database import db


def _traces(person: Person) -> Traces:
    cards = db.session.scalar(
        select(func.count()).select_from(Card).where(Card.person_id == person.id)
    )
    return Traces(
        stays=[
            f"The words of {line} from group work, without a name: the table wrote them together"
            for line in counted(cards or 0, "card", "cards")
        ]
    )


def _forget(person: Person, _by: Actor, _at: datetime) -> None:
    db.session.execute(update(Card).where(Card.person_id == person.id).values(person_id=None))
    agreed = update(Agreement).where(Agreement.agreed_by == person.id)
    db.session.execute(agreed.values(agreed_by=None))


MEMORY = Memory(traces=_traces, forget=_forget)
