"""Issuing: look at what will be given out, confirm, and watch it being drawn."""

from uuid import UUID, uuid4

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates import forms
from app.certificates.actions import issuing
from app.certificates.queries.completion import open_head_counts
from app.certificates.queries.register import issues_in_batch
from app.certificates.rules import Holder
from app.certificates.views.organiser.blueprint import pages
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import part_answer
from app.plumbing.database import transaction
from app.plumbing.queue import batch_progress
from app.programmes.models import Programme
from app.programmes.queries import Staff

PAGE = "certificates/organiser/issue.html"


@pages.get("/<programme_slug>/certificates/issue")
@needs(Permission.ISSUE_CERTIFICATES)
def issue(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """Show what would be issued now: to whom, signed by whom, under which numbers."""
    at = now()
    ready = issuing.completions_ready(programme, at=at)
    form = forms.Issue(expected=len(ready.awards), submission=uuid4())
    return render_template(
        PAGE,
        programme=programme,
        staff=staff,
        form=form,
        ready=ready,
        teams=[award for award in ready.awards if award.holder is Holder.TEAM],
        people=[award for award in ready.awards if award.holder is Holder.PERSON],
        numbers=issuing.next_numbers(programme, len(ready.awards)),
        head_counts=open_head_counts(programme),
        today=london_day(at),
    )


@pages.post("/<programme_slug>/certificates/issue")
@needs(Permission.ISSUE_CERTIFICATES)
def issue_all(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """Issue what was confirmed; the same press sent twice leads to the same batch."""
    form = forms.Issue()
    if not form.validate_on_submit():
        abort(400)
    batch = f"certificates:{form.submission_id}"
    if not issues_in_batch(programme, batch):
        with transaction():
            issuing.issue_completions(
                programme, expected=form.expected_number, batch=batch, by=staff.actor, at=now()
            )
    return redirect(
        url_for(".progress", programme_slug=programme.slug, submission=form.submission_id)
    )


@pages.get("/<programme_slug>/certificates/batches/<uuid:submission>")
@needs(Permission.SEE_CERTIFICATES)
def progress(staff: Staff, programme: Programme, submission: UUID) -> ResponseReturnValue:
    """Show how far the drawing of a batch is, and keep the page fresh."""
    batch = f"certificates:{submission}"
    issues = issues_in_batch(programme, batch) or abort(404)
    done, total, stuck = batch_progress(batch)
    is_part = bool(request.args.get("part"))
    name = "_progress" if is_part else "progress"
    page = render_template(
        f"certificates/organiser/{name}.html",
        programme=programme,
        staff=staff,
        issues=issues,
        submission=submission,
        done=done,
        total=total,
        stuck=stuck,
    )
    return part_answer(page) if is_part else page
