"""What ten times the data costs: a scan, a pass, a list.

Both organisations run side by side and are asked in turns, so that whatever else the machine does
falls on both. The event that is on, its programme and its doors are of the same size in both.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from statistics import median

from sqlalchemy import text

from app.kernel.clock import now
from app.plumbing.database import db, transaction
from tests.benchmarks.door import PHONES, Engine, our_servers
from tests.benchmarks.table import Row
from tests.bulk import LARGE, SMALL, Organisation, Size, load_organisation
from tests.crawl import cookies_of
from tests.doors import is_acknowledged, scans
from tests.load import Crowd, Shot, fire
from tests.running import Place, Server
from tests.visitor import Visitor

TICKETS = 300
SCANS_A_ROUND = 50
MOST = 1.5
"""A figure at ten times the data may be so many times the figure before: noise, and deeper indexes."""

Places = Callable[[], AbstractContextManager[tuple[Place, Place]]]


@dataclass(frozen=True)
class World:
    """One organisation and the server that works for it."""

    organisation: Organisation
    server: Server
    pages: Mapping[str, Shot]


def growth_rows(engine: Engine, places: Places, *, quick: bool) -> list[Row]:
    """Measure the same work in a small and in a large organisation."""
    small, large = (replace(size, tickets=TICKETS, doors=PHONES) for size in (SMALL, LARGE))
    if quick:
        large = replace(small, attendances=12_000)
    with places() as (one, other), _a_world(one, small) as ours, _a_world(other, large) as theirs:
        waits = {
            "a scan, 8 clients": _scans(ours, theirs, rounds=3),
            **{
                what: _in_turns(ours, theirs, what, times=5 if quick else 30) for what in ours.pages
            },
        }
    return [_row(engine, what, *pair) for what, pair in waits.items()]


def _row(engine: Engine, what: str, small: Sequence[float], large: Sequence[float]) -> Row:
    before, after = median(small) * 1000, median(large) * 1000
    return Row(
        what=f"growth, {engine.name}: {what}, p50, ms at 10 x",
        ours=after,
        reference=before,
        beside="the same at 1 x",
        ratio=after / before,
        goal=f"<= {MOST} x",
        met=after / before <= MOST,
    )


@contextmanager
def _a_world(place: Place, size: Size) -> Iterator[World]:
    with ExitStack() as stack:
        with place.house() as house:
            organisation = load_organisation(size, at=now())
            pages = _pages(house, organisation)
            if not place.is_sqlite:
                with transaction():
                    db.session.execute(text("ANALYZE"))  # as it does by itself before long
        (server,) = stack.enter_context(our_servers(place, 1))
        yield World(organisation, server, pages)


def _in_turns(
    small: World, large: World, what: str, *, times: int
) -> tuple[list[float], list[float]]:
    """Ask both for the same page, one after the other, and return how long each took."""
    waits: tuple[list[float], list[float]] = ([], [])
    for number in range(times + 2):
        for world, mine in zip((small, large), waits, strict=True):
            (seen,) = fire(world.server.address, [world.pages[what]], Crowd(clients=1)).seen
            assert seen.status == 200, (what, seen.status)
            if number > 1:  # the first two warm the server up
                mine.append(seen.seconds)
    return waits


def _scans(small: World, large: World, *, rounds: int) -> tuple[list[float], list[float]]:
    """Let eight phones scan at both, a round here and a round there."""
    waits: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        first = number * SCANS_A_ROUND
        for world, mine in zip((small, large), waits, strict=True):
            theirs = world.organisation.tickets[first : first + SCANS_A_ROUND]
            shots = scans(world.server, world.organisation, theirs)
            volley = fire(world.server.address, shots, Crowd(clients=8))
            assert all(is_acknowledged(one) for one in volley.seen), volley.statuses
            mine += [one.seconds for one in volley.seen]
    return waits


def _pages(house, organisation: Organisation) -> Mapping[str, Shot]:
    """Return the pages whose cost must not follow the whole database, as their people open them."""
    lead = Visitor(house)
    with lead.client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = organisation.lead_uniquifier, True
    attendee = Visitor(house).carry(visit=organisation.tickets[0].visit_key)
    door = Visitor(house).carry(door=organisation.door_keys[0])
    programme = f"/organise/{organisation.programme_slug}"
    event = f"{programme}/events/{organisation.event_slug}"
    asked = {
        "the door": ("/door/", door),
        "the door's log": ("/door/log", door),
        "a pass": (f"/my/{organisation.programme_slug}/{organisation.event_slug}/pass", attendee),
        "my certificates": ("/my/certificates", attendee),
        "the event": (event, lead),
        "who is coming": (f"{event}/registrations", lead),
        "who is here": (f"{event}/attendance", lead),
        "the doors": (f"{event}/doors", lead),
        "the event-day check": (f"{event}/event-day-check", lead),
        "the programme": (programme, lead),
        "the teams": (f"{programme}/teams", lead),
        "a team": (f"{programme}/teams/practice-1", lead),
        "who has completed": (f"{programme}/completion", lead),
        "the register": (f"{programme}/certificates", lead),
        "the changes": (f"{programme}/changes", lead),
    }
    return {
        what: Shot(path, headers={"Cookie": cookies_of(visitor)})
        for what, (path, visitor) in asked.items()
    }
