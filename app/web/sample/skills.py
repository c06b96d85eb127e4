"""The sample's skills rounds: three that are closed, and the summit's, which is open."""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from app.events.models import Event
from app.kernel.actor import Actor
from app.people.models import Person
from app.plumbing.database import db
from app.questionnaires.actions.answering import Given, answer, choose
from app.questionnaires.actions.closing import settle
from app.questionnaires.actions.feedback import demand_feedback
from app.questionnaires.actions.rounds import plan_round
from app.questionnaires.models import Wave
from app.questionnaires.rules.sheets import Sheet
from app.registration.models import Registration, Status
from app.web.sample.attendance import places_at
from app.web.sample.cast import FIRST, LAUNCH, PRACTICES, STAFF, SUMMIT, THIRD

ACCREDITED = FIRST
ACCREDITOR = "Northvale Faculty of General Practice"
"""It asks to hear how that session was before anybody downloads a certificate of attendance."""
CLOSED = (LAUNCH, FIRST, THIRD)
WITHOUT_A_WORD = frozenset({"Keith Barlow", "Stephen Ward"})
"""Two who never answer."""
APART = frozenset({"Victor Mensah"})
"""One who keeps each round apart."""
AGREED = frozenset({"Riverside Surgery", "Old Mill Surgery"})
"""Practices of which everybody agrees that their figures may be shown though they are few."""
EARLY_AT_THE_SUMMIT = 9
START = {"planning": 2.3, "methodology": 1.8, "testing": 2.0, "data": 1.7}
GROWTH = {"planning": 0.45, "methodology": 0.7, "testing": 0.75, "data": 0.55}


def hold_skills_rounds(
    events: Mapping[str, Event], people: Mapping[str, Person], *, at: datetime
) -> None:
    """Plan the rounds, let people answer three of them, and leave the summit's open."""
    lead = people[STAFF[0].name]
    by = Actor("staff", lead.id, lead.name)
    for number, name in enumerate(CLOSED):
        event = events[name]
        wave = _planned(event, by, looks_back=False)
        for place in _places(event):
            _answer(wave, place, number, at=event.starts_at + timedelta(hours=1))
        settle(wave, closed_at=wave.closes_at)
        if name == ACCREDITED:
            demand_feedback(event, ACCREDITOR, by=by, at=event.starts_at - timedelta(days=30))
    summit = _planned(events[SUMMIT], by, looks_back=True)
    for place in _places(events[SUMMIT])[:EARLY_AT_THE_SUMMIT]:
        _answer(summit, place, len(CLOSED), at=min(at, summit.event.starts_at))


def _planned(event: Event, by: Actor, *, looks_back: bool) -> Wave:
    planned_at = event.starts_at - timedelta(days=30)
    wave = plan_round(event, days_open=3, asks_then=looks_back, by=by, at=planned_at)
    db.session.flush()
    return wave


def _places(event: Event) -> list[Registration]:
    rows = places_at([event]).values()
    booked = [row for row in rows if row.status is Status.CONFIRMED]
    return sorted(booked, key=lambda row: row.person.sorting_name)


def _answer(wave: Wave, place: Registration, number: int, *, at: datetime) -> None:
    person = place.person
    if person.name in WITHOUT_A_WORD or (_draw(person, f"silent {number}") < 4 and number == 1):
        return
    agrees = any(
        practice.name in AGREED and person.name in {member.name for member in practice.members}
        for practice in PRACTICES
    )
    choose(
        person,
        wave.event.programme,
        keeps_together=person.name not in APART,
        shows_small_team=agrees,
        at=at,
    )
    sheet = wave.version.sheet
    then = _rated(sheet, person, 0, lower=0.4) if wave.asks_then else {}
    answer(person, wave, Given(_rated(sheet, person, number), then), at=at)


def _rated(sheet: Sheet, person: Person, number: int, *, lower: float = 0) -> dict[str, int]:
    """Return plausible ratings: each person starts somewhere and grows at their own pace."""
    rated = {}
    for area in sheet.areas:
        level = START[area.id] + GROWTH[area.id] * number - lower
        own = (_draw(person, area.id) - 50) / 60
        for item in area.items:
            noise = (_draw(person, f"{item.id} {number}") - 50) / 90
            rated[item.id] = max(1, min(sheet.highest, round(level + own + noise)))
    return rated


def _draw(person: Person, what: str) -> int:
    """Return a number below a hundred that is the same each time the sample is loaded."""
    return zlib.crc32(f"{person.name}/{what}".encode()) % 100
