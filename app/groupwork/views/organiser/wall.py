"""The wall of the room, for the projector: it shows what the session's state lets the room see."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.groupwork.actions import leading
from app.groupwork.models import GroupWork
from app.groupwork.queries.sessions import revision_of, standing_of
from app.groupwork.queries.walls import wall_at
from app.groupwork.views.finding import work_at
from app.groupwork.views.organiser.blueprint import HERE, pages
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.addresses import short_address_of
from app.plumbing.answers import part_answer_at
from app.plumbing.database import transaction
from app.programmes.queries import Staff


@pages.get(f"{HERE}/wall")
@needs(Permission.LEAD_GROUP_WORK)
def wall(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show the room's wall."""
    return render_template("groupwork/organiser/wall.html", event=event, **_state(work_at(event)))


@pages.get(f"{HERE}/wall/now")
@needs(Permission.LEAD_GROUP_WORK)
def wall_now(event: Event, staff: Staff) -> ResponseReturnValue:
    """Give the wall what it shows at this moment, or say that nothing is new."""
    return part_answer_at(
        revision_of(event.id, at=now()),
        lambda: render_template(
            "groupwork/organiser/_wall_now.html", event=event, **_state(work_at(event))
        ),
    )


def _state(work: GroupWork) -> Mapping[str, object]:
    at = now()
    return {
        "wall": wall_at(standing_of(work, at=at)),
        "at": at,
        "join": short_address_of("public.groupwork.join"),
    }


@pages.post(f"{HERE}/wall/turn")
@needs(Permission.LEAD_GROUP_WORK)
def turn_wall(event: Event, staff: Staff) -> ResponseReturnValue:
    """Let the wall stand still, go on, or show the next or previous six."""
    work = work_at(event)
    at = now()
    page = wall_at(standing_of(work, at=at)).page
    to = {"next": page + 1, "back": page - 1}.get(request.form.get("to", ""), page)
    with transaction():
        leading.turn_wall(work, to=to, is_paused=request.form.get("to") != "go_on", at=at)
    return redirect(
        url_for(".session", programme_slug=event.programme.slug, event_slug=event.slug)
        + "#wall-control"
    )
