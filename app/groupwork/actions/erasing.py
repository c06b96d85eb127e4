"""Forgetting somebody: the table's cards and agreements stay, without their name."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from app.groupwork.models import Agreement, Card, Dots, FollowUp, Note, Seat
from app.groupwork.queries.notes import notes_of
from app.kernel.actor import Actor
from app.people.actions import Memory
from app.people.models import Person
from app.people.rules import Traces, counted
from app.plumbing.database import db
from app.registration.models import Registration


def _traces(person: Person) -> Traces:
    cards = db.session.scalar(
        select(func.count()).select_from(Card).where(Card.person_id == person.id)
    )
    return Traces(
        goes=list(counted(len(notes_of(person)), "note for themselves", "notes for themselves")),
        stays=[
            f"The words of {line} from group work, without a name: the table wrote them together"
            for line in counted(cards or 0, "card", "cards")
        ],
    )


def _forget(person: Person, _by: Actor, _at: datetime) -> None:
    db.session.execute(update(Card).where(Card.person_id == person.id).values(person_id=None))
    places = select(Registration.id).where(Registration.person_id == person.id)
    db.session.execute(delete(Note).where(Note.registration_id.in_(places)))
    db.session.execute(delete(Seat).where(Seat.registration_id.in_(places)))
    votes = update(Dots).where(Dots.registration_id.in_(places))
    db.session.execute(votes.values(registration_id=None))
    owned = select(Agreement.id).where(Agreement.owner_id.in_(places))
    answers = update(FollowUp).where(FollowUp.agreement_id.in_(owned))
    db.session.execute(answers.values(words=""))
    agreed = update(Agreement).where(Agreement.agreed_by == person.id)
    db.session.execute(agreed.values(agreed_by=None))


MEMORY = Memory(traces=_traces, forget=_forget)
