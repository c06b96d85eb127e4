"""Tables and people write cards; a card sent twice exists once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.groupwork.models import Card, GroupWork, Prompt, Table
from app.groupwork.queries.cards import card_sent_as
from app.groupwork.queries.sessions import standing_of
from app.groupwork.rules.stages import Stage, takes_cards
from app.groupwork.rules.words import Source
from app.kernel.refusal import Refusal
from app.people.models import Person
from app.plumbing.database import db, hold, insert_new


class TimeIsUp(Refusal):
    """A card arrived when none is taken."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A card as it arrives: what it says, which question was on the phone, and its own id."""

    text: str
    question: int | None
    form_id: UUID


def write_card(
    work: GroupWork,
    written: Written,
    *,
    source: Source,
    at: datetime,
    table: Table | None = None,
    person: Person | None = None,
) -> Card:
    """Keep a card, unless the time is up; an anonymous one is kept without anything about its author."""
    standing = card_sent_as(written.form_id)
    if standing is not None:
        return standing
    # Whoever reveals the cards waits for those that are being written, and the other way round.
    hold(work, shared=True)
    prompt = _prompt(work, written, source=source, at=at)
    is_hidden = source is Source.ANONYMOUS
    card = Card(
        id=uuid4(),
        group_work_id=work.id,
        prompt_id=prompt.id if prompt else None,
        table_id=table.writes_for.id if table and not is_hidden else None,
        person_id=person.id if person and source is Source.PERSON else None,
        source=source,
        text=written.text,
        submission_id=written.form_id,
        written_at=at.replace(minute=0, second=0, microsecond=0) if is_hidden else at,
        cleared_at=None if work.is_moderated else at,
    )
    insert_new(card)
    kept = card_sent_as(card.submission_id)
    assert kept is not None, "it is there: we or the same form a moment ago wrote it"
    return kept


def _prompt(work: GroupWork, written: Written, *, source: Source, at: datetime) -> Prompt | None:
    standing = standing_of(work, at=at)
    if source is Source.PAPER:
        return standing.prompts[written.question or 0]
    if not takes_cards(work.stage, ends_at=work.ends_at, at=at):
        raise TimeIsUp(
            "The time for this question is up. Your words are kept here: "
            "ask the facilitator for two more minutes, then send them."
        )
    if work.stage is Stage.REHEARSAL:
        return None
    if written.question != work.question:
        raise TimeIsUp(
            "The room has gone on to the next question. Your words are kept here: "
            "send them again if they answer this one."
        )
    return standing.prompt


class NotYours(Refusal):
    """A card is somebody else's, or the room reads it already."""


def withdraw_card(work: GroupWork, card: Card, *, at: datetime) -> None:
    """Take one's own card back, while it is still one's own."""
    hold(work)
    if not takes_cards(work.stage, ends_at=work.ends_at, at=at):
        raise NotYours("The time is up, so the card stays. Ask the facilitator to hide it.")
    if card.withdrawn_at is None:
        card.withdrawn_at = at
        work.revision += 1
    db.session.flush()
