"""How long people wait for a page: every kind of page that a walk through the sample comes to."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.door import bare_servers
from tests.benchmarks.table import Row
from tests.crawl import Opened, cookies_of, crawl, the_cast_of_the_sample
from tests.load import Crowd, Shot, fire, percentile
from tests.running import Place, serving

LIMIT_MS = 100


@dataclass(frozen=True)
class Measured:
    """How long one page took, each time."""

    who: str
    endpoint: str
    seconds: Sequence[float]

    @property
    def p95_ms(self) -> float:
        return percentile(self.seconds, 95) * 1000


def page_rows(place: Place, bare: Place, *, times: int) -> list[Row]:
    """Measure every page, one after the other, and print the slowest."""
    with place.house() as house:
        cast = the_cast_of_the_sample(house)
        found = [(opened, cookies_of(cast.visitors[opened.who])) for opened in crawl(house, cast)]
        unseen = _unseen(house, [opened for opened, _ in found])
    with serving(place) as server, bare_servers(bare, 1) as bares:
        tried = [_measure(server.address, opened, cookies, times) for opened, cookies in found]
        reference = fire(bares[0].address, [Shot("/")] * times * 5, Crowd(clients=1))
    measured = [one for one in tried if one is not None]
    slowest = sorted(measured, key=lambda one: -one.p95_ms)
    bare_ms = reference.percentile(95) * 1000
    return [
        Row(
            what=f"pages: {len(measured)} of {len({m.endpoint for m in measured})} kinds, middle p95, ms",
            ours=percentile([one.p95_ms for one in measured], 50),
            reference=bare_ms,
            beside="bare page, one query",
            ratio=percentile([one.p95_ms for one in measured], 50) / bare_ms,
        ),
        *(
            Row(
                what=f"page, slowest {number}: {one.endpoint} ({one.who}), p95, ms",
                ours=one.p95_ms,
                reference=bare_ms,
                beside="bare page, one query",
                ratio=one.p95_ms / bare_ms,
                goal=f"<= {LIMIT_MS}",
                met=one.p95_ms <= LIMIT_MS,
            )
            for number, one in enumerate(slowest[:8], 1)
        ),
        Row(
            what="pages: kinds that the walk did not come to, downloads among them",
            ours=len(unseen),
        ),
    ]


def _measure(address: str, opened: Opened, cookies: str, times: int) -> Measured | None:
    """Ask for a page again and again; an address that only leads on to another is no page."""
    shot = Shot(opened.path, headers={"Cookie": cookies} if cookies else {})
    crowd = Crowd(clients=1)
    if 302 in fire(address, [shot] * 2, crowd).statuses:
        return None
    seen = fire(address, [shot] * times, crowd).seen
    wrong = [one.status for one in seen if one.status not in {200, 429}]
    assert not wrong, (opened.path, opened.who, wrong)
    answered = [one.seconds for one in seen if one.status == 200]
    return Measured(opened.who, opened.endpoint, answered)


def _unseen(house, opened: Sequence[Opened]) -> list[str]:
    """Return the pages of the product's own that nobody came to; downloads are among them."""
    seen = {one.endpoint for one in opened}
    own = {
        rule.endpoint
        for rule in house.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint.partition(".")[0] != "security"
    }
    return sorted(own - seen)
