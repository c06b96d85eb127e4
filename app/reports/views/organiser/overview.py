"""The first page of a programme, of a team and of an event; they only read."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates.queries.completion import standing_of_team
from app.certificates.queries.trials import Why, trial_of
from app.checkin.models import DoorLink
from app.events.models import Event
from app.events.queries import events_of
from app.kernel.clock import clock_words, day_words, london_day, now
from app.kernel.permission import Permission, needs
from app.kernel.text import counted, joined
from app.plumbing.browser import page_asked
from app.plumbing.mail import mail_settings
from app.plumbing.spreadsheets import csv_export
from app.programmes.models import Programme, Team
from app.programmes.queries import Staff, coached_team_ids, coaches_of, memberships_of, team_at
from app.programmes.rules import sees_own_teams_only
from app.reports.queries import overview as queries
from app.reports.rules.checks import (
    Check,
    Found,
    Readiness,
    Way,
    banner,
    clock_check,
    outbox_check,
    space_check,
    things_to_do,
)
from app.reports.views.organiser.blueprint import pages

WAYS = {
    Way.INVITE: "organiser.registration.invite",
    Way.REGISTRATIONS: "organiser.registration.registrations",
    Way.DOORS: "organiser.checkin.doors",
    Way.ROOM_CODE: "organiser.checkin.room_code",
    Way.POSTERS: "organiser.posters.posters",
    Way.COMPLETION: "organiser.certificates.standings",
    Way.TEAMS: "organiser.programmes.teams",
    Way.TEMPLATES: "organiser.certificates.template_check",
}


@dataclass(frozen=True)
class Step:
    """Something to do, and its address if the person in front may do it."""

    text: str
    href: str | None


def way_to(endpoint: str, staff: Staff, event: Event) -> str | None:
    """Return the address of a page of an event, if it is there and this person may open it."""
    needed = getattr(current_app.view_functions.get(endpoint), "needs", None)
    if needed is None or not staff.may(needed):
        return None
    known: dict[str, Any] = {"programme_slug": event.programme.slug, "event_slug": event.slug}
    asked = next(current_app.url_map.iter_rules(endpoint)).arguments
    return url_for(endpoint, **{name: known[name] for name in asked})


def steps_for(event: Event, staff: Staff, ready: Readiness) -> Sequence[Step]:
    """Return what is to do before an event, each with its address."""
    return [Step(task.text, way_to(WAYS[task.way], staff, event)) for task in things_to_do(ready)]


@pages.get("/<programme_slug>")
@needs(Permission.OPEN_PROGRAMME)
def programme(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Show a programme at a glance: its events, its teams, and what is to do next."""
    at = now()
    today = london_day(at)
    found = queries.overview_of(programme, at=at, today=today)
    cards = found.cards
    if sees_own_teams_only(staff.roles):
        own = coached_team_ids(staff.person_id, on=today)
        cards = [card for card in cards if card.team.id in own]
    coming = found.next_event
    steps: Sequence[Step] = []
    if coming and found.ready and staff.may(Permission.EDIT_EVENTS):
        steps = steps_for(coming, staff, found.ready)
    return render_template(
        "reports/organiser/programme.html",
        programme=programme,
        staff=staff,
        found=found,
        cards=cards,
        steps=steps,
        heading=banner(coming.title, london_day(coming.starts_at), today=today, tasks=len(steps))
        if coming
        else None,
        at=at,
        may_edit=staff.may(Permission.EDIT_PROGRAMME),
        may_plan=staff.may(Permission.EDIT_EVENTS),
        may_see_events=staff.may(Permission.SEE_ATTENDANCE),
        may_add_teams=staff.may(Permission.EDIT_TEAMS),
    )


@pages.get("/<programme_slug>/teams/<team_slug>")
@needs(Permission.SEE_TEAMS)
def team(programme: Programme, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Show one team: its members, its coaches and its year on one line."""
    found = _team_seen_by(staff, programme, team_slug)
    return render_template(
        "reports/organiser/team.html",
        programme=programme,
        team=found,
        staff=staff,
        milestones=queries.milestones_of(found, at=now()),
        memberships=memberships_of(found),
        coaches=coaches_of(found),
        line=standing_of_team(programme, found, at=now()),
        poster_events=[event for event in events_of(programme) if event.shows_posters]
        if staff.may(Permission.SEE_POSTERS)
        else [],
        may_edit=staff.may(Permission.EDIT_TEAMS),
        may_record=staff.may(Permission.RECORD_VISITS),
    )


def _team_seen_by(staff: Staff, programme: Programme, slug: str) -> Team:
    found = team_at(programme, slug) or abort(404)
    if sees_own_teams_only(staff.roles):
        own = coached_team_ids(staff.person_id, on=london_day(now()))
        if found.id not in own:
            abort(404)
    return found


@pages.get("/<programme_slug>/events/<event_slug>")
@needs(Permission.SEE_ATTENDANCE)
def event(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show one event: who is booked, who is here, and what is to do next."""
    at = now()
    is_over = event.ends_at <= at
    ready = queries.readiness_of(event)
    steps = steps_for(event, staff, ready) if staff.may(Permission.EDIT_EVENTS) else []
    return render_template(
        "reports/organiser/event.html",
        event=event,
        staff=staff,
        at=at,
        numbers=queries.numbers_of(event),
        posters=ready.posters,
        teams=ready.teams,
        steps=[] if is_over or event.cancelled_at else steps,
        is_over=is_over,
        is_today=london_day(event.starts_at) == london_day(at),
        way=lambda endpoint: way_to(endpoint, staff, event),
        may_edit=staff.may(Permission.EDIT_EVENTS),
    )


@pages.get("/<programme_slug>/events/<event_slug>/event-day-check")
@needs(Permission.EDIT_EVENTS)
def event_day_check(event: Event, staff: Staff) -> ResponseReturnValue:
    """Look at everything that an event's day stands on; each red line leads to its fix."""
    at = now()
    checks = [
        _outbox(at),
        _drawing(event, staff),
        _clock(event, at),
        space_check(shutil.disk_usage(current_app.config["DATA_FOLDER"]).free),
        *_of_the_event(event, staff),
    ]
    return render_template(
        "reports/organiser/event_day_check.html",
        event=event,
        checks=checks,
        wrong=sum(check.found is Found.BAD for check in checks),
        is_over=event.ends_at <= at,
    )


def _outbox(at: datetime) -> Check:
    waiting_since = queries.oldest_waiting_letter()
    waiting_for = at - waiting_since if waiting_since else None
    return outbox_check(waiting_for, goes_out=mail_settings().smtp_url is not None)


def _drawing(event: Event, staff: Staff) -> Check:
    """Look at how a certificate with the longest name went when it was tried."""
    trial = trial_of(event.programme, "attendance", Why.LONGEST)
    way = way_to(WAYS[Way.TEMPLATES], staff, event) or ""
    if trial is None:
        return Check(Found.WARN, "Nobody is there yet to try a certificate with", way=way)
    if trial.result is None:
        words = "A certificate with the longest name has not been tried"
        return Check(Found.WARN, words, trial.name, way=way, act="Try it")
    if trial.result.refusal:
        return Check(Found.BAD, "A certificate cannot be drawn", trial.result.refusal, way=way)
    return Check(
        Found.GOOD, "Certificates can be drawn", f"Tried with the longest name: {trial.name}"
    )


def _clock(event: Event, at: datetime) -> Check:
    newest = queries.newest_record(event)
    ahead = newest - at if newest else timedelta()
    return clock_check(ahead=ahead, reading=f"{day_words(at)}, {clock_words(at)}")


def _of_the_event(event: Event, staff: Staff) -> Sequence[Check]:
    ready = queries.readiness_of(event)
    links = queries.live_door_links(event)
    doors, room = way_to(WAYS[Way.DOORS], staff, event), way_to(WAYS[Way.ROOM_CODE], staff, event)
    return [
        _doors(links, event, way=doors or ""),
        Check(Found.GOOD, "The room code is set up")
        if ready.room_codes
        else Check(Found.BAD, "There is no room code", way=room or "", act="Set it up"),
        *_posters(ready, way=way_to(WAYS[Way.POSTERS], staff, event) or ""),
        _bounces(event, staff),
    ]


def _doors(links: Sequence[DoorLink], event: Event, *, way: str) -> Check:
    on_the_day = [
        link for link in links if link.opens_at < event.ends_at and link.closes_at > event.starts_at
    ]
    if on_the_day:
        named = joined([link.label for link in on_the_day])
        return Check(Found.GOOD, f"Door links are made: {named}")
    if links:
        return Check(Found.BAD, "No door link is open during the event", way=way, act="Make one")
    return Check(Found.BAD, "There is no door link", way=way, act="Make one")


def _posters(ready: Readiness, *, way: str) -> Sequence[Check]:
    if not ready.shows_posters:
        return []
    words = f"{ready.posters} of {ready.teams} posters are in"
    found = Found.GOOD if ready.posters >= ready.teams else Found.BAD
    return [Check(found, words, way="" if found is Found.GOOD else way, act="See which")]


def _bounces(event: Event, staff: Staff) -> Check:
    bounced = queries.bounced_at(event)
    if not bounced:
        return Check(Found.GOOD, "No mail to anybody on the list came back")
    return Check(
        Found.BAD,
        f"{counted(len(bounced), 'pass', 'passes')} bounced",
        joined([somebody.name for somebody in bounced]),
        way=way_to(WAYS[Way.REGISTRATIONS], staff, event) or "",
        act="Mend addresses",
    )


CHANGES_A_PAGE = 50


@pages.get("/<programme_slug>/changes")
@needs(Permission.SEE_AUDIT)
def changes(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Show who changed what in a programme, when and why."""
    return _changes(programme)


@pages.get("/changes")
@needs(Permission.RUN_THE_SERVER)
def server_changes(staff: Staff) -> ResponseReturnValue:
    """Show who changed what outside every programme: accounts and jobs."""
    return _changes(None)


def _changes(programme: Programme | None) -> str:
    subject = request.args.get("about", "")
    page = page_asked(request)
    kinds = queries.subjects_changed_in(programme)
    return render_template(
        "reports/organiser/changes.html",
        programme=programme,
        found=queries.changes_page(programme, subject=subject, page=page, size=CHANGES_A_PAGE),
        kinds=[("", "All", sum(number for _, number in kinds))]
        + [(kind, queries.SUBJECT_WORDS.get(kind, kind), number) for kind, number in kinds],
        chosen=subject,
        page_number=page,
        size=CHANGES_A_PAGE,
    )


@pages.get("/<programme_slug>/changes.csv")
@needs(Permission.SEE_AUDIT)
def changes_file(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Hand out the record of changes as a spreadsheet."""
    header = ["When (UTC)", "Who", "Did", "What", "Before", "After", "Why"]
    rows = [
        [
            f"{change.entry.at:%Y-%m-%d %H:%M:%S}",
            change.who,
            change.entry.verb,
            change.what,
            json.dumps(change.entry.before, ensure_ascii=False),
            json.dumps(change.entry.after, ensure_ascii=False),
            change.entry.reason or "",
        ]
        for change in queries.all_changes(programme, subject=request.args.get("about", ""))
    ]
    answer = Response(csv_export(header, rows), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="changes.csv")
    return answer
