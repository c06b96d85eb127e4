"""Special recognition: choose whom, write the citation, look at the page, give it."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates import forms
from app.certificates.actions import issuing, wording
from app.certificates.actions.issuing import Recognised
from app.certificates.queries.completion import current_members
from app.certificates.queries.register import Wanted, register_in_full
from app.certificates.rules import CITATION_LENGTH, CertificateKind
from app.certificates.views.organiser.blueprint import pages
from app.events.models import Event, EventKind
from app.events.queries import events_of
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import pdf_answer
from app.plumbing.database import db, transaction
from app.plumbing.pdf import certificate_pdf
from app.programmes.models import Programme
from app.programmes.queries import Staff, teams_of

PAGE = "certificates/organiser/recognition.html"
NO_NUMBER = "PREVIEW"


@pages.route("/<programme_slug>/recognition", methods=["GET", "POST"])
@needs(Permission.AWARD_RECOGNITION)
def recognition(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """Show what was given, and ask for another."""
    candidates, events = _candidates(programme), events_of(programme)
    form = _form(candidates, events)
    if not form.validate_on_submit():
        page = render_template(
            PAGE,
            programme=programme,
            staff=staff,
            form=form,
            given=register_in_full(programme, Wanted(kind=CertificateKind.RECOGNITION)),
            longest=CITATION_LENGTH[1],
        )
        return page, 422 if form.errors else 200

    whom = candidates[form.whom.data]
    event = next(event for event in events if str(event.id) == form.event.data)
    with transaction():
        issue = issuing.award_recognition(
            event,
            whom,
            citation=form.citation_given,
            recognition=form.submission_id,
            by=staff.actor,
            at=now(),
        )
        number, issue_id = issue.number, issue.id
    flash(f"{number} is issued to {whom.name}. Its PDF is being drawn.", "success")
    return redirect(url_for(".certificate", programme_slug=programme.slug, issue_id=issue_id))


@pages.get("/<programme_slug>/recognition/preview")
@needs(Permission.AWARD_RECOGNITION)
def recognition_preview(
    staff: Staff,
    programme: Programme,
) -> ResponseReturnValue:
    """Draw the page as it would be, without a number; nothing is kept."""
    whom = _candidates(programme).get(request.args.get("whom", "")) or abort(404)
    event = _event_asked(events_of(programme)) or abort(404)
    fields = issuing.recognition_fields(event, whom, request.args.get("citation", ""))
    drawn_as = wording.thawed(
        {
            **wording.numbered(fields, number=NO_NUMBER, code=NO_NUMBER, at=now()),
            "check_url": NO_NUMBER,
        }
    )
    db.session.rollback()  # the database need not wait for the drawing
    return pdf_answer(certificate_pdf("recognition", drawn_as), "preview.pdf", in_frames=True)


def _form(candidates: Mapping[str, Recognised], events: Sequence[Event]) -> forms.Recognition:
    summit = [event for event in events if event.kind is EventKind.SUMMIT] or [*events]
    form = forms.Recognition(event=str(summit[-1].id) if summit else "", submission=str(uuid4()))
    form.whom.choices = [("", "Choose"), *((key, _listed(who)) for key, who in candidates.items())]
    form.event.choices = [(str(event.id), event.title) for event in events]
    return form


def _listed(whom: Recognised) -> str:
    if whom.team is None or whom.name == whom.team.name:
        return whom.name
    return f"{whom.name}, {whom.team.name}"


def _candidates(programme: Programme) -> Mapping[str, Recognised]:
    """Return everybody who can be recognised: teams in stage order, then people by name."""
    teams = {f"team:{team.id}": issuing.team_to_recognise(team) for team in teams_of(programme)}
    people = {
        f"person:{line.person_id}": issuing.person_to_recognise(line.person, line.team)
        for line in current_members(programme, on=london_day(now()))
    }
    return {**teams, **people}


def _event_asked(events: Sequence[Event]) -> Event | None:
    return next((event for event in events if str(event.id) == request.args.get("event")), None)
