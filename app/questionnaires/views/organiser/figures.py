"""The figures of a cohort and of a team, on a page and on the wall."""

from collections.abc import Sequence

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.programmes.models import Programme, Team
from app.programmes.queries import Staff, coached_team_ids, team_at, teams_of
from app.programmes.rules import sees_own_teams_only
from app.questionnaires.models import Wave
from app.questionnaires.queries.answers import rate_of, waves_of
from app.questionnaires.queries.results import (
    closed_rounds,
    cohort_report,
    looking_back,
    team_report,
)
from app.questionnaires.rules.drawing import shown
from app.questionnaires.rules.reporting import Report
from app.questionnaires.views.organiser.blueprint import pages


@pages.get("/<programme_slug>/skills")
@needs(Permission.SEE_SKILLS)
def skills(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Show how the cohort grew: its chart, its table, its rounds and its teams."""
    at = now()
    waves = waves_of(programme)
    closed = [wave for wave in waves if wave.figures is not None]
    of_everybody = asks_for_everybody()
    return render_template(
        "questionnaires/organiser/skills.html",
        programme=programme,
        staff=staff,
        rounds=[(wave, wave.state(at), rate_of(wave)) for wave in waves],
        teams=teams_seen_by(staff, programme),
        has_panel=any((wave.figures or {}).get("panel") for wave in closed),
        of_everybody=of_everybody,
        shown=shown(cohort_report(closed, of_everybody=of_everybody)),
        back=shown(looking_back(closed)),
        may_edit=staff.may(Permission.EDIT_QUESTIONNAIRES),
    )


@pages.get("/<programme_slug>/teams/<team_slug>/skills")
@needs(Permission.SEE_SKILLS)
def team_skills(programme: Programme, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Show how a team rates itself, where that shows nobody in it."""
    team = team_seen_by(staff, programme, team_slug)
    report = team_report(closed_rounds(programme), team)
    return render_template(
        "questionnaires/organiser/team_skills.html",
        programme=programme,
        team=team,
        report=report,
        shown=shown(report),
    )


@pages.get("/<programme_slug>/skills/present")
@needs(Permission.SEE_SKILLS)
def present(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Fill the projector with the chart, one round more with each press."""
    report = cohort_report(closed_rounds(programme), of_everybody=asks_for_everybody())
    number = _step_of(report)
    count = len(report.rounds) if report else 0
    return render_template(
        "questionnaires/organiser/present.html",
        programme=programme,
        shown=shown(report.until(number)) if report else None,
        number=number,
        count=count,
        back=_present_at(programme, number - 1) if number > 1 else None,
        on=_present_at(programme, number + 1) if number < count else None,
    )


def _step_of(report: Report | None) -> int:
    asked = request.args.get("rounds", 1, type=int)
    return max(1, min(asked, len(report.rounds))) if report else 1


def _present_at(programme: Programme, number: int) -> str:
    who = "everybody" if asks_for_everybody() else None
    return url_for(".present", programme_slug=programme.slug, rounds=number, who=who)


def asks_for_everybody() -> bool:
    """Say whether the page asks for all answers, not those of the same people."""
    return request.args.get("who") == "everybody"


def team_seen_by(staff: Staff, programme: Programme, slug: str) -> Team:
    """Return a team that this member of staff may look at."""
    found = team_at(programme, slug) or abort(404)
    return found if found in teams_seen_by(staff, programme) else abort(404)


def teams_seen_by(staff: Staff, programme: Programme) -> Sequence[Team]:
    """Return the teams whose figures somebody may see: a coach alone sees those they coach."""
    teams = teams_of(programme)
    if not sees_own_teams_only(staff.roles):
        return teams
    own = coached_team_ids(staff.person_id, on=london_day(now()))
    return [team for team in teams if team.id in own]


def reports_seen_by(staff: Staff, programme: Programme) -> Sequence[Report]:
    """Return every report that a member of staff takes along: the cohort twice, then their teams."""
    waves: Sequence[Wave] = closed_rounds(programme)
    reports = [
        cohort_report(waves, of_everybody=False),
        cohort_report(waves, of_everybody=True),
        *(team_report(waves, team) for team in teams_seen_by(staff, programme)),
    ]
    found: list[Report] = []
    for report in reports:
        if report is not None and report not in found:
            found.append(report)
    return found
