"""How long people wait for a page: every address that a walk through the sample's day comes to."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Flask

from app.plumbing.limits import limiter
from tests.benchmarks.door import bare_servers
from tests.benchmarks.further import further_pages
from tests.benchmarks.table import Row
from tests.crawl import (
    OF_A_KIND,
    Opened,
    asked_for_by,
    cookies_of,
    the_cast_of_the_sample,
    through_the_day,
)
from tests.load import Crowd, Shot, fire, percentile
from tests.running import Place, Server, seconds_worked, serving

LIMIT_MS = 100
MADE_WHEN_ASKED_FOR = (".pdf", ".csv", ".xlsx", ".zip", "/export")
"""Papers and lists are files, not pages: they are measured apart, without a limit."""


@dataclass(frozen=True)
class Measured:
    """How long one page took each time, and how long the server worked for it on the average."""

    who: str
    endpoint: str
    path: str
    seconds: Sequence[float]
    worked_ms: float

    @property
    def p95_ms(self) -> float:
        return percentile(self.seconds, 95) * 1000

    @property
    def is_page(self) -> bool:
        return not self.path.partition("?")[0].endswith(MADE_WHEN_ASKED_FOR)


def page_rows(place: Place, bare: Place, *, times: int) -> list[Row]:
    """Measure every page, one after the other, and print the slowest."""
    with place.house() as house:
        limiter.enabled = False  # the walk asks for more at once than anybody would
        cast = the_cast_of_the_sample(house)
        opened = through_the_day(house, cast)
        opened += further_pages(house, cast)
        wanted = [*_some_of_each(opened), *asked_for_by(house, opened)]
        found = [(one, cookies_of(cast.visitors[one.who])) for one in wanted]
    with serving(place) as server, bare_servers(bare, 1) as bares:
        tried = [_measure(server, one, cookies, times) for one, cookies in found]
        reference = fire(bares[0].address, [Shot("/")] * times * 5, Crowd(clients=1))
    measured = [one for one in tried if one is not None]
    unseen = _unseen(house, measured)
    sys.stderr.write(f"pages that the walk did not come to: {', '.join(unseen)}\n")
    return [
        *_rows(measured, reference.percentile(95) * 1000),
        Row(what="pages: kinds that the walk did not come to", ours=len(unseen)),
    ]


def _rows(measured: Sequence[Measured], bare_ms: float) -> list[Row]:
    pages = [one for one in measured if one.is_page]
    files = [one for one in measured if not one.is_page]
    kinds = len({one.endpoint for one in pages})
    middle = percentile([one.p95_ms for one in pages], 50)
    dearest = max(pages, key=lambda one: one.worked_ms)
    return [
        _row(f"pages: {len(pages)} of {kinds} kinds, middle p95, ms", middle, bare_ms),
        *_slowest("page", pages, 8, bare_ms),
        Row(
            what=f"page, dearest: {dearest.endpoint} ({dearest.who}), processor, ms",
            ours=dearest.worked_ms,
            goal=f"<= {LIMIT_MS}",
            met=dearest.worked_ms <= LIMIT_MS,
        ),
        *_slowest("file", files, 3, bare_ms),
    ]


def _slowest(what: str, measured: Sequence[Measured], how_many: int, bare_ms: float) -> list[Row]:
    slowest = sorted(measured, key=lambda one: -one.p95_ms)[:how_many]
    return [
        _row(
            f"{what}, slowest {number}: {one.endpoint} ({one.who}), p95, ms",
            one.p95_ms,
            bare_ms,
            limit=LIMIT_MS if what == "page" else None,
        )
        for number, one in enumerate(slowest, 1)
    ]


def _row(what: str, ours: float, bare_ms: float, *, limit: int | None = None) -> Row:
    return Row(
        what=what,
        ours=ours,
        reference=bare_ms,
        beside="bare page, one query",
        ratio=ours / bare_ms,
        goal=f"<= {limit}" if limit else "",
        met=ours <= limit if limit else None,
    )


def _some_of_each(opened: Iterable[Opened]) -> list[Opened]:
    """Return the last pages of each kind for each of the cast: those that stand there now."""
    kept: dict[tuple[str, str], dict[str, Opened]] = {}
    for one in opened:
        of_a_kind = kept.setdefault((one.who, one.endpoint), {})
        of_a_kind.pop(one.path, None)
        of_a_kind[one.path] = one
    return [one for of_a_kind in kept.values() for one in list(of_a_kind.values())[-OF_A_KIND:]]


def _measure(server: Server, opened: Opened, cookies: str, times: int) -> Measured | None:
    """Ask for a page again and again; what only leads on to another page, or is gone, is no page."""
    shot = Shot(opened.path, headers={"Cookie": cookies} if cookies else {})
    crowd = Crowd(clients=1)
    if set(fire(server.address, [shot] * 2, crowd).statuses) != {200}:
        return None
    before = seconds_worked(server.pid)
    seen = fire(server.address, [shot] * times, crowd).seen
    worked_ms = (seconds_worked(server.pid) - before) * 1000 / times
    wrong = [one.status for one in seen if one.status not in {200, 429}]
    assert not wrong, (opened.path, opened.who, wrong)
    answered = [one.seconds for one in seen if one.status == 200]
    return Measured(opened.who, opened.endpoint, opened.path, answered, worked_ms)


def _unseen(house: Flask, measured: Sequence[Measured]) -> list[str]:
    """Return the pages of the product's own that were not measured at any of their addresses."""
    views = house.view_functions
    known = {views[one.endpoint] for one in measured}
    own = {
        rule.endpoint
        for rule in house.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint.partition(".")[0] != "security"
    }
    return sorted(endpoint for endpoint in own if views[endpoint] not in known)
