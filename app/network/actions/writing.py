"""The digest: once a month, to each member who wants it."""

from datetime import datetime

from app.kernel.actor import SYSTEM
from app.network import messages
from app.network.actions.asking import send_interest
from app.network.models import NetworkMember
from app.network.queries import (
    agreements_so_far,
    cards_of,
    coming_dates,
    has_digest_since,
    members_to_write_to,
    topics_of,
)
from app.network.rules import A_MONTH, MOST_DATES, MOST_TOPICS_IN_DIGEST, next_digest_at
from app.plumbing.queue import enqueue
from app.programmes.models import Programme


def plan_digest(programme: Programme, *, at: datetime) -> None:
    """Let the digest go out on the first of the next month; planned twice it goes out once."""
    due = next_digest_at(at)
    enqueue(
        "network.send_digest",
        due_at=due,
        unique_key=f"network-digest:{programme.id}:{due:%Y-%m}",
        programme_id=str(programme.id),
    )


def begin_digest(programme: Programme, *, at: datetime) -> None:
    """Let a letter be written to each member who wants one, and plan the next month's.

    Teams hear then, too, who would like to hear from them and was not named before.
    """
    send_interest(programme, by=SYSTEM, at=at)
    members = members_to_write_to(programme)
    for member_id in members:
        enqueue(
            "network.write_digest",
            due_at=at,
            unique_key=f"network-digest:{member_id}:{at:%Y-%m}",
            member_id=str(member_id),
        )
    if members:
        plan_digest(programme, at=at)


def write_digest(member: NetworkMember, *, at: datetime) -> None:
    """Write a member what is new and what comes next; once a month, and only if there is something."""
    if not member.gets_digest or member.person.email is None or has_digest_since(member, at=at):
        return
    programme, since = member.programme, at - A_MONTH
    joined = [
        card
        for card in cards_of(programme, at=at)
        if card.member.joined_at > since and card.member.id != member.id
    ]
    dates = coming_dates(programme, at=at)[:MOST_DATES]
    if joined or dates:
        messages.digest(
            member,
            dates=dates,
            joined=joined,
            topics=topics_of(programme)[:MOST_TOPICS_IN_DIGEST],
            tally=agreements_so_far(programme),
            at=at,
        )
