"""Later work of registration."""

from uuid import UUID

from app.events.models import Event
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.queue import CannotRunYet, job, report_progress
from app.registration.actions import event_news, invitations, lists
from app.registration.actions.needs import purge_needs
from app.registration.models import InvitationList
from app.registration.queries import verdicts_on

AT_ONCE = 25
"""How many people are invited in one transaction: others may write in between."""


@job("registration.purge_care_needs")
def purge_care_needs(event_id: str) -> None:
    """Delete dietary and access needs once an event is over for as long as was promised."""
    with transaction():
        event = db.session.get(Event, UUID(event_id))
        assert event is not None, "events are cancelled, never deleted"
        wait = purge_needs(event, at=now())
    if wait is not None:
        raise CannotRunYet(wait)


@job("registration.tell_of_change")
def tell_of_change(event_id: str) -> None:
    """Write to everybody on the list that the event is at another time or place."""
    with transaction():
        event_news.tell_of_change(_event(event_id), at=now())


@job("registration.tell_of_cancellation")
def tell_of_cancellation(event_id: str, reason: str) -> None:
    """Write to everybody on the list that the event does not take place."""
    with transaction():
        event_news.tell_of_cancellation(_event(event_id), reason=reason, at=now())


def _event(event_id: str) -> Event:
    event = db.session.get(Event, UUID(event_id))
    assert event is not None, "events are cancelled, never deleted"
    return event


@job("registration.send_invitations")
def send_invitations(list_id: str, account_id: str) -> None:
    """Invite everybody on a list that was sent, some at a time. Safe to do twice."""
    listed = db.session.get(InvitationList, UUID(list_id))
    if listed is None or listed.is_worked_off:
        return
    event_id = listed.event_id
    verdicts = verdicts_on(listed)
    invitees = [one.invitee for one in verdicts if one.outcome.is_invited and one.invitee]
    for start in range(0, len(invitees), AT_ONCE):
        some = invitees[start : start + AT_ONCE]
        at = now()
        with transaction():
            lists.invite_some(event_id, some, account_id=UUID(account_id), at=at)
        report_progress(start + len(some), len(invitees), at=at)
    with transaction():
        lists.finish_list(db.session.get_one(InvitationList, UUID(list_id)))


@job("registration.remind_unanswered")
def remind_unanswered(event_id: str, account_id: str) -> None:
    """Write to everybody who was invited and has not answered. Safe to do twice."""
    written = AT_ONCE
    while written == AT_ONCE:
        at = now()
        with transaction():
            written = invitations.remind_some(
                UUID(event_id), most=AT_ONCE, account_id=UUID(account_id), at=at
            )


@job("registration.forget_list")
def forget_list(list_id: str) -> None:
    """Delete what is left of an uploaded list, a week or thirty days after it was needed."""
    with transaction():
        listed = db.session.get(InvitationList, UUID(list_id))
        if listed is not None:
            lists.forget_list(listed, at=now())
