"""Two people exchange contact details: by the code on a badge, and where both say yes."""

from datetime import datetime

from app.checkin.rules.codes import ReadCode
from app.kernel.refusal import Refusal
from app.network import messages
from app.network.actions.acting import is_deleted, themselves
from app.network.actions.asking import AskedOften
from app.network.actions.forgetting import plan_forgetting
from app.network.models import ContactExchange
from app.network.queries import asked_by, badge_with, exchange_between
from app.network.rules import AN_HOUR, CODES_IN_AN_HOUR
from app.people.models import Person
from app.plumbing import audit
from app.plumbing.database import hold, insert_new
from app.registration.models import PersonalCode


class NoSuchBadge(Refusal):
    """A code is on nobody's badge."""


class OwnBadge(Refusal):
    """Somebody entered the code of their own badge."""


def ask_for_contact(code: ReadCode | None, person: Person, *, at: datetime) -> None:
    """Ask whoever carries this badge to exchange details; what they are stays hidden until they agree.

    Two who ask each other have both agreed.
    """
    hold(person)
    if asked_by(person, since=at - AN_HOUR) >= CODES_IN_AN_HOUR:
        raise AskedOften("You asked many people within an hour. Wait for their answers first.")
    badge = badge_with(code, person) if code else None
    if badge is None:
        raise NoSuchBadge(
            "This code is on no badge of an event of yours. Look at each character again."
        )
    if badge.person_id == person.id:
        raise OwnBadge(
            "This is the code of your own badge. Enter the one of the person beside you."
        )

    standing = exchange_between(person.id, badge.person_id)
    if standing is None:
        _ask(badge, person, at=at)
    elif standing.asked_id == person.id and standing.confirmed_at is None:
        confirm(standing, person, at=at)


def _ask(badge: PersonalCode, person: Person, *, at: datetime) -> None:
    is_new = insert_new(
        ContactExchange(
            asker_id=person.id,
            asked_id=badge.person_id,
            programme_id=badge.programme_id,
            asked_at=at,
        )
    )
    plan_forgetting(badge.programme)
    if is_new and badge.person.email:
        messages.exchange_asked(person, badge.person, badge.programme, at=at)


def confirm(exchange: ContactExchange, person: Person, *, at: datetime) -> None:
    """Say yes: from now on both see each other's details."""
    exchange.confirmed_at, exchange.declined_at = at, None
    _note("exchanged contact details", exchange, person, at=at)


def decline(exchange: ContactExchange, person: Person, *, at: datetime) -> None:
    """Say no; whoever asked is told nothing and cannot ask again."""
    exchange.declined_at = at
    _note("declined to exchange contact details", exchange, person, at=at)


def end_exchange(exchange: ContactExchange, person: Person, *, at: datetime) -> None:
    """Let neither of two see the other's details any longer."""
    if is_deleted(exchange):
        _note("ended an exchange of contact details", exchange, person, at=at)


def _note(verb: str, exchange: ContactExchange, person: Person, *, at: datetime) -> None:
    audit.record(verb, exchange, by=themselves(person), at=at)
