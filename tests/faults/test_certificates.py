"""A batch of certificates whose worker dies at every step, and two organisers who issue the same one."""

import hashlib
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask

from app.certificates.actions.issuing import (
    AlreadyIssued,
    NothingToIssue,
    completions_ready,
    enter,
    issue_completions,
    locked_register,
)
from app.certificates.models import CertificateIssue, CertificateRegister
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.refusal import Refusal
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content
from app.plumbing.mail import Letter
from app.plumbing.queue import Job
from app.programmes.models import Programme
from app.web.settings import ROOT
from tests.bulk import Size, load_organisation
from tests.faults.mortal import STEPS
from tests.mailserver import MailServer, a_mail_server
from tests.running import Place

ORGANISERS = (Actor("staff", None, "Helen Shaw"), Actor("staff", None, "Priya Nair"))


def a_programme_to_complete(place: Place, people: int) -> None:
    """Write a programme all of whose people have done what its rule asks."""
    with place.house():
        size = Size(programmes=1, events=1, people=people, attendances=people, tickets=0, doors=1)
        load_organisation(size, at=now())
        with transaction():
            db.session.execute(sa.delete(Job))
            db.session.execute(sa.delete(Letter))


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with a_mail_server() as server:
        yield server


class Mortal:
    """Runs our work in processes that die, and counts how often."""

    def __init__(self, place: Place, mail_server: MailServer) -> None:
        self.place, self.mail_server, self.deaths = place, mail_server, 0

    def run(self, what: str, *, crash_at: str = "", seconds: float = 600) -> bool:
        """Do the work; say whether the process died on the way."""
        settings = {"HOORAY_SMTP_URL": self.mail_server.url}
        if crash_at:
            settings["HOORAY_CRASH_AT"] = crash_at
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.mortal", what],
            cwd=ROOT,
            env=self.place.environment(**settings),
            stderr=subprocess.PIPE,
        )
        try:
            said = process.communicate(timeout=seconds)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            said = process.communicate()[1]
        assert process.returncode in {0, -signal.SIGKILL}, said.decode()[-3000:]
        self.deaths += process.returncode != 0
        return process.returncode != 0


def check_batch(place: Place, mail_server: MailServer, *, people: int, deaths: int) -> None:
    """So many certificates, numbers and files, and nobody is written to more often than we died."""
    check_drawn(place, people=people)
    with place.house():
        promised = Counter(db.session.scalars(sa.select(Letter.message_id)))
    assert len(promised) == people, "each is written to once"
    arrived = Counter(mail_server.message_ids)
    assert set(arrived) == set(promised)
    assert arrived.total() - people <= deaths, "a death may repeat one letter, under its own name"


def check_drawn(place: Place, *, people: int) -> None:
    """So many certificates and numbers, each with its own file, and that as it was written down."""
    with place.house():
        issues = db.session.scalars(
            sa.select(CertificateIssue).order_by(CertificateIssue.serial)
        ).all()
        assert [issue.serial for issue in issues] == list(range(1, people + 1))
        assert len({issue.holder_id for issue in issues}) == people
        for issue in issues:
            content = file_content(issue.file_key or "")
            assert content is not None, f"{issue.number} has no file"
            assert hashlib.sha256(content).hexdigest() == issue.pdf_sha256
        files = list((place.folder / "files" / "certificates").glob("[!.]*.pdf"))
        assert len(files) == people
    if place.is_sqlite:
        with sqlite3.connect(place.file) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_a_batch_survives_a_death_at_every_step(place, mail_server, is_full):
    """G9: at every named step; what was begun is finished, once."""
    people = 4 if is_full else 2
    a_programme_to_complete(place, people)
    mortal = Mortal(place, mail_server)
    assert mortal.run("issue", crash_at="commit:1")
    mortal.run("issue")
    assert mortal.run("send", crash_at="commit:1")
    mortal.run("send")

    for step in STEPS:
        for number in range(1, 40 if is_full else 2):
            if not mortal.run("work", crash_at=f"{step}:{number}"):
                break
    assert not mortal.run("work")

    assert mortal.deaths >= 2 + len(STEPS) - 1, "it hardly died"
    check_batch(place, mail_server, people=people, deaths=mortal.deaths)


def test_a_batch_survives_deaths_at_any_moment(place, mail_server, is_full):
    """G9: killed at random."""
    if not is_full:
        pytest.skip("the named steps stand for it; in full with HOORAY_FAULTS=full")
    people, chance = 300, random.Random(9)
    a_programme_to_complete(place, people)
    mortal = Mortal(place, mail_server)
    mortal.run("issue")
    mortal.run("send")
    for _ in range(50):
        mortal.run("work", seconds=chance.uniform(2.0, 5.0))
    mortal.run("work")

    check_batch(place, mail_server, people=people, deaths=mortal.deaths)


@pytest.fixture
def house(place: Place, is_full: bool) -> Iterator[Flask]:
    a_programme_to_complete(place, 200 if is_full else 15)
    with place.house() as opened:
        yield opened


def together(house: Flask, act) -> list[Refusal | None]:
    """Let both organisers act at the same moment, and return how each was refused, if they were."""
    barrier = threading.Barrier(len(ORGANISERS))

    def one(organiser: Actor) -> Refusal | None:
        with house.app_context():
            try:
                act(organiser, barrier)
            except Refusal as refusal:
                return refusal
            finally:
                db.session.remove()
        return None

    with ThreadPoolExecutor(len(ORGANISERS)) as pool:
        return list(pool.map(one, ORGANISERS))


def press_the_button(organiser: Actor, barrier: threading.Barrier) -> None:
    """Open the list, then issue it, as the page does."""
    programme = db.session.query(Programme).one()
    expected = len(completions_ready(programme, at=now()).awards)
    barrier.wait()
    with transaction():
        issue_completions(programme, expected=expected, batch="b", by=organiser, at=now())


def write_without_looking(organiser: Actor, barrier: threading.Barrier) -> None:
    """Enter a list that was read before the other wrote: only the constraint can stop this."""
    programme = db.session.query(Programme).one()
    awards = completions_ready(programme, at=now()).awards
    barrier.wait()
    with transaction():
        register = locked_register(db.session.query(Programme).one())
        enter(register, programme, awards, batch="b", by=organiser, at=now())


def begin_again() -> None:
    with transaction():
        for model in (AuditEntry, Job, CertificateIssue, CertificateRegister):
            db.session.execute(sa.delete(model))


def issued() -> tuple[int, int]:
    """Return how many certificates there are, and how many people hold one."""
    db.session.rollback()
    held = db.session.scalars(sa.select(CertificateIssue.holder_id)).all()
    return len(held), len(set(held))


def test_two_organisers_issue_the_same_batch_once(house, is_full):
    """G10: one issues, the other hears who did."""
    people = 200 if is_full else 15
    for _ in range(50 if is_full else 3):
        refused = together(house, press_the_button)

        assert issued() == (people, people)
        assert sorted(type(one) for one in refused if one) == [NothingToIssue]
        begin_again()


def test_the_constraint_alone_keeps_a_batch_single(house, is_full):
    """G10, without the look at the list: the database refuses, in the same words."""
    people = 200 if is_full else 15
    refused = together(house, write_without_looking)

    assert issued() == (people, people)
    assert [type(one) for one in refused if one] == [AlreadyIssued]


def test_without_the_constraint_the_same_batch_is_issued_twice(house, place, is_full):
    """G10, the control: the test above can fail."""
    people = 200 if is_full else 15
    db.session.remove()
    engine = sa.create_engine(place.database_url)
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("certificate_issue") as batch:
            batch.drop_constraint(
                "uq_certificate_issue_programme_id_holder_id_award_revision", type_="unique"
            )
    engine.dispose()

    refused = together(house, write_without_looking)

    assert refused == [None, None]
    assert issued() == (2 * people, people)
