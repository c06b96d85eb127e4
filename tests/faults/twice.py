"""Pressing a form's button twice at the same moment, and seeing what came of it."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.kernel.clock import london_day, now
from app.plumbing.database import Model, db, transaction
from app.plumbing.limits import limiter
from app.posters.views.visits import TALLY
from tests.conftest import sweep
from tests.crawl import Cast, cookies_of
from tests.visitor import Form, Page

Rows = Mapping[str, list[dict[str, Any]]]

HARMLESS = {
    "public.people.come_in": {"visit"},
    "public.registration.come_in": {"visit"},
    "public.certificates.come_in": {"visit"},
    "public.checkin.enrol": {"door_device"},
    "public.posters.come_in": {"poster_key"},
    "public.groupwork.take_pen": {"group_scribe", "group_work"},
}
"""What a second press may add: a visit, a device or a pen whose cookie the browser has overwritten."""

LATER = (london_day(now()) + timedelta(days=40)).isoformat()
PEOPLE = b"Name,Email,Practice\nNia Pugh,nia@practice.example,Riverside Surgery\n"
ANSWERS = {
    "address": "Market Square, Northvale",
    "aims": "Shorter waits for patients and time to care for staff.",
    "answered_by": "Ed",
    "at": "10:00",
    "certificate_prefix": "NEW-2027",
    "changes_close_on": LATER,
    "changes": "A telephone for patients who cannot use the website.",
    "citation": "For the patience with which the team tested one small change after the other.",
    "commissioner": "Northvale Health Board",
    "contact_email": "team@northvale.example",
    "counted": "12",
    "day": LATER,
    "door": "Side door",
    "email": "nia@practice.example",
    "ends": "12:30",
    "ends_on": LATER,
    "first_name": "Bea",
    "host_organisation": "Northvale Improvement",
    "left_on": LATER,
    "met_with": "the team",
    "name": "Nia Pugh",
    "note": "Called, all is well.",
    "reason": "It is right like this.",
    "room": "Gallery",
    "signatory_name": "Helen Shaw",
    "signatory_role": "Programme Director",
    "starts_on": LATER,
    "starts": "12:00",
    "text": "How did you begin?",
    "title": "A new beginning",
    "venue": "Old Library",
    "who": "Ed Marsh",
}


@dataclass(frozen=True)
class Found:
    """A form as somebody came to it, and what stood in the tables at that time."""

    endpoint: str
    who: str
    path: str
    action: str
    rows: Rows
    answers: Mapping[str, Any] = field(default_factory=dict)


def everything() -> Rows:
    """Return every row of every table, with the visits that wait to be written."""
    db.session.rollback()
    TALLY.write()
    return {
        table.name: [dict(row) for row in db.session.execute(sa.select(table)).mappings()]
        for table in Model.metadata.sorted_tables
    }


def put_back(rows: Rows) -> None:
    """Let the tables hold these rows and no others."""
    db.session.rollback()
    sweep()
    with transaction():
        if db.engine.dialect.name == "sqlite":
            db.session.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
        for table in Model.metadata.sorted_tables:
            own = [
                c.name
                for c in table.columns
                if any(k.column.table is table for k in c.foreign_keys)
            ]
            ordered = sorted(rows[table.name], key=lambda row: any(row[name] for name in own))
            if ordered:
                db.session.execute(sa.insert(table), ordered)


def weight(rows: Rows) -> dict[str, tuple[int, int]]:
    """Return how many rows each table has, and the sum of their numbers: serials, versions, counts."""
    return {
        name: (len(theirs), sum(v for row in theirs for v in row.values() if type(v) is int))
        for name, theirs in rows.items()
    }


def filled_in(page: Page, found: Found) -> dict[str, Any]:
    """Return what a person would send: what stands there, and an answer wherever nothing does."""
    form = next(
        form
        for form in page.forms
        if form.method == "post" and form.action.partition("?")[0] == found.action
    )
    answers = {name: form.values.get(name) or [""] for name in form.names}
    for name, values in answers.items():
        if not any(values):
            answers[name] = [_answer(page, form, name)]
    sent: dict[str, Any] = {name: values for name, values in answers.items() if any(values)}
    if "file" in form.names:
        sent["file"] = PEOPLE
    return {**sent, **found.answers}


def sendable(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's answers with its file, if it has one, opened anew."""
    upload = {"file": (BytesIO(data["file"]), "people.csv")} if "file" in data else {}
    return {**data, **upload}


def _answer(page: Page, form: Form, name: str) -> str:
    assert page.tree is not None
    for control in page.tree.iter():
        if control.get("name") != name:
            continue
        if control.tag == "select":
            offered = [option.get("value", "") for option in control.iter("option")]
            return next((value for value in offered if value), "")
        if control.get("type") == "radio":
            return control.get("value", "")
        if control.get("type") == "checkbox":
            return ""
    return ANSWERS.get(name, "")


def send(app: Flask, cast: Cast, found: Found, *, times: int) -> tuple[Rows, list[int]]:
    """Open the form in its state, press its button so many times at once; return what came of it."""
    put_back(found.rows)
    limiter.reset()
    visitor = cast.visitors[found.who]
    data = filled_in(visitor.open(found.path), found)
    target, cookies = found.action or found.path, cookies_of(visitor)
    barrier = threading.Barrier(times)

    def press(_number: int) -> int:
        sent = sendable(data)
        client = app.test_client(use_cookies=False)
        barrier.wait()
        return client.post(target, data=sent, headers={"Cookie": cookies}).status_code

    with ThreadPoolExecutor(times) as pool:
        statuses = list(pool.map(press, range(times)))
    return everything(), statuses


def trouble_with(found: Found, status: int, statuses: list[int], once: Rows, twice: Rows) -> str:
    if status >= 400:
        return f"sent once it is refused ({status})"
    if any(answer >= 500 or answer == 429 for answer in statuses):
        return f"sent twice it answers {statuses}"
    allowed = HARMLESS.get(found.endpoint, set())
    one, two = weight(once), weight(twice)
    differs = {name: (one[name], two[name]) for name in one if one[name] != two[name]}
    return "" if set(differs) <= allowed else f"sent twice: {differs} ({statuses})"
