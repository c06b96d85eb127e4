"""Group work of the sample: prepared for the summit, and long shared at the session before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

from app.events.models import Event
from app.groupwork.actions.following_up import due_at
from app.groupwork.actions.grouping import begin_theme
from app.groupwork.actions.leading import move
from app.groupwork.actions.noting import keep_note
from app.groupwork.actions.preparing import Plan, prepare
from app.groupwork.actions.voting import vote
from app.groupwork.actions.writing import Written, write_card
from app.groupwork.models import Agreement, FollowUp, GroupWork, Table
from app.groupwork.queries.cards import cards_of_table
from app.groupwork.queries.sessions import prompt_at
from app.groupwork.queries.tables import tables_of
from app.groupwork.queries.themes import themes_of
from app.groupwork.rules.agreeing import Outcome
from app.groupwork.rules.stages import Move
from app.groupwork.rules.tables import Seating
from app.groupwork.rules.words import Source
from app.kernel.actor import SYSTEM
from app.kernel.clock import london_day
from app.people.models import Person
from app.plumbing.database import db
from app.registration.queries import registration_of

AFTER_LUNCH = timedelta(hours=3, minutes=30)
ONE_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Undertaken:
    """What a team agreed at the third learning session, and what it told us a month later."""

    team: str
    text: str
    days: int
    strength: int
    outcome: Outcome | None
    words: str = ""


CARDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Ask before we change": (
        ("Whitworth Health Centre", "Ask carers for good hours before we plan a round"),
        ("Old Mill Surgery", "Two patients at every process map"),
        ("Hill Top Practice", "Ask the pharmacies first: they know where it waits"),
    ),
    "Count from the first day": (
        ("Riverside Surgery", "Count calls by the hour before changing the rota"),
        ("Canal Street Medical Centre", "Check twenty filed letters a week, all together"),
    ),
    "Lend each other people": (
        ("Canal Street Medical Centre", "Lend a document coder to a neighbour for a morning"),
        ("The Limes", "Our front desk shows another desk its card"),
    ),
}
DOTS = (
    ("Riverside Surgery", (2, 1, 0)),
    ("Hill Top Practice", (3, 0, 0)),
    ("Canal Street Medical Centre", (0, 1, 2)),
    ("Old Mill Surgery", (2, 0, 1)),
    ("The Limes", (1, 0, 2)),
)
AGREED = (
    Undertaken("Riverside Surgery", "Count calls by the hour for two weeks", 30, 5, Outcome.DONE),
    Undertaken(
        "Canal Street Medical Centre",
        "Lend a document coder to Hill Top for two mornings",
        45,
        4,
        Outcome.PARTLY,
        "One morning worked well. The second fell to the winter rota.",
    ),
    Undertaken("Old Mill Surgery", "Invite two patients to the process map", 28, 4, Outcome.DONE),
    Undertaken(
        "The Limes",
        "Let the front desk at Parkgate try our card for a week",
        40,
        3,
        Outcome.NOT_YET,
        "Parkgate wants to, and has nobody to print it. We bring a stack in person.",
    ),
    Undertaken("Whitworth Health Centre", "Ask twenty carers for good hours", 60, 3, None),
)


NOTE = (
    "I came to change the rota and left with a sheet of tally marks. What surprised me: most who "
    "ring at eight ring again at nine. From now on I count before I change anything."
)


def prepare_group_work(summit: Event, *, at: datetime) -> None:
    """Prepare the summit's session with the three questions of the story."""
    prepare(summit, Plan(seating=Seating.MIXED, tables=6), by=SYSTEM, at=at)


def hold_group_work(session: Event, writer: Person) -> None:
    """Hold the session of an earlier event: cards, themes, votes, agreements since answered for, a note."""
    at = session.starts_at + AFTER_LUNCH
    plan = Plan(questions=("What would you do differently?",), seating=Seating.BY_TEAM)
    work = prepare(session, plan, by=SYSTEM, at=session.starts_at)
    tables = {table.team.name: table for table in tables_of(work) if table.team}
    _go(work, Move.START, at=at)
    for place, (team, text) in enumerate(card for cards in CARDS.values() for card in cards):
        moment = at + timedelta(seconds=place)
        written = Written(text=text, question=0, form_id=uuid5(NAMESPACE_URL, f"{work.id}/{place}"))
        write_card(work, written, source=Source.SCRIBE, table=tables[team], at=moment)
    _go(work, Move.TIME, at=at)
    _go(work, Move.REVEAL, at=at)
    _find_themes(work, tables, at=at)
    _go(work, Move.AGREE, at=at)
    for number, undertaken in enumerate(AGREED, start=1):
        _agree(work, tables[undertaken.team], undertaken, number, at=at)
    db.session.flush()
    _go(work, Move.SHARE, at=at)
    seat = registration_of(writer.id, session.id)
    assert seat is not None, "who writes a note was there"
    keep_note(seat, NOTE, at=session.ends_at)


def _go(work: GroupWork, onward: Move, *, at: datetime) -> None:
    move(work, onward, seen=work.steps, by=SYSTEM, at=at)


def _find_themes(work: GroupWork, tables: Mapping[str, Table], *, at: datetime) -> None:
    prompt = prompt_at(work, 0)
    shown = {
        card.text: card.id for table in tables.values() for card in cards_of_table(table, prompt.id)
    }
    for name, cards in CARDS.items():
        begin_theme(work, name, [shown[text] for _, text in cards], at=at)
    _go(work, Move.VOTE, at=at)
    themes = themes_of(prompt)
    for team, dots in DOTS:
        spent = dict(zip((theme.id for theme in themes), dots, strict=True))
        vote(work, spent, table=tables[team])
    _go(work, Move.COUNT, at=at)


def _agree(
    work: GroupWork, table: Table, undertaken: Undertaken, number: int, *, at: datetime
) -> None:
    agreement = Agreement(
        id=uuid4(),
        group_work_id=work.id,
        table_id=table.id,
        number=number,
        text=undertaken.text,
        owner_team_id=table.team_id,
        due_on=london_day(at + timedelta(days=undertaken.days)),
        strength=undertaken.strength,
        submission_id=uuid4(),
        written_at=at,
        agreed_at=at,
        outcome=undertaken.outcome,
        outcome_at=at + ONE_MONTH if undertaken.outcome else None,
    )
    db.session.add(agreement)
    db.session.flush()
    db.session.add(
        FollowUp(
            agreement_id=agreement.id,
            months=1,
            due_at=due_at(at, 1),
            sent_at=due_at(at, 1),
            answered_at=at + ONE_MONTH if undertaken.outcome else None,
            outcome=undertaken.outcome,
            words=undertaken.words,
        )
    )
