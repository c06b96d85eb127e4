"""The comments of a write-up, for its team: what waits, what was decided, and how comments are taken."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.programmes.queries import Staff
from app.writeups import forms
from app.writeups.actions import commenting, moderating
from app.writeups.queries.comments import comment_at, comments_in_queue, counts_by_status
from app.writeups.queries.write_ups import write_up_of
from app.writeups.rules.commenting import CommentStatus
from app.writeups.views.organiser.blueprint import EVENT, pages

STATES = {
    CommentStatus.WAITING: ("Waits for you", "warn"),
    CommentStatus.APPROVED: ("Published", "good"),
    CommentStatus.REFUSED: ("Not published", "quiet"),
    CommentStatus.SPAM: ("Spam", "bad"),
}
SAID = {
    CommentStatus.APPROVED: "The comment is published.",
    CommentStatus.REFUSED: "The comment is not published. It is deleted after 30 days.",
    CommentStatus.SPAM: "Marked as spam. It is deleted after 30 days.",
}


@pages.get(f"{EVENT}/comments")
@needs(Permission.EDIT_WRITE_UPS)
def comments(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show what readers wrote, with what waits first."""
    write_up = write_up_of(event) or abort(404)
    counts, chosen = counts_by_status(write_up), request.args.get("state", "")
    found = comments_in_queue(write_up)
    listed = [one for one in found if not chosen or one.status.value == chosen]
    return render_template(
        "writeups/organiser/comments.html",
        event=event,
        write_up=write_up,
        listed=sorted(listed, key=lambda one: one.status is not CommentStatus.WAITING),
        total=len(found),
        unconfirmed=counts[CommentStatus.UNCONFIRMED],
        chips=[
            ("", "All", len(found)),
            *((state.value, words, counts[state]) for state, (words, _) in STATES.items()),
        ],
        chosen=chosen,
        states=STATES,
        closes_at=commenting.closes_at(write_up),
        sees_addresses=staff.may(Permission.SEE_CONTACT_DETAILS),
    )


@pages.post(f"{EVENT}/comments/<uuid:comment_id>/decision")
@needs(Permission.EDIT_WRITE_UPS)
def decide(event: Event, staff: Staff, comment_id: UUID) -> ResponseReturnValue:
    """Publish a comment, or not."""
    write_up = write_up_of(event) or abort(404)
    found = comment_at(write_up, comment_id) or abort(404)
    form = forms.Decision()
    if not form.validate_on_submit():
        abort(400)
    with transaction():
        moderating.decide(found, form.chosen, seen=form.seen_as, by=staff.actor, at=now())
    flash(SAID[form.chosen], "success")
    return _to_comments(event)


@pages.route(f"{EVENT}/comment-settings", methods=["GET", "POST"])
@needs(Permission.PUBLISH_WRITE_UPS)
def comment_settings(event: Event, staff: Staff) -> ResponseReturnValue:
    """Ask how comments are taken."""
    write_up = write_up_of(event) or abort(404)
    form = forms.CommentSettings(obj=write_up)
    if not form.validate_on_submit():
        page = render_template("writeups/organiser/comment_settings.html", event=event, form=form)
        return page, 422 if form.errors else 200
    with transaction():
        commenting.set_rules(write_up, form.chosen, by=staff.actor, at=now())
    flash("Saved.", "success")
    return _to_comments(event)


def _to_comments(event: Event) -> Response:
    return redirect(
        url_for(".comments", programme_slug=event.programme.slug, event_slug=event.slug)
    )
