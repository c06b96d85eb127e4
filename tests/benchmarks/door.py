"""Check-ins at the door: how many a second, and how long each phone waits."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import uuid4

from app.kernel.clock import now
from tests.benchmarks.table import Row, middle
from tests.bulk import Organisation, Size, Ticket, load_organisation
from tests.doors import check_kept, is_acknowledged, scans
from tests.load import Crowd, Shot, Volley, fire
from tests.running import Place, Server, a_free_port, serving

CROWDS = (8, 200)
PHONES = 40
"""Door phones, so that none of them meets the limit that each has."""


@dataclass(frozen=True)
class Engine:
    """A database, how many servers work on it, and what is promised of it."""

    name: str
    servers: int
    per_second: float


SQLITE = Engine("SQLite", 1, 100)
POSTGRESQL = Engine("PostgreSQL", 2, 200)


@contextmanager
def bare_servers(place: Place, count: int) -> Iterator[list[Server]]:
    """Run the bare endpoint in as many processes as the product has."""
    with ExitStack() as stack:
        servers = []
        for _ in range(count):
            port = a_free_port()
            command = (sys.executable, "-m", "tests.benchmarks.bare", place.database_url, str(port))
            server = Server(command, place.environment(), place.folder, port)
            server.start(path="/")
            stack.callback(server.stop)
            servers.append(server)
        yield servers


@contextmanager
def our_servers(place: Place, count: int) -> Iterator[list[Server]]:
    """Run the product's own server in so many processes."""
    with ExitStack() as stack:
        yield [stack.enter_context(serving(place)) for _ in range(count)]


def door_rows(engine: Engine, place: Place, bare: Place, *, rounds: int, tickets: int) -> list[Row]:
    """Measure both crowds, ours and bare in turns, and check that nothing was lost or doubled."""
    with place.house():
        size = Size(tickets=tickets * rounds * len(CROWDS), doors=PHONES)
        organisation = load_organisation(size, at=now())
    measured = {}
    with our_servers(place, engine.servers) as ours, bare_servers(bare, engine.servers) as bares:
        for number, clients in enumerate(CROWDS):
            first = number * tickets * rounds
            theirs = organisation.tickets[first : first + tickets * rounds]
            measured[clients] = measure(
                ours, bares, organisation, theirs, clients=clients, rounds=rounds
            )
    seen = [one for pairs in measured.values() for our, _ in pairs for one in our.seen]
    with place.house():
        check_kept(organisation, seen)
    return [row for clients in CROWDS for row in _rows(engine, clients, measured[clients])]


def measure(
    ours: list[Server],
    bares: list[Server],
    organisation: Organisation,
    tickets: Sequence[Ticket],
    *,
    clients: int,
    rounds: int,
) -> list[tuple[Volley, Volley]]:
    """Return ours and bare of every round, taken in turns."""
    share = len(tickets) // rounds
    pairs = []
    for number in range(rounds):
        now_theirs = tickets[number * share : (number + 1) * share]
        ours_now = _volley(ours, scans(ours[0], organisation, now_theirs), clients)
        failed = [one for one in ours_now.seen if not is_acknowledged(one)]
        assert not failed, (ours_now.statuses, failed[0].body[:300])
        pairs.append((ours_now, _volley(bares, _bare_shots(share), clients)))
    return pairs


def _volley(servers: list[Server], shots: list[Shot], clients: int) -> Volley:
    """Share the requests among the servers, as a proxy in front of them would."""
    shared = [
        Shot(s.path, s.method, s.body, s.headers, s.key, servers[number % len(servers)].address)
        for number, s in enumerate(shots)
    ]
    return fire(servers[0].address, shared, Crowd(clients=clients))


def _bare_shots(tickets: int) -> list[Shot]:
    shots = []
    for _ in range(tickets):
        said = json.dumps({"scan_id": str(uuid4()), "code": "K" * 26}).encode()
        shots += [Shot("/checkins", "POST", said, {"Content-Type": "application/json"})] * 2
    return shots


def _rows(engine: Engine, clients: int, pairs: list[tuple[Volley, Volley]]) -> list[Row]:
    name = f"door, {clients} clients, {engine.name}"
    beside = f"bare insert, {clients} clients"
    ours, bare = middle(pairs, lambda p: p[0].rate), middle(pairs, lambda p: p[1].rate)
    ratio = middle(pairs, lambda p: p[0].rate / p[1].rate)
    rows = [
        Row(
            what=f"{name}: check-ins a second",
            ours=ours,
            reference=bare,
            beside=beside,
            ratio=ratio,
            goal=f">= {engine.per_second:.0f} and >= 0.5 x",
            met=ours >= engine.per_second and ratio >= 0.5,
        )
    ]
    for percent in (50, 95, 99):
        ours_ms = middle(pairs, lambda p, at=percent: p[0].percentile(at) * 1000)
        bare_ms = middle(pairs, lambda p, at=percent: p[1].percentile(at) * 1000)
        goal = _patience(engine, clients, percent)
        rows.append(
            Row(
                what=f"{name}: p{percent}, ms",
                ours=ours_ms,
                reference=bare_ms,
                beside=beside,
                ratio=ours_ms / bare_ms,
                goal=f"<= {goal}" if goal else "",
                met=ours_ms <= goal if goal else None,
            )
        )
    return rows


def _patience(engine: Engine, clients: int, percent: int) -> int | None:
    if clients == 8:
        return 100 if percent == 95 else None
    return {
        ("SQLite", 95): 4000,
        ("SQLite", 99): 6000,
        ("PostgreSQL", 95): 1500,
        ("PostgreSQL", 99): 2500,
    }.get((engine.name, percent))
