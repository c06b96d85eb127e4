"""The marketplace: phones at every poster while the door works, and the papers at the end of the day."""

import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BytesIO
from urllib.parse import urlencode
from uuid import uuid4

from PIL import Image
from sqlalchemy import select

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.people.models import Person
from app.plumbing.browser import VISIT_COOKIE
from app.plumbing.database import db, transaction
from app.plumbing.drawing.studio import STUDIO
from app.plumbing.files import keep_file
from app.plumbing.queue import run_due
from app.posters.actions.preparing import picture_key
from app.posters.actions.reporting import ask_for_reports
from app.posters.models import Poster, Reflection
from app.posters.queries.feedback import newest_reports_at
from app.posters.rules import Aspect
from app.programmes.models import Team
from app.programmes.queries import teams_of
from tests.benchmarks.door import PHONES, Engine
from tests.benchmarks.table import Row, wait_row
from tests.bulk import Organisation, Size, Ticket, load_organisation
from tests.doors import is_acknowledged, scans
from tests.factories.posters import a_marketplace, a_poster, a_version
from tests.factories.voices import a_kept_question, a_kept_reflection, an_answer
from tests.load import Crowd, Shot, Volley, fire_together
from tests.running import Place, Server, seconds_worked, serving

READERS = 200
PAGES_A_SECOND = 20
"""Each of 200 phones goes on after ten seconds: a poster it has not seen, and its picture, once."""
REFLECTIONS_A_SECOND = 20
SCANS_A_SECOND = 10
MOST_MS = 500
REPORTS = 8
MOST_SECONDS = 15


@dataclass(frozen=True)
class Hall:
    """A marketplace on its day: who comes, and the addresses of its posters."""

    organisation: Organisation
    codes: Sequence[str]

    @property
    def readers(self) -> Sequence[Ticket]:
        return self.organisation.tickets[:READERS]

    @property
    def arriving(self) -> Sequence[Ticket]:
        return self.organisation.tickets[READERS:]


def poster_rows(engine: Engine, place: Place, *, seconds: int) -> list[Row]:
    """Let 200 phones read and 20 reflections a second arrive while the door scans; then draw reports."""
    with place.house():
        hall = _a_hall()
    with serving(place) as server:
        spent = seconds_worked(server.pid)
        reading, reflecting, door = _all_at_once(server, hall, seconds=seconds)
        worked = seconds_worked(server.pid) - spent
    with place.house():
        kept = db.session.query(Reflection).count()
        drawing = _reports_rows(hall) if engine.servers == 1 else []
    _refuse_failures(reading, reflecting, door)
    sent = [one for one in reflecting.seen if one.shot.method == "POST"]
    assert kept == len(sent), f"{kept} of {len(sent)} reflections are there"
    read = [*reading.seen, *reflecting.seen]
    pages = [one for one in read if one.shot.path.removeprefix("/p/") in hall.codes]
    pictures = [one for one in reading.seen if one.shot.path.endswith("/small")]
    name = f"posters, {READERS} phones, {engine.name}"
    return [
        wait_row(f"{name}: a poster's page", pages, most_ms=MOST_MS),
        wait_row(f"{name}: its picture", pictures),
        wait_row(f"{name}: a reflection", sent, most_ms=MOST_MS),
        wait_row(f"{name}: a scan at the door", door.seen, most_ms=MOST_MS),
        Row(what=f"{name}: answers a second", ours=len(read) / reading.seconds),
        Row(what=f"{name}: share of one core", ours=worked / reading.seconds),
        *drawing,
    ]


def _a_hall() -> Hall:
    size = Size(tickets=READERS + 300, doors=PHONES)
    organisation = load_organisation(size, at=now())
    event = db.session.get_one(Event, organisation.event_id)
    with transaction():
        db.session.get_one(Event, organisation.event_id).shows_posters = True
    a_marketplace(event)
    posters = [_a_poster(team, event, stand) for stand, team in _teams(event)]
    return Hall(organisation, [poster.code for poster in posters])


def _teams(event: Event) -> Sequence[tuple[int, Team]]:
    return list(enumerate(teams_of(event.programme)[:REPORTS], 1))


def _a_poster(team: Team, event: Event, stand: int) -> Poster:
    poster = a_poster(team, event, stand=stand, aim="Halve missed calls by June.")
    version = a_version(poster)
    keep_file(picture_key(version, "small"), _picture(1200, 1700, "WEBP", quality=20))
    keep_file(picture_key(version, "large"), _picture(2828, 4000, "JPEG", quality=80))
    return poster


def _picture(wide: int, high: int, kind: str, *, quality: int) -> bytes:
    """Draw something as heavy as a photographed poster."""
    made = BytesIO()
    Image.effect_noise((wide, high), 40).convert("RGB").save(made, kind, quality=quality)
    return made.getvalue()


def _all_at_once(server: Server, hall: Hall, *, seconds: int) -> Sequence[Volley]:
    crowds = (
        (_reading(hall, seconds), Crowd(clients=READERS, per_second=2 * PAGES_A_SECOND)),
        (
            _reflecting(server, hall, seconds),
            Crowd(clients=4 * REFLECTIONS_A_SECOND, per_second=2 * REFLECTIONS_A_SECOND),
        ),
        (
            _arriving(server, hall, seconds),
            Crowd(clients=SCANS_A_SECOND, per_second=SCANS_A_SECOND),
        ),
    )
    return fire_together(server.address, crowds)


def _reading(hall: Hall, seconds: int) -> list[Shot]:
    """Return what phones ask for that go from stand to stand: a page, and the picture on it."""
    shots = []
    for number in range(PAGES_A_SECOND * seconds):
        ticket = hall.readers[number % READERS]
        code = hall.codes[(number + number // READERS) % len(hall.codes)]
        headers = {"Cookie": f"{VISIT_COOKIE}={ticket.visit_key}"}
        shots += [Shot(f"/p/{code}", headers=headers), Shot(f"/p/{code}/1/small", headers=headers)]
    return shots


def _reflecting(server: Server, hall: Hall, seconds: int) -> list[Shot]:
    """Return what phones send that reflect: the form, and the poster's page to which it leads back."""
    session, token = _a_form(server, hall)
    shots = []
    for number in range(REFLECTIONS_A_SECOND * seconds):
        sent = _a_reflection(hall, number, session, token)
        back = Shot(sent.path.removesuffix("/reflection"), headers=sent.headers)
        shots += [sent, back]
    return shots


def _a_reflection(hall: Hall, number: int, session: str, token: str) -> Shot:
    said = {
        "csrf_token": token,
        "submission": str(uuid4()),
        "data": f"The run chart says it all ({number}).",
        "attribution": "anonymous",
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{VISIT_COOKIE}={hall.readers[number % READERS].visit_key}; {session}",
    }
    code = hall.codes[number % len(hall.codes)]
    return Shot(f"/p/{code}/reflection", "POST", urlencode(said).encode(), headers)


def _a_form(server: Server, hall: Hall) -> tuple[str, str]:
    """Go once around the stands and open the form as a phone does; return its cookie and its token."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    cookie = f"{VISIT_COOKIE}={hall.readers[0].visit_key}"
    session, page = "", ""
    for path in [*(f"/p/{code}" for code in hall.codes), f"/p/{hall.codes[0]}/reflection"]:
        headers = {"Host": f"localhost:{server.port}", "Cookie": f"{cookie}; {session}"}
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        session = (answer.headers["Set-Cookie"] or "").partition(";")[0] or session
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert token, page[:500]
    connection.close()
    return session, token[1]


def _arriving(server: Server, hall: Hall, seconds: int) -> list[Shot]:
    how_many = min(SCANS_A_SECOND * seconds, len(hall.arriving))
    return scans(server, hall.organisation, hall.arriving[:how_many], copies=1)


def _refuse_failures(reading: Volley, reflecting: Volley, door: Volley) -> None:
    assert set(reading.statuses) == {200}, reading.statuses
    assert set(reflecting.statuses) == {200, 302}, reflecting.statuses
    assert all(is_acknowledged(one) for one in door.seen), door.statuses


def _reports_rows(hall: Hall) -> list[Row]:
    """Draw the reports of eight teams that were told a lot, as the worker does it."""
    event = db.session.get_one(Event, hall.organisation.event_id)
    _tell_a_lot(event)
    with transaction():
        asked = ask_for_reports(event, by=Actor("staff", None, "Helen Shaw"), at=now())
    STUDIO.is_fast()
    began, before = time.perf_counter(), seconds_worked(os.getpid())
    run_due(now)
    took, worked = time.perf_counter() - began, seconds_worked(os.getpid()) - before
    made = newest_reports_at(event)
    assert asked == len(made) == REPORTS, (asked, len(made))
    return [
        Row(
            what=f"posters, {REPORTS} feedback reports: seconds",
            ours=took,
            goal=f"<= {MOST_SECONDS}",
            met=took <= MOST_SECONDS,
        ),
        Row(what=f"posters, {REPORTS} feedback reports: seconds of processor", ours=worked),
    ]


def _tell_a_lot(event: Event) -> None:
    people = db.session.scalars(select(Person).limit(10)).all()
    at = now()
    for poster in db.session.scalars(select(Poster).where(Poster.event_id == event.id)).all():
        for person in people:
            question = a_kept_question(poster, person, text="How did you begin? " * 8, at=at)
            an_answer(question, "We counted calls for a week, on paper. " * 8, at=at)
            for aspect in Aspect:
                a_kept_reflection(poster, person, "Clear, and brave. " * 12, at=at, aspect=aspect)
    sys.stderr.write("posters: everything is told, drawing\n")
