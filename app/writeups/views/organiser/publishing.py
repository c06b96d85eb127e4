"""A write-up goes to its public address, and comes back from it."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.addresses import address_of
from app.plumbing.database import transaction
from app.programmes.queries import Staff
from app.writeups import forms
from app.writeups.actions import writing
from app.writeups.actions.writing import as_text
from app.writeups.queries.write_ups import newest_version, write_up_of
from app.writeups.views.organiser.blueprint import EVENT, pages
from app.writeups.views.telling import picture_addresses, story_of


@pages.get(f"{EVENT}/publication")
@needs(Permission.PUBLISH_WRITE_UPS)
def publication(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show the page as everybody will read it, and ask before it is published."""
    found = write_up_of(event) or abort(404)
    return render_template(
        "writeups/organiser/publication.html",
        event=event,
        write_up=found,
        form=forms.Publishing(edit=found.edit),
        story=story_of(
            found,
            as_text(newest_version(found)),
            picture_address=picture_addresses(found, to_staff=True),
            at=now(),
        ),
        address=address_of(
            "public.writeups.story", programme_slug=event.programme.slug, event_slug=event.slug
        ),
    )


@pages.post(f"{EVENT}/publication")
@needs(Permission.PUBLISH_WRITE_UPS)
def publish(event: Event, staff: Staff) -> ResponseReturnValue:
    """Let everybody read what was looked at."""
    found, form = write_up_of(event) or abort(404), forms.Publishing()
    if not form.validate_on_submit():
        abort(400)
    with transaction():
        writing.publish(found, edit=form.edit_read, by=staff.actor, at=now())
    flash("Published. Everybody with the address can read it now.", "success")
    return _to_write_up(event)


@pages.route(f"{EVENT}/withdrawal", methods=["GET", "POST"])
@needs(Permission.PUBLISH_WRITE_UPS)
def withdraw(event: Event, staff: Staff) -> ResponseReturnValue:
    """Ask why, and take the write-up from its public address."""
    found, form = write_up_of(event) or abort(404), forms.Withdrawal()
    if not form.validate_on_submit():
        page = render_template(
            "writeups/organiser/withdraw.html", event=event, write_up=found, form=form
        )
        return page, 422 if form.errors else 200
    with transaction():
        writing.withdraw(found, reason=form.reason_given, by=staff.actor, at=now())
    flash("Withdrawn. Its address says so; your text and the comments are kept.", "success")
    return _to_write_up(event)


def _to_write_up(event: Event) -> Response:
    return redirect(
        url_for(".write_up", programme_slug=event.programme.slug, event_slug=event.slug)
    )
