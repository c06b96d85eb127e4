"""Pages no link leads to: behind a letter, a printed code, or a step that somebody takes first."""

import re
from collections.abc import Iterable, Iterator

from flask import Flask
from sqlalchemy import select

from app.checkin.models import CheckinPoint, PointKind
from app.groupwork.messages import answer_token
from app.groupwork.models import Card, FollowUp, GroupWork, Table, Theme
from app.kernel.clock import now
from app.plumbing.database import db
from app.plumbing.mail import Letter
from app.plumbing.queue import run_due
from app.registration.models import PersonalCode, Registration
from app.registration.queries import pass_code
from tests.crawl import Cast, Opened, endpoint_of, programme_slug
from tests.visitor import Visitor

UNTIL_THEMES = ("start", "time", "reveal", "group")


def further_pages(house: Flask, cast: Cast) -> list[Opened]:
    """Lead group work on to its themes, write to the house, and open what no link comes to."""
    cast.visitors["scribe"] = Visitor(house)
    table = _a_table_at_the_summit()
    ways = [*_of_group_work(cast, table), *_by_heart(table), *_out_of_letters(cast)]
    opened = [_opened(house, cast, who, path) for who, path in dict.fromkeys(ways)]
    return [one for one in opened if one is not None]


def _opened(house: Flask, cast: Cast, who: str, path: str) -> Opened | None:
    page = cast.visitors[who].open(path)
    endpoint = endpoint_of(house, path)
    return Opened(who, endpoint, path, page) if endpoint and page.status == 200 else None


def _a_table_at_the_summit() -> Table:
    return db.session.scalars(
        select(Table)
        .join(GroupWork, GroupWork.id == Table.group_work_id)
        .where(GroupWork.stage == "rehearsal")
        .order_by(Table.number)
    ).first()


def _of_group_work(cast: Cast, table: Table) -> Iterator[tuple[str, str]]:
    here = f"/organise/{programme_slug()}/events/summit/groupwork"
    lead, at_table = cast.visitors["lead"], f"/g/{table.code}"
    cast.visitors["scribe"].fill_in(at_table, action="/pen")
    for move in UNTIL_THEMES:
        lead.fill_in(here, action=f"/moves/{move}")
        if move == "start":
            cast.visitors["scribe"].fill_in(at_table, action="/cards", text="Ring back")
    card = db.session.scalars(select(Card).where(Card.table_id == table.id)).one()
    lead.fill_in(f"{here}/themes", action="/themes", card=str(card.id), to="new", name="Calls")
    theme = db.session.scalars(select(Theme).where(Theme.name == "Calls")).one()
    yield "scribe", at_table
    yield "stranger", at_table
    for page in ("", "/themes", f"/themes/{theme.id}", f"/tables/{table.id}/paper"):
        yield "lead", here + page


def _by_heart(table: Table) -> Iterator[tuple[str, str]]:
    """Yield what stands on paper: at the tables, on the wall, on a pass, in an older letter."""
    slug = programme_slug()
    event_id = table.group_work.event_id
    room = db.session.scalars(
        select(CheckinPoint).where(
            CheckinPoint.kind == PointKind.ROOM, CheckinPoint.event_id == event_id
        )
    ).first()
    follow_up = db.session.scalars(select(FollowUp)).first()
    coming = db.session.scalars(
        select(Registration).where(Registration.event_id == event_id)
    ).first()
    scanned = db.session.scalars(
        select(PersonalCode).where(PersonalCode.revoked_at.is_(None))
    ).first()
    yield "stranger", "/g"
    yield "stranger", f"/r/{room.address_code}"
    yield "stranger", f"/a/{follow_up.id}/{answer_token(follow_up)}"
    yield "stranger", f"/events/{slug}/summit/sent"
    yield "stranger", f"/events/{slug}/ls3/write-up/comment/sent"
    yield "stranger", f"/K/{pass_code(scanned)}"
    for who in ("steward", "supervisor"):
        yield who, f"/door/search/{coming.id}"
    yield "attendee", f"/my/{slug}/ls3/skills/done"


def _out_of_letters(cast: Cast) -> Iterable[tuple[str, str]]:
    """Ask for letters, and yield where all letters lead."""
    stranger = cast.visitors["stranger"]
    stranger.fill_in("/link", email="sian.oconnor@practice.example")
    stranger.fill_in(
        f"/events/{programme_slug()}/ls3/write-up/comment",
        name="Mary Lowe",
        email="mary@lowe.example",
        text="Well told",
    )
    run_due(now)
    for letter in db.session.scalars(select(Letter)):
        for path in re.findall(r"http://localhost(/\S+)", letter.text or ""):
            yield "stranger", path
