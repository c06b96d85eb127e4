"""Loads the sample programme, with every date counted from the day it is loaded."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar
from uuid import uuid4

from flask_security import hash_password
from sqlalchemy import select

from app.certificates.actions.trying import try_designs
from app.certificates.models import CompletionRule, RuleCriterion
from app.certificates.rules import CriterionKind, Holder
from app.checkin.models import CheckinPoint, DoorLink, DoorRole, PointKind
from app.coaching.models import CoachVisit
from app.events.models import Event, EventKind
from app.events.rules import DEFAULTS
from app.kernel.clock import from_london, london, london_day
from app.kernel.codes import derived_code, digest, random_code
from app.kernel.names import sorting_name
from app.kernel.refusal import Refusal
from app.kernel.text import slug
from app.people.models import Account, Person, PersonalLink
from app.plumbing.database import Model, db
from app.plumbing.keys import key_for
from app.plumbing.queue import enqueue
from app.posters.models import Poster, PosterLink
from app.posters.queries.posters import usual_marketplace
from app.posters.rules import Visibility
from app.programmes.models import (
    CoachAssignment,
    MemberRole,
    Programme,
    StaffRole,
    Team,
    TeamMembership,
)
from app.programmes.rules import Role
from app.registration.actions.codes import give_code
from app.registration.models import AccessNeed, Registration, Source, Status
from app.web.sample.attendance import record_past_attendance
from app.web.sample.cast import (
    ADMINISTRATOR,
    AIMS,
    COMMISSIONER,
    EVENTS,
    HOST,
    LASTS,
    MAIL_DOMAIN,
    PASSWORD,
    PRACTICES,
    PREFIX,
    SLUG,
    STAFF,
    STARTS,
    SUMMIT,
    THIRD,
    TITLE,
    Practice,
    SampleEvent,
    Somebody,
    StaffMember,
)
from app.web.sample.groupwork import hold_group_work, prepare_group_work
from app.web.sample.network import keep_in_touch
from app.web.sample.posters import POSTERS
from app.web.sample.skills import hold_skills_rounds
from app.web.sample.stories import begin_a_part, draft, tell_of

LATEST_START = time(13, 0)
VOTE = timedelta(hours=3, minutes=45)
"""The people's choice is open from the start until a quarter past one."""
SHOWN_TO_TRY = "Old Mill Surgery"
PUBLIC_POSTERS = frozenset({"Old Mill Surgery", "Canal Street Medical Centre"})
Row = TypeVar("Row", bound=Model)


class RealDataHere(Refusal):
    """The database holds a programme that is not the sample."""


@dataclass(frozen=True)
class Cast:
    """Rows of the sample by the names that the story gives them."""

    programme: Programme
    events: dict[str, Event]
    people: dict[str, Person]


def sample_token(what: str) -> str:
    """Return the secret of a sample link: the same each time on one server, and on no other."""
    return derived_code(key_for("sample"), what)


def sample_programme() -> Programme | None:
    """Return the sample programme, if it is loaded."""
    return db.session.scalar(select(Programme).where(Programme.is_sample))


def load_sample(*, at: datetime) -> Programme:
    """Load the sample programme once; loading it again changes nothing.

    Raises RealDataHere on a database with a real programme in it.
    """
    if db.session.scalar(select(Programme.id).where(~Programme.is_sample)) is not None:
        raise RealDataHere(
            "This database holds a real programme. Load the sample into an empty one."
        )
    standing = sample_programme()
    if standing is not None:
        return standing

    starts_at = summit_starts_at(at)
    cast = Cast(_programme(starts_at), {}, {})
    _staff(cast, at)
    for sample in EVENTS:
        cast.events[sample.slug] = _event(cast.programme, sample, starts_at)
    _rules(cast.programme, at)
    for order, practice in enumerate(PRACTICES):
        _practice(cast, practice, order, at)
    _marketplace(cast.events[SUMMIT])
    _doors(cast.events[SUMMIT], at)
    _link(cast.people["Dr Siân O'Connor"], at)
    db.session.flush()
    record_past_attendance(cast.events, cast.people, at=at)
    hold_skills_rounds(cast.events, cast.people, at=at)
    hold_group_work(cast.events[THIRD], cast.people["Dr Siân O'Connor"])
    prepare_group_work(cast.events[SUMMIT], at=at)
    keep_in_touch(cast.programme, cast.people, at=at)
    try_designs(cast.programme, at=at)
    draft(cast.events["ls2"], at=at)
    begin_a_part(cast.events[SUMMIT], at=at)
    tell_of(cast.events["ls3"], at=at)
    return cast.programme


def summit_starts_at(at: datetime) -> datetime:
    """Return when the sample's summit begins: today at 9.30, or just now when it is late in the day.

    So whoever tries the sample in the evening still finds a door that is open.
    """
    here = london(at)
    if here.time() <= LATEST_START:
        return from_london(datetime.combine(here.date(), STARTS))
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)


def _add(row: Row) -> Row:
    """Add a row that has its id at once, so that others can point at it before it is written."""
    row.id = uuid4()
    db.session.add(row)
    return row


def _programme(starts_at: datetime) -> Programme:
    last_day = london_day(starts_at)
    return _add(
        Programme(
            slug=SLUG,
            title=TITLE,
            certificate_prefix=PREFIX,
            host_organisation=HOST,
            commissioner=COMMISSIONER,
            aims=AIMS,
            contact_email=f"team@{MAIL_DOMAIN}",
            starts_on=last_day - timedelta(days=EVENTS[0].days_before),
            ends_on=last_day,
            signatory_name="Helen Shaw",
            signatory_role="Programme Director",
            is_sample=True,
            created_at=starts_at - timedelta(days=380),
        )
    )


def _staff(cast: Cast, at: datetime) -> None:
    password = hash_password(PASSWORD)
    for member in (*STAFF, ADMINISTRATOR):
        person = _person(cast, member.name, member.email, cast.programme.created_at)
        account = _account(person, member, password, at)
        if member.role is not Role.ADMINISTRATOR:
            _add(
                StaffRole(
                    account_id=account.id,
                    programme_id=cast.programme.id,
                    role=member.role,
                    given_at=cast.programme.created_at,
                )
            )


def _account(person: Person, member: StaffMember, password: str, at: datetime) -> Account:
    return _add(
        Account(
            person_id=person.id,
            email=member.email,
            password=password,
            fs_uniquifier=uuid4().hex,
            confirmed_at=at,
            is_administrator=member.role is Role.ADMINISTRATOR,
            created_at=at,
        )
    )


def _person(
    cast: Cast, name: str, email: str, at: datetime, certificate_name: str | None = None
) -> Person:
    person = Person(
        name=name,
        sorting_name=sorting_name(name),
        email=email,
        certificate_name=certificate_name,
        created_at=at,
    )
    cast.people[name] = _add(person)
    return person


def _event(programme: Programme, sample: SampleEvent, summit_starts: datetime) -> Event:
    day = london_day(summit_starts) - timedelta(days=sample.days_before)
    starts_at = from_london(datetime.combine(day, STARTS)) if sample.days_before else summit_starts
    day_starts = from_london(datetime.combine(day, time()))
    return _add(
        Event(
            programme_id=programme.id,
            slug=sample.slug,
            kind=sample.kind,
            title=sample.title,
            summary=sample.summary,
            starts_at=starts_at,
            ends_at=starts_at + LASTS,
            venue=sample.venue,
            address="Market Square, Northvale",
            capacity=sample.capacity,
            is_open_to_all=DEFAULTS[sample.kind].is_open_to_all,
            shows_posters=DEFAULTS[sample.kind].shows_posters,
            changes_close_at=starts_at - timedelta(days=3),
            # The sample may be tried at any hour, so its doors open with the day.
            check_in_opens_at=day_starts,
            created_at=programme.created_at,
        )
    )


def _rules(programme: Programme, at: datetime) -> None:
    person = CompletionRule(programme_id=programme.id, holder=Holder.PERSON, changed_at=at)
    person.criteria = [
        _events(0, EventKind.LAUNCH, 1),
        _events(1, EventKind.LEARNING_SESSION, 2),
        _events(2, EventKind.SUMMIT, 1, minimum_minutes=180, make_up_counts=False),
    ]
    team = CompletionRule(programme_id=programme.id, holder=Holder.TEAM, changed_at=at)
    team.criteria = [
        _events(0, None, 0, members_needed=2, make_up_counts=False),
        RuleCriterion(position=1, kind=CriterionKind.COACH_VISITS, needed=4),
        RuleCriterion(position=2, kind=CriterionKind.POSTER, needed=1),
    ]
    db.session.add_all([person, team])


def _events(
    position: int,
    kind: EventKind | None,
    needed: int,
    *,
    minimum_minutes: int = 0,
    members_needed: int = 1,
    make_up_counts: bool = True,
) -> RuleCriterion:
    return RuleCriterion(
        position=position,
        kind=CriterionKind.EVENTS,
        event_kind=kind,
        needed=needed,
        minimum_minutes=minimum_minutes,
        members_needed=members_needed,
        make_up_counts=make_up_counts,
    )


def _practice(cast: Cast, practice: Practice, order: int, at: datetime) -> None:
    programme = cast.programme
    team = _add(
        Team(
            programme_id=programme.id,
            slug=slug(practice.name),
            name=practice.name,
            stage_order=order,
            created_at=programme.created_at,
        )
    )
    for place, member in enumerate(practice.members):
        _member(cast, team, member, place, at)
    _coaching(cast, team, practice)
    summit = cast.events[SUMMIT]
    handed_in = summit.starts_at - timedelta(days=7 + order)
    poster = _poster(summit, team, practice, handed_in=min(handed_in, at))
    if practice.name == SHOWN_TO_TRY:
        _poster_link(poster, practice, at)
    enqueue("sample.draw_poster", due_at=at, poster_id=str(poster.id))


def _poster(summit: Event, team: Team, practice: Practice, *, handed_in: datetime) -> Poster:
    words = POSTERS[practice.name]
    return _add(
        Poster(
            event_id=summit.id,
            team_id=team.id,
            title=practice.poster,
            stand=team.stage_order + 1,
            theme=words.theme,
            aim=words.aim,
            changes="\n".join(f"{change}." for change in words.changes),
            findings=words.findings,
            next_time=words.next_time,
            visibility=_seen_by(practice),
            submitted_at=handed_in,
        )
    )


def _seen_by(practice: Practice) -> Visibility:
    return Visibility.PUBLIC if practice.name in PUBLIC_POSTERS else Visibility.ATTENDEES


def _poster_link(poster: Poster, practice: Practice, at: datetime) -> None:
    db.session.add(
        PosterLink(
            poster_id=poster.id,
            token_hash=digest(sample_token("team")),
            sent_to=practice.members[0].name,
            created_at=at,
            expires_at=at + timedelta(days=365),
        )
    )


def _marketplace(summit: Event) -> None:
    """Let the marketplace be open and take uploads for as long as the sample may be tried."""
    day = from_london(datetime.combine(london_day(summit.starts_at), time()))
    market = usual_marketplace(summit)
    market.opens_at = day
    market.uploads_close_at = max(day + timedelta(hours=23, minutes=59), summit.ends_at)
    market.ballot_opens_at = summit.starts_at
    market.ballot_closes_at = summit.starts_at + VOTE
    db.session.add(market)


def _member(cast: Cast, team: Team, member: Somebody, place: int, at: datetime) -> None:
    since = cast.programme.created_at
    person = _person(cast, member.name, member.email, since, member.certificate_name)
    roles = (MemberRole.LEAD, MemberRole.SPONSOR)
    db.session.add(
        TeamMembership(
            team_id=team.id,
            person_id=person.id,
            role=roles[place] if place < len(roles) else MemberRole.MEMBER,
            joined_on=cast.programme.starts_on - timedelta(days=14),
        )
    )
    give_code(person.id, cast.programme.id, at=since)
    for name, event in cast.events.items():
        registration = _registration(event, team, person, member, declined=name in member.missed)
        if name == SUMMIT and registration.status is Status.CONFIRMED:
            _needs(registration, member, at)


def _registration(
    event: Event, team: Team, person: Person, member: Somebody, *, declined: bool
) -> Registration:
    invited = event.starts_at - timedelta(days=42)
    answered = invited + timedelta(days=3)
    return _add(
        Registration(
            event_id=event.id,
            person_id=person.id,
            team_id=team.id,
            status=Status.DECLINED if declined else Status.CONFIRMED,
            source=Source.INVITATION,
            role=member.role,
            photo_consent=member.photo,
            created_at=invited,
            booked_by_kind="staff",
            invited_at=invited,
            confirmed_at=None if declined else answered,
            ended_at=answered if declined else None,
        )
    )


def _needs(registration: Registration, member: Somebody, at: datetime) -> None:
    if not (member.diet or member.adjustments or member.phone):
        return
    db.session.add(
        AccessNeed(
            registration_id=registration.id,
            diet=member.diet,
            diet_other=member.diet_other,
            adjustments=list(member.adjustments),
            access_other=member.access_other,
            wants_call=bool(member.phone),
            phone=member.phone,
            call_due_at=at if member.phone else None,
            changed_at=registration.created_at,
        )
    )


def _coaching(cast: Cast, team: Team, practice: Practice) -> None:
    coach = cast.people[practice.coach]
    db.session.add(
        CoachAssignment(
            team_id=team.id, person_id=coach.id, from_on=cast.programme.starts_on, to_on=None
        )
    )
    for days, step in zip(practice.visits, _NEXT_STEPS, strict=False):
        is_last = days == practice.visits[-1]
        db.session.add(
            _visit(
                cast,
                team,
                coach,
                days,
                step,
                next_days=practice.planned_visit if is_last else None,
            )
        )


def _visit(
    cast: Cast, team: Team, coach: Person, days: int, step: str, *, next_days: int | None
) -> CoachVisit:
    last_day = cast.programme.ends_on
    visited_on = last_day - timedelta(days=days)
    return CoachVisit(
        team_id=team.id,
        coach_id=coach.id,
        visited_on=visited_on,
        minutes=90,
        met_with="The practice's improvement team",
        tools_used="Process map, PDSA",
        shared_notes="We looked at the run chart together and chose the next test.",
        private_notes="Good energy; the lead carries a lot alone.",
        next_step=step,
        next_visit_on=last_day - timedelta(days=next_days) if next_days else None,
        recorded_at=from_london(datetime.combine(visited_on, time(16))),
        recorded_by=coach.name,
    )


_NEXT_STEPS = (
    "Write the aim so that it can be measured",
    "Test the new script with one receptionist for a day",
    "Plot calls by the hour for two weeks",
    "Share the change with the afternoon team",
    "Draft the poster",
)


def _doors(summit: Event, at: datetime) -> None:
    day = london_day(summit.starts_at)
    opens = from_london(datetime.combine(day, time()))
    closes = max(from_london(datetime.combine(day, time(23, 59))), summit.ends_at)
    doors = (
        ("Front door", PointKind.DOOR, DoorRole.STEWARD),
        ("Desk", PointKind.DOOR, DoorRole.SUPERVISOR),
    )
    for name, kind, role in doors:
        point = _point(summit, name, kind, at)
        db.session.add(
            DoorLink(
                point_id=point.id,
                role=role,
                label=f"{name} ({role.value})",
                token_hash=digest(sample_token(f"door:{role.value}")),
                opens_at=opens,
                closes_at=closes,
                created_at=at,
            )
        )
    _point(summit, summit.venue, PointKind.ROOM, at)


def _point(event: Event, name: str, kind: PointKind, at: datetime) -> CheckinPoint:
    return _add(
        CheckinPoint(
            event_id=event.id,
            kind=kind,
            name=name,
            address_code=random_code(6),
            code_key=derived_code(key_for("room"), str(uuid4())).encode()[:32],
            created_at=at,
        )
    )


def _link(person: Person, at: datetime) -> None:
    db.session.add(
        PersonalLink(
            person_id=person.id,
            token_hash=digest(sample_token("attendee")),
            created_at=at,
            expires_at=at + timedelta(days=365),
        )
    )
