"""Later work of the network: the digest on the first of each month."""

from uuid import UUID

from app.kernel.clock import now
from app.network.actions import forgetting, writing
from app.network.queries import member_with_id
from app.plumbing.database import db, transaction
from app.plumbing.queue import CannotRunYet, job
from app.programmes.models import Programme


@job("network.send_digest")
def send_digest(programme_id: str) -> None:
    """Plan one letter for each member who wants it, and the next digest. Safe to do twice."""
    at = now()
    with transaction():
        programme = db.session.get(Programme, UUID(programme_id))
        if programme is not None:
            writing.begin_digest(programme, at=at)


@job("network.write_digest")
def write_digest(member_id: str) -> None:
    """Write the digest to one member, if they are still one and still want it. Safe to do twice."""
    with transaction():
        member = member_with_id(UUID(member_id))
        if member is not None:
            writing.write_digest(member, at=now())


@job("network.forget")
def forget(programme_id: str) -> None:
    """Delete what was asked, once it has been kept for as long as was promised. Safe to do twice."""
    with transaction():
        programme = db.session.get(Programme, UUID(programme_id))
        wait = forgetting.forget(programme, at=now()) if programme else None
    if wait is not None:
        raise CannotRunYet(wait)
