"""What visitors told the teams, as papers: made for all teams in one click, handed out one by one."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.kernel.text import counted
from app.plumbing.answers import part_answer
from app.plumbing.database import transaction
from app.plumbing.queue import batch_progress
from app.posters.actions.reporting import ask_for_reports, is_in_the_making, report_of
from app.posters.queries.feedback import newest_batch_at, newest_reports_at
from app.posters.queries.posters import shown_at
from app.posters.views.answers import report_answer
from app.posters.views.organiser.blueprint import pages
from app.programmes.queries import Staff, team_at


@pages.get("/<programme_slug>/events/<event_slug>/posters/reports")
@needs(Permission.MANAGE_POSTERS)
def feedback(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show which team's report is ready, and how far those are that are being made."""
    return render_template("posters/organiser/feedback.html", event=event, **_state(event))


@pages.get("/<programme_slug>/events/<event_slug>/posters/reports/now")
@needs(Permission.MANAGE_POSTERS)
def feedback_now(event: Event, staff: Staff) -> ResponseReturnValue:
    """Give the page its state of this moment, or say that nothing is new."""
    return part_answer(
        render_template("posters/organiser/_feedback_now.html", event=event, **_state(event))
    )


def _state(event: Event) -> Mapping[str, object]:
    batch = newest_batch_at(event)
    waiting = sum(map(is_in_the_making, batch))
    return {
        "posters": [s.poster for s in shown_at(event) if s.poster.is_handed_in],
        "reports": newest_reports_at(event),
        "problems": {report.poster_id: report.problem for report in batch if report.problem},
        "asked": len(batch),
        "ready": len(batch) - waiting,
        "is_making": waiting > 0,
        "stuck": batch_progress(batch[0].batch)[2] if waiting else 0,
    }


@pages.post("/<programme_slug>/events/<event_slug>/posters/reports")
@needs(Permission.MANAGE_POSTERS)
def make_reports(event: Event, staff: Staff) -> ResponseReturnValue:
    """Let the reports of all teams be made."""
    with transaction():
        count = ask_for_reports(event, by=staff.actor, at=now())
    flash(f"{counted(count, 'report')} on the way.", "success")
    return redirect(
        url_for(".feedback", programme_slug=event.programme.slug, event_slug=event.slug)
    )


@pages.get("/<programme_slug>/events/<event_slug>/posters/<team_slug>/report")
@needs(Permission.MANAGE_POSTERS)
def report(event: Event, staff: Staff, team_slug: str) -> ResponseReturnValue:
    """Hand out what visitors told one team."""
    team = team_at(event.programme, team_slug) or abort(404)
    return report_answer(report_of(team, event))
