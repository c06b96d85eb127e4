"""Questions about the cards of all stands in one file."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from app.events.models import Event
from app.plumbing.database import db
from app.posters.models import CardFile, Poster
from app.posters.queries.posters import shown_at
from app.posters.rules import CardSize


def posters_with_cards(event: Event) -> Sequence[Poster]:
    """Return every poster that has a stand or is handed in: cards are printed before all are there."""
    each = (shown.poster for shown in shown_at(event))
    return [poster for poster in each if poster.stand is not None or poster.is_handed_in]


def card_files_of(event: Event) -> Mapping[CardSize, CardFile]:
    """Return the files of an event's cards, made or in the making, by their size."""
    rows = db.session.scalars(select(CardFile).where(CardFile.event_id == event.id))
    return {file.size: file for file in rows}


def card_file_with_id(file_id: UUID) -> CardFile | None:
    """Return a file of cards that a job is about."""
    return db.session.get(CardFile, file_id)
