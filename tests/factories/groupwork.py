"""Group work for tests."""

from datetime import date, datetime
from uuid import uuid4

from app.events.models import Event
from app.groupwork.actions.leading import move
from app.groupwork.actions.paper import clean_key
from app.groupwork.actions.preparing import Plan, prepare
from app.groupwork.actions.tables import take_pen
from app.groupwork.actions.writing import Written, write_card
from app.groupwork.models import (
    Agreement,
    Card,
    FlipChart,
    FollowUp,
    GroupWork,
    Table,
    Theme,
    ThemeCard,
)
from app.groupwork.queries.sessions import prompt_at
from app.groupwork.queries.tables import tables_of
from app.groupwork.queries.themes import themes_of
from app.groupwork.rules.stages import Move
from app.groupwork.rules.tables import Seating
from app.groupwork.rules.words import Source
from app.kernel.actor import Actor
from app.plumbing.database import db, transaction
from app.plumbing.files import keep_file
from app.registration.models import Registration

MARCUS = Actor("staff", None, "Marcus Reid")


def a_group_work(event: Event, *, at: datetime, **plan: object) -> GroupWork:
    """A prepared session, with three mixed tables unless told otherwise."""
    usual = {"seating": Seating.MIXED, "tables": 3}
    with transaction():
        return prepare(event, Plan(**{**usual, **plan}), by=MARCUS, at=at)


def led_on(work: GroupWork, *moves: Move, at: datetime) -> GroupWork:
    """The same session, after these moves."""
    for one in moves:
        db.session.rollback()
        with transaction():
            move(work, one, seen=work.steps, by=MARCUS, at=at)
    return work


def a_table(work: GroupWork, number: int = 1) -> Table:
    """The table of this number."""
    return next(table for table in tables_of(work) if table.number == number)


def a_pen(table: Table, *, at: datetime) -> str:
    """The key of a phone that writes for a table."""
    with transaction():
        return take_pen(table, at=at)


def a_card(table: Table, text: str, *, at: datetime, **how: object) -> Card:
    """A card for the question at hand, by the table's scribe unless told otherwise."""
    work = table.group_work
    written = Written(text=text, question=work.question, form_id=uuid4())
    with transaction():
        return write_card(work, written, at=at, **{"source": Source.SCRIBE, "table": table, **how})


def an_agreement(table: Table, owner: Registration | None = None, **facts: object) -> Agreement:
    """Something that a table undertakes, whoever owns it."""
    usual = {
        "number": 1,
        "text": "Riverside will pilot signposting by reception",
        "owner_id": owner.id if owner else None,
        "due_on": date(2026, 4, 30),
        "strength": 4,
        "submission_id": uuid4(),
        "written_at": table.group_work.prepared_at,
    }
    with transaction():
        agreement = Agreement(
            id=uuid4(),
            group_work_id=table.group_work_id,
            table_id=table.id,
            **{**usual, **facts},
        )
        db.session.add(agreement)
    return agreement


def a_follow_up(agreement: Agreement, *, at: datetime, months: int = 1) -> FollowUp:
    """A letter that is due and asks what became of an agreement."""
    with transaction():
        follow_up = FollowUp(id=uuid4(), agreement_id=agreement.id, months=months, due_at=at)
        db.session.add(follow_up)
    return follow_up


def a_theme(work: GroupWork, name: str = "Signposting", *cards: Card) -> Theme:
    """A theme of the question at hand, with these cards."""
    prompt = prompt_at(work, work.question)
    with transaction():
        theme = Theme(id=uuid4(), prompt_id=prompt.id, name=name, place=len(themes_of(prompt)))
        db.session.add(theme)
        db.session.flush()
        for card in cards:
            db.session.add(ThemeCard(theme_id=theme.id, card_id=card.id))
    return theme


def a_flip_chart(table: Table, *, at: datetime) -> FlipChart:
    """A photo of a flip chart that can be shown."""
    chart_id = uuid4()
    keep_file(clean_key(chart_id), b"\xff\xd8\xff\xe0 a picture")
    with transaction():
        chart = FlipChart(
            id=chart_id,
            table_id=table.id,
            kind="jpeg",
            file_key=clean_key(chart_id),
            taken_at=at,
        )
        db.session.add(chart)
    return chart
