"""Who has completed the programme, who can still, and why not yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates import forms
from app.certificates.actions import granting, issuing
from app.certificates.actions.granting import Granted
from app.certificates.queries.completion import (
    PersonStanding,
    TeamStanding,
    exception_at,
    exceptions_for,
    has_left,
    open_head_counts,
    rules_of,
    standing_of_person,
    standing_of_team,
    standings_in,
)
from app.certificates.rules import (
    CriterionKind,
    Holder,
    Standing,
    rule_sentence,
    sentence,
    way_through,
)
from app.certificates.views.organiser.blueprint import pages
from app.coaching.queries import coach_of, visits_of
from app.events.models import Event
from app.events.queries import events_of
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.people.models import Person
from app.plumbing.browser import page_asked
from app.plumbing.database import transaction
from app.programmes.models import Programme
from app.programmes.queries import Staff, team_at, teams_of

SHOWN = {
    "complete": (Standing.MET,),
    "check": (Standing.CHECK,),
    "today": (Standing.TODAY,),
    "not": (Standing.OPEN, Standing.LOST),
}
CHIPS = {
    "complete": "Complete",
    "check": "Waiting for a check",
    "today": "Depends on today",
    "not": "Not yet",
}


@pages.get("/<programme_slug>/completion")
@needs(Permission.SEE_CERTIFICATES)
def standings(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """Show everybody with the rule judged part by part."""
    found = standings_in(programme, at=now())
    shown = request.args.get("show", "")
    people = _chosen(found.of(Holder.PERSON), shown)
    page = page_asked(request)
    return render_template(
        "certificates/organiser/standings.html",
        programme=programme,
        staff=staff,
        teams=_chosen(found.of(Holder.TEAM), shown),
        people=people[(page - 1) * PEOPLE_A_PAGE : page * PEOPLE_A_PAGE],
        people_total=len(people),
        page_number=page,
        page_size=PEOPLE_A_PAGE,
        numbers={holder.value: _numbers(found.counts(holder)) for holder in Holder},
        sentences={
            holder.value: rule_sentence(rule) for holder, rule in rules_of(programme).items()
        },
        head_counts=open_head_counts(programme),
        chips=_chips(found.of(Holder.PERSON)),
        shown=shown,
        to_issue=len(found.to_issue()),
    )


PEOPLE_A_PAGE = 100


def _numbers(counts: Mapping[Standing, int]) -> dict[str, int]:
    numbers = {key: sum(counts[s] for s in standings) for key, standings in SHOWN.items()}
    return {**numbers, "all": sum(counts.values())}


def _chosen(
    lines: Sequence[PersonStanding | TeamStanding], shown: str
) -> Sequence[PersonStanding | TeamStanding]:
    if shown not in SHOWN:
        return lines
    return [line for line in lines if line.completion.standing in SHOWN[shown]]


def _chips(people: Sequence[PersonStanding | TeamStanding]) -> list[tuple[str, str, int]]:
    here = [line for line in people if line.completion.is_met or not has_left(line)]
    counted = [
        (key, CHIPS[key], sum(line.completion.standing in standings for line in here))
        for key, standings in SHOWN.items()
    ]
    return [("", "Everybody", len(people)), *counted]


@pages.get("/<programme_slug>/completion/people/<uuid:person_id>")
@needs(Permission.SEE_CERTIFICATES)
def person(staff: Staff, programme: Programme, person_id: UUID) -> ResponseReturnValue:
    """Show where one person is with every part of the rule."""
    return _one(staff, programme, _person_at(programme, person_id))


@pages.get("/<programme_slug>/completion/teams/<team_slug>")
@needs(Permission.SEE_CERTIFICATES)
def team(staff: Staff, programme: Programme, team_slug: str) -> ResponseReturnValue:
    """Show where one team is with every part of the rule."""
    return _one(staff, programme, _team_called(programme, team_slug))


@pages.post("/<programme_slug>/completion/people/<uuid:person_id>/certificate")
@needs(Permission.ISSUE_CERTIFICATES)
def issue_to_person(staff: Staff, programme: Programme, person_id: UUID) -> ResponseReturnValue:
    """Issue one person's certificate."""
    return _issue_one(staff, programme, lambda: _person_at(programme, person_id))


@pages.post("/<programme_slug>/completion/teams/<team_slug>/certificate")
@needs(Permission.ISSUE_CERTIFICATES)
def issue_to_team(staff: Staff, programme: Programme, team_slug: str) -> ResponseReturnValue:
    """Issue one team's certificate."""
    return _issue_one(staff, programme, lambda: _team_called(programme, team_slug))


@pages.route(
    "/<programme_slug>/completion/people/<uuid:person_id>/exception", methods=["GET", "POST"]
)
@needs(Permission.GRANT_EXCEPTIONS)
def except_person(staff: Staff, programme: Programme, person_id: UUID) -> ResponseReturnValue:
    """Ask which part is waived for a person and why, then grant the exception."""
    return _grant(staff, programme, _person_at(programme, person_id))


@pages.route("/<programme_slug>/completion/teams/<team_slug>/exception", methods=["GET", "POST"])
@needs(Permission.GRANT_EXCEPTIONS)
def except_team(staff: Staff, programme: Programme, team_slug: str) -> ResponseReturnValue:
    """Ask which part is waived for a team and why, then grant the exception."""
    return _grant(staff, programme, _team_called(programme, team_slug))


@pages.post("/<programme_slug>/completion/exceptions/<uuid:exception_id>/end")
@needs(Permission.GRANT_EXCEPTIONS)
def withdraw_exception(
    staff: Staff, programme: Programme, exception_id: UUID
) -> ResponseReturnValue:
    """Take an exception back."""
    with transaction():
        exception = exception_at(programme, exception_id) or abort(404)
        granting.withdraw_exception(exception, by=staff.actor, at=now())
        way_back = _address(programme, holder=exception.holder, holder_id=exception.holder_id)
    flash("The exception is taken back.", "success")
    return redirect(way_back)


def _person_at(programme: Programme, person_id: UUID) -> PersonStanding:
    return standing_of_person(programme, person_id, at=now()) or abort(404)


def _team_called(programme: Programme, slug: str) -> TeamStanding:
    found = team_at(programme, slug) or abort(404)
    return standing_of_team(programme, found, at=now())


def _one(
    staff: Staff, programme: Programme, line: PersonStanding | TeamStanding
) -> ResponseReturnValue:
    return render_template(
        "certificates/organiser/standing.html",
        programme=programme,
        staff=staff,
        line=line,
        sentence=rule_sentence(rules_of(programme)[line.holder]),
        exceptions=exceptions_for(programme, line.id),
        addresses=_addresses(programme, line),
        flagged=_flagged_events(programme, line),
        events=way_through(line.deeds) if isinstance(line, PersonStanding) else [],
        visit=_visit_to_record(line) if isinstance(line, TeamStanding) else None,
    )


def _flagged_events(programme: Programme, line: PersonStanding | TeamStanding) -> Sequence[Event]:
    """Return the events at which somebody's presence needs a look before it counts."""
    return [
        event
        for event in events_of(programme)
        if any(here and here.is_flagged for here in line.deeds.presences.get(event.id, []))
    ]


@dataclass(frozen=True)
class VisitToRecord:
    """A coach who can record what is missing, and the visit that was planned and has no record."""

    coach: Person
    planned_on: date | None


def _visit_to_record(line: TeamStanding) -> VisitToRecord | None:
    today = london_day(line.deeds.at)
    asked_for = {part.criterion.kind for part in line.completion.missing}
    coach = coach_of(line.team, on=today)
    if coach is None or CriterionKind.COACH_VISITS not in asked_for:
        return None
    planned = [visit.next_visit_on for visit in visits_of(line.team) if visit.next_visit_on]
    newest = max(planned, default=None)
    return VisitToRecord(coach, newest if newest and newest < today else None)


def _addresses(programme: Programme, line: PersonStanding | TeamStanding) -> dict[str, str]:
    """Return where one can go from somebody's standing."""
    if isinstance(line, PersonStanding):
        way: dict[str, Any] = {"programme_slug": programme.slug, "person_id": line.id}
        ends = {"here": ".person", "except": ".except_person", "issue": ".issue_to_person"}
    else:
        way = {"programme_slug": programme.slug, "team_slug": line.team.slug}
        ends = {"here": ".team", "except": ".except_team", "issue": ".issue_to_team"}
    return {name: url_for(endpoint, **way) for name, endpoint in ends.items()}


def _address(programme: Programme, *, holder: Holder, holder_id: UUID) -> str:
    if holder is Holder.PERSON:
        return url_for(".person", programme_slug=programme.slug, person_id=holder_id)
    held_by = next(team for team in teams_of(programme) if team.id == holder_id)
    return url_for(".team", programme_slug=programme.slug, team_slug=held_by.slug)


def _issue_one(
    staff: Staff,
    programme: Programme,
    standing: Callable[[], PersonStanding | TeamStanding],
) -> ResponseReturnValue:
    with transaction():
        issue = issuing.issue_completion(programme, standing(), by=staff.actor, at=now())
        number, issue_id = issue.number, issue.id
    flash(f"{number} is issued. Its PDF is being drawn.", "success")
    return redirect(url_for(".certificate", programme_slug=programme.slug, issue_id=issue_id))


def _grant(
    staff: Staff, programme: Programme, line: PersonStanding | TeamStanding
) -> ResponseReturnValue:
    form = forms.Exception_()
    form.criterion.choices = [
        (str(part.criterion.id), f"{sentence(part.criterion).capitalize()} ({part.words})")
        for part in line.completion.missing
    ]
    addresses = _addresses(programme, line)
    if not form.validate_on_submit():
        page = render_template(
            "certificates/organiser/exception.html",
            programme=programme,
            staff=staff,
            line=line,
            form=form,
            addresses=addresses,
        )
        return page, 422 if form.errors else 200

    name, holder, holder_id = line.name, line.holder, line.id
    with transaction():
        granting.grant_exception(
            programme,
            Granted(holder=holder, holder_id=holder_id, criterion_id=form.criterion_id),
            reason=form.reason_given,
            by=staff.actor,
            at=now(),
        )
    flash(f"The exception for {name} stands.", "success")
    return redirect(addresses["here"])
