"""The cards of all stands are asked for in one file, and kept when it is made."""

from datetime import datetime
from uuid import UUID

from app.events.models import Event
from app.kernel.permission import Permission
from app.kernel.refusal import Refusal
from app.plumbing.database import hold, insert_new
from app.plumbing.queue import enqueue
from app.posters import messages
from app.posters.actions.papers import Paper, stand_cards
from app.posters.models import CardFile
from app.posters.queries.cards import card_files_of, posters_with_cards
from app.posters.rules import CardSize
from app.programmes.queries import accounts_who_may


class NoStandsYet(Refusal):
    """No poster has a stand or is handed in."""


class NoCardsYet(Refusal):
    """The file of all cards is not made."""


def ask_for_cards(event: Event, size: CardSize, *, at: datetime) -> None:
    """Let one file be made with the card of every stand; one that shows the same is made once."""
    paper = cards_of(event, size)
    if paper is None:
        raise NoStandsYet("No poster has a stand yet, so there are no cards to print.")
    wanted = CardFile(event_id=event.id, size=size, fingerprint="", asked_at=at, problem="")
    insert_new(wanted)
    file = card_files_of(event)[size]
    hold(file)
    if file.fingerprint == paper.fingerprint and not file.problem:
        return

    file.fingerprint, file.asked_at, file.made_at, file.problem = paper.fingerprint, at, None, ""
    enqueue("posters.draw_cards", due_at=at, batch=cards_batch(file), file_id=str(file.id))


def cards_batch(file: CardFile) -> str:
    """Return under which name a file's drawing is found among later work."""
    return f"cards:{file.id}"


def cards_of(event: Event, size: CardSize) -> Paper | None:
    """Return the cards of all stands as they would be drawn now, in the order of the stands."""
    posters = posters_with_cards(event)
    return stand_cards(event, posters, size) if posters else None


def cards_to_print(event: Event, size: CardSize) -> CardFile:
    """Return the file with the cards of all stands, or say that there is none yet."""
    file = card_files_of(event).get(size)
    if file is None or file.file_key is None or file.made_at is None:
        raise NoCardsYet(
            f"The cards on {size.upper()} are not made yet. Make them, then print them."
        )
    return file


def cards_key(file_id: UUID) -> str:
    """Return under which key a file of cards is kept."""
    return f"cards/{file_id}.pdf"


def note_cards_made(file: CardFile, fingerprint: str, *, at: datetime) -> None:
    """Keep that a file is made, and of what."""
    file.file_key, file.fingerprint = cards_key(file.id), fingerprint
    file.made_at, file.problem = at, ""


def note_cards_problem(file: CardFile, why: str, *, at: datetime) -> None:
    """Keep why a file cannot be made, and tell the organisers; asking again tries anew."""
    file.problem = why[:500]
    for account in accounts_who_may(file.event.programme, Permission.MANAGE_POSTERS):
        messages.cards_not_made(file, account, at=at)
