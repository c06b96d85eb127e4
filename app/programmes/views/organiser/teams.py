"""A programme's teams, who is in them, and who coaches them."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.programmes import actions, forms
from app.programmes.models import Programme, Team
from app.programmes.queries import (
    Staff,
    assignment_at,
    coached_team_ids,
    membership_at,
    rosters_in,
    team_at,
)
from app.programmes.rules import sees_own_teams_only
from app.programmes.views.organiser.blueprint import pages


@pages.get("/<programme_slug>/teams")
@needs(Permission.SEE_TEAMS)
def teams(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Show the teams, with how many members and which coach each has; a coach sees their own."""
    today = london_day(now())
    rosters = rosters_in(programme, on=today)
    if sees_own_teams_only(staff.roles):
        own = coached_team_ids(staff.person_id, on=today)
        rosters = [roster for roster in rosters if roster.team.id in own]
    return render_template(
        "programmes/organiser/teams.html",
        programme=programme,
        rosters=rosters,
        may_edit=staff.may(Permission.EDIT_TEAMS),
    )


@pages.route("/<programme_slug>/teams/new", methods=["GET", "POST"])
@needs(Permission.EDIT_TEAMS)
def new_team(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Add a team."""
    form = forms.Team()
    if not form.validate_on_submit():
        page = render_template("programmes/organiser/new_team.html", programme=programme, form=form)
        return page, 422 if form.errors else 200

    with transaction():
        team = actions.create_team(programme, name=form.chosen_name, by=staff.actor, at=now())
    flash(f"{team.name} is added. Now add its members.", "success")
    return _to_team(programme, team)


@pages.route("/<programme_slug>/teams/<team_slug>/settings", methods=["GET", "POST"])
@needs(Permission.EDIT_TEAMS)
def team_settings(programme: Programme, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Rename a team, or move it in the order of the stage."""
    team = team_at(programme, team_slug) or abort(404)
    form = forms.TeamChange(obj=team)
    if not form.validate_on_submit():
        page = render_template(
            "programmes/organiser/team_settings.html", programme=programme, team=team, form=form
        )
        return page, 422 if form.errors else 200

    with transaction():
        actions.change_team(
            team, name=form.chosen_name, stage_order=form.place, by=staff.actor, at=now()
        )
    flash("Saved.", "success")
    return _to_team(programme, team)


@pages.route("/<programme_slug>/teams/<team_slug>/members/new", methods=["GET", "POST"])
@needs(Permission.EDIT_TEAMS)
def new_member(programme: Programme, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Take somebody into a team."""
    team = team_at(programme, team_slug) or abort(404)
    form = forms.Member(joined_on=london_day(now()))
    if not form.validate_on_submit():
        page = render_template(
            "programmes/organiser/new_member.html", programme=programme, team=team, form=form
        )
        return page, 422 if form.errors else 200

    with transaction():
        membership = actions.join_team(team, form.member, by=staff.actor, at=now())
    flash(f"{membership.person.name} is a member of {team.name}.", "success")
    return _to_team(programme, team)


@pages.route(
    "/<programme_slug>/teams/<team_slug>/members/<uuid:membership_id>", methods=["GET", "POST"]
)
@needs(Permission.EDIT_TEAMS)
def member(
    programme: Programme, team_slug: str, membership_id: UUID, staff: Staff
) -> ResponseReturnValue:
    """Give a member another role, or write down that they left."""
    team = team_at(programme, team_slug) or abort(404)
    membership = membership_at(team, membership_id) or abort(404)
    form = forms.MemberChange(role=membership.role.value, left_on=membership.left_on)
    if not form.validate_on_submit():
        page = render_template(
            "programmes/organiser/member.html",
            programme=programme,
            team=team,
            membership=membership,
            form=form,
        )
        return page, 422 if form.errors else 200

    with transaction():
        actions.change_membership(
            membership,
            role=form.chosen_role,
            left_on=form.last_day,
            by=staff.actor,
            at=now(),
        )
    flash("Saved.", "success")
    return _to_team(programme, team)


@pages.route("/<programme_slug>/teams/<team_slug>/coaches/new", methods=["GET", "POST"])
@needs(Permission.EDIT_TEAMS)
def new_coach(programme: Programme, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Let somebody coach a team."""
    team = team_at(programme, team_slug) or abort(404)
    form = forms.Coach(from_on=london_day(now()))
    if not form.validate_on_submit():
        page = render_template(
            "programmes/organiser/new_coach.html", programme=programme, team=team, form=form
        )
        return page, 422 if form.errors else 200

    with transaction():
        assignment = actions.assign_coach(
            team,
            name=form.name.data,
            email=form.email.data,
            from_on=form.from_on.day,
            by=staff.actor,
            at=now(),
        )
    flash(f"{assignment.person.name} coaches {team.name}.", "success")
    return _to_team(programme, team)


@pages.route(
    "/<programme_slug>/teams/<team_slug>/coaches/<uuid:assignment_id>", methods=["GET", "POST"]
)
@needs(Permission.EDIT_TEAMS)
def coach(
    programme: Programme, team_slug: str, assignment_id: UUID, staff: Staff
) -> ResponseReturnValue:
    """Write down the last day on which somebody coached a team."""
    team = team_at(programme, team_slug) or abort(404)
    assignment = assignment_at(team, assignment_id) or abort(404)
    form = forms.CoachingEnd(to_on=london_day(now()))
    if not form.validate_on_submit():
        page = render_template(
            "programmes/organiser/coach.html",
            programme=programme,
            team=team,
            assignment=assignment,
            form=form,
        )
        return page, 422 if form.errors else 200

    with transaction():
        actions.end_coaching(assignment, to_on=form.last_day, by=staff.actor, at=now())
    flash("Saved.", "success")
    return _to_team(programme, team)


def _to_team(programme: Programme, team: Team) -> Response:
    return redirect(
        url_for("organiser.reports.team", programme_slug=programme.slug, team_slug=team.slug)
    )
