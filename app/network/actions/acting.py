"""Members who act: as whom they are written down, and their rows while they change."""

from sqlalchemy import delete

from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.network.models import ContactExchange, NetworkMember
from app.network.queries import membership_of
from app.people.models import Person
from app.plumbing.database import db
from app.programmes.models import Programme


class NotInTheNetwork(Refusal):
    """What members do is for members."""


def held_member(programme: Programme, person: Person) -> NetworkMember:
    """Return somebody's membership, which nobody else changes until the transaction ends."""
    member = membership_of(person, programme, is_to_change=True)
    if member is None:
        raise NotInTheNetwork("This is for members of the network. Open “Network” to join.")
    return member


def themselves(person: Person) -> Actor:
    """Return somebody as the record of changes keeps who acted."""
    return Actor("attendee", person.id, person.name)


def is_deleted(row: NetworkMember | ContactExchange) -> bool:
    """Delete a row with what hangs on it, and say whether it was still there."""
    table = type(row)
    gone = db.session.execute(delete(table).where(table.id == row.id).returning(table.id))
    return gone.one_or_none() is not None
