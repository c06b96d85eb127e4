from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from app.kernel.actor import Actor
from app.people.actions import erase
from app.people.models import Person
from app.people.rules import ERASED_NAME
from app.plumbing.database import db, transaction
from app.plumbing.journal import (
    erased_so_far,
    note_erased,
    note_withdrawn,
    withdrawn_so_far,
)
from app.plumbing.queue import run_due
from tests.factories.people import a_person
from tests.factories.programmes import a_member_of_staff, a_programme

AT = datetime(2026, 3, 26, 11, 0, tzinfo=UTC)
LEAD = Actor("staff", uuid4(), "Helen Shaw")


@pytest.fixture
def journal(app, tmp_path, monkeypatch) -> Path:
    place = tmp_path / "elsewhere" / "erased-people"
    monkeypatch.setitem(app.config, "ERASURE_JOURNAL", str(place))
    return place


def erased(person: Person) -> None:
    with transaction():
        erase(db.session.get_one(Person, person.id), reason="She asked for it.", by=LEAD, at=AT)
    run_due(lambda: AT)


def brought_back(person: Person, name: str) -> None:
    """Put somebody's row back as a backup of the day before has it."""
    with transaction():
        row = db.session.get_one(Person, person.id)
        row.name, row.email, row.erased_at = name, "gwen@practice.example", None


def after_restore(app) -> str:
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=["after-restore"], catch_exceptions=False)
    db.session.rollback()
    return done.output


def test_who_was_erased_stays_erased_after_a_restore(app, journal):
    gwen, ed = a_person("Gwen Price"), a_person("Ed Marsh")
    erased(gwen)
    assert "Gwen" not in journal.read_text()
    brought_back(gwen, "Gwen Price")

    assert "1 person erased again." in after_restore(app)

    row = db.session.get_one(Person, gwen.id)
    assert (row.name, row.email, row.erased_at is None) == (ERASED_NAME, None, False)
    assert db.session.get_one(Person, ed.id).name == "Ed Marsh"
    assert "0 people erased again." in after_restore(app)


def test_an_erasure_that_was_undone_is_not_in_the_journal(app, journal):
    gwen = a_person("Gwen Price")

    with pytest.raises(ZeroDivisionError), transaction():
        erase(db.session.get_one(Person, gwen.id), reason="A slip.", by=LEAD, at=AT)
        raise ZeroDivisionError
    run_due(lambda: AT)

    assert list(erased_so_far()) == []


def test_who_signs_in_as_staff_by_then_is_told_and_the_others_are_erased(app, journal):
    helen = db.session.get_one(Person, a_member_of_staff(a_programme()).person_id)
    gwen = a_person("Gwen Price")
    name = helen.name
    for one in (helen, gwen):
        note_erased(one.id)

    said = after_restore(app)

    assert f"{name} signs in as staff." in said
    assert "1 person erased again." in said


def test_a_line_that_a_crash_cut_off_spoils_no_other(app, journal):
    first, second = uuid4(), uuid4()
    note_erased(first)
    with journal.open("a") as file:
        file.write("\n0f3c")
    note_erased(second)
    note_erased(second)

    assert list(erased_so_far()) == [first, second]


def test_of_each_certificate_the_last_word_counts(app, journal):
    first, second = uuid4(), uuid4()
    for issue, is_withdrawn in ((first, True), (second, True), (first, False), (second, True)):
        note_withdrawn(issue, is_withdrawn=is_withdrawn)

    assert list(withdrawn_so_far()) == [second]
    assert journal.read_text().split() == [
        *("withdrawn", str(first)),
        *("withdrawn", str(second)),
        *("valid", str(first)),
    ]
    assert list(erased_so_far()) == []
