"""What holds for an event's marketplace."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.posters import forms
from app.posters.actions.curating import set_marketplace
from app.posters.queries.posters import marketplace_of
from app.posters.views.organiser.blueprint import pages
from app.programmes.queries import Staff


@pages.route("/<programme_slug>/events/<event_slug>/posters/settings", methods=["GET", "POST"])
@needs(Permission.MANAGE_POSTERS)
def settings(event: Event, staff: Staff) -> ResponseReturnValue:
    """Ask when posters are handed in and shown, and what visitors may do."""
    form = forms.Marketplace(data=forms.settings_of(marketplace_of(event)))
    if not form.validate_on_submit():
        page = render_template("posters/organiser/settings.html", event=event, form=form)
        return page, 422 if form.errors else 200

    with transaction():
        facts = form.facts(day=london_day(event.starts_at))
        set_marketplace(event, facts, by=staff.actor, at=now())
    flash("The marketplace is set up.", "success")
    return redirect(url_for(".posters", programme_slug=event.programme.slug, event_slug=event.slug))
