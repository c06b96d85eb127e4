"""G11 for group work: its forms, found in every state of a session, sent twice at the same moment."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.groupwork.actions.grouping import put_into
from app.groupwork.actions.preparing import seat_all
from app.groupwork.actions.tables import sit_down
from app.groupwork.messages import answer_token
from app.groupwork.models import Agreement, Card, FollowUp, Seat
from app.groupwork.rules.stages import Move
from app.groupwork.rules.voting import Voters
from app.plumbing.database import db, transaction
from app.plumbing.limits import limiter
from app.programmes.rules import Role
from tests.crawl import Cast, endpoint_of
from tests.factories.events import an_event
from tests.factories.groupwork import (
    a_card,
    a_group_work,
    a_pen,
    a_table,
    a_theme,
    an_agreement,
    led_on,
)
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member_of_staff, a_programme, a_team
from tests.factories.registration import a_registration
from tests.factories.voices import here
from tests.faults.twice import Found, Rows, everything, send, trouble_with
from tests.posters.files import a_picture
from tests.visitor import Visitor

AT = datetime(2026, 3, 26, 11, 0, tzinfo=UTC)
DUE = (AT + timedelta(days=30)).date().isoformat()
HERE = "/organise/together/events/summit/groupwork"
MINE = "/my/together/summit"
CHANGES_NOTHING = {
    "public.groupwork.join": "leads to the table whose code was typed",
}
"""Forms that change nothing at all, so that there is nothing to double."""


@pytest.fixture(autouse=True)
def during_the_summit():
    with time_machine.travel(AT, tick=False):
        limiter.reset()
        yield
        limiter.reset()


class Walk:
    """A session from its rehearsal to its letters, and every form that comes up on the way."""

    def __init__(self, app) -> None:
        self.app = app
        self.found: dict[str, Found] = {}
        event = an_event(
            a_programme(), starts_at=AT - timedelta(minutes=90), ends_at=AT + timedelta(hours=4)
        )
        team = a_team(event.programme, "Old Mill Surgery")
        self.place = here(a_registration(event, a_person("Gwen Price"), team), at=AT)
        here(a_registration(event, a_person("Ed Marsh"), team), at=AT)
        self.work = a_group_work(event, at=AT, is_moderated=True)
        self.table = a_table(self.work)
        person, pen = self.place.person, a_pen(self.table, at=AT)
        visitors = {
            "facilitator": Visitor(app).sign_in(
                a_member_of_staff(event.programme, Role.FACILITATOR)
            ),
            "scribe": Visitor(app).carry(scribe=pen),
            "attendee": Visitor(app).carry(visit=a_visit_of(person, at=AT)),
            "stranger": Visitor(app),
        }
        self.cast = Cast(visitors, {})
        self.code = self.table.code

    def look(self, who: str, *paths: str, **answers: Any) -> None:
        """Remember each new form of group work on these pages, as it stands now."""
        rows = everything()
        for path in paths:
            page = self.cast.visitors[who].open(path)
            assert page.status == 200, (path, page.text)
            for form in page.forms:
                target = form.action or path
                endpoint = endpoint_of(self.app, target, "POST") or ""
                if form.method != "post" or ".groupwork." not in endpoint:
                    continue
                name = (
                    f"{endpoint} {target.rpartition('/')[2]}" if "/moves/" in target else endpoint
                )
                action = form.action.partition("?")[0]
                self.found.setdefault(name, Found(name, who, path, action, rows, answers))

    def go(self, *moves: Move) -> None:
        self.work = led_on(db.session.merge(self.work), *moves, at=AT)


def prepared(walk: Walk) -> None:
    """Nobody has begun: questions and tables may still change, people sit down and join."""
    table, other = f"{HERE}/tables/{walk.table.id}", a_table(walk.work, 2)
    last = str(a_table(walk.work, 3).id)
    walk.look("facilitator", HERE)
    walk.look("facilitator", f"{HERE}/settings", minutes="12")
    walk.look("facilitator", table, table=last)
    walk.look("attendee", f"{MINE}/seat", table=last)
    walk.look("attendee", f"{MINE}/note", text="I talk too much")
    walk.look("stranger", "/g", f"/g/{walk.code}", code=walk.code)
    walk.look("facilitator", f"{table}/photo", file=a_picture("JPEG"))
    with transaction():
        db.session.execute(sa.delete(Seat))
    walk.look("facilitator", f"{HERE}/tables")
    with transaction():
        seat_all(db.session.merge(walk.work), anew=True)
        db.session.merge(walk.table).joined_id = other.id
    walk.look("facilitator", table)
    with transaction():
        db.session.merge(walk.table).joined_id = None
        sit_down(db.session.merge(walk.place), db.session.merge(walk.table))


def writing(walk: Walk) -> None:
    """The first question runs: the scribe and everybody write, paper is typed up."""
    walk.go(Move.START)
    table, text = f"/g/{walk.code}", {"text": "Ring back"}
    walk.look("facilitator", HERE)
    walk.look("scribe", table, **text)
    walk.look("attendee", f"{MINE}/table", **text)
    walk.look("facilitator", f"{HERE}/tables/{walk.table.id}/paper", **text)
    for words in ("Ask before we change", "Count from the first day"):
        a_card(walk.table, words, at=AT)
    walk.look("scribe", table)


def read(walk: Walk) -> None:
    """Time is up: the facilitator reads the cards before the room does, and hides one."""
    walk.go(Move.TIME)
    walk.look("facilitator", HERE, f"{HERE}/cards")
    with transaction():
        db.session.execute(sa.update(Card).values(cleared_at=AT))
    walk.go(Move.REVEAL)
    walk.look("facilitator", HERE, f"{HERE}/cards")


def grouped(walk: Walk) -> None:
    """Cards are put into a theme, and the room votes: by table, then each for themselves."""
    walk.go(Move.GROUP)
    first, second = db.session.scalars(sa.select(Card).order_by(Card.written_at, Card.id))
    walk.look("facilitator", f"{HERE}/themes", card=str(first.id), to="new", name="Listening")
    theme = a_theme(walk.work, "Counting", db.session.merge(second))
    with transaction():
        put_into(db.session.merge(walk.work), db.session.merge(theme), [first.id], out_of=[], at=AT)
    # A vote needs a theme: come to this form again, now that there is one.
    walk.found.pop("organiser.groupwork.move vote")
    walk.look("facilitator", HERE, f"{HERE}/themes", card=str(first.id), to="out")
    walk.look("facilitator", f"{HERE}/themes/{theme.id}", name="Counting calls")
    walk.go(Move.VOTE)
    dots = {f"dots-{theme.id}": "2"}
    walk.look("facilitator", HERE)
    walk.look("scribe", f"/g/{walk.code}", **dots)
    with transaction():
        db.session.merge(walk.work).voters = Voters.PEOPLE
    walk.look("attendee", f"{MINE}/table", **dots)


def agreeing(walk: Walk) -> None:
    """Tables say what they will do, and owners say yes."""
    walk.go(Move.COUNT)
    walk.look("facilitator", HERE)
    walk.go(Move.AGREE)
    said = {"text": "Count calls", "owner": str(walk.place.id), "due_on": DUE, "strength": "4"}
    walk.look("facilitator", HERE)
    walk.look("scribe", f"/g/{walk.code}/agreement", **said)
    walk.look("facilitator", f"{HERE}/tables/{walk.table.id}/agreement", **said)
    an_agreement(walk.table, walk.place)
    walk.look("scribe", f"/g/{walk.code}")
    walk.look("attendee", f"{MINE}/table")
    walk.look("facilitator", f"{HERE}/agreements", number="1")


def shared(walk: Walk) -> None:
    """The page goes out, and owners are asked what became of it."""
    with transaction():
        db.session.execute(sa.update(Agreement).values(agreed_at=AT))
    walk.go(Move.SHARE)
    walk.look("facilitator", HERE, f"{HERE}/harvest")
    told = db.session.scalars(sa.select(FollowUp).order_by(FollowUp.months)).first()
    agreement = f"{HERE}/agreements/{told.agreement_id}"
    walk.look("facilitator", f"{agreement}/outcome", outcome="partly")
    walk.look("stranger", f"/a/{told.id}/{answer_token(told)}", say="done", words="It rang less")


def test_every_form_of_group_work_sent_twice_at_once_has_one_effect(app):
    walk = Walk(app)
    for state in STATES:
        state(walk)
    wrong = {}
    for found in walk.found.values():
        once, (status,) = send(app, walk.cast, found, times=1)
        twice, statuses = send(app, walk.cast, found, times=2)
        trouble = trouble_with(found, status, statuses, once, twice)
        if not trouble and _is_nothing(found.rows, once) != (found.endpoint in CHANGES_NOTHING):
            trouble = f"sent once it changes nothing, or should not ({status})"
        if trouble:
            wrong[found.endpoint] = trouble

    assert not wrong, json.dumps(wrong, indent=1)


def test_the_walk_comes_to_every_form_of_group_work(app):
    walk = Walk(app)
    for state in STATES:
        state(walk)
    taking = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and ".groupwork." in rule.endpoint
    }
    moves = {name.split()[1] for name in walk.found if " " in name}

    assert {name.split()[0] for name in walk.found} == taking
    assert moves == {one.value for one in Move}


def _is_nothing(before: Rows, after: Rows) -> bool:
    return all(after[name] == rows for name, rows in before.items() if name != "press")


STATES = (prepared, writing, read, grouped, agreeing, shared)
