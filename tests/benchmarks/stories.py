"""The public write-up while many read it: half of them known to us, each page the same."""

from collections.abc import Sequence

from app.kernel.clock import now
from app.plumbing.database import transaction
from app.web.sample.cast import SLUG
from app.web.sample.loading import load_sample
from tests.benchmarks.door import Engine
from tests.benchmarks.table import Row
from tests.crawl import cookies_of, the_cast_of_the_sample
from tests.load import Crowd, Shot, Volley, fire
from tests.running import Place, seconds_worked, serving

STORY = f"/events/{SLUG}/ls3/write-up"
READERS = 50
PAGES_A_SECOND = 300
MOST_MS = 100
MOST_WORK_MS = 2 * 1000 / PAGES_A_SECOND
"""What one page may cost of a processor, if two of them are to answer so many a second."""


def story_rows(engine: Engine, place: Place, *, seconds: int) -> Sequence[Row]:
    """Let strangers, attendees and staff read one write-up at the rate that was promised."""
    with place.house() as house:
        with transaction():
            load_sample(at=now())
        cast = the_cast_of_the_sample(house)
        cookies = ["", *(cookies_of(cast.visitors[who]) for who in ("lead", "attendee"))]
    shots = [
        Shot(STORY, headers={"Cookie": cookies[number % 3]} if number % 3 else {})
        for number in range(PAGES_A_SECOND * seconds)
    ]
    with serving(place) as server:
        fire(server.address, shots[:100], Crowd(clients=5))
        worked = seconds_worked(server.pid)
        volley = fire(server.address, shots, Crowd(clients=READERS, per_second=PAGES_A_SECOND))
        worked = seconds_worked(server.pid) - worked
    return _rows(engine, volley, worked)


def _rows(engine: Engine, volley: Volley, worked: float) -> Sequence[Row]:
    bodies = {one.body for one in volley.seen}
    each_ms = worked / len(volley.seen) * 1000
    p95 = volley.percentile(95) * 1000
    name = f"write-up, {engine.name}"
    return [
        Row(
            what=f"{name}: {PAGES_A_SECOND} pages a second, p95, ms",
            ours=p95,
            goal=f"<= {MOST_MS}",
            met=p95 <= MOST_MS,
        ),
        Row(
            what=f"{name}: pages a second",
            ours=volley.rate,
            goal=f">= {PAGES_A_SECOND * 0.98:.0f}",
            met=volley.rate >= PAGES_A_SECOND * 0.98,
        ),
        Row(
            what=f"{name}: processor for a page, ms",
            ours=each_ms,
            goal=f"<= {MOST_WORK_MS:.1f}",
            met=each_ms <= MOST_WORK_MS,
        ),
        Row(
            what=f"{name}: answers other than 200, and kinds of page",
            ours=f"{len(volley.seen) - volley.statuses.get(200, 0)}, {len(bodies)}",
            goal="0, 1",
            met=set(volley.statuses) == {200} and len(bodies) == 1,
        ),
    ]
