"""Backups: taken while doors are open, and put back on a machine that knows nothing."""

import hashlib
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.certificates.actions import ending
from app.certificates.models import CertificateIssue
from app.kernel.actor import SYSTEM
from app.kernel.clock import now
from app.people.actions import erase
from app.people.models import Account, Person, Visit
from app.people.rules import ERASED_NAME
from app.plumbing.database import db, transaction
from app.plumbing.files import kept_files
from app.plumbing.mail import Letter, LetterState, Words, post
from app.plumbing.queue import run_due
from app.web.sample.loading import load_sample
from tests.bulk import Organisation
from tests.doors import kept, scans
from tests.factories.certificates import a_certificate
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.faults.test_door import an_organisation, check, check_integrity
from tests.faults.twice import Rows, everything
from tests.load import Crowd, fire
from tests.postgres import PostgresServer
from tests.running import FLASK, ROOT, Place, a_place, serving


@pytest.fixture
def elsewhere(breakable: PostgresServer | None) -> Iterator[Place]:
    """Another machine: no rows, no tables, no files."""
    with a_place(breakable.url if breakable else None, is_bare=True) as made:
        yield made


@pytest.fixture
def path(breakable: PostgresServer | None) -> str:
    """Where PostgreSQL's own programs are found, as on a machine that has them."""
    return f"{breakable.binaries}:{os.environ['PATH']}" if breakable else os.environ["PATH"]


def operate(place: Place, *words: str | Path, path: str, **settings: str) -> str:
    """Type a command at a place, and return what it says."""
    done = subprocess.run(
        [*FLASK, *map(str, words)],
        cwd=ROOT,
        env=place.environment(PATH=path, **settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def backed_up(place: Place, into: Path, *, path: str) -> Path:
    said = operate(place, "backup", into, path=path)
    return Path(said.removeprefix("Backed up: ").strip())


def what_is_kept(place: Place) -> tuple[Rows, Mapping[str, str]]:
    """Return every row, and the fingerprint of every private file."""
    with place.house():
        files = {key: hashlib.sha256(at.read_bytes()).hexdigest() for key, at in kept_files()}
        rows = {name: sorted(rows, key=str) for name, rows in everything().items()}
    return rows, files


def a_full_programme(place: Place) -> None:
    """Load the sample, with pictures and letters."""
    with place.house():
        with transaction():
            load_sample(at=now())
        run_due(now, limit=6)


def test_a_backup_brings_back_every_row_and_every_file(place, elsewhere, path, tmp_path):
    a_full_programme(place)
    rows, files = what_is_kept(place)
    assert files
    backup = backed_up(place, tmp_path, path=path)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [backup]

    operate(elsewhere, "restore", backup, path=path)

    found, again = what_is_kept(elsewhere)
    changed = {name for name in rows if rows[name] != found[name]}
    assert again == files
    # Everybody signs in anew, and what waited is kept back; the rest is as it was.
    assert changed <= {"account", "visit", "letter"}
    assert {name: len(kept) for name, kept in found.items()} == {
        name: len(kept) for name, kept in rows.items()
    }


@dataclass(frozen=True)
class Before:
    """Who and what there was when the backup was made."""

    gwen: UUID
    withdrawn: UUID
    valid: UUID
    marks: Set[str]


def some_people(place: Place) -> Before:
    """Somebody with a visit and a letter that waits, two certificates, and a programme lead."""
    with place.house():
        programme = a_programme()
        gwen, lead = a_person("Gwen Price"), a_member_of_staff(programme)
        a_visit_of(gwen, at=now())
        with transaction():
            post(
                Words("Your pass", "Bring it along.", "<p>Bring it along.</p>"),
                to_name="Ed Marsh",
                to_address="ed@practice.example",
                at=now(),
                about="letter:1",
            )
        certificates = [
            a_certificate(name, programme=programme).id for name in ("Ann Lee", "Bo Ray")
        ]
        return Before(gwen.id, *certificates, marks={lead.fs_uniquifier})


def much_ends(place: Place, before: Before) -> None:
    """Withdraw one certificate for good and another by mistake, and erase somebody."""
    with place.house():
        for one in (before.withdrawn, before.valid):
            with transaction():
                issue = db.session.get_one(CertificateIssue, one)
                ending.revoke(issue, category="other", reason="A slip.", by=SYSTEM, at=now())
        run_due(now)
        with transaction():
            issue = db.session.get_one(CertificateIssue, before.valid)
            ending.restore(issue, reason="It was none.", by=SYSTEM, at=now())
        with transaction():
            gwen = db.session.get_one(Person, before.gwen)
            erase(gwen, reason="She asked for it.", by=SYSTEM, at=now())
        run_due(now)


def test_what_had_ended_before_a_restore_has_ended_after_it(place, elsewhere, path, tmp_path):
    before = some_people(place)
    backup = backed_up(place, tmp_path, path=path)
    much_ends(place, before)
    journal = {"HOORAY_ERASURE_JOURNAL": str(place.folder / "erased-people")}

    said = operate(elsewhere, "restore", backup, path=path, **journal)

    assert "1 person erased again." in said
    assert "1 certificate withdrawn again." in said
    assert "1 letter that waited kept back" in said
    with elsewhere.house():
        assert db.session.get_one(Person, before.gwen).name == ERASED_NAME
        assert db.session.get_one(CertificateIssue, before.withdrawn).revoked_at is not None
        assert db.session.get_one(CertificateIssue, before.valid).revoked_at is None
        assert not before.marks & set(db.session.scalars(sa.select(Account.fs_uniquifier)))
        open_visits = sa.select(Visit).where(Visit.ended_at.is_(None))
        waiting = sa.select(Letter).where(Letter.state == LetterState.QUEUED)
        assert not [*db.session.scalars(open_visits), *db.session.scalars(waiting)]
    again = operate(elsewhere, "after-restore", path=path, **journal)
    assert "0 people erased again." in again
    assert "0 certificates withdrawn again." in again


def test_backups_taken_while_the_doors_are_open_are_whole(
    place, breakable, path, tmp_path, is_full
):
    times = 20 if is_full else 2
    organisation = an_organisation(place, 60 * times)
    with serving(place) as server:
        shots = scans(server, organisation, organisation.tickets)
        taken: list[Path] = []
        busy = threading.Thread(target=lambda: _take_backups(place, times, tmp_path, path, taken))
        busy.start()
        volley = fire(server.address, shots, Crowd(clients=4, per_second=20))
        busy.join()

    check(place, organisation, volley, people=60 * times)
    assert len(taken) == times
    for backup in taken:
        with a_place(breakable.url if breakable else None, is_bare=True) as other:
            operate(other, "restore", backup, path=path)
            _check_whole(other, organisation)


def _take_backups(place: Place, times: int, into: Path, path: str, taken: list[Path]) -> None:
    taken += [backed_up(place, into / str(number), path=path) for number in range(times)]


def _check_whole(place: Place, organisation: Organisation) -> None:
    check_integrity(place)
    with place.house():
        found = kept(organisation)
    assert len(found.here) == len(found.lines_by_scan) == found.attendances
