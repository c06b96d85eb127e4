"""A small world with everything in it three times over, for tests that walk through every address.

It has three corners: `own`, `sibling` (another event and team of the same programme) and `other`
(another programme). Each corner has one of everything that an address can name. A new room adds
its rows in `_furnish`, and the name it uses in addresses to `SCOPES`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask_security.recoverable import generate_reset_password_token
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import delete, insert, select, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.certificates.actions.issuing import completions_ready, issue_completions
from app.certificates.actions.printing import ask_for_print
from app.certificates.models import CertificateIssue, CompletionRule, Exception_, RuleCriterion
from app.certificates.rules import Holder, PrintOrder
from app.checkin.actions.counting import count_heads
from app.checkin.actions.doors import Wish, door_token, make_door_link
from app.checkin.models import AttendanceEvent, DoorRole
from app.checkin.queries.doors import desk_with_key
from app.checkin.rules.codes import room_code
from app.checkin.views.arrival_pass import _signer
from app.events.models import Event
from app.groupwork.messages import answer_token
from app.kernel.actor import Actor
from app.network.actions.joining import join
from app.network.messages import leaving_token
from app.network.models import ContactExchange
from app.people.actions import mint_link
from app.people.models import Account, Person
from app.plumbing.browser import (
    ARRIVAL_COOKIE,
    DOOR_COOKIE,
    TEAM_COOKIE,
    VISIT_COOKIE,
    cookie_name,
)
from app.plumbing.database import Model, db, guests_may_write, transaction
from app.plumbing.mail import Enclosure, Words, post
from app.plumbing.queue import enqueue, run_due
from app.plumbing.spreadsheets import read_table
from app.posters.actions.handing_in import hand_in
from app.posters.actions.standing_by import Slot, add_slot
from app.posters.queries.standing_by import slots_of
from app.posters.rules import Visibility
from app.posters.views.visits import TALLY
from app.programmes.models import Programme, StaffRole
from app.programmes.queries import coaches_of, staff_of
from app.programmes.rules import Role
from app.questionnaires.actions.answering import choose
from app.questionnaires.actions.rounds import plan_round
from app.registration.actions.lists import take_list
from app.registration.actions.needs import Needs, keep_needs
from app.registration.models import AccessNeed
from app.registration.queries import feed_token, pass_code
from app.web.sign_in_links import token_for
from app.writeups.queries.comments import token_of
from tests.factories.certificates import a_presence, a_rule
from tests.factories.checkin import a_door_key, a_room, scanned
from tests.factories.coaching import a_coach_visit
from tests.factories.events import an_event
from tests.factories.groupwork import (
    a_card,
    a_flip_chart,
    a_follow_up,
    a_group_work,
    a_table,
    a_theme,
    an_agreement,
)
from tests.factories.people import a_person, a_visit_of, an_account
from tests.factories.posters import a_marketplace, a_team_key, a_team_token, a_version
from tests.factories.programmes import a_coach_of, a_member, a_member_of_staff, a_programme, a_team
from tests.factories.registration import a_registration, the_code_of
from tests.factories.voices import a_question, a_report
from tests.factories.writeups import (
    a_comment,
    a_mention,
    a_moderation_token,
    a_picture,
    a_published_write_up,
)

AT = datetime(2026, 3, 26, 9, 0, tzinfo=UTC)
"""The moment at which the world stands still: doors are open, the summit begins in half an hour."""

HELEN = Actor("staff", uuid4(), "Helen Shaw")
CSRF = "0123456789abcdef0123456789abcdef01234567"
OWN, SIBLING, OTHER, MISSING = "own", "sibling", "other", "missing"
PROGRAMME_OF = {OWN: "ours", SIBLING: "ours", OTHER: "theirs", MISSING: None}


class Scope(Enum):
    """Within what a name in an address is looked up."""

    ALONE = auto()
    PROGRAMME = auto()
    EVENT = auto()
    TEAM = auto()


SCOPES: Mapping[str, Scope] = {
    "programme_slug": Scope.ALONE,
    "event_slug": Scope.PROGRAMME,
    "team_slug": Scope.PROGRAMME,
    "person_id": Scope.PROGRAMME,
    "issue_id": Scope.PROGRAMME,
    "submission": Scope.PROGRAMME,
    "role_id": Scope.PROGRAMME,
    "registration_id": Scope.EVENT,
    "line_id": Scope.EVENT,
    "link_id": Scope.EVENT,
    "count_id": Scope.EVENT,
    "address_code": Scope.EVENT,
    "membership_id": Scope.TEAM,
    "assignment_id": Scope.TEAM,
    "visit_id": Scope.TEAM,
    "print_id": Scope.PROGRAMME,
    "exception_id": Scope.PROGRAMME,
    "letter_id": Scope.PROGRAMME,
    "whom": Scope.PROGRAMME,
    "event": Scope.PROGRAMME,
    "need_id": Scope.EVENT,
    "words_id": Scope.EVENT,
    "comment_id": Scope.EVENT,
    "question_id": Scope.ALONE,
    "slot_id": Scope.ALONE,
    "exchange_id": Scope.ALONE,
    "list_id": Scope.EVENT,
    "account_id": Scope.ALONE,
    "job_id": Scope.ALONE,
    "token": Scope.ALONE,
    "code": Scope.ALONE,
    "kind": Scope.ALONE,
    "way": Scope.ALONE,
    "filename": Scope.ALONE,
    "holder": Scope.ALONE,
    "design": Scope.ALONE,
    "card_id": Scope.EVENT,
    "table_id": Scope.EVENT,
    "theme_id": Scope.EVENT,
    "agreement_id": Scope.EVENT,
    "chart_id": Scope.EVENT,
    "follow_up_id": Scope.ALONE,
    "paper": Scope.ALONE,
    "move": Scope.ALONE,
    "why": Scope.ALONE,
    "number": Scope.ALONE,
    "step": Scope.ALONE,
    "citation": Scope.ALONE,
    "version": Scope.ALONE,
    "size": Scope.ALONE,
    "picture": Scope.ALONE,
    "row": Scope.ALONE,
    "column": Scope.ALONE,
}

WORDS = frozenset(
    {"kind", "way", "filename", "holder", "design", "why", "number", "step", "citation"}
    | {"move", "paper", "version", "size", "picture", "row", "column"}
)
"""Names that stand for the same thing wherever one is."""

ALWAYS_THERE = frozenset({"why"})
"""Words that the address itself allows, and no others: behind another one there is no page at all."""

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "organiser.certificates.recognition_preview": ("whom", "event", "citation"),
}
"""Pages that are told more behind the question mark of their address, without which they are not there."""

AMBIGUOUS: Mapping[tuple[str, str], str] = {
    ("public.checkin.enrol", "token"): "door_token",
    ("public.people.link", "token"): "personal_token",
    ("public.people.come_in", "token"): "personal_token",
    ("public.certificates.letter", "token"): "personal_token",
    ("public.certificates.come_in", "token"): "personal_token",
    ("public.registration.letter", "token"): "personal_token",
    ("public.registration.come_in", "token"): "personal_token",
    ("public.registration.feed", "token"): "feed_token",
    ("public.sign_in.link", "token"): "sign_in_token",
    ("public.sign_in.use_link", "token"): "sign_in_token",
    ("security.reset_password", "token"): "reset_token",
    ("security.two_factor_setup_validate", "token"): "reset_token",
    ("public.registration.ticket", "code"): "pass_code",
    ("public.registration.ticket_in_small_letters", "code"): "pass_code",
    ("public.certificates.certificate", "code"): "certificate_code",
    ("public.certificates.certificate_in_capitals", "code"): "certificate_code",
    ("public.checkin.wall", "code"): "room_code",
    ("public.posters.way_in", "token"): "team_token",
    ("public.posters.come_in", "token"): "team_token",
    ("public.posters.poster", "code"): "poster_code",
    ("public.posters.poster_in_capitals", "code"): "poster_code",
    ("public.posters.enlarged", "code"): "poster_code",
    ("public.posters.original", "code"): "poster_code",
    ("public.posters.picture", "code"): "poster_code",
    ("public.posters.tile", "code"): "poster_code",
    ("public.posters.question", "code"): "poster_code",
    ("public.posters.ask", "code"): "poster_code",
    ("public.posters.reflection", "code"): "poster_code",
    ("public.posters.reflect", "code"): "poster_code",
    ("public.posters.signal", "code"): "poster_code",
    ("public.posters.report", "code"): "poster_code",
    ("public.posters.report", "kind"): "words_kind",
    ("organiser.posters.show_words", "kind"): "words_kind",
    ("organiser.posters.hide_words", "kind"): "words_kind",
    ("public.checkin.wall_in_capitals", "code"): "room_code",
    ("public.network.leave", "token"): "leaving_token",
    ("public.network.leave_now", "token"): "leaving_token",
    ("public.network.leave_by_hand", "token"): "leaving_token",
    ("public.network.leave_at_once", "token"): "leaving_token",
    ("public.groupwork.table", "code"): "table_code",
    ("public.groupwork.table_in_capitals", "code"): "table_code",
    ("public.groupwork.table_now", "code"): "table_code",
    ("public.groupwork.take_pen", "code"): "table_code",
    ("public.groupwork.write", "code"): "table_code",
    ("public.groupwork.take_back", "code"): "table_code",
    ("public.writeups.own_comment", "token"): "comment_token",
    ("public.writeups.confirm_comment", "token"): "comment_token",
    ("public.writeups.stop_letters", "token"): "comment_token",
    ("public.writeups.silence_by_hand", "token"): "comment_token",
    ("public.writeups.stop_letters_at_once", "token"): "comment_token",
    ("public.writeups.take_back_comment", "token"): "comment_token",
    ("public.writeups.moderation", "token"): "moderation_token",
    ("public.writeups.moderate", "token"): "moderation_token",
    ("organiser.writeups.version", "number"): "version",
    ("organiser.writeups.picture", "number"): "version",
    ("organiser.writeups.remove_picture", "number"): "version",
    ("public.writeups.picture", "number"): "version",
    ("organiser.writeups.restore", "number"): "version",
    ("public.groupwork.vote", "code"): "table_code",
    ("public.groupwork.propose", "code"): "table_code",
    ("public.groupwork.take_agreement_back", "code"): "table_code",
    ("public.groupwork.tell", "token"): "answer_token",
    ("public.groupwork.answer", "token"): "answer_token",
}
"""Names that mean different things in different addresses, and what they mean there."""

NOWHERE: Mapping[str, str] = {
    "programme_slug": "no-such-programme",
    "event_slug": "no-such-event",
    "team_slug": "no-such-team",
    "address_code": "ZZZZZZZZ",
    "token": "0" * 26,
    "code": "0" * 26,
    "kind": "no-such-kind",
    "way": "no-such-way",
    "filename": "no-such-file.js",
    "holder": "nobody",
    "design": "no-such-design",
    "why": "no-reason",
    "move": "no-such-move",
    "paper": "no-such-paper",
    "number": "7",
    "step": "99",
    "citation": "A citation names nothing; what is missing beside it is what counts.",
    "version": "7",
    "size": "a3",
    "picture": "no-such-picture",
    "row": "7",
    "column": "7",
}
"""Well-formed values of things that are not there; ids are drawn afresh."""


@dataclass(frozen=True)
class Caller:
    """Somebody with a browser: the cookies they carry, and who they are to the house."""

    name: str
    cookies: str
    is_attendee: bool = False
    is_team: bool = False
    home: str = OWN
    door: Role | None = None
    is_staff: bool = False
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)

    def roles_at(self, programme: str | None) -> frozenset[Role]:
        """Return the roles held in a programme; None asks for those held anywhere."""
        if programme is None:
            return frozenset().union(*self.roles.values())
        return self.roles.get(programme, frozenset())


Rows = dict[str, list[dict[str, Any]]]


@dataclass
class World:
    """What stands in the database, by corner and name, who asks, and how to put it all back."""

    app: Flask
    corners: dict[str, dict[str, str]] = field(default_factory=dict)
    callers: list[Caller] = field(default_factory=list)
    token: str = ""
    rows: Rows = field(default_factory=dict)

    def value(self, endpoint: str, name: str, corner: str) -> str:
        """Return what an address of this page says for a name."""
        key = AMBIGUOUS.get((endpoint, name), name)
        if corner == MISSING:
            return NOWHERE.get(name) or str(UUID(int=7))
        values = self.corners[corner]
        assert key in values, (
            f"The page {endpoint} names a {name!r}. Put one into every corner of tests/house/world.py "
            f"(_furnish), and say in SCOPES within what it is looked up."
        )
        return values[key]

    def ask(
        self,
        caller: Caller,
        rule: Rule,
        method: str = "GET",
        corners: Mapping[str, str] | None = None,
        *,
        app: Flask | None = None,
        instead: Mapping[str, str] | None = None,
        asked: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Ask as a browser does that has opened the form before, from an address of its own.

        `instead` says other values for names in the address, `asked` what stands behind its
        question mark.
        """
        where = corners or all_in(OWN, names_in(rule))
        values = {name: self.value(rule.endpoint, name, corner) for name, corner in where.items()}
        values |= instead or {}
        number = next(_addresses)
        house = app or self.app
        with house.app_context():
            return house.test_client(use_cookies=False).open(
                address(rule, values),
                method=method,
                buffered=True,  # so that a file which is handed out is closed again
                query_string={
                    **{name: values[name] for name in QUESTIONS.get(rule.endpoint, ())},
                    **(asked or {}),
                },
                data={"csrf_token": self.token} if method == "POST" else None,
                headers={"Cookie": caller.cookies},
                environ_overrides={
                    "REMOTE_ADDR": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
                },
            )

    def send(self, caller: Caller, path: str, data: Mapping[str, Any]) -> TestResponse:
        """Send a form that was found on a page, from an address of its own."""
        number = next(_addresses)
        with self.app.app_context():
            return self.app.test_client(use_cookies=False).post(
                path,
                data=data,
                buffered=True,
                headers={"Cookie": caller.cookies},
                environ_overrides={
                    "REMOTE_ADDR": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
                },
            )

    def caller(self, name: str) -> Caller:
        """Return the caller of this name."""
        return next(caller for caller in self.callers if caller.name == name)

    def is_as_built(self) -> bool:
        """Say whether the tables hold exactly what was built."""
        return not self.changed()

    def changed(self) -> set[str]:
        """Return the tables that hold something else than what was built."""
        return {name for name, rows in all_rows().items() if rows != self.rows[name]}

    def rebuild(self) -> None:
        """Put every row back as it was built."""
        put_back(self.rows)


_addresses = count(1)


def address(rule: Rule, values: Mapping[str, str]) -> str:
    """Return the address of a page with these values in it."""
    return re.sub(r"<(?:[^<>:]+:)?(\w+)>", lambda found: values[found[1]], rule.rule)


def names_in(rule: Rule) -> list[str]:
    """Return every name that an address of this page gives a value to."""
    return sorted(rule.arguments | set(QUESTIONS.get(rule.endpoint, ())))


def methods_of(rule: Rule) -> list[str]:
    """Return the methods in which a page is asked for."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def all_in(corner: str, names: list[str]) -> dict[str, str]:
    """Return an address that lies in one corner altogether."""
    return {
        name: OWN if name in ALWAYS_THERE or (name in WORDS and corner != MISSING) else corner
        for name in names
    }


def a_world(app: Flask) -> World:
    """Build the world; time stands at AT while this runs."""
    world = World(app)
    ours = a_programme("ours", title="Ours", certificate_prefix="OUR-2026")
    theirs = a_programme("theirs", title="Theirs", certificate_prefix="THE-2026")
    for corner, programme in ((OWN, ours), (SIBLING, ours), (OTHER, theirs)):
        world.corners[corner] = _furnish(corner, programme)
    _issue(ours, [world.corners[OWN], world.corners[SIBLING]])
    _issue(theirs, [world.corners[OTHER]])
    for corner in world.corners.values():
        _count(corner)
    _tell(world, ours, theirs)
    for minutes in range(3):  # a file for the printer waits for what it is made of
        run_due(lambda minutes=minutes: AT + timedelta(minutes=minutes))
    db.session.rollback()
    _leave_work(world)
    world.rows = all_rows()
    return world


def _furnish(corner: str, programme: Programme) -> dict[str, str]:
    """Put one of everything into a corner, and return what addresses call it."""
    event = an_event(
        programme,
        f"{corner}-summit",
        title=f"Summit {corner}",
        is_open_to_all=corner == OWN,
        shows_posters=True,
    )
    team = a_team(programme, f"{corner.title()} practice")
    person = a_person(f"Gwen {corner.title()}")
    coaching = an_account(f"Asha {corner.title()}")
    coach = coaching.person
    membership = a_member(team, person)
    a_coach_of(team, coach)
    visit = a_coach_visit(team, coach)
    registration = a_registration(event, person, team)
    room = a_room(event)
    key = a_door_key(event)
    desk = desk_with_key(key)
    assert desk is not None
    code = the_code_of(registration)
    scanned(f"HTTP://LOCALHOST/K/{pass_code(code)}", desk, at=AT - timedelta(minutes=2))
    with transaction():
        needs = Needs(diet="vegan", wants_call=True, phone="01632 960 001")
        keep_needs(registration, needs, by=HELEN, at=AT)
        token = mint_link(person, at=AT, expires_at=AT + timedelta(days=90))
        link = make_door_link(event, _wish(), by=HELEN, at=AT)
        plan_round(event, days_open=3, asks_then=True, by=HELEN, at=AT)
        choose(person, programme, keeps_together=True, shows_small_team=False, at=AT)
        poster = hand_in(team, event, title="Fewer missed calls", by=HELEN, at=AT)
        poster.visibility = Visibility.PUBLIC
        member = join(programme, person, at=AT)
        exchange = ContactExchange(
            asker_id=coach.id, asked_id=person.id, programme_id=programme.id, asked_at=AT
        )
        db.session.add(exchange)
        by = Actor("staff", coaching.id, "Asha")
        table = read_table(b"Name,E-mail\nNora Bell,nora@hilltop.example\n", filename="people.csv")
        people = take_list(event, table, filename="people.csv", by=by, at=AT)
        list_id = str(people.id)
    a_marketplace(event, opens_at=AT - timedelta(hours=1), uploads_close_at=AT + timedelta(hours=1))
    a_version(poster)
    a_report(poster, at=AT)
    question = a_question(poster, person, at=AT)
    write_up = a_published_write_up(
        event, "It was a good day.\n\n[[posters]]", at=AT, held_words="casino"
    )
    comment = a_comment(write_up, at=AT)
    a_picture(write_up, person)
    a_mention(write_up, person)
    with transaction():
        add_slot(poster, _slot(), by=HELEN, at=AT)
    line = db.session.query(AttendanceEvent).filter_by(registration_id=registration.id).one()
    group_work = a_group_work(event, at=AT)
    group_table = a_table(group_work)
    group_card = a_card(group_table, "Signposting by reception", at=AT)
    agreement = an_agreement(group_table, registration)
    follow_up = a_follow_up(agreement, at=AT)
    return {
        "programme_slug": programme.slug,
        "event_slug": event.slug,
        "team_slug": team.slug,
        "person_id": str(person.id),
        "coach_id": str(coach.id),
        "door_key": key,
        "registration_id": str(registration.id),
        "line_id": str(line.id),
        "link_id": str(link.id),
        "address_code": room.address_code,
        "membership_id": str(membership.id),
        "assignment_id": str(coaches_of(team)[0].id),
        "visit_id": str(visit.id),
        "door_token": door_token(link),
        "personal_token": token,
        "feed_token": feed_token(code),
        "pass_code": pass_code(code),
        "room_code": room_code(room.code_key, AT),
        "room_id": str(room.id),
        "poster_code": poster.code,
        "team_token": a_team_token(poster, at=AT),
        "team_key": a_team_key(poster, at=AT),
        "comment_id": str(comment.id),
        "comment_token": token_of(comment.id),
        "moderation_token": a_moderation_token(comment, coaching, at=AT),
        "words_id": str(question.id),
        "words_kind": "question",
        "question_id": str(question.id),
        "exchange_id": str(exchange.id),
        "leaving_token": leaving_token(member.id),
        "slot_id": str(slots_of(poster)[0].id),
        "version": "1",
        "size": "a5",
        "picture": "small",
        "row": "0",
        "column": "0",
        "need_id": str(
            db.session.query(AccessNeed).filter_by(registration_id=registration.id).one().id
        ),
        "account_id": str(coaching.id),
        "list_id": list_id,
        "whom": f"team:{team.id}",
        "event": str(event.id),
        "citation": "For making every patient's first call the only one they need.",
        "holder": "person",
        "design": "completion",
        "why": "strange",
        "move": "start",
        "paper": "cards",
        "table_id": str(group_table.id),
        "theme_id": str(a_theme(group_work, "Signposting", group_card).id),
        "agreement_id": str(agreement.id),
        "chart_id": str(a_flip_chart(group_table, at=AT).id),
        "follow_up_id": str(follow_up.id),
        "answer_token": answer_token(follow_up),
        "table_code": group_table.code,
        "card_id": str(group_card.id),
        "number": "0",
        "step": "1",
        "kind": "summit",
        "way": "pass",
        "filename": "js/base64.js",
    }


def _slot() -> Slot:
    return Slot(starts_at=AT, ends_at=AT + timedelta(minutes=20), who="Ruth")


def _wish() -> Wish:
    return Wish(
        id=uuid4(),
        door="Side door",
        role=DoorRole.STEWARD,
        opens_at=AT - timedelta(hours=1),
        closes_at=AT + timedelta(hours=8),
    )


def _issue(programme: Programme, corners: list[dict[str, str]]) -> None:
    """Give everybody of a programme a certificate of completion, for a launch last year."""
    launch = an_event(
        programme, "launch", title="Launch", starts_at=datetime(2025, 4, 10, 8, 30, tzinfo=UTC)
    )
    a_rule(programme, Holder.PERSON)
    for corner in corners:
        a_presence(db.session.get_one(Person, UUID(corner["person_id"])), launch)
    batch = uuid4()
    with transaction():
        expected = len(completions_ready(programme, at=AT).awards)
        issue_completions(
            programme, expected=expected, batch=f"certificates:{batch}", by=HELEN, at=AT
        )
        print_id = ask_for_print(programme, order=PrintOrder.STAGE, by=HELEN, at=AT).id
    criterion = (
        db.session.query(RuleCriterion)
        .join(CompletionRule)
        .filter(CompletionRule.programme_id == programme.id)
        .one()
    )
    for corner in corners:
        corner["print_id"] = str(print_id)
        person_id = UUID(corner["person_id"])
        exception = Exception_(
            programme_id=programme.id,
            holder=Holder.PERSON,
            holder_id=person_id,
            criterion_id=criterion.id,
            reason="Was on leave",
            granted_by="Helen Shaw",
            granted_at=AT,
        )
        with transaction():
            db.session.add(exception)
        corner["exception_id"] = str(exception.id)
        issue = db.session.query(CertificateIssue).filter_by(person_id=person_id).one()
        corner["issue_id"] = str(issue.id)
        corner["certificate_code"] = issue.code
        corner["submission"] = str(batch)


def _leave_work(world: World) -> None:
    """Leave a letter in each corner's programme, kept here, and a job that waits."""
    for corner in world.corners.values():
        programme = db.session.query(Programme).filter_by(slug=corner["programme_slug"]).one()
        with transaction():
            letter = post(
                Words(
                    "Your certificate",
                    "It is enclosed.",
                    "<html lang=en><head><title>It</title></head><body>is enclosed</body></html>",
                ),
                to_name="Gwen Price",
                to_address="gwen@hilltop.example",
                at=AT,
                about="certificate:none",
                programme_id=programme.id,
                enclosures=[Enclosure("pass.txt", "text/plain", b"a pass")],
            )
            letter_id = letter.id
        run_due(lambda: AT)
        with transaction():
            job = enqueue("mail.deliver", due_at=AT + timedelta(days=1), letter_id=str(letter_id))
            db.session.flush()
            corner["letter_id"], corner["job_id"] = str(letter_id), str(job.id)


def _count(corner: dict[str, str]) -> None:
    event = db.session.query(Event).filter_by(slug=corner["event_slug"]).one()
    with transaction():
        count = count_heads(event.id, counted=9, submission_id=uuid4(), by=HELEN, at=AT)
        corner["count_id"] = str(count.id)


def _tell(world: World, ours: Programme, theirs: Programme) -> None:
    """Let everybody in who may ask for a page."""
    app, own, sibling = world.app, world.corners[OWN], world.corners[SIBLING]
    world.token = _csrf_token(app)
    summit = db.session.query(Event).filter_by(slug=own["event_slug"]).one()

    def cookies(account: Account | None = None, **others: str) -> str:
        facts: dict[str, object] = {"csrf_token": CSRF}
        if account is not None:
            facts |= {"_user_id": account.fs_uniquifier, "_fresh": True}
        session = app.session_interface.get_signing_serializer(app).dumps(facts)
        pairs = {app.config["SESSION_COOKIE_NAME"]: session}
        pairs |= {cookie_name(name): value for name, value in others.items()}
        return "; ".join(f"{name}={value}" for name, value in pairs.items())

    def staff(name: str, programme: Programme, role: Role) -> Caller:
        account = a_member_of_staff(programme, role, name)
        key = "ours" if programme is ours else "theirs"
        held = {key: frozenset({role})}
        return Caller(name, cookies(account), is_staff=True, roles=held)

    def visiting(name: str, corner: dict[str, str], home: str) -> Caller:
        key = a_visit_of(db.session.get_one(Person, UUID(corner["person_id"])), at=AT)
        carried = {VISIT_COOKIE: key, ARRIVAL_COOKIE: _arrival_pass(UUID(corner["room_id"]))}
        return Caller(name, cookies(**carried), is_attendee=True, home=home)

    def team(name: str, corner: dict[str, str], home: str) -> Caller:
        return Caller(name, cookies(**{TEAM_COOKIE: corner["team_key"]}), is_team=True, home=home)

    def door(name: str, key: str) -> Caller:
        return Caller(name, cookies(**{DOOR_COOKIE: key}), door=Role(name))

    coach = db.session.query(Account).filter_by(person_id=UUID(own["coach_id"])).one()
    administrator = an_account("Sam Administrator", is_administrator=True)
    everywhere = frozenset({Role.ADMINISTRATOR})
    world.callers = [
        Caller("stranger", cookies()),
        visiting("attendee", own, OWN),
        visiting("another attendee", sibling, SIBLING),
        team("team", own, OWN),
        team("another team", sibling, SIBLING),
        door("steward", own["door_key"]),
        door("supervisor", a_door_key(summit, DoorRole.SUPERVISOR)),
        staff("facilitator", ours, Role.FACILITATOR),
        Caller(
            "coach",
            cookies(_given(coach, ours, Role.COACH)),
            is_staff=True,
            roles={"ours": frozenset({Role.COACH})},
        ),
        staff("organiser", ours, Role.ORGANISER),
        staff("lead", ours, Role.LEAD),
        Caller(
            "administrator",
            cookies(administrator),
            is_staff=True,
            roles={"ours": everywhere, "theirs": everywhere},
        ),
        staff("lead of another programme", theirs, Role.LEAD),
        Caller("staff without a role", cookies(an_account("Nobody Here")), is_staff=True),
    ]
    for name, programme in ((OWN, ours), (SIBLING, ours), (OTHER, theirs)):
        world.corners[name]["role_id"] = str(staff_of(programme)[-1].id)
        account = staff_of(programme)[-1].account
        world.corners[name]["sign_in_token"] = token_for(account)
        world.corners[name]["reset_token"] = generate_reset_password_token(account)


def _arrival_pass(room_id: UUID) -> str:
    """Return what the cookie says of a browser that has just scanned the wall of a room."""
    return str(_signer().dumps([room_id.hex, AT.isoformat(), ""]))


def _given(account: Account, programme: Programme, role: Role) -> Account:
    with transaction():
        db.session.add(
            StaffRole(account_id=account.id, programme_id=programme.id, role=role, given_at=AT)
        )
    return account


def _csrf_token(app: Flask) -> str:
    return URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(CSRF)


def all_rows() -> Rows:
    """Return everything that stands in the database or waits to be written there, by table."""
    TALLY.write()
    with db.engine.connect() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(select(table).order_by(table.c.id)).mappings()
            ]
            for table in Model.metadata.sorted_tables
        }


def put_back(rows: Rows) -> None:
    """Make the database hold these rows and nothing else."""
    with guests_may_write(), db.engine.begin() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in reversed(Model.metadata.sorted_tables):
            connection.execute(delete(table))
        for table in Model.metadata.sorted_tables:
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])
