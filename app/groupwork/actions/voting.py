"""Tables or people spend their dots on themes; nobody reads them before the vote has closed."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import delete

from app.groupwork.models import Dots, GroupWork, Table
from app.groupwork.queries.sessions import prompt_at
from app.groupwork.queries.themes import themes_of
from app.groupwork.rules.stages import Stage
from app.groupwork.rules.voting import Voters, is_within, spent
from app.kernel.refusal import Refusal
from app.kernel.text import counted
from app.plumbing.database import db, hold
from app.registration.models import Registration
from app.registration.queries import has_come


class NoVoteNow(Refusal):
    """The vote is not open, or not to this voter."""


class BeyondBudget(Refusal):
    """More dots were spent than there are."""


def vote(
    work: GroupWork,
    dots: Mapping[UUID, int],
    *,
    table: Table | None = None,
    place: Registration | None = None,
) -> None:
    """Keep what a table or a person spends, in the place of what they spent before."""
    hold(work, shared=True)
    voter_row = table or place
    assert voter_row is not None, "a table or a person votes"
    hold(
        voter_row
    )  # two phones of one voter: the second waits, and its vote is the one that counts
    _refuse_unless_open(work, table=table, place=place)
    prompt = prompt_at(work, work.question)
    known = {theme.id for theme in themes_of(prompt)}
    given = {theme_id: number for theme_id, number in dots.items() if number and theme_id in known}
    if not is_within(given, work.dots):
        raise BeyondBudget(
            f"You spent {counted(spent(given), 'dot')} and have {work.dots}. "
            "Take some back; nothing was sent."
        )

    voter = (
        Dots.table_id == table.id
        if table is not None
        else Dots.registration_id == (place.id if place else None)
    )
    db.session.execute(delete(Dots).where(Dots.prompt_id == prompt.id, voter))
    for theme_id, number in given.items():
        db.session.add(
            Dots(
                id=uuid4(),
                prompt_id=prompt.id,
                theme_id=theme_id,
                table_id=table.id if table else None,
                registration_id=place.id if place else None,
                number=number,
            )
        )
    db.session.flush()


def _refuse_unless_open(
    work: GroupWork, *, table: Table | None, place: Registration | None
) -> None:
    if work.stage is not Stage.VOTING:
        raise NoVoteNow("The vote is not open now.")
    if (table is not None) is not (work.voters is Voters.TABLES):
        who = "each table's scribe" if work.voters is Voters.TABLES else "each person"
        raise NoVoteNow(f"In this session {who} votes.")
    if table is not None and table.joined is not None:
        raise NoVoteNow(
            f"{table.name} has joined {table.joined.name}, whose scribe votes for both."
        )
    if place is not None and not has_come(place):
        raise NoVoteNow("Only people who are here vote. Check in first.")
