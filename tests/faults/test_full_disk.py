"""G16: the disk is full; whoever asks is refused in words, and all goes on when there is room again."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel.clock import now
from tests.bulk import Size, load_organisation
from tests.conftest import engine_under_test
from tests.doors import is_acknowledged, scans
from tests.faults.test_door import check_everything
from tests.load import Crowd, fire
from tests.running import a_place, serving

BLOCK = bytes(64 * 1024)


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


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(BLOCK):
                pass
        except OSError:
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
