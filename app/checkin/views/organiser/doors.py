"""Door links: made for a volunteer, shown once, switched off when they are not needed."""

from datetime import time
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.checkin.actions.doors import Wish, door_token, make_door_link, switch_off
from app.checkin.forms import DoorWish, Press
from app.checkin.models import DoorRole
from app.checkin.queries.doors import door_link_at, door_links_of, door_state
from app.checkin.views.organiser.blueprint import pages
from app.events.models import Event
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.addresses import address_of
from app.plumbing.database import transaction
from app.plumbing.qr import qr_svg
from app.programmes.queries import Staff

OPENS, CLOSES = time(8), time(16)


@pages.route("/<programme_slug>/events/<event_slug>/doors", methods=["GET", "POST"])
@needs(Permission.ENROL_DOORS)
def doors(staff: Staff, event: Event) -> ResponseReturnValue:
    """List an event's door links, and make one: its address is shown this once."""
    form = DoorWish(data={"role": DoorRole.STEWARD.value, "opens": OPENS, "closes": CLOSES})
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return _list(event, form), status

    opens_at, closes_at = form.hours_on(london_day(event.starts_at))
    wish = Wish(
        id=form.submission_id,
        door=form.door_name,
        role=form.door_role,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    with transaction():
        link = make_door_link(event, wish, by=staff.actor, at=now())
        address = address_of("public.checkin.enrol", token=door_token(link))
    return render_template(
        "checkin/organiser/door.html",
        event=event,
        link=link,
        address=address,
        picture=qr_svg(address, title=f"Door link: {link.label}"),
    )


def _list(event: Event, form: DoorWish) -> str:
    at = now()
    links = [
        (link, devices, door_state(link, at=at)[0].name.lower())
        for link, devices in door_links_of(event)
    ]
    return render_template("checkin/organiser/doors.html", event=event, links=links, form=form)


@pages.route(
    "/<programme_slug>/events/<event_slug>/doors/<uuid:link_id>/revocation",
    methods=["GET", "POST"],
)
@needs(Permission.ENROL_DOORS)
def revoke_door(staff: Staff, event: Event, link_id: UUID) -> ResponseReturnValue:
    """Switch a door link off at once, with every phone behind it."""
    link = door_link_at(event, link_id) or abort(404)
    form = Press()
    if not form.validate_on_submit():
        return render_template(
            "checkin/organiser/revoke_door.html", event=event, link=link, form=form
        )

    with transaction():
        switch_off(link, by=staff.actor, at=now())
        label = link.label
    flash(f"{label} is switched off. Phones that used it say so.", "success")
    return redirect(url_for(".doors", programme_slug=event.programme.slug, event_slug=event.slug))
