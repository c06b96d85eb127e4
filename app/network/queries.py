"""Questions about the network: who is in it and what they show, whom one may ask, whose details one has."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.certificates.queries.handing_out import contacts_in
from app.checkin.rules.codes import ReadCode
from app.events.models import Event
from app.events.queries import coming_events, events_of
from app.groupwork.queries.agreements import Tally, agreements_of, tally_of
from app.groupwork.queries.sessions import shared_sessions_of
from app.kernel.clock import london_day
from app.kernel.codes import digest
from app.network.models import (
    ContactExchange,
    InterestLetter,
    NetworkMember,
    NetworkTopic,
    TeamRequest,
)
from app.network.rules import A_WEEK, topic_key
from app.people.models import Person
from app.plumbing.database import db
from app.plumbing.mail import letters_about
from app.plumbing.queue import Job
from app.posters.models import Poster, Signal
from app.posters.queries.posters import marketplace_of, shown_at, visibility_of
from app.posters.queries.signalling import Contact, contacts_among
from app.posters.rules import Visibility
from app.programmes.models import Programme, Team, TeamMembership
from app.programmes.queries import memberships_in, teams_of
from app.registration.models import PersonalCode, Registration, Status


def programmes_open_to(person: Person) -> Sequence[Programme]:
    """Return the programmes whose network somebody may join: where they had a place, the newest first."""
    had_a_place = exists().where(
        Registration.person_id == person.id,
        Registration.status == Status.CONFIRMED,
        Registration.event_id == Event.id,
        Event.programme_id == Programme.id,
    )
    return db.session.scalars(
        select(Programme).where(had_a_place).order_by(Programme.starts_on.desc(), Programme.id)
    ).all()


def programmes_to_join(person: Person) -> Sequence[Programme]:
    """Return the programmes whose network somebody may join and is not in."""
    joined = {member.programme_id for member in memberships_of(person)}
    return [one for one in programmes_open_to(person) if one.id not in joined]


def programme_open_to(person: Person, slug: str) -> Programme | None:
    """Return the programme at this address, if somebody may join its network."""
    return next((one for one in programmes_open_to(person) if one.slug == slug), None)


def membership_of(
    person: Person, programme: Programme, *, is_to_change: bool = False
) -> NetworkMember | None:
    """Return somebody's membership of a programme's network; locked if it is to change."""
    found = select(NetworkMember).where(
        NetworkMember.programme_id == programme.id, NetworkMember.person_id == person.id
    )
    return db.session.scalar(found.with_for_update() if is_to_change else found)


def memberships_of(person: Person) -> Sequence[NetworkMember]:
    """Return every network that somebody is in."""
    return db.session.scalars(
        select(NetworkMember)
        .options(joinedload(NetworkMember.programme), selectinload(NetworkMember.topics))
        .where(NetworkMember.person_id == person.id)
        .order_by(NetworkMember.joined_at)
    ).all()


def member_with_id(member_id: UUID) -> NetworkMember | None:
    """Return a membership that a letter speaks of."""
    return db.session.get(NetworkMember, member_id)


@dataclass(frozen=True, kw_only=True)
class Card:
    """A member as the others see them: the name, and each item that they ticked."""

    member: NetworkMember
    name: str
    team: Team | None
    role: str
    email: str
    topics: Sequence[str]

    @property
    def about(self) -> str:
        """Return what they wrote about themselves."""
        return self.member.about

    @property
    def items(self) -> Sequence[str]:
        """Return everything that the others see, in words."""
        team = self.team.name if self.team else ""
        return [
            item
            for item in (self.name, self.role, team, self.email, self.about, *self.topics)
            if item
        ]


def cards_of(programme: Programme, *, at: datetime, topic: str = "") -> Sequence[Card]:
    """Return the members of a network by name, those with a topic if one is asked for."""
    wanted = (
        select(NetworkMember)
        .join(NetworkMember.person)
        .options(contains_eager(NetworkMember.person), selectinload(NetworkMember.topics))
        .where(NetworkMember.programme_id == programme.id)
        .order_by(Person.sorting_name, Person.id)
    )
    if topic:
        wanted = wanted.where(
            exists().where(
                NetworkTopic.member_id == NetworkMember.id, NetworkTopic.key == topic_key(topic)
            )
        )
    teams, roles = _teams_in(programme, on=london_day(at)), _roles_in(programme)
    return [_card(member, teams, roles) for member in db.session.scalars(wanted)]


def card_of(member: NetworkMember, *, at: datetime) -> Card:
    """Return one member as the others see them."""
    programme = member.programme
    return _card(member, _teams_in(programme, on=london_day(at)), _roles_in(programme))


def _card(member: NetworkMember, teams: Mapping[UUID, Team], roles: Mapping[UUID, str]) -> Card:
    person = member.person
    return Card(
        member=member,
        name=person.name,
        team=teams.get(person.id) if member.shows_team else None,
        role=roles.get(person.id, "") if member.shows_role else "",
        email=(person.email or "") if member.shows_email else "",
        topics=[topic.word for topic in member.topics],
    )


def _teams_in(programme: Programme, *, on: date) -> Mapping[UUID, Team]:
    lines = [line for line in memberships_in(programme) if line.joined_on <= on]
    return {line.person_id: line.team for line in sorted(lines, key=lambda one: one.joined_on)}


def _roles_in(programme: Programme) -> Mapping[UUID, str]:
    rows = db.session.execute(
        select(Registration.person_id, Registration.role)
        .join(NetworkMember, NetworkMember.person_id == Registration.person_id)
        .join(Event, Event.id == Registration.event_id)
        .where(
            Event.programme_id == programme.id,
            NetworkMember.programme_id == programme.id,
            Registration.role != "",
        )
        .order_by(Event.starts_at)
    )
    return {person_id: role for person_id, role in rows}  # noqa: C416 - a Result is no mapping


def topics_of(programme: Programme) -> Sequence[tuple[str, str, int]]:
    """Return the topics of a network as key, word and number of members, the most usual first."""
    rows = db.session.execute(
        select(NetworkTopic.key, func.min(NetworkTopic.word), func.count())
        .join(NetworkMember)
        .where(NetworkMember.programme_id == programme.id)
        .group_by(NetworkTopic.key)
    )
    return sorted(
        ((key, word, number) for key, word, number in rows),
        key=lambda topic: (-topic[2], topic[0]),
    )


def size_of(programme: Programme) -> int:
    """Return how many are in a network."""
    count = select(func.count()).where(NetworkMember.programme_id == programme.id)
    return db.session.scalar(count) or 0


@dataclass(frozen=True)
class TeamEntry:
    """A team as the network sees it: what its posters are about, and whether it can be asked."""

    team: Team
    posters: Sequence[Poster]
    can_be_asked: bool


def teams_in_network(programme: Programme, *, at: datetime) -> Sequence[TeamEntry]:
    """Return every team with the posters that members may see, in stage order."""
    contacts = contacts_in(programme, on=london_day(at))
    posters: dict[UUID, list[Poster]] = {}
    for event in events_of(programme):
        if event.shows_posters:
            for poster in _posters_for_members(event, at=at):
                posters.setdefault(poster.team_id, []).append(poster)
    return [
        TeamEntry(team, posters.get(team.id, []), team.id in contacts)
        for team in teams_of(programme)
    ]


def _posters_for_members(event: Event, *, at: datetime) -> Sequence[Poster]:
    market = marketplace_of(event)
    return [
        shown.poster
        for shown in shown_at(event)
        if visibility_of(shown.poster, market, at=at) is not Visibility.TEAM
    ]


def requests_by(person: Person, *, since: datetime) -> int:
    """Return how often somebody has asked teams since then."""
    count = select(func.count()).where(
        TeamRequest.person_id == person.id, TeamRequest.asked_at > since
    )
    return db.session.scalar(count) or 0


def requests_of(person: Person) -> Sequence[TeamRequest]:
    """Return everything that somebody has asked teams, the newest first."""
    return db.session.scalars(
        select(TeamRequest)
        .options(joinedload(TeamRequest.team))
        .where(TeamRequest.person_id == person.id)
        .order_by(TeamRequest.asked_at.desc())
    ).all()


def requests_in(programme: Programme) -> Mapping[UUID, int]:
    """Return how often each team of a programme was asked."""
    rows = db.session.execute(
        select(TeamRequest.team_id, func.count())
        .join(Team)
        .where(Team.programme_id == programme.id)
        .group_by(TeamRequest.team_id)
    )
    return dict(rows.all())


def coming_dates(programme: Programme, *, at: datetime) -> Sequence[Event]:
    """Return what members may come to next: events of their programme, and public ones of all."""
    own = [e for e in events_of(programme) if e.ends_at > at and e.cancelled_at is None]
    open_to_all = [e for e in coming_events(at) if e.programme_id != programme.id]
    return sorted([*own, *open_to_all], key=lambda event: event.starts_at)


def new_members(programme: Programme, *, since: datetime) -> int:
    """Return how many joined a network since then."""
    count = select(func.count()).where(
        NetworkMember.programme_id == programme.id, NetworkMember.joined_at > since
    )
    return db.session.scalar(count) or 0


def members_to_write_to(programme: Programme) -> Sequence[UUID]:
    """Return which members want the digest and have an address."""
    return db.session.scalars(
        select(NetworkMember.id)
        .join(NetworkMember.person)
        .where(
            NetworkMember.programme_id == programme.id,
            NetworkMember.gets_digest,
            Person.email.is_not(None),
        )
        .order_by(NetworkMember.joined_at, NetworkMember.id)
    ).all()


def has_digest_since(member: NetworkMember, *, at: datetime) -> bool:
    """Say whether a member's newest digest was written within this month."""
    about = digest_about(member)
    letter = letters_about(about).get(about)
    return letter is not None and letter.created_at > at - A_WEEK


def digest_about(member: NetworkMember) -> str:
    """Return how letters say that they are a member's digest."""
    return f"network-digest:{member.id}"


def digest_due_at(programme: Programme) -> datetime | None:
    """Return when the next digest goes out, if one is planned."""
    return db.session.scalar(
        select(func.min(Job.due_at)).where(
            Job.name == "network.send_digest",
            Job.unique_key.startswith(f"network-digest:{programme.id}:"),
            Job.done_at.is_(None),
            Job.cancelled_at.is_(None),
        )
    )


def agreements_so_far(programme: Programme) -> Tally:
    """Return what became of everything that was agreed in a programme."""
    works = shared_sessions_of(programme)
    return tally_of([agreement for work in works for agreement in agreements_of(work)])


# Signals of interest that go to the team


def posters_with_news(programme: Programme) -> Sequence[tuple[Poster, Sequence[Contact]]]:
    """Return the posters with who agreed to hear from their team and was named in no letter yet."""
    told = (
        select(InterestLetter.poster_id, func.max(InterestLetter.sent_at).label("at"))
        .group_by(InterestLetter.poster_id)
        .subquery()
    )
    signals = db.session.scalars(
        select(Signal)
        .join(Signal.poster)
        .join(Event, Event.id == Poster.event_id)
        .join(Team, Team.id == Poster.team_id)
        .outerjoin(told, told.c.poster_id == Signal.poster_id)
        .options(contains_eager(Signal.poster).joinedload(Poster.team))
        .where(
            Event.programme_id == programme.id,
            Signal.agrees_to_contact,
            or_(told.c.at.is_(None), Signal.given_at > told.c.at),
        )
        .order_by(Event.starts_at, Team.stage_order, Signal.contact_name, Signal.given_at)
    )
    news: dict[Poster, list[Signal]] = {}
    for signal in signals:
        news.setdefault(signal.poster, []).append(signal)
    return [(poster, contacts_among(given)) for poster, given in news.items()]


# Contact exchange


def badge_with(code: ReadCode, person: Person) -> PersonalCode | None:
    """Return the badge that carries this code, in a programme in which the one who asks has one too."""
    carries = (
        PersonalCode.short_code == code.text
        if code.is_short
        else PersonalCode.code_hash == digest(code.text)
    )
    return db.session.scalar(
        select(PersonalCode)
        .options(joinedload(PersonalCode.person))
        .where(carries, PersonalCode.revoked_at.is_(None), _has_a_badge_beside(person))
        .order_by(PersonalCode.created_at.desc())
        .limit(1)
    )


def _has_a_badge_beside(person: Person) -> ColumnElement[bool]:
    own = select(PersonalCode.programme_id).where(
        PersonalCode.person_id == person.id, PersonalCode.revoked_at.is_(None)
    )
    return PersonalCode.programme_id.in_(own)


def is_of(person: Person) -> ColumnElement[bool]:
    """Return the condition that somebody is one of the two of an exchange."""
    return or_(ContactExchange.asker_id == person.id, ContactExchange.asked_id == person.id)


def exchange_between(one: UUID, other: UUID) -> ContactExchange | None:
    """Return the exchange between two people, whoever asked."""
    return db.session.scalar(
        select(ContactExchange)
        .where(
            or_(
                and_(ContactExchange.asker_id == one, ContactExchange.asked_id == other),
                and_(ContactExchange.asker_id == other, ContactExchange.asked_id == one),
            )
        )
        .limit(1)
    )


def exchange_asked_of(person: Person, exchange_id: UUID) -> ContactExchange | None:
    """Return this exchange, if somebody was asked for it and has not answered; nobody else changes it."""
    return db.session.scalar(
        select(ContactExchange)
        .where(
            ContactExchange.id == exchange_id,
            ContactExchange.asked_id == person.id,
            ContactExchange.confirmed_at.is_(None),
            ContactExchange.declined_at.is_(None),
        )
        .with_for_update()
    )


def exchange_with(person: Person, exchange_id: UUID) -> ContactExchange | None:
    """Return this exchange, if somebody is one of the two."""
    return db.session.scalar(
        select(ContactExchange).where(
            ContactExchange.id == exchange_id,
            is_of(person),
        )
    )


def asked_by(person: Person, *, since: datetime) -> int:
    """Return how many people somebody has asked for their details since then."""
    count = select(func.count()).where(
        ContactExchange.asker_id == person.id, ContactExchange.asked_at > since
    )
    return db.session.scalar(count) or 0


@dataclass(frozen=True)
class Acquaintance:
    """Somebody whose details one has, as both agreed."""

    exchange: ContactExchange
    person: Person
    team: Team | None


@dataclass(frozen=True)
class Contacts:
    """What stands on somebody's page of contacts."""

    confirmed: Sequence[Acquaintance]
    to_answer: Sequence[Acquaintance]
    waiting: int


def contacts_of(person: Person, *, at: datetime) -> Contacts:
    """Return whose details somebody has, who asks for theirs, and how many have not answered yet."""
    rows = db.session.scalars(
        select(ContactExchange)
        .options(
            joinedload(ContactExchange.asker),
            joinedload(ContactExchange.asked),
            joinedload(ContactExchange.programme),
        )
        .where(is_of(person))
        .order_by(ContactExchange.asked_at.desc())
    ).all()
    teams = _teams_of({row.asker_id for row in rows} | {row.asked_id for row in rows}, at=at)
    open_ones = [row for row in rows if row.confirmed_at is None]
    return Contacts(
        confirmed=[_contact(row, person, teams) for row in rows if row.confirmed_at is not None],
        to_answer=[
            _contact(row, person, teams)
            for row in open_ones
            if row.asked_id == person.id and row.declined_at is None
        ],
        # A no looks like no answer: whoever was asked owes nobody a reason.
        waiting=sum(row.asker_id == person.id for row in open_ones),
    )


def _contact(row: ContactExchange, person: Person, teams: Mapping[UUID, Team]) -> Acquaintance:
    other = row.asked if row.asker_id == person.id else row.asker
    return Acquaintance(row, other, teams.get(other.id))


def _teams_of(people: Set[UUID], *, at: datetime) -> Mapping[UUID, Team]:
    lines = db.session.scalars(
        select(TeamMembership)
        .options(joinedload(TeamMembership.team))
        .where(TeamMembership.person_id.in_(people))
        .order_by(TeamMembership.joined_on)
    )
    return {line.person_id: line.team for line in lines if line.covers(london_day(at))}


@dataclass(frozen=True)
class NetworkData:
    """Everything that the network holds about somebody."""

    cards: Sequence[Card]
    requests: Sequence[TeamRequest]
    exchanges: Sequence[ContactExchange]

    @property
    def is_empty(self) -> bool:
        """Say whether the network knows nothing of them."""
        return not (self.cards or self.requests or self.exchanges)

    @property
    def contacts(self) -> int:
        """Return how many exchanges of contact details they are part of."""
        return len(self.exchanges)


def data_of(person: Person, *, at: datetime) -> NetworkData:
    """Return everything that the network holds about somebody."""
    exchanges = db.session.scalars(
        select(ContactExchange)
        .options(joinedload(ContactExchange.asker), joinedload(ContactExchange.asked))
        .where(is_of(person))
        .order_by(ContactExchange.asked_at)
    ).all()
    cards = [card_of(member, at=at) for member in memberships_of(person)]
    return NetworkData(cards, requests_of(person), exchanges)
