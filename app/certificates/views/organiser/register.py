"""The register: everything that was issued, what became of it, and what can be done with each."""

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates import forms
from app.certificates.actions import ending, sending
from app.certificates.models import CertificateIssue
from app.certificates.queries.completion import exceptions_for
from app.certificates.queries.handing_out import recipient_of, sending_line
from app.certificates.queries.register import (
    PAGE_SIZE,
    State,
    Wanted,
    issue_at,
    register_in_full,
    register_page,
    replaced_by,
    replacement_of,
)
from app.certificates.rules import CertificateKind
from app.certificates.views.organiser.blueprint import pages
from app.certificates.views.wording import TITLES, facts_of, pdf_response, register_rows
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.browser import page_asked
from app.plumbing.database import transaction
from app.plumbing.spreadsheets import csv_export
from app.programmes.models import Programme
from app.programmes.queries import Staff

STATES = {State.VALID: "Valid", State.REPLACED: "Replaced", State.WITHDRAWN: "Withdrawn"}


@pages.get("/<programme_slug>/certificates")
@needs(Permission.SEE_CERTIFICATES)
def register(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """List what was issued, the newest number first."""
    wanted = _wanted()
    found = register_page(programme, wanted)
    return render_template(
        "certificates/organiser/register.html",
        programme=programme,
        staff=staff,
        found=found,
        wanted=wanted,
        size=PAGE_SIZE,
        titles=TITLES,
        kinds=[("", "All", sum(found.of_kind.values()))]
        + [(kind.value, TITLES[kind], found.of_kind[kind]) for kind in CertificateKind],
        states=[("", "Any state", sum(found.in_state.values()))]
        + [(state.value, STATES[state], found.in_state[state]) for state in State],
    )


@pages.get("/<programme_slug>/certificates.csv")
@needs(Permission.EXPORT_PEOPLE)
def register_export(
    staff: Staff,
    programme: Programme,
) -> ResponseReturnValue:
    """Give the register as a list for a spreadsheet, filtered as on the page."""
    header, rows = register_rows(register_in_full(programme, _wanted()))
    name = f"certificates-{programme.slug}-{london_day(now()):%Y-%m-%d}.csv"
    return Response(
        csv_export(header, rows),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _wanted() -> Wanted:
    return Wanted(
        kind=next((k for k in CertificateKind if k.value == request.args.get("kind")), None),
        state=next((s for s in State if s.value == request.args.get("state")), None),
        words=request.args.get("q", "")[:100],
        page=page_asked(request),
    )


@pages.get("/<programme_slug>/certificates/<uuid:issue_id>")
@needs(Permission.SEE_CERTIFICATES)
def certificate(staff: Staff, programme: Programme, issue_id: UUID) -> ResponseReturnValue:
    """Show one certificate: what it says, its file, its letter, and what can be done with it."""
    issue = issue_at(programme, issue_id) or abort(404)
    return render_template(
        "certificates/organiser/certificate.html",
        programme=programme,
        staff=staff,
        issue=issue,
        facts=facts_of(issue),
        state=sending_line(issue, at=now()),
        replacement=replacement_of(issue),
        replaced=replaced_by(issue),
        exceptions=exceptions_for(programme, issue.holder_id) if issue.by_exception else [],
    )


@pages.get("/<programme_slug>/certificates/<uuid:issue_id>/file")
@needs(Permission.SEE_CERTIFICATES)
def certificate_file(
    staff: Staff,
    programme: Programme,
    issue_id: UUID,
) -> ResponseReturnValue:
    """Hand out the PDF as it was issued, byte for byte."""
    return pdf_response(issue_at(programme, issue_id) or abort(404)) or abort(404)


@pages.route("/<programme_slug>/certificates/<uuid:issue_id>/withdrawal", methods=["GET", "POST"])
@needs(Permission.REVOKE_CERTIFICATES)
def withdraw(staff: Staff, programme: Programme, issue_id: UUID) -> ResponseReturnValue:
    """Ask why, then withdraw a certificate."""
    issue = issue_at(programme, issue_id) or abort(404)
    form = forms.Withdrawal()
    if not form.validate_on_submit():
        return _asked("withdraw", staff, programme, issue, form)

    with transaction():
        ending.revoke(
            issue,
            category=form.category_chosen,
            reason=form.reason_given,
            by=staff.actor,
            at=now(),
        )
        said = f"{issue.number} is withdrawn. Its public page says so now."
    return _done(said, programme, issue_id)


@pages.route("/<programme_slug>/certificates/<uuid:issue_id>/restoration", methods=["GET", "POST"])
@needs(Permission.REVOKE_CERTIFICATES)
def restore(staff: Staff, programme: Programme, issue_id: UUID) -> ResponseReturnValue:
    """Ask why, then make a withdrawn certificate valid again."""
    issue = issue_at(programme, issue_id) or abort(404)
    form = forms.Reason()
    if not form.validate_on_submit():
        return _asked("restore", staff, programme, issue, form)

    with transaction():
        ending.restore(issue, reason=form.reason_given, by=staff.actor, at=now())
        said = f"{issue.number} is valid again."
    return _done(said, programme, issue_id)


@pages.route("/<programme_slug>/certificates/<uuid:issue_id>/replacement", methods=["GET", "POST"])
@needs(Permission.REVOKE_CERTIFICATES)
def replace(staff: Staff, programme: Programme, issue_id: UUID) -> ResponseReturnValue:
    """Ask for the right name, then issue a corrected certificate in place of this one."""
    issue = issue_at(programme, issue_id) or abort(404)
    form = forms.Replacement(recipient=issue.fields["recipient"])
    if not form.validate_on_submit():
        return _asked("replace", staff, programme, issue, form)

    with transaction():
        newer = ending.replace(
            issue,
            recipient=form.name_given,
            reason=form.reason_given,
            by=staff.actor,
            at=now(),
        )
        said, newer_id = f"{newer.number} takes the place of {issue.number}.", newer.id
    return _done(said, programme, newer_id)


@pages.post("/<programme_slug>/certificates/<uuid:issue_id>/letter")
@needs(Permission.ISSUE_CERTIFICATES)
def send_again(staff: Staff, programme: Programme, issue_id: UUID) -> ResponseReturnValue:
    """Send one certificate, or send it once more."""
    issue = issue_at(programme, issue_id) or abort(404)
    at = now()
    recipient = recipient_of(issue, at=at)
    if recipient is None or not recipient.email:
        flash("There is no e-mail address to send it to. Add one, then send it.", "error")
        return redirect(url_for(".certificate", programme_slug=programme.slug, issue_id=issue_id))

    name = recipient.name
    with transaction():
        sending.send_again(issue, by=staff.actor, at=at)
    return _done(f"On its way to {name}.", programme, issue_id)


def _asked(
    page: str, staff: Staff, programme: Programme, issue: CertificateIssue, form: forms.Reason
) -> ResponseReturnValue:
    shown = render_template(
        PAGES[page], programme=programme, staff=staff, issue=issue, form=form, facts=facts_of(issue)
    )
    return shown, 422 if form.errors else 200


PAGES = {
    "withdraw": "certificates/organiser/withdraw.html",
    "restore": "certificates/organiser/restore.html",
    "replace": "certificates/organiser/replace.html",
}


def _done(said: str, programme: Programme, issue_id: UUID) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for(".certificate", programme_slug=programme.slug, issue_id=issue_id))
