"""Lists of people that an organiser uploads: looked at, corrected, sent once, and soon forgotten.

The file itself is never kept, and its cells only while they are needed:

- Until a list is sent it holds all of them, so that another column can be chosen. The list is
  deleted when the organiser removes it, at the latest a week after it came.
- At sending, what remains of somebody invited is what the invitation needs; of every other row,
  the columns that were named, without those about diet and access.
- When all are invited, answers about diet and access are gone from the list: they stand with the
  person's registration and are purged after the event like everybody's.
- Thirty days after sending, the rows are deleted. How many were invited is kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.events.models import Event
from app.kernel.actor import SYSTEM, Actor
from app.kernel.refusal import Refusal
from app.people.actions import meet
from app.people.queries import person_with_email
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.plumbing.queue import enqueue
from app.plumbing.spreadsheets import Table
from app.programmes.models import Team
from app.programmes.queries import teams_of
from app.registration.actions.booking import (
    confirm_name_on_certificate,
    is_closed,
    require_open,
)
from app.registration.actions.invitations import invite
from app.registration.actions.needs import Needs, keep_needs
from app.registration.models import InvitationList, Registration
from app.registration.queries import registration_of, verdicts_on
from app.registration.rules.columns import Field, guess_columns
from app.registration.rules.importing import (
    Invitee,
    Outcome,
    Verdict,
    access_said,
    diet_said,
    kept,
)

UNSENT_FOR = timedelta(days=7)
ROWS_KEPT_FOR = timedelta(days=30)

_ABOUT_NEEDS = frozenset({Field.DIET, Field.ACCESS})


class ListHasChanged(Refusal):
    """What would be sent is not what the organiser has seen."""


def take_list(
    event: Event, table: Table, *, filename: str, by: Actor, at: datetime
) -> InvitationList:
    """Keep an uploaded list to be looked at; nobody on it is written down or written to."""
    assert by.id is not None, "only staff upload lists"
    columns = guess_columns(table.headers, [row.cells for row in table.rows])
    listed = InvitationList(
        event_id=event.id,
        account_id=by.id,
        filename=filename,
        headers=list(table.headers),
        rows=[{"number": row.number, "cells": list(row.cells)} for row in table.rows],
        columns=dict(columns),
        uploaded_at=at,
        outcome={"read_as": table.read_as},
    )
    db.session.add(listed)
    db.session.flush()
    _record("uploaded", listed, event, by, at, after={"rows": len(table.rows)})
    enqueue("registration.forget_list", due_at=at + UNSENT_FOR, list_id=str(listed.id))
    return listed


def correct_columns(
    listed: InvitationList, columns: Mapping[Field, int | None], *, by: Actor, at: datetime
) -> None:
    """Read the list anew with the columns that the organiser chose."""
    _require_unsent(listed)
    before, after = listed.columns, {str(field): column for field, column in columns.items()}
    listed.columns = after
    _record("chose columns", listed, listed.event, by, at, before=before, after=after)


def remove_list(listed: InvitationList, *, by: Actor, at: datetime) -> None:
    """Delete a list that was not sent."""
    _require_unsent(listed)
    _record("removed", listed, listed.event, by, at)
    db.session.delete(listed)


def send_list(listed: InvitationList, *, expected: int, by: Actor, at: datetime) -> None:
    """Let the invitations of a list go out; sent before, it is the same act and changes nothing.

    Raises ListHasChanged when other people would be invited than the organiser has seen.
    """
    hold(listed)
    if listed.sent_at is not None:
        return
    require_open(listed.event, at)
    verdicts = verdicts_on(listed)
    counts = Counter(str(verdict.outcome) for verdict in verdicts)
    found = counts[Outcome.NEW] + counts[Outcome.KNOWN]
    if not found or found != expected:
        raise ListHasChanged(_changed_sentence(found))

    listed.sent_at = at
    _keep_verdicts(listed, verdicts, counts)
    _record("sent", listed, listed.event, by, at, after=dict(counts))
    enqueue(
        "registration.send_invitations",
        due_at=at,
        unique_key=f"send:{listed.id}",
        list_id=str(listed.id),
        account_id=str(by.id),
    )
    enqueue("registration.forget_list", due_at=at + ROWS_KEPT_FOR, list_id=str(listed.id))


def invite_some(
    event_id: UUID, invitees: Iterable[Invitee], *, account_id: UUID, at: datetime
) -> None:
    """Invite some of those on a list: each one wholly or not at all, nobody a second time."""
    event = db.session.get_one(Event, event_id)
    hold(event)
    if is_closed(event, at):
        return
    by = Actor("staff", account_id)
    teams = {team.id: team for team in teams_of(event.programme)}
    for invitee in invitees:
        team = teams.get(invitee.team_id) if invitee.team_id else None
        _invite(event, invitee, team, by, at)


def finish_list(listed: InvitationList) -> None:
    """Drop what only the invitations needed, now that they are written."""
    listed.rows = [_without_needs(row) for row in listed.rows]
    listed.outcome = {**listed.outcome, "worked_off": True}


def forget_list(listed: InvitationList, *, at: datetime) -> None:
    """Delete what is left of a list whose time is over; too early, nothing is done."""
    if listed.sent_at is None and at >= listed.uploaded_at + UNSENT_FOR:
        _record("deleted", listed, listed.event, SYSTEM, at)
        db.session.delete(listed)
    elif listed.sent_at is not None and at >= listed.sent_at + ROWS_KEPT_FOR:
        listed.headers, listed.rows, listed.columns = [], [], {}
        _record("deleted rows", listed, listed.event, SYSTEM, at)


def _invite(event: Event, invitee: Invitee, team: Team | None, by: Actor, at: datetime) -> None:
    known = person_with_email(invitee.email)
    if known is not None and registration_of(known.id, event.id) is not None:
        return
    person = known or meet(name=invitee.name, email=invitee.email, at=at)
    registration = invite(event, person, team=team, role=invitee.role, by=by, at=at)
    # Whoever is known already keeps their names as they are.
    if known is None:
        confirm_name_on_certificate(person, invitee.certificate_name, by=by, at=at)
    _pass_on_needs(registration, invitee, by, at)


def _pass_on_needs(registration: Registration, invitee: Invitee, by: Actor, at: datetime) -> None:
    diet, diet_other = diet_said(invitee.diet)
    needs = Needs(diet=diet, diet_other=diet_other, access_other=access_said(invitee.access))
    if not needs.is_empty:
        keep_needs(registration, needs, by=by, at=at)


def _require_unsent(listed: InvitationList) -> None:
    hold(listed)
    if listed.sent_at is not None:
        raise ListHasChanged("This list has been sent. Upload it again to invite more people.")


def _changed_sentence(found: int) -> str:
    if not found:
        return "Nobody is left to invite on this list. Nothing was sent."
    people = "1 person" if found == 1 else f"{found:,} people"
    return f"The list has changed: {people} would be invited now. Look at it again, then send it."


def _keep_verdicts(
    listed: InvitationList, verdicts: Sequence[Verdict], counts: Mapping[str, int]
) -> None:
    mapping = listed.mapping
    columns = sorted(
        {column for field, column in mapping.items() if column is not None}
        - {column for field in _ABOUT_NEEDS if (column := mapping[field]) is not None}
    )
    listed.headers = [listed.headers[column] for column in columns]
    listed.columns = {
        field: columns.index(column) if column in columns else None
        for field, column in mapping.items()
    }
    listed.rows = [kept(verdict, columns) for verdict in verdicts]
    listed.outcome = {**listed.outcome, "counts": dict(counts)}


def _without_needs(row: dict[str, object]) -> dict[str, object]:
    invitee = row.get("invitee")
    if not isinstance(invitee, dict):
        return row
    return {**row, "invitee": {**invitee, "diet": "", "access": ""}}


def _record(  # noqa: PLR0913 - a line of the record has that many columns
    verb: str,
    listed: InvitationList,
    event: Event,
    by: Actor,
    at: datetime,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    programme_id = event.programme_id
    record(verb, listed, by=by, at=at, programme_id=programme_id, before=before, after=after)
