"""For whoever hosts the marketplace: which stands nobody has come to, what waits, and who is there."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import part_answer
from app.posters.queries.stands import stands_of
from app.posters.views.organiser.blueprint import pages
from app.programmes.queries import Staff


@pages.get("/<programme_slug>/events/<event_slug>/posters/live")
@needs(Permission.SEE_POSTERS)
def live(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show how it goes at the stands, large, also for the projector."""
    stands = stands_of(event, at=now())
    return render_template("posters/organiser/live.html", event=event, stands=stands)


@pages.get("/<programme_slug>/events/<event_slug>/posters/live/now")
@needs(Permission.SEE_POSTERS)
def live_now(event: Event, staff: Staff) -> ResponseReturnValue:
    """Give the page its counts of this moment, or say that nothing is new."""
    stands = stands_of(event, at=now())
    return part_answer(
        render_template("posters/organiser/_live_now.html", event=event, stands=stands)
    )
