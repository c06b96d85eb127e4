"""Asking a team, and telling teams who would like to hear from them."""

from datetime import datetime

from app.kernel.actor import Actor
from app.kernel.clock import london_day
from app.kernel.refusal import Refusal
from app.network import messages
from app.network.actions.acting import held_member, themselves
from app.network.actions.forgetting import plan_forgetting
from app.network.models import InterestLetter, TeamRequest
from app.network.queries import card_of, posters_with_news, requests_by
from app.network.rules import A_DAY, ASKED_IN_A_DAY
from app.people.models import Person
from app.plumbing import audit
from app.plumbing.database import db, hold
from app.posters.queries.ways_in import contact_of
from app.programmes.models import Programme, Team


class NobodyAnswers(Refusal):
    """A team has nobody with an address who could answer."""


class AskedOften(Refusal):
    """Somebody asked one team or person after the other."""


def ask_team(
    team: Team, person: Person, text: str, *, gives_address: bool, at: datetime
) -> TeamRequest:
    """Send a team's contact what a member asks, with the address to answer to only if it was given."""
    member = held_member(team.programme, person)
    contact = contact_of(team, on=london_day(at))
    if contact is None or contact.email is None:
        raise NobodyAnswers(
            f"{team.name} has nobody just now whom we could write to. Ask the organiser."
        )
    if requests_by(person, since=at - A_DAY) >= ASKED_IN_A_DAY:
        raise AskedOften(f"You asked {ASKED_IN_A_DAY} teams today. Ask the next one tomorrow.")
    request = TeamRequest(
        team_id=team.id,
        person_id=person.id,
        text=text,
        gives_address=gives_address,
        asked_at=at,
    )
    db.session.add(request)
    db.session.flush()
    plan_forgetting(team.programme)
    messages.asked(request, contact, card_of(member, at=at), at=at)
    audit.record(
        "asked through the network",
        team,
        by=themselves(person),
        at=at,
        programme_id=team.programme_id,
    )
    return request


def send_interest(programme: Programme, *, by: Actor, at: datetime) -> int:
    """Tell each team who would like to hear from it and was not named before; return how many teams."""
    hold(programme)
    told = 0
    for poster, givers in posters_with_news(programme):
        contact = contact_of(poster.team, on=london_day(at))
        if contact is None or contact.email is None:
            continue
        messages.interest(poster, contact, givers, at=at)
        db.session.add(InterestLetter(poster_id=poster.id, sent_at=at))
        told += 1
    if told:
        audit.record(
            "sent teams who is interested",
            programme,
            by=by,
            at=at,
            programme_id=programme.id,
            after={"teams": told},
        )
    return told
