"""What ten times the data costs: a scan, a pass, a list."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from app.kernel.clock import now
from tests.benchmarks.door import PHONES, Engine, bare_servers, measure, our_servers
from tests.benchmarks.table import Row, middle
from tests.bulk import LARGE, SMALL, Organisation, Size, load_organisation
from tests.crawl import cookies_of
from tests.load import Crowd, Shot, fire
from tests.running import Place
from tests.visitor import Visitor

TICKETS = 300
MOST = 1.5
"""A figure at ten times the data may be so many times the figure before: noise, and deeper indexes."""

Places = Callable[[], AbstractContextManager[tuple[Place, Place]]]


def growth_rows(engine: Engine, places: Places, *, quick: bool) -> list[Row]:
    """Measure the same work in a small and in a large organisation."""
    sizes = (
        replace(SMALL, tickets=TICKETS, doors=PHONES),
        replace(LARGE, tickets=TICKETS, doors=PHONES),
    )
    if quick:
        sizes = (sizes[0], replace(SMALL, attendances=12_000, tickets=TICKETS, doors=PHONES))
    small, large = (_measured(engine, places, size, times=5 if quick else 30) for size in sizes)
    return [
        Row(
            what=f"growth, {engine.name}: {what}, ms at 10 x",
            ours=large[what],
            reference=small[what],
            beside="the same at 1 x",
            ratio=large[what] / small[what],
            goal=f"<= {MOST} x",
            met=large[what] / small[what] <= MOST,
        )
        for what in small
    ]


def _measured(engine: Engine, places: Places, size: Size, *, times: int) -> Mapping[str, float]:
    with places() as (place, bare):
        with place.house() as house:
            organisation = load_organisation(size, at=now())
            pages = _pages(house, organisation)
        with our_servers(place, 1) as ours, bare_servers(bare, 1) as bares:
            tickets = organisation.tickets
            pairs = measure(ours, bares, organisation, tickets, clients=8, rounds=3)
            figures = {
                "a scan, 8 clients, p50": middle(pairs, lambda p: p[0].percentile(50) * 1000)
            }
            for what, shot in pages.items():
                fire(ours[0].address, [shot] * 2, Crowd(clients=1))
                volley = fire(ours[0].address, [shot] * times, Crowd(clients=1))
                assert set(volley.statuses) == {200}, (what, volley.statuses)
                figures[what] = volley.percentile(50) * 1000
    return figures


def _pages(house, organisation: Organisation) -> Mapping[str, Shot]:
    """Return the pages whose cost must not follow the whole database, as their people open them."""
    lead = Visitor(house)
    with lead.client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = organisation.lead_uniquifier, True
    attendee = Visitor(house).carry(visit=organisation.tickets[0].visit_key)
    event = f"/organise/{organisation.programme_slug}/events/{organisation.event_slug}"
    asked = {
        "the door": ("/door/", Visitor(house).carry(door=organisation.door_keys[0])),
        "a pass": (f"/my/{organisation.programme_slug}/{organisation.event_slug}/pass", attendee),
        "who is coming": (f"{event}/registrations", lead),
        "who is here": (f"{event}/attendance", lead),
        "the register": (f"/organise/{organisation.programme_slug}/certificates", lead),
    }
    return {
        what: Shot(path, headers={"Cookie": cookies_of(visitor)})
        for what, (path, visitor) in asked.items()
    }
