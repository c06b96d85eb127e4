"""The visits of improvement coaches: recorded on a phone, read by the programme's team."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from app.coaching import actions, forms
from app.coaching.models import CoachVisit
from app.coaching.queries import rounds_in, visit_at, visits_of
from app.coaching.rules import may_be_changed
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.people.models import Person
from app.plumbing.database import transaction
from app.programmes.models import Programme, Team
from app.programmes.queries import Staff, coached_team_ids, coaches_of, team_at
from app.programmes.rules import sees_own_teams_only

pages = Blueprint("coaching", __name__)


@pages.get("/<programme_slug>/visits")
@needs(Permission.RECORD_VISITS)
def rounds(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Show each team with its visits at a glance; a coach sees their own teams."""
    today = london_day(now())
    found = rounds_in(programme, on=today)
    if sees_own_teams_only(staff.roles):
        own = coached_team_ids(staff.person_id, on=today)
        found = [stop for stop in found if stop.team.id in own]
    return render_template(
        "coaching/organiser/rounds.html", programme=programme, rounds=found, today=today
    )


@pages.get("/<programme_slug>/teams/<team_slug>/visits")
@needs(Permission.RECORD_VISITS)
def visits(programme: Programme, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Show a team's visits, the latest first; private notes only to coaches."""
    team = _team_seen_by(staff, programme, team_slug)
    today = london_day(now())
    found = visits_of(team)
    return render_template(
        "coaching/organiser/visits.html",
        programme=programme,
        team=team,
        visits=found,
        changeable={visit.id for visit in found if _may_change(staff, visit)},
        sees_private=staff.may(Permission.SEE_COACH_NOTES),
        may_ask=staff.may(Permission.EDIT_TEAMS)
        and any(assignment.covers(today) for assignment in coaches_of(team)),
    )


@pages.route("/<programme_slug>/teams/<team_slug>/visits/new", methods=["GET", "POST"])
@needs(Permission.RECORD_VISITS)
def new_visit(programme: Programme, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Write down a visit."""
    team = _team_seen_by(staff, programme, team_slug)
    form = forms.Visit(visited_on=london_day(now()))
    coaches = _offer_coaches(form, team, staff)
    if not coaches:
        raise actions.NoCoach(f"{team.name} has no coach yet. Assign one, then record the visit.")
    if not form.validate_on_submit():
        page = render_template(
            "coaching/organiser/new_visit.html",
            programme=programme,
            team=team,
            form=form,
            asks_who=len(coaches) > 1 or staff.person_id not in coaches,
            sees_private=staff.may(Permission.SEE_COACH_NOTES),
        )
        return page, 422 if form.errors else 200

    coach = coaches.get(form.chosen_coach or staff.person_id)
    if coach is None:
        raise actions.NoCoach("Choose the coach who made the visit.")
    with transaction():
        actions.record_visit(
            team,
            coach,
            _as_allowed(form, staff, kept=""),
            submission_id=form.submission_id,
            by=staff.actor,
            at=now(),
        )
    flash(f"The visit to {team.name} is recorded.", "success")
    return _to_visits(team)


@pages.route("/<programme_slug>/teams/<team_slug>/visits/<uuid:visit_id>", methods=["GET", "POST"])
@needs(Permission.RECORD_VISITS)
def visit(
    programme: Programme, team_slug: str, visit_id: UUID, staff: Staff
) -> ResponseReturnValue:
    """Put the record of a visit right."""
    team = _team_seen_by(staff, programme, team_slug)
    found = visit_at(team, visit_id) or abort(404)
    if not _may_change(staff, found):
        raise actions.NotYoursToChange(
            f"This visit was recorded for {found.coach.name}. Only they or an organiser change it, "
            "within 30 days."
        )
    sees_private = staff.may(Permission.SEE_COACH_NOTES)
    form = forms.Visit(obj=None, data=_answers_of(found, sees_private=sees_private))
    del form.coach
    if not form.validate_on_submit():
        page = render_template(
            "coaching/organiser/visit.html",
            programme=programme,
            team=team,
            visit=found,
            form=form,
            sees_private=sees_private,
        )
        return page, 422 if form.errors else 200

    with transaction():
        facts = _as_allowed(form, staff, kept=found.private_notes)
        actions.change_visit(found, facts, by=staff.actor, at=now())
    flash("Saved.", "success")
    return _to_visits(team)


@pages.post("/<programme_slug>/teams/<team_slug>/visits/<uuid:visit_id>/withdrawal")
@needs(Permission.RECORD_VISITS)
def withdraw(
    programme: Programme, team_slug: str, visit_id: UUID, staff: Staff
) -> ResponseReturnValue:
    """Take the record of a visit back."""
    team = _team_seen_by(staff, programme, team_slug)
    found = visit_at(team, visit_id) or abort(404)
    if not _may_change(staff, found):
        abort(403)
    with transaction():
        actions.withdraw_visit(found, by=staff.actor, at=now())
    flash("The visit is taken back and no longer counts.", "success")
    return _to_visits(team)


@pages.post("/<programme_slug>/teams/<team_slug>/visit-requests")
@needs(Permission.EDIT_TEAMS)
def ask_coach(programme: Programme, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Ask a team's coach by e-mail to record a visit."""
    team = team_at(programme, team_slug) or abort(404)
    with transaction():
        coach = actions.ask_coach(team, by=staff.actor, at=now())
        name = coach.name
    flash(f"{name} gets an e-mail with a link to record the visit.", "success")
    return _to_visits(team)


def _team_seen_by(staff: Staff, programme: Programme, slug: str) -> Team:
    team = team_at(programme, slug) or abort(404)
    if sees_own_teams_only(staff.roles):
        own = coached_team_ids(staff.person_id, on=london_day(now()))
        if team.id not in own:
            abort(404)
    return team


def _may_change(staff: Staff, visit: CoachVisit) -> bool:
    if sees_own_teams_only(staff.roles) and visit.coach_id != staff.person_id:
        return False
    recorded_on = london_day(visit.recorded_at)
    return may_be_changed(
        visited_on=visit.visited_on, recorded_on=recorded_on, today=london_day(now())
    )


def _offer_coaches(form: forms.Visit, team: Team, staff: Staff) -> dict[UUID, Person]:
    """Let a coach record their own visits, and organisers those of the team's coaches."""
    assigned = {row.person_id: row.person for row in coaches_of(team)}
    if sees_own_teams_only(staff.roles):
        assigned = {key: coach for key, coach in assigned.items() if key == staff.person_id}
    form.coach.choices = [SelectChoice(str(key), coach.name) for key, coach in assigned.items()]
    return assigned


def _as_allowed(form: forms.Visit, staff: Staff, *, kept: str) -> actions.VisitFacts:
    # Whoever may not read private notes leaves them as they are.
    if staff.may(Permission.SEE_COACH_NOTES):
        return form.facts
    return replace(form.facts, private_notes=kept)


def _answers_of(visit: CoachVisit, *, sees_private: bool) -> dict[str, object]:
    return {
        "visited_on": visit.visited_on,
        "minutes": visit.minutes,
        "met_with": visit.met_with,
        "tools_used": visit.tools_used,
        "shared_notes": visit.shared_notes,
        "next_step": visit.next_step,
        "next_visit_on": visit.next_visit_on,
        "private_notes": visit.private_notes if sees_private else "",
    }


def _to_visits(team: Team) -> Response:
    return redirect(url_for(".visits", programme_slug=team.programme.slug, team_slug=team.slug))
