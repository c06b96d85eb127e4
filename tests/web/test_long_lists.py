"""Every list asks the database as often for three thousand rows as for three.

Three hundred, unless `HOORAY_FAULTS=full` asks for all of them.
"""

import os
from datetime import timedelta
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from app.checkin.models import AttendanceEvent
from app.checkin.rules.log import Kind, Method, Outcome
from app.kernel.clock import now
from app.people.models import Account
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from tests.bulk import Organisation, Size, load_organisation, written
from tests.conftest import sweep
from tests.statements import count_statements
from tests.visitor import Visitor

FEW, SOME, MANY = 3, 300, 3_000

OF_THE_PROGRAMME = (
    "",
    "/teams",
    "/teams/practice-1",
    "/visits",
    "/completion",
    "/certificates",
    "/certificates/check",
    "/certificates/issue",
    "/certificates/send",
    "/recognition",
    "/staff",
    "/mail",
    "/changes",
)
OF_THE_EVENT = (
    "",
    "/registrations",
    "/registrations?page=2",
    "/attendance",
    "/certificates",
    "/doors",
    "/invitations",
    "/catering",
    "/access-needs",
    "/event-day-check",
)
OF_THE_SERVER = ("/organise/mail", "/organise/jobs", "/organise/changes", "/organise/accounts")


def of_size(app: Flask, rows: int) -> dict[str, int]:
    """Return how many statements each list of an organisation of this size asks."""
    size = Size(programmes=1, events=2, people=rows, attendances=rows, tickets=rows, doors=1)
    organisation = load_organisation(size, at=now())
    _leave_traces(organisation)
    asked = {}
    for visitor, path in _lists(app, organisation):
        _get(visitor, path)
        with count_statements() as statements:
            _get(visitor, path)
        asked[path] = len(statements)
    return asked


def _get(visitor: Visitor, path: str) -> None:
    """Ask for a page without reading it: thousands of rows take a strict parser too long."""
    with visitor.app.app_context():
        assert visitor.client.get(path).status_code == 200, path


def _lists(app: Flask, organisation: Organisation):
    account = db.session.scalars(select(Account)).one()
    with transaction():
        account.is_administrator = True
    lead = Visitor(app).sign_in(account)
    programme = f"/organise/{organisation.programme_slug}"
    event = f"{programme}/events/{organisation.event_slug}"
    attendee = Visitor(app).carry(visit=organisation.tickets[0].visit_key)
    door = Visitor(app).carry(door=organisation.door_keys[0])
    return [
        *((lead, programme + page) for page in OF_THE_PROGRAMME),
        *((lead, event + page) for page in OF_THE_EVENT),
        *((lead, page) for page in OF_THE_SERVER),
        (attendee, "/my/certificates"),
        (door, "/door/log"),
    ]


def _leave_traces(organisation: Organisation) -> None:
    """Let everybody have come through the door, with a line in the record of changes."""
    at = now()
    with transaction():
        written(
            AttendanceEvent,
            (
                {
                    "id": uuid4(),
                    "event_id": organisation.event_id,
                    "registration_id": ticket.registration_id,
                    "sender": uuid4(),
                    "scan_id": uuid4(),
                    "kind": Kind.ENTERED,
                    "outcome": Outcome.ADMITTED,
                    "method": Method.DOOR_SCAN,
                    "actor_kind": "door",
                    "recorded_at": at - timedelta(minutes=1),
                    "happened_at": at - timedelta(minutes=1),
                }
                for ticket in organisation.tickets
            ),
        )
        written(
            AuditEntry,
            (
                {
                    "id": uuid4(),
                    "at": at,
                    "actor_kind": "system",
                    "verb": "changed",
                    "subject_kind": "registration",
                    "subject_id": ticket.registration_id,
                    "before": {},
                    "after": {},
                }
                for ticket in organisation.tickets
            ),
        )


def test_every_list_asks_as_often_for_three_thousand_rows_as_for_three(app):
    few = of_size(app, FEW)
    sweep()
    many = of_size(app, MANY if os.environ.get("HOORAY_FAULTS") == "full" else SOME)

    assert {path: count for path, count in many.items() if count > few[path]} == {}
