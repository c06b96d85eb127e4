"""What the network forgets: by itself after a year, and about somebody who is erased."""

from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from app.kernel.actor import Actor
from app.kernel.clock import from_london
from app.network.models import ContactExchange, NetworkMember, TeamRequest
from app.network.queries import is_of
from app.network.rules import KEPT_FOR
from app.people.actions import Memory
from app.people.models import Person
from app.people.rules import Traces, counted
from app.plumbing.database import Model, db
from app.plumbing.queue import enqueue
from app.programmes.models import Programme, Team


def plan_forgetting(programme: Programme) -> None:
    """Let what was asked be deleted a year after the programme has ended; planned twice it is once."""
    enqueue(
        "network.forget",
        due_at=forgotten_at(programme),
        unique_key=f"network-forget:{programme.id}",
        programme_id=str(programme.id),
    )


def forgotten_at(programme: Programme) -> datetime:
    """Return when what was asked in a programme has been kept for long enough."""
    return from_london(datetime.combine(programme.ends_on + KEPT_FOR, time()))


def forget(programme: Programme, *, at: datetime) -> timedelta | None:
    """Delete what teams were asked, and exchanges that nobody agreed to; return how long to wait still."""
    wait = forgotten_at(programme) - at
    if wait > timedelta():
        return wait
    teams = select(Team.id).where(Team.programme_id == programme.id)
    db.session.execute(delete(TeamRequest).where(TeamRequest.team_id.in_(teams)))
    db.session.execute(
        delete(ContactExchange).where(
            ContactExchange.programme_id == programme.id, ContactExchange.confirmed_at.is_(None)
        )
    )
    return None


def _traces(person: Person) -> Traces:
    member = NetworkMember.person_id == person.id
    asked, exchanged = TeamRequest.person_id == person.id, is_of(person)
    return Traces(
        goes=[
            *(["Their place in the network"] if _number(NetworkMember, member) else []),
            *counted(_number(TeamRequest, asked), "request to a team", "requests to teams"),
            *counted(
                _number(ContactExchange, exchanged),
                "exchange of contact details",
                "exchanges of contact details",
            ),
        ]
    )


def _number(table: type[Model], condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _forget(person: Person, _by: Actor, _at: datetime) -> None:
    db.session.execute(delete(ContactExchange).where(is_of(person)))
    db.session.execute(delete(TeamRequest).where(TeamRequest.person_id == person.id))
    db.session.execute(delete(NetworkMember).where(NetworkMember.person_id == person.id))


MEMORY = Memory(traces=_traces, forget=_forget)
"""What the network knows of somebody, and how it forgets them."""
