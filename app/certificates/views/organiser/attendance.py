"""Certificates of attendance: for everybody who was at one event."""

from uuid import uuid4

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.certificates import forms
from app.certificates.actions import issuing
from app.certificates.queries.completion import open_head_counts
from app.certificates.queries.register import issues_in_batch, issues_of_award
from app.certificates.views.organiser.blueprint import pages
from app.events.models import Event
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.programmes.queries import Staff


@pages.get("/<programme_slug>/events/<event_slug>/certificates")
@needs(Permission.ISSUE_CERTIFICATES)
def certificates(staff: Staff, event: Event) -> ResponseReturnValue:
    """Show who would get a certificate of attendance now, and who has one."""
    at = now()
    ready = issuing.attendances_ready(event)
    return render_template(
        "certificates/organiser/certificates.html",
        event=event,
        programme=event.programme,
        staff=staff,
        ready=ready,
        issued=issues_of_award(event.programme, issuing.attendance_award(event)),
        form=forms.Issue(expected=len(ready.awards), submission=uuid4()),
        is_over=at >= event.ends_at,
        head_counts=[found for found in open_head_counts(event.programme) if found[0] is event],
        numbers=issuing.next_numbers(event.programme, len(ready.awards)),
        today=london_day(at),
    )


@pages.post("/<programme_slug>/events/<event_slug>/certificates")
@needs(Permission.ISSUE_CERTIFICATES)
def issue_attendances(staff: Staff, event: Event) -> ResponseReturnValue:
    """Issue what was confirmed; the same press sent twice leads to the same batch."""
    form = forms.Issue()
    if not form.validate_on_submit():
        abort(400)
    batch = f"certificates:{form.submission_id}"
    slug = event.programme.slug
    if not issues_in_batch(event.programme, batch):
        with transaction():
            issuing.issue_attendances(
                event, expected=form.expected_number, batch=batch, by=staff.actor, at=now()
            )
    return redirect(url_for(".progress", programme_slug=slug, submission=form.submission_id))
