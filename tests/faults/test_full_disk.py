"""G16: the disk is full; whoever asks is refused in words, and all goes on when there is room again."""

import os
import sqlite3
import subprocess
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.certificates.models import CertificateIssue, PrintFile
from app.kernel.clock import now
from app.people.models import Account
from app.plumbing.backup import CannotBackUp, back_up
from app.plumbing.database import Model, db
from app.plumbing.drawing.studio import STUDIO
from app.plumbing.files import keep_file
from app.plumbing.queue import Job, run_due
from app.posters.rules import VersionState
from app.programmes.rules import Role
from app.registration.jobs import AT_ONCE
from app.registration.models import InvitationList
from app.web.commands import keep_working
from tests.bulk import Size, load_organisation
from tests.conftest import engine_under_test
from tests.doors import is_acknowledged, scans
from tests.factories.events import an_event
from tests.factories.posters import a_marketplace, a_poster, a_team_key
from tests.factories.programmes import a_member_of_staff, a_programme, a_team
from tests.faults.test_certificates import a_programme_to_complete, check_drawn
from tests.faults.test_door import check_everything
from tests.load import Crowd, fire
from tests.posters.files import a_pdf
from tests.posters.views.test_team import upload, versions
from tests.registration.views.test_lists import a_list_of, press_send
from tests.registration.views.test_lists import upload as upload_list
from tests.running import Place, a_place, serving
from tests.visitor import Page, Visitor

BLOCK = bytes(64 * 1024)
PAGE = 4096
ROOM_FOR_SOME = 400 * 1024
ISSUE = "/organise/programme-0/certificates/issue"
PRINT = "/organise/programme-0/certificates/print"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", str(tmp_path)], check=False
    )
    if made.returncode:
        pytest.skip("this machine does not let us make a small disk")
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def fill(disk: Path, *, but: int = 0) -> Path:
    """Take all the room there is, but for so many bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(BLOCK):
                pass
        except OSError:
            file.truncate(file.tell() - but)
            return ballast
    raise AssertionError("a disk without an end")


def test_a_full_disk_refuses_scans_in_words_and_takes_them_later(small_disk):
    if engine_under_test() != "sqlite":
        pytest.skip("PostgreSQL's disk is not ours; it stops and recovers by itself, as in G8")
    with a_place(under=small_disk) as place:
        with place.house():
            organisation = load_organisation(
                Size(people=100, attendances=200, tickets=40, doors=4), at=now()
            )
        with serving(place) as server:
            shots = scans(server, organisation, organisation.tickets, copies=1)
            ballast = fill(small_disk)
            told = fire(server.address, shots, Crowd(clients=4))
            ballast.unlink()
            taken = fire(server.address, shots, Crowd(clients=4))

        assert 503 in told.statuses, told.statuses
        assert set(told.statuses) <= {200, 503}, told.statuses
        assert all(map(is_acknowledged, taken.seen)), taken.statuses
        check_everything(place, organisation, [*told.seen, *taken.seen], people=40)


EVERYTHING, DATABASE, FILES, DRAFTS = "everything", "the database", "the files", "the drafts"
BACKUPS = "backups"


@pytest.fixture
def place_on(small_disk, tmp_path_factory, monkeypatch) -> Iterator[Callable[[str], Place]]:
    """Makes a product that has this on the small disk, and everything else where there is room."""
    if engine_under_test() != "sqlite":
        pytest.skip("PostgreSQL's disk is not ours; it stops and recovers by itself, as in G8")

    def a_place_with(what: str) -> Place:
        def folder(part: str) -> Path:
            if what in {EVERYTHING, part}:
                return small_disk
            return tmp_path_factory.mktemp("roomy")

        monkeypatch.setattr(tempfile, "tempdir", str(folder(DRAFTS)))
        data = folder(FILES) / "data"
        data.mkdir()
        place = Place(data, f"sqlite:///{folder(DATABASE) / 'hooray.sqlite'}")
        with place.house():
            upgrade()
        return place

    yield a_place_with
    STUDIO.close()  # its folder goes with the disk


def files_of(place: Place) -> set[str]:
    folder = place.folder / "files"
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def work(*, later: timedelta = timedelta()) -> None:
    """Do what is due as a worker does it: a database that fails is asked again later."""
    with suppress(OperationalError):
        run_due(lambda: now() + later)


def refuses(page: Page) -> bool:
    return page.status == 503 and "There is no room left on the server" in page.text


@pytest.mark.parametrize("full", [EVERYTHING, DATABASE, FILES, DRAFTS])
def test_a_poster_is_refused_in_words_and_taken_when_there_is_room(place_on, small_disk, full):
    place = place_on(full)
    with place.house() as app:
        event = an_event(a_programme(), shows_posters=True, starts_at=now())
        a_marketplace(event, uploads_close_at=now() + timedelta(hours=1))
        poster = a_poster(a_team(event.programme), event)
        team = Visitor(app).carry(team=a_team_key(poster, at=now()))
        form = team.open("/team/file")

        ballast = fill(small_disk)
        told = upload(team, form, a_pdf())
        assert refuses(told), (told.status, told.text)
        assert (versions(), files_of(place)) == ([], set())
        assert team.open("/team/").status == 200, "what is kept can be read"

        ballast.unlink()
        assert "Your poster has arrived." in upload(team, form, a_pdf()).text
        arrived = files_of(place)

        # The file itself finds a place to be looked at, what is made of it does not.
        ballast = fill(small_disk, but=2 * PAGE if full == DRAFTS else 0)
        work()
        assert (versions()[0].state, files_of(place)) == (VersionState.WAITING, arrived)
        preparing = db.session.query(Job).filter_by(name="posters.prepare").one()
        assert preparing.attempts == 0, "it does not give up for want of room"

        ballast.unlink()
        work(later=timedelta(minutes=1))
        (version,) = versions()
        assert version.state is VersionState.READY
        assert not arrived & files_of(place)
        assert {Path(name).suffix for name in files_of(place)} == {".pdf", ".webp", ".jpg"}


def the_lead(app: Flask) -> Visitor:
    """Whoever leads the programme of `load_organisation`, signed in."""
    db.session.rollback()
    account = db.session.query(Account).filter_by(email="lead-0@practice.example").one()
    return Visitor(app).sign_in(account)


def test_a_batch_of_certificates_waits_for_room(place_on, small_disk):
    place = place_on(EVERYTHING)
    people = 25
    a_programme_to_complete(place, people)
    with place.house() as app:
        lead = the_lead(app)
        page = lead.open(ISSUE)
        ballast = fill(small_disk)
        told = lead.submit(page, ISSUE)
        assert refuses(told), (told.status, told.text)
        assert db.session.query(CertificateIssue).count() == 0

        ballast.unlink()
        told = lead.submit(page, ISSUE)
        assert told.status == 200

        ballast = fill(small_disk, but=ROOM_FOR_SOME)
        with a_worker(app):
            wait_until(lambda: drawn_at(place))
            time.sleep(1)
            assert 0 < drawn_at(place) < people, "there was room for some of them"

            ballast.unlink()
            wait_until(lambda: drawn_at(place) == people)

        page, ballast = lead.open(PRINT), fill(small_disk)
        assert refuses(lead.submit(page, PRINT))
        ballast.unlink()
        lead.submit(page, PRINT)
        work()
        assert db.session.query(PrintFile).one().pages == people + 1
    check_drawn(place, people=people)
    assert len(files_of(place)) == people + 1, "a draft stayed"


@contextmanager
def a_worker(app: Flask) -> Iterator[None]:
    """Do later work in a thread beside this one, as the server does, and see to its end."""
    stop = threading.Event()
    worker = threading.Thread(target=keep_working, args=(app, stop))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def drawn_at(place: Place) -> int:
    """How many certificates the worker has drawn."""
    with closing(sqlite3.connect(place.file, timeout=30)) as connection:
        asked = "SELECT count(*) FROM certificate_issue WHERE drawn_at IS NOT NULL"
        return connection.execute(asked).fetchone()[0]


def wait_until(is_so: Callable[[], object], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.2)


def test_a_list_is_taken_whole_or_not_at_all(place_on, small_disk):
    place = place_on(EVERYTHING)
    with place.house() as app:
        event = an_event(a_programme(), starts_at=now() + timedelta(days=30), capacity=None)
        lead = Visitor(app).sign_in(a_member_of_staff(event.programme, Role.LEAD))
        before, file = rows(), a_list(3_000)

        ballast = fill(small_disk)
        assert refuses(upload_list(lead, file))
        assert rows() == before

        ballast.unlink()
        page = upload_list(lead, file)
        assert "Send 3,000 invitations" in page.text
        assert db.session.query(InvitationList).count() == 1

        before, ballast = rows(), fill(small_disk)
        assert refuses(press_send(lead, page))
        assert rows() == before

        ballast.unlink()
        assert "3,000 queued" in press_send(lead, page).text


def test_the_invitations_of_a_list_go_on_when_there_is_room(place_on, small_disk):
    place, people = place_on(EVERYTHING), 200
    with place.house() as app:
        event = an_event(a_programme(), starts_at=now() + timedelta(days=30), capacity=None)
        lead = Visitor(app).sign_in(a_member_of_staff(event.programme, Role.LEAD))
        press_send(lead, upload_list(lead, a_list(people)))

        ballast = fill(small_disk, but=ROOM_FOR_SOME)
        for _ in range(3):
            work()
        invited = rows()["registration"]
        assert 0 < invited < people and invited % AT_ONCE == 0, invited
        assert rows()["letter"] == invited

        ballast.unlink()
        work(later=timedelta(minutes=1))
        assert (rows()["registration"], rows()["letter"]) == (people, people)


@pytest.mark.parametrize("room", [0, 16, 400], ids=lambda room: f"{room} kB")
def test_a_backup_is_made_whole_or_not_at_all(place_on, small_disk, room):
    """Without room for anything, for the database's copy, or for all but the last file."""
    place, backups = place_on(BACKUPS), small_disk / "backups"
    with place.house():
        load_organisation(Size(people=100, attendances=200, tickets=40, doors=4), at=now())
        for number in range(8):
            keep_file(f"certificates/{number}.pdf", os.urandom(100 * 1024))
        backups.mkdir()

        ballast = fill(small_disk, but=room * 1024)
        with pytest.raises(CannotBackUp, match="no room left for one in") as refusal:
            back_up(backups, at=now())
        assert str(backups) in str(refusal.value)
        assert not [*backups.iterdir()], "a draft stayed"

        ballast.unlink()
        with zipfile.ZipFile(back_up(backups, at=now())) as whole:
            assert whole.testzip() is None


def a_list(people: int) -> bytes:
    return a_list_of(*((f"Person {n}", f"p{n}@practice.example", "") for n in range(people)))


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with db.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Model.metadata.sorted_tables
        }
