"""Group work (G4): 150 phones look every two seconds, 20 cards a second arrive, and the door scans."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode
from uuid import uuid4

from app.events.models import Event
from app.groupwork.models import Card, GroupWork
from app.groupwork.queries.tables import tables_of
from app.groupwork.rules.stages import Move
from app.kernel.clock import now
from app.plumbing.browser import SCRIBE_COOKIE, VISIT_COOKIE
from app.plumbing.database import db
from tests.benchmarks.door import PHONES, Engine
from tests.benchmarks.table import Row, wait_row
from tests.bulk import Organisation, Size, Ticket, load_organisation
from tests.doors import is_acknowledged, scans
from tests.factories.groupwork import a_group_work, a_pen, led_on
from tests.load import Crowd, Seen, Shot, Volley, fire_together, percentile
from tests.running import Place, Server, seconds_worked, serving

VIEWERS = 150
EVERY = 2.0
"""Seconds between two looks of a phone, a wall or the facilitator; they vary by a tenth."""
TABLES = 20
CARDS_A_SECOND = 20
SCANS_A_SECOND = 10
MOST_SECONDS = 3.0
MOST_MS = 500


@dataclass(frozen=True)
class Room:
    """A session on its day: who looks, and each table's code with the key of its scribe."""

    organisation: Organisation
    pens: Sequence[tuple[str, str]]

    @property
    def viewers(self) -> Sequence[Ticket]:
        return self.organisation.tickets[:VIEWERS]

    @property
    def arriving(self) -> Sequence[Ticket]:
        return self.organisation.tickets[VIEWERS:]


def group_work_rows(engine: Engine, place: Place, *, seconds: int) -> list[Row]:
    """Let everybody look while cards and scans arrive: phones as they do, with the tag of what they saw."""
    with place.house():
        room = _a_room()
    with serving(place) as server:
        before = seconds_worked(server.pid)
        looks, cards, door = _all_at_once(server, room, seconds=seconds)
        worked = seconds_worked(server.pid) - before
    with place.house():
        kept = db.session.query(Card).count()
    assert set(looks.statuses) == {200, 304}, looks.statuses
    assert set(cards.statuses) == {302}, cards.statuses
    assert all(is_acknowledged(one) for one in door.seen), door.statuses
    assert kept == len(cards.seen), f"{kept} of {len(cards.seen)} cards are there"
    name = f"group work, {VIEWERS} viewers, {CARDS_A_SECOND} cards/s, {engine.name}"
    seen_after = EVERY * 1.1 + _p95(cards.seen) + _p95(looks.seen)
    return [
        Row(
            what=f"{name}: a card is seen after, at most, p95, s",
            ours=seen_after,
            goal=f"<= {MOST_SECONDS:.0f}",
            met=seen_after <= MOST_SECONDS,
        ),
        wait_row(f"{name}: a look", looks.seen),
        wait_row(f"{name}: a card", cards.seen),
        wait_row(f"{name}: a scan at the door", door.seen, most_ms=MOST_MS),
        Row(what=f"{name}: looks a second", ours=looks.rate),
        Row(what=f"{name}: share of one core", ours=worked / looks.seconds),
    ]


def _a_room() -> Room:
    organisation = load_organisation(Size(tickets=VIEWERS + 300, doors=PHONES), at=now())
    event = db.session.get_one(Event, organisation.event_id)
    work = a_group_work(event, at=now(), tables=TABLES)
    led_on(work, Move.START, at=now())
    return Room(organisation, _pens(work))


def _pens(work: GroupWork) -> list[tuple[str, str]]:
    return [(table.code, a_pen(table, at=now())) for table in tables_of(work)]


def _all_at_once(server: Server, room: Room, *, seconds: int) -> Sequence[Volley]:
    looks_a_second = VIEWERS / EVERY
    tag = _a_tag(server, room)
    crowds = (
        (
            _looks(room, int(looks_a_second * seconds), tag),
            Crowd(clients=VIEWERS, per_second=looks_a_second),
        ),
        (
            _cards(server, room, CARDS_A_SECOND * seconds),
            Crowd(clients=TABLES, per_second=CARDS_A_SECOND),
        ),
        (
            _scans(server, room, SCANS_A_SECOND * seconds),
            Crowd(clients=SCANS_A_SECOND, per_second=SCANS_A_SECOND),
        ),
    )
    return fire_together(server.address, crowds)


def _looks(room: Room, how_many: int, tag: str) -> list[Shot]:
    """Return the looks of all; one in ten has seen nothing yet and is sent the whole part."""
    keys = [ticket.visit_key for ticket in room.viewers]
    return [
        Shot(
            _part(room),
            headers={
                "Cookie": f"{VISIT_COOKIE}={keys[number % len(keys)]}",
                **({"If-None-Match": tag} if number % 10 else {}),
            },
        )
        for number in range(how_many)
    ]


def _part(room: Room) -> str:
    organisation = room.organisation
    return f"/my/{organisation.programme_slug}/{organisation.event_slug}/table/now"


def _a_tag(server: Server, room: Room) -> str:
    """Look once as a phone at each table does, and return the tags, any of which says the same scene."""
    tags = set()
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    for ticket in room.viewers:
        cookie = {"Cookie": f"{VISIT_COOKIE}={ticket.visit_key}"}
        connection.request(
            "GET", _part(room), headers={"Host": f"localhost:{server.port}", **cookie}
        )
        answer = connection.getresponse()
        answer.read()
        tags.add(answer.headers["ETag"])
    connection.close()
    return ", ".join(sorted(tags))


def _cards(server: Server, room: Room, how_many: int) -> list[Shot]:
    forms = [_a_form(server, code, key) for code, key in room.pens]
    return [_a_card(room.pens[n % TABLES], forms[n % TABLES], n) for n in range(how_many)]


def _a_card(pen: tuple[str, str], form: tuple[str, str], number: int) -> Shot:
    (code, key), (session, token) = pen, form
    said = {
        "csrf_token": token,
        "submission": str(uuid4()),
        "question": "0",
        "text": f"Let reception signpost callers ({number})",
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{SCRIBE_COOKIE}={key}; {session}",
    }
    return Shot(f"/g/{code}/cards", "POST", urlencode(said).encode(), headers)


def _a_form(server: Server, code: str, key: str) -> tuple[str, str]:
    """Open a table's page as its phone does; return the browser's cookie and the form's token."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Host": f"localhost:{server.port}", "Cookie": f"{SCRIBE_COOKIE}={key}"}
    connection.request("GET", f"/g/{code}", headers=headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    session = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert token, page[:500]
    connection.close()
    return session, token[1]


def _scans(server: Server, room: Room, how_many: int) -> list[Shot]:
    coming = room.arriving[: min(how_many, len(room.arriving))]
    return scans(server, room.organisation, coming, copies=1)


def _p95(seen: Sequence[Seen]) -> float:
    return percentile([one.seconds for one in seen], 95)
