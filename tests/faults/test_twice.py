"""G11: every form of the product, sent twice at the same moment, has one effect.

The forms are found by walking through the product in three states of the sample; the addresses that
take a form are read from the list of routes, so a form that nobody can reach here must say why.
"""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel.clock import london_day, now
from app.plumbing.database import Model, db, transaction
from app.plumbing.limits import limiter
from app.plumbing.queue import run_due
from tests.conftest import sweep
from tests.crawl import Cast, cookies_of, crawl, endpoint_of, the_cast_of_the_sample
from tests.visitor import Form, Page

Rows = Mapping[str, list[dict[str, Any]]]

ELSEWHERE = {
    "volunteer.checkin.scan": "takes JSON with a scan id: tests/faults/test_door.py, every ticket twice",
}
"""Addresses that take something else than a form, with the place where they are tried twice."""

HARMLESS = {
    "public.people.come_in": {"visit"},
    "public.registration.come_in": {"visit"},
    "public.certificates.come_in": {"visit"},
    "public.checkin.enrol": {"door_device"},
}
"""What a second press may add: a visit or a device whose cookie the browser has overwritten."""

NOT_SENT_HERE = {
    "organiser.certificates.issue_to_person": "nobody is complete in this state of the sample",
    "organiser.certificates.issue_to_team": "no team is complete in this state of the sample",
    "organiser.checkin.correction": "refused for a time to come when the summit is early in the day",
    "organiser.programmes.staff": "asks for the address of an account",
    "public.sign_in.ask_for_link": "asks for the address of an account",
    "organiser.programmes.team_settings": "its order starts at nought, which reads as no answer",
}
"""Forms that the walk finds but does not fill in so that they do something.

A form that shows what stands there is sent as it is: that it changes nothing twice is all we learn.
"""

LATER = (london_day(now()) + timedelta(days=40)).isoformat()
PEOPLE = b"Name,Email,Practice\nNia Pugh,nia@practice.example,Riverside Surgery\n"
ANSWERS = {
    "address": "Market Square, Northvale",
    "aims": "Shorter waits for patients and time to care for staff.",
    "at": "10:00",
    "certificate_prefix": "NEW-2027",
    "changes_close_on": LATER,
    "citation": "For the patience with which the team tested one small change after the other.",
    "commissioner": "Northvale Health Board",
    "contact_email": "team@northvale.example",
    "counted": "12",
    "day": LATER,
    "door": "Side door",
    "email": "nia@practice.example",
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
    "title": "A new beginning",
    "venue": "Old Library",
}


@dataclass(frozen=True)
class Found:
    """A form as somebody came to it, and what stood in the tables at that time."""

    endpoint: str
    who: str
    path: str
    action: str
    rows: Rows


def the_forms(app: Flask, cast: Cast) -> list[Found]:
    """Walk through the morning, the afternoon, and the day after the certificates were issued."""
    found: dict[str, Found] = {}
    lead = cast.visitors["lead"]
    collect(app, cast, found)
    morning_only = next((f for f in found.values() if f.endpoint.endswith("afternoon")), None)
    if morning_only:
        lead.submit(lead.open(morning_only.path), morning_only.path, action=morning_only.action)
        collect(app, cast, found)
    for endpoint in ("organiser.certificates.issue_all", "organiser.certificates.send"):
        if endpoint in found:
            one = found[endpoint]
            lead.submit(lead.open(one.path), one.path, action=one.action)
    run_due(now, limit=20)
    collect(app, cast, found)
    return sorted(found.values(), key=lambda one: one.endpoint)


def collect(app: Flask, cast: Cast, found: dict[str, Found]) -> None:
    limiter.reset()
    rows = everything()
    for opened in crawl(app, cast):
        for form in opened.page.forms:
            endpoint = endpoint_of(app, form.action or opened.path, "POST")
            if form.method == "post" and endpoint and not endpoint.startswith("security."):
                action = form.action.partition("?")[0]
                found.setdefault(endpoint, Found(endpoint, opened.who, opened.path, action, rows))


def everything() -> Rows:
    """Return every row of every table."""
    db.session.rollback()
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
    return sent


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
        upload = {"file": (BytesIO(data["file"]), "people.csv")} if "file" in data else {}
        client = app.test_client(use_cookies=False)
        barrier.wait()
        return client.post(target, data={**data, **upload}, headers={"Cookie": cookies}).status_code

    with ThreadPoolExecutor(times) as pool:
        statuses = list(pool.map(press, range(times)))
    return everything(), statuses


@pytest.fixture
def patient(app: Flask) -> Iterator[Flask]:
    limiter.reset()
    yield app
    limiter.reset()


def test_every_form_sent_twice_at_once_has_one_effect(patient):
    cast = the_cast_of_the_sample(patient)
    forms = the_forms(patient, cast)
    _check_that_all_are_there(patient, forms)

    wrong = {}
    for found in forms:
        once, (status,) = send(patient, cast, found, times=1)
        twice, statuses = send(patient, cast, found, times=2)
        trouble = _trouble(found, status, statuses, once, twice)
        if trouble:
            wrong[found.endpoint] = trouble

    new = {name: why for name, why in wrong.items() if name not in NOT_SENT_HERE}
    assert not new, json.dumps(new, indent=1)


def _trouble(found: Found, status: int, statuses: list[int], once: Rows, twice: Rows) -> str:
    if status >= 400:
        return f"sent once it is refused ({status})"
    if any(answer >= 500 or answer == 429 for answer in statuses):
        return f"sent twice it answers {statuses}"
    allowed = HARMLESS.get(found.endpoint, set())
    one, two = weight(once), weight(twice)
    differs = {name: (one[name], two[name]) for name in one if one[name] != two[name]}
    return "" if set(differs) <= allowed else f"sent twice: {differs} ({statuses})"


UNREACHED = {
    "attendee.checkin.arrive",
    "attendee.checkin.colleague",
    "attendee.checkin.name_is_right",
    "attendee.people.type_code",
    "attendee.registration.change",
    "attendee.registration.decline",
    "attendee.registration.place",
    "organiser.certificates.issue_all",
    "organiser.certificates.print_all",
    "organiser.certificates.replace",
    "organiser.certificates.restore",
    "organiser.certificates.send",
    "organiser.certificates.send_again",
    "organiser.certificates.withdraw",
    "organiser.certificates.withdraw_exception",
    "organiser.coaching.visit",
    "organiser.coaching.withdraw",
    "organiser.house.cancel_job",
    "organiser.house.repeat_job",
    "organiser.people.reset_second_factor",
    "organiser.people.switch_on",
    "organiser.posters.poster",
    "organiser.registration.choose_columns",
    "organiser.registration.remind",
    "organiser.registration.remove_list",
    "organiser.registration.send_invitations",
    "public.certificates.come_in",
    "public.checkin.room",
    "public.people.lost_link",
    "public.registration.come_in",
    "public.registration.register",
    "public.sign_in.use_link",
    "volunteer.checkin.found",
}
"""Forms that the walk does not come to yet; a new form is either reached or joins them in plain sight."""


def _check_that_all_are_there(app: Flask, forms: list[Found]) -> None:
    taking = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and not re.match(r"security\.", rule.endpoint)
    }
    unknown = taking - {found.endpoint for found in forms} - set(ELSEWHERE) - UNREACHED
    assert not unknown, f"never sent twice: {sorted(unknown)}"
