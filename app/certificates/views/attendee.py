"""Somebody's own standing with the rule, and their own certificates."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.certificates.queries.completion import programmes_joined_by, rules_of, standing_of_person
from app.certificates.queries.register import certificates_of
from app.certificates.rules import CertificateKind, Holder, rule_sentence, way_through
from app.certificates.views.wording import TITLES, pdf_response
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.models import Person
from app.questionnaires.queries.answers import unsaid_about
from app.questionnaires.queries.demands import accreditors_of, owes_feedback

pages = Blueprint("certificates", __name__)


@pages.get("/certificates")
@needs(Permission.SEE_OWN_RECORD)
def progress(me: Person) -> ResponseReturnValue:
    """Show each programme part by part, ticked or not, and the certificates to download."""
    at = now()
    programmes = [
        (
            programme,
            line,
            rule_sentence(rules_of(programme)[Holder.PERSON]),
            way_through(line.deeds),
        )
        for programme in programmes_joined_by(me)
        if (line := standing_of_person(programme, me.id, at=at)) is not None
    ]
    certificates = certificates_of(me, at=at)
    attended = [
        issue.event
        for issue in certificates
        if issue.kind is CertificateKind.ATTENDANCE and issue.event is not None
    ]
    accreditors = accreditors_of(attended)
    return render_template(
        "certificates/attendee/progress.html",
        me=me,
        programmes=programmes,
        certificates=certificates,
        titles=TITLES,
        unsaid=unsaid_about(attended, me.id),
        accreditors={
            event.id: name
            for event in attended
            if (name := accreditors.get(event.id)) and owes_feedback(event, me.id)
        },
    )


@pages.get("/certificates/<uuid:issue_id>/file")
@needs(Permission.SEE_OWN_RECORD)
def certificate_file(me: Person, issue_id: UUID) -> ResponseReturnValue:
    """Hand out one's own PDF, byte for byte as it was issued."""
    own = certificates_of(me, at=now())
    issue = next((one for one in own if one.id == issue_id), None) or abort(404)
    event = issue.event
    if issue.kind is CertificateKind.ATTENDANCE and event and owes_feedback(event, me.id):
        programme, there = event.programme, "attendee.questionnaires.feedback"
        return redirect(url_for(there, programme_slug=programme.slug, event_slug=event.slug))
    return pdf_response(issue) or abort(404)
