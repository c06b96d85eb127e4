"""G16: the disk is full; whoever asks is refused in words, and all goes on when there is room again."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from app.kernel.clock import now
from app.plumbing.database import db
from app.plumbing.drawing.studio import STUDIO
from app.plumbing.queue import Job, run_due
from app.posters.rules import VersionState
from tests.bulk import Size, load_organisation
from tests.conftest import engine_under_test
from tests.doors import is_acknowledged, scans
from tests.factories.events import an_event
from tests.factories.posters import a_marketplace, a_poster, a_team_key
from tests.factories.programmes import a_programme, a_team
from tests.faults.test_door import check_everything
from tests.load import Crowd, fire
from tests.posters.files import a_pdf
from tests.posters.views.test_team import upload, versions
from tests.running import Place, a_place, serving
from tests.visitor import Page, Visitor

BLOCK = bytes(64 * 1024)
PAGE = 4096


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
