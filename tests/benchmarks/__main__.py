"""Print the table: `.venv/bin/python -m tests.benchmarks`, or some parts of it by name."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.certificates import certificate_rows
from tests.benchmarks.door import POSTGRESQL, SQLITE, Engine, door_rows
from tests.benchmarks.groupwork import group_work_rows
from tests.benchmarks.growth import growth_rows
from tests.benchmarks.pages import page_rows
from tests.benchmarks.posters import poster_rows
from tests.benchmarks.resting import memory_rows, start_rows
from tests.benchmarks.skills import skills_rows
from tests.benchmarks.stories import story_rows
from tests.benchmarks.table import Row, in_a_table, machine
from tests.postgres import a_postgres_server
from tests.running import Place, a_place

PARTS = (
    "door",
    "certificates",
    "pages",
    "start",
    "memory",
    "growth",
    "posters",
    "skills",
    "groupwork",
    "stories",
)


def main() -> None:
    """Measure the parts that were asked for, and print one table of all of them."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=PARTS, default=[])
    parser.add_argument(
        "--quick", action="store_true", help="small figures, to try the suite itself"
    )
    asked = parser.parse_args()
    rows = []
    for part in asked.parts or PARTS:
        began = time.monotonic()
        rows += list(MEASURES[part](quick=asked.quick))
        sys.stderr.write(f"{part}: {time.monotonic() - began:.0f} s\n")
    sys.stdout.write(f"{machine()}\n\n{in_a_table(rows)}\n")
    sys.exit(any(row.met is False for row in rows) and not asked.quick)


@contextmanager
def two_places(engine: Engine) -> Iterator[tuple[Place, Place]]:
    """Make room for the product and for the bare endpoint on one kind of database."""
    if engine is SQLITE:
        with a_place() as ours, a_place() as bare:
            yield ours, bare
        return
    with a_postgres_server(fsync=True) as url, a_place(url) as ours, a_place(url) as bare:
        yield ours, bare


def door(*, quick: bool) -> Iterator[Row]:
    """Measure check-ins on both databases."""
    for engine in (SQLITE, POSTGRESQL):
        with two_places(engine) as (ours, bare):
            yield from door_rows(engine, ours, bare, rounds=3, tickets=40 if quick else 400)


def certificates(*, quick: bool) -> Iterator[Row]:
    """Measure drawing."""
    yield from certificate_rows(how_many=50 if quick else 500, naively=2 if quick else 10)


def pages(*, quick: bool) -> Iterator[Row]:
    """Measure every page of the sample."""
    with two_places(SQLITE) as (ours, bare):
        yield from page_rows(ours, bare, times=5 if quick else 20)


def growth(*, quick: bool) -> Iterator[Row]:
    """Measure what ten times the data costs, on both databases."""
    for engine in (SQLITE, POSTGRESQL):
        yield from growth_rows(engine, lambda engine=engine: two_places(engine), quick=quick)


def posters(*, quick: bool) -> Iterator[Row]:
    """Measure the marketplace on its day, on both databases."""
    for engine in (SQLITE, POSTGRESQL):
        with two_places(engine) as (ours, _):
            yield from poster_rows(engine, ours, seconds=5 if quick else 30)


def skills(*, quick: bool) -> Iterator[Row]:
    """Measure a cohort's skills rounds, on both databases."""
    for engine in (SQLITE, POSTGRESQL):
        with two_places(engine) as (ours, bare):
            yield from skills_rows(engine, ours, bare, times=5 if quick else 40)


def groupwork(*, quick: bool) -> Iterator[Row]:
    """Measure group work on its day, on both databases."""
    for engine in (SQLITE, POSTGRESQL):
        with two_places(engine) as (ours, _):
            yield from group_work_rows(engine, ours, seconds=5 if quick else 20)


def stories(*, quick: bool) -> Iterator[Row]:
    """Measure a public write-up that many read at once, on both databases."""
    for engine in (SQLITE, POSTGRESQL):
        with two_places(engine) as (ours, _):
            yield from story_rows(engine, ours, seconds=5 if quick else 20)


def start(*, quick: bool) -> Iterator[Row]:
    """Measure the way from the start command to the first page."""
    with two_places(SQLITE) as (_, bare):
        yield from start_rows(bare, rounds=1 if quick else 3)


def memory(*, quick: bool) -> Iterator[Row]:
    """Measure what the product takes while nobody asks."""
    for engine in (SQLITE, POSTGRESQL):
        with two_places(engine) as (ours, bare):
            yield from memory_rows(engine, ours, bare)


MEASURES = {
    "door": door,
    "certificates": certificates,
    "pages": pages,
    "start": start,
    "memory": memory,
    "growth": growth,
    "posters": posters,
    "skills": skills,
    "groupwork": groupwork,
    "stories": stories,
}

if __name__ == "__main__":
    main()
