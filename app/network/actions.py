"""Joining and leaving the network, asking a team, exchanging contact details, and the monthly digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import delete, func, select

from app.checkin.rules.codes import ReadCode
from app.kernel.actor import Actor
from app.kernel.clock import from_london, london_day
from app.kernel.refusal import Refusal
from app.network import messages
from app.network.models import (
    ContactExchange,
    InterestLetter,
    NetworkMember,
    NetworkTopic,
    TeamRequest,
)
from app.network.queries import (
    asked_by,
    badge_with,
    card_of,
    cards_of,
    coming_dates,
    exchange_between,
    has_digest_since,
    members_to_write_to,
    membership_of,
    posters_with_news,
    requests_by,
    topics_of,
)
from app.network.rules import (
    A_DAY,
    A_MONTH,
    AN_HOUR,
    ASKED_IN_A_DAY,
    CODES_IN_AN_HOUR,
    KEPT_FOR,
    MOST_DATES,
    MOST_TOPICS_IN_DIGEST,
    next_digest_at,
)
from app.people.actions import Memory
from app.people.models import Person
from app.people.rules import Traces, counted
from app.plumbing import audit
from app.plumbing.database import db, hold, insert_new
from app.plumbing.queue import enqueue
from app.posters.queries.ways_in import contact_of
from app.programmes.models import Programme, Team
from app.registration.models import PersonalCode


class NotInTheNetwork(Refusal):
    """What members do is for members."""


class NobodyAnswers(Refusal):
    """A team has nobody with an address who could answer."""


class AskedOften(Refusal):
    """Somebody asked one team or person after the other."""


class NoSuchBadge(Refusal):
    """A code is on nobody's badge."""


class OwnBadge(Refusal):
    """Somebody entered the code of their own badge."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What somebody lets the other members see of them, and whether they get the digest."""

    team: bool
    role: bool
    email: bool
    about: str
    topics: Sequence[str]
    gets_digest: bool


def join(programme: Programme, person: Person, *, at: datetime) -> NetworkMember:
    """Make somebody a member with their name and team shown; joining twice is joining once."""
    standing = membership_of(person, programme)
    if standing is not None:
        return standing
    insert_new(
        NetworkMember(
            programme_id=programme.id,
            person_id=person.id,
            shows_team=True,
            shows_role=False,
            shows_email=False,
            about="",
            gets_digest=True,
            joined_at=at,
        )
    )
    member = membership_of(person, programme)
    assert member is not None, "it is there: we or the same form a moment ago wrote it"
    audit.record("joined the network", member, by=_as(person), at=at, programme_id=programme.id)
    plan_digest(programme, at=at)
    return member


def show(programme: Programme, person: Person, shown: Shown, *, at: datetime) -> None:
    """Let the other members see these items of somebody and no others."""
    member = _member(programme, person)
    before = _ticks(member)
    member.shows_team, member.shows_role = shown.team, shown.role
    member.shows_email, member.about = shown.email, shown.about
    member.gets_digest = shown.gets_digest
    known = {topic.key: topic for topic in member.topics}
    wanted = {word.casefold(): word for word in shown.topics}
    member.topics = [
        known.get(key) or NetworkTopic(word=word, key=key) for key, word in wanted.items()
    ]
    db.session.flush()
    audit.record(
        "changed what is shown",
        member,
        by=_as(member.person),
        at=at,
        programme_id=member.programme_id,
        before=before,
        after=_ticks(member),
    )


def _ticks(member: NetworkMember) -> dict[str, bool]:
    return {
        "team": member.shows_team,
        "role": member.shows_role,
        "e-mail": member.shows_email,
        "digest": member.gets_digest,
    }


def leave(programme: Programme, person: Person, *, at: datetime) -> None:
    """Take somebody out of the network, and delete what they showed and asked; twice it is once."""
    member = membership_of(person, programme)
    if member is not None and _delete(member):
        teams = select(Team.id).where(Team.programme_id == programme.id)
        db.session.execute(
            delete(TeamRequest).where(
                TeamRequest.person_id == person.id, TeamRequest.team_id.in_(teams)
            )
        )
        audit.record("left the network", member, by=_as(person), at=at, programme_id=programme.id)


def _delete(row: NetworkMember | ContactExchange) -> bool:
    """Delete a row with what hangs on it, and say whether it was still there."""
    table = type(row)
    gone = db.session.execute(delete(table).where(table.id == row.id).returning(table.id))
    return gone.one_or_none() is not None


def _member(programme: Programme, person: Person) -> NetworkMember:
    """Return somebody's membership, which nobody else changes until the transaction ends."""
    member = membership_of(person, programme, is_to_change=True)
    if member is None:
        raise NotInTheNetwork("This is for members of the network. Open “Network” to join.")
    return member


def ask_team(
    team: Team, person: Person, text: str, *, gives_address: bool, at: datetime
) -> TeamRequest:
    """Send a team's contact what a member asks, with the address to answer to only if it was given."""
    member = _member(team.programme, person)
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
    audit.record("asked", team, by=_as(person), at=at, programme_id=team.programme_id)
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


# Contact exchange


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
    if _delete(exchange):
        _note("ended an exchange of contact details", exchange, person, at=at)


def _note(verb: str, exchange: ContactExchange, person: Person, *, at: datetime) -> None:
    audit.record(verb, exchange, by=_as(person), at=at)


# The digest


def plan_digest(programme: Programme, *, at: datetime) -> None:
    """Let the digest go out on the first of the next month; planned twice it goes out once."""
    due = next_digest_at(at)
    enqueue(
        "network.send_digest",
        due_at=due,
        unique_key=f"network-digest:{programme.id}:{due:%Y-%m}",
        programme_id=str(programme.id),
    )


def begin_digest(programme: Programme, *, at: datetime) -> None:
    """Let a letter be written to each member who wants one, and plan the next month's."""
    members = members_to_write_to(programme)
    for member_id in members:
        enqueue(
            "network.write_digest",
            due_at=at,
            unique_key=f"network-digest:{member_id}:{at:%Y-%m}",
            member_id=str(member_id),
        )
    if members:
        plan_digest(programme, at=at)


def write_digest(member: NetworkMember, *, at: datetime) -> None:
    """Write a member what is new and what comes next; once a month, and only if there is something."""
    if not member.gets_digest or member.person.email is None or has_digest_since(member, at=at):
        return
    programme, since = member.programme, at - A_MONTH
    joined = [
        card
        for card in cards_of(programme, at=at)
        if card.member.joined_at > since and card.member.id != member.id
    ]
    dates = coming_dates(programme, at=at)[:MOST_DATES]
    if joined or dates:
        messages.digest(
            member,
            dates=dates,
            joined=joined,
            topics=topics_of(programme)[:MOST_TOPICS_IN_DIGEST],
            at=at,
        )


# Forgetting


def plan_forgetting(programme: Programme) -> None:
    """Let what was asked be deleted a year after the programme has ended; planned twice it is once."""
    enqueue(
        "network.forget",
        due_at=forgotten_at(programme),
        unique_key=f"network-forget:{programme.id}",
        programme_id=str(programme.id),
    )


def forgotten_at(programme: Programme) -> datetime:
    """Return when what was asked in a programme has been kept for long enough."""
    return from_london(datetime.combine(programme.ends_on + KEPT_FOR, time()))


def forget(programme: Programme, *, at: datetime) -> timedelta | None:
    """Delete what teams were asked, and exchanges that nobody agreed to; return how long to wait still."""
    wait = forgotten_at(programme) - at
    if wait > timedelta():
        return wait
    teams = select(Team.id).where(Team.programme_id == programme.id)
    db.session.execute(delete(TeamRequest).where(TeamRequest.team_id.in_(teams)))
    db.session.execute(
        delete(ContactExchange).where(
            ContactExchange.programme_id == programme.id, ContactExchange.confirmed_at.is_(None)
        )
    )
    return None


def _as(person: Person) -> Actor:
    return Actor("attendee", person.id, person.name)


def _traces(person: Person) -> Traces:
    asked = db.session.scalar(
        select(func.count()).select_from(TeamRequest).where(TeamRequest.person_id == person.id)
    )
    member = NetworkMember.person_id == person.id
    joined = db.session.scalar(select(func.count()).select_from(NetworkMember).where(member))
    return Traces(
        goes=[
            *(["Their place in the network, and contacts they exchanged"] if joined else []),
            *counted(asked or 0, "request to a team", "requests to teams"),
        ]
    )


def _forget(person: Person, _by: Actor, _at: datetime) -> None:
    either = (ContactExchange.asker_id == person.id) | (ContactExchange.asked_id == person.id)
    db.session.execute(delete(ContactExchange).where(either))
    db.session.execute(delete(TeamRequest).where(TeamRequest.person_id == person.id))
    db.session.execute(delete(NetworkMember).where(NetworkMember.person_id == person.id))


MEMORY = Memory(traces=_traces, forget=_forget)
