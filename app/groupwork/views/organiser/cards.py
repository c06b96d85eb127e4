"""Reading cards before the room does, on a screen of its own; the wall never shows what waits."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.groupwork.actions import moderating
from app.groupwork.queries.cards import card_at, cards_to_read
from app.groupwork.queries.sessions import standing_of
from app.groupwork.views.finding import work_at
from app.groupwork.views.organiser.blueprint import HERE, pages
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.programmes.queries import Staff


@pages.get(f"{HERE}/cards")
@needs(Permission.LEAD_GROUP_WORK)
def cards(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show the cards of the question at hand once the time is up, those to be read first."""
    work = work_at(event)
    standing = standing_of(work, at=now())
    return render_template(
        "groupwork/organiser/cards.html",
        event=event,
        work=work,
        standing=standing,
        cards=cards_to_read(standing),
    )


@pages.post(f"{HERE}/cards/clearing")
@needs(Permission.LEAD_GROUP_WORK)
def clear_all(event: Event, staff: Staff) -> ResponseReturnValue:
    """Let the room read every card that waits."""
    work = work_at(event)
    with transaction():
        moderating.clear_all(work, at=now())
    flash("The room reads them once you reveal.", "success")
    return _back(event)


@pages.post(f"{HERE}/cards/<uuid:card_id>/showing")
@needs(Permission.LEAD_GROUP_WORK)
def show_card(event: Event, staff: Staff, card_id: UUID) -> ResponseReturnValue:
    """Let the room read a card."""
    work = work_at(event)
    card = card_at(work, card_id) or abort(404)
    with transaction():
        moderating.show_card(work, card, at=now())
    return _back(event)


@pages.post(f"{HERE}/cards/<uuid:card_id>/hiding")
@needs(Permission.LEAD_GROUP_WORK)
def hide_card(event: Event, staff: Staff, card_id: UUID) -> ResponseReturnValue:
    """Take a card off the wall, and keep it."""
    work = work_at(event)
    card = card_at(work, card_id) or abort(404)
    with transaction():
        moderating.hide_card(work, card, by=staff.actor, at=now())
    flash("The card is hidden. It is kept and can be shown again.", "success")
    return _back(event)


def _back(event: Event) -> Response:
    return redirect(url_for(".cards", programme_slug=event.programme.slug, event_slug=event.slug))
