"""Cards for the stands, of all posters in one file and of each alone."""

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.kernel.permission import Permission, needs
from app.plumbing.answers import pdf_answer
from app.plumbing.database import db
from app.posters.actions.curating import NoPosterYet
from app.posters.actions.papers import CardSize, stand_cards
from app.posters.models import Poster
from app.posters.queries.posters import poster_of, shown_at
from app.posters.views.organiser.blueprint import pages
from app.programmes.queries import Staff, team_at


@pages.get("/<programme_slug>/events/<event_slug>/posters/cards")
@needs(Permission.SEE_POSTERS)
def cards(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show which cards there are to print, and the files for the printer."""
    return render_template(
        "posters/organiser/cards.html",
        event=event,
        posters=_posters(event),
        may_manage=staff.may(Permission.MANAGE_POSTERS),
    )


@pages.get("/<programme_slug>/events/<event_slug>/posters/cards/<size>")
@needs(Permission.SEE_POSTERS)
def all_cards(event: Event, staff: Staff, size: str) -> ResponseReturnValue:
    """Hand out one file with the card of every stand, in the order of the stands."""
    posters = _posters(event) or abort(404)
    return _drawn(event, posters, size, f"stand-cards-{event.slug}-{size}.pdf")


@pages.get("/<programme_slug>/events/<event_slug>/posters/<team_slug>/card/<size>")
@needs(Permission.SEE_POSTERS)
def card(event: Event, staff: Staff, team_slug: str, size: str) -> ResponseReturnValue:
    """Hand out the card of one stand."""
    team = team_at(event.programme, team_slug) or abort(404)
    poster = poster_of(team, event)
    if poster is None:
        raise NoPosterYet(f"{team.name} has no poster for {event.title} yet.")
    return _drawn(event, [poster], size, f"stand-card-{team.slug}-{size}.pdf")


def _posters(event: Event) -> list[Poster]:
    """Return every poster that has a stand or is handed in: cards are printed before all are there."""
    each = (shown.poster for shown in shown_at(event))
    return [poster for poster in each if poster.stand is not None or poster.is_handed_in]


def _drawn(event: Event, posters: list[Poster], size: str, name: str) -> Response:
    if size not in set(CardSize):
        abort(404)
    paper = stand_cards(event, posters, CardSize(size))
    db.session.rollback()  # no database transaction stays open while we draw
    return pdf_answer(paper.drawn(), name)
