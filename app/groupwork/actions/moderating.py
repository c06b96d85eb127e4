"""Cards are read before the room reads them, and hidden where they should not stand."""

from datetime import datetime

from app.groupwork.models import Card, GroupWork
from app.groupwork.queries.cards import cards_to_read
from app.groupwork.queries.sessions import standing_of
from app.kernel.actor import Actor
from app.plumbing.audit import record
from app.plumbing.database import hold


def clear_all(work: GroupWork, *, at: datetime) -> None:
    """Let the room read every card of the question at hand that waits."""
    hold(work)
    for card in cards_to_read(standing_of(work, at=at)):
        card.cleared_at = card.cleared_at or at
    work.revision += 1


def show_card(work: GroupWork, card: Card, *, at: datetime) -> None:
    """Let the room read a card."""
    hold(work)
    card.cleared_at, card.hidden_at = card.cleared_at or at, None
    work.revision += 1


def hide_card(work: GroupWork, card: Card, *, by: Actor, at: datetime) -> None:
    """Take a card off every screen but the facilitator's."""
    hold(work)
    if card.hidden_at is None:
        card.hidden_at = at
        work.revision += 1
        record("hid a card", card, by=by, at=at, programme_id=work.event.programme_id)
