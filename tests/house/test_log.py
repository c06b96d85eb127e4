"""What goes into the log names nobody, whatever goes wrong (trust 8)."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, null
from sqlalchemy.exc import IntegrityError

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.plumbing.limits import limiter
from app.plumbing.mail import LetterState, Words, mail_settings, post, set_up_mail
from app.plumbing.queue import enqueue, job, run_due
from tests.conftest import sweep
from tests.house.world import AT, all_rows, methods_of
from tests.mailserver import MailServer, a_mail_server
from tests.visitor import Visitor

CANARY, ADDRESS = "Ceridwen Canary", "ceridwen@canary.example"


@pytest.fixture
def whole_log(caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("app", "sqlalchemy.engine", "flask_limiter"):
        logging.getLogger(name).disabled = False
    return caplog


def write_half_of_somebody() -> None:
    """Run into a constraint, whose error the database fills with what it was given."""
    row = {"name": CANARY, "sorting_name": null(), "email": ADDRESS, "created_at": AT}
    with transaction():
        db.session.execute(insert(Person).values(**row, id=uuid4()))


@pytest.fixture
def broken_page(app: Flask, monkeypatch) -> str:
    @needs(Permission.SEE_PUBLIC_PAGES)
    def break_down() -> str:
        write_half_of_somebody()
        return "never"

    monkeypatch.setitem(app.view_functions, "public.house.privacy", break_down)
    return "/privacy"


def test_a_page_that_breaks_over_somebody_does_not_name_them(app, broken_page, whole_log):
    page = Visitor(app).open(broken_page)

    assert page.status == 500
    assert "IntegrityError" in whole_log.text
    assert "Canary" not in whole_log.text
    assert "canary.example" not in whole_log.text
    assert "Canary" not in page.html


def test_an_error_that_names_somebody_is_not_told(app, whole_log, monkeypatch):
    @needs(Permission.SEE_PUBLIC_PAGES)
    def break_down() -> str:
        raise ValueError(f"{CANARY} <{ADDRESS}> cannot be written to")

    monkeypatch.setitem(app.view_functions, "public.house.privacy", break_down)

    page = Visitor(app).open("/privacy")

    assert page.status == 500
    assert "ValueError" in whole_log.text
    assert [word for word in (CANARY, ADDRESS) if word in whole_log.text + page.html] == []


def test_an_error_of_the_database_does_not_hold_what_it_was_given(app):
    row = {"id": uuid4(), "name": CANARY, "sorting_name": CANARY, "created_at": AT}
    with pytest.raises(IntegrityError) as trouble, transaction():
        for _ in range(2):  # what a server says of it names the key alone
            db.session.execute(insert(Person).values(**row))

    assert CANARY not in str(trouble.value)


def test_a_job_that_breaks_over_somebody_does_not_name_them(app, whole_log):
    job("tests.break_down")(write_half_of_somebody)
    with transaction():
        row = enqueue("tests.break_down", due_at=AT)
        db.session.flush()
        row_id = row.id

    run_due(lambda: datetime(2026, 3, 26, 9, 1, tzinfo=UTC), limit=1)

    rows = [row for row in all_rows()["job"] if row["id"] == row_id]
    assert "IntegrityError" in rows[0]["last_error"]
    assert "canary" not in rows[0]["last_error"].lower()
    assert "canary" not in whole_log.text.lower()


def test_nobody_is_named_in_the_log_of_a_whole_day(world, whole_log):
    names = [row["name"] for row in all_rows()["person"]]
    addresses = [row["email"] for row in all_rows()["person"] if row["email"]]
    for rule in world.app.url_map.iter_rules():
        limiter.reset()
        for method in methods_of(rule):
            for caller in ("attendee", "supervisor", "lead", "administrator"):
                world.ask(world.caller(caller), rule, method)
        world.rebuild()

    said = "\n".join(record.getMessage() for record in whole_log.records)
    assert len(names) > 10
    assert [name for name in [*names, *addresses] if name in said] == []


def test_no_address_of_a_page_has_a_place_for_a_name(house):
    names = {name for rule in house.url_map.iter_rules() for name in rule.arguments}

    assert not names & {"name", "email", "address", "phone", "surname", "person", "recipient"}


@pytest.fixture
def mail_server(app) -> Iterator[MailServer]:
    sweep()  # the world that stood here for the tests before
    before = mail_settings()
    with a_mail_server() as server:
        set_up_mail(replace(before, smtp_url=server.url))
        yield server
    set_up_mail(before)


@pytest.mark.parametrize(
    "trouble",
    ["", f"550 No {CANARY} <{ADDRESS}> here", f"451 {ADDRESS} later", f"421 {CANARY}?", "away"],
)
def test_a_letter_that_does_not_arrive_does_not_name_its_reader(mail_server, whole_log, trouble):
    mail_server.trouble = trouble
    if trouble == "away":
        mail_server.go()
    with transaction():
        post(
            Words(f"For {CANARY}", f"Dear {CANARY}", f"<p>Dear {CANARY}"),
            to_name=CANARY,
            to_address=ADDRESS,
            at=now(),
            about="somebody",
        )

    run_due(now, limit=1)

    (letter,) = all_rows()["letter"]
    (row,) = [row for row in all_rows()["job"] if row["name"] == "mail.deliver"]
    states = {"": LetterState.ACCEPTED, "550": LetterState.REFUSED}
    assert letter["state"] is states.get(trouble[:3], LetterState.QUEUED)
    ours = [r.getMessage() for r in whole_log.records if r.name != "mail.log"]  # the server's own
    assert "canary" not in f"{ours} {row['last_error']}".lower()
