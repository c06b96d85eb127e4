"""Skills rounds of a whole cohort: 500 people, four rounds of sixteen statements, their page and papers."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.questionnaires.actions.closing import settle
from app.questionnaires.actions.rounds import plan_round
from app.questionnaires.models import RatingChoice, Response, Wave
from app.questionnaires.queries.answers import respondent_in
from app.registration.models import Registration
from tests.benchmarks.door import Engine, bare_servers
from tests.benchmarks.table import Row
from tests.bulk import Organisation, Size, load_organisation, written
from tests.crawl import cookies_of
from tests.load import Crowd, Shot, fire, percentile
from tests.running import Place, Server, seconds_worked, serving
from tests.visitor import Visitor

PEOPLE, ROUNDS = 500, 4
ANSWERING = 0.9
HELEN = Actor("staff", None, "Helen Shaw")
PAGE_MS, PAPER_MS = 150, 3000


@dataclass(frozen=True)
class Asked:
    """A page or a paper, how long people wait for it each time, and how long the server works."""

    what: str
    waits: Sequence[float]
    worked: float
    goal_ms: int


def skills_rows(engine: Engine, place: Place, bare: Place, *, times: int) -> list[Row]:
    """Close four rounds that nine of ten answered, then ask for what staff look at and take along."""
    with place.house() as house:
        organisation = load_organisation(_size(), at=now())
        closing = [_a_closed_round(event) for event in _events()]
        cookies = _cookies_of_the_lead(house, organisation)
    skills = f"/organise/{organisation.programme_slug}/skills"
    team = f"/organise/{organisation.programme_slug}/teams/practice-1/skills"
    with serving(place) as server, bare_servers(bare, 1) as bares:
        pages = [
            _asked(server, what, Shot(path, headers={"Cookie": cookies}), times, PAGE_MS)
            for what, path in (
                ("the cohort's page", skills),
                ("everybody's answers", f"{skills}?who=everybody"),
                ("the wall", f"{skills}/present?rounds=4"),
                ("a team's page", team),
            )
        ]
        paper = Shot(f"{skills}/skills.pdf", headers={"Cookie": cookies})
        papers = [_asked(server, "the report (PDF)", paper, max(times // 4, 3), PAPER_MS)]
        reference = fire(bares[0].address, [Shot("/")] * times * 4, Crowd(clients=1))
    bare_ms = reference.percentile(95) * 1000
    name = f"skills of {PEOPLE} people, {ROUNDS} rounds, {engine.name}"
    return [
        *(row for one in (*pages, *papers) for row in _rows(name, one, bare_ms)),
        Row(what=f"{name}: closing the last round, seconds of processor", ours=closing[-1]),
    ]


def _size() -> Size:
    return Size(
        programmes=1,
        events=ROUNDS,
        people=PEOPLE,
        attendances=PEOPLE * ROUNDS,
        tickets=1,
        doors=1,
    )


def _events() -> Sequence[Event]:
    asked = select(Event).where(Event.slug.like("session-%")).order_by(Event.starts_at)
    return db.session.scalars(asked).all()


def _a_closed_round(event: Event) -> float:
    """Let nine of ten answer a round and close it; return how long the closing worked."""
    with transaction():
        at = event.starts_at - timedelta(days=1)
        wave = plan_round(event, days_open=1, asks_then=False, by=HELEN, at=at)
    with transaction():
        _answered(db.session.get_one(Wave, wave.id))
    with transaction():
        found = db.session.get_one(Wave, wave.id)
        before = time.process_time()
        settle(found, closed_at=found.closes_at)
        db.session.flush()
        return time.process_time() - before


def _answered(wave: Wave) -> None:
    draw = random.Random(wave.event.slug)
    places = db.session.execute(
        select(Registration.person_id, Registration.team_id)
        .where(Registration.event_id == wave.event_id)
        .order_by(Registration.id)
    ).all()
    who = [(person, team) for person, team in places if draw.random() < ANSWERING]
    chosen = set(db.session.scalars(select(RatingChoice.person_id)))
    written(
        RatingChoice, iter([_choice(wave, person) for person, _ in who if person not in chosen])
    )
    written(Response, iter([_response(wave, person, team, draw) for person, team in who]))


def _choice(wave: Wave, person_id: UUID) -> dict[str, object]:
    return {
        "id": uuid4(),
        "programme_id": wave.event.programme_id,
        "person_id": person_id,
        "keeps_together": True,
        "shows_small_team": False,
        "chosen_at": wave.event.starts_at,
    }


def _response(wave: Wave, person_id: UUID, team_id: UUID, draw: random.Random) -> dict[str, object]:
    sheet = wave.version.sheet
    return {
        "id": uuid4(),
        "wave_id": wave.id,
        "respondent": respondent_in(wave, person_id, is_linked=True),
        "team_id": team_id,
        "is_linked": True,
        "ratings": {item.id: draw.randint(1, sheet.highest) for item in sheet.items},
        "then_ratings": {},
        "late": {},
        "changed_at": wave.event.starts_at,
    }


def _cookies_of_the_lead(house: Flask, organisation: Organisation) -> str:
    lead = Visitor(house)
    with lead.client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = organisation.lead_uniquifier, True
    return cookies_of(lead)


def _asked(server: Server, what: str, shot: Shot, times: int, goal_ms: int) -> Asked:
    fire(server.address, [shot] * 2, Crowd(clients=1))  # the first two warm the server up
    before = seconds_worked(server.pid)
    seen = fire(server.address, [shot] * times, Crowd(clients=1)).seen
    worked = (seconds_worked(server.pid) - before) / times
    assert {one.status for one in seen} == {200}, (what, [one.status for one in seen])
    return Asked(what, [one.seconds for one in seen], worked, goal_ms)


def _rows(name: str, one: Asked, bare_ms: float) -> list[Row]:
    p95, worked = percentile(one.waits, 95) * 1000, one.worked * 1000
    return [
        Row(
            what=f"{name}: {one.what}, p95, ms",
            ours=p95,
            reference=bare_ms,
            beside="bare page, one query",
            ratio=p95 / bare_ms,
            goal=f"<= {one.goal_ms}",
            met=p95 <= one.goal_ms,
        ),
        Row(
            what=f"{name}: {one.what}, processor, ms",
            ours=worked,
            goal=f"<= {one.goal_ms}",
            met=worked <= one.goal_ms,
        ),
    ]
