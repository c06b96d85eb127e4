"""The rows of an uploaded list as its pages show them: before it is sent, and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import request

from app.plumbing.browser import page_asked
from app.plumbing.mail import LetterState
from app.programmes.queries import teams_of
from app.registration.models import InvitationList, Status
from app.registration.queries import Standing, newest_letters, standings_by_address
from app.registration.rules.columns import Field, legible
from app.registration.rules.importing import Outcome, Verdict

ROWS_ON_A_PAGE = 50
LONGEST_SHOWN = 200


@dataclass(frozen=True)
class State:
    """What is said about a row: the filter it belongs to, a word or two, and why."""

    key: str
    words: str
    tone: str
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a list as the page shows it."""

    number: int
    name: str
    email: str
    practice: str
    state: State

    @property
    def key(self) -> str:
        """Return the filter that the row belongs to."""
        return self.state.key


_JUDGED: Mapping[Outcome, tuple[str, str]] = {
    Outcome.NEW: ("Will be invited", "good"),
    Outcome.KNOWN: ("Will be linked", "good"),
    Outcome.REGISTERED: ("On the list already", "quiet"),
    Outcome.DECLINED: ("Said no before", "quiet"),
    Outcome.DUPLICATE: ("Duplicate", "warn"),
    Outcome.INVALID: ("Invalid", "bad"),
}
_LETTERS: Mapping[LetterState | None, tuple[str, str, str]] = {
    None: ("queued", "Queued", "quiet"),
    LetterState.QUEUED: ("queued", "Queued", "quiet"),
    LetterState.ACCEPTED: ("sent", "Sent", "good"),
    LetterState.KEPT: ("sent", "Sent", "good"),
    LetterState.REFUSED: ("back", "Came back", "bad"),
}
_NOTES: Mapping[LetterState | None, str] = {
    LetterState.REFUSED: "The mail server refused the address. Ask for the right one.",
}
_ANSWERS: Mapping[Status, str] = {
    Status.CONFIRMED: "Has booked.",
    Status.DECLINED: "Said no.",
    Status.CANCELLED: "Cancelled.",
}

JUDGED_CHIPS: Sequence[tuple[str, str]] = [(one.value, said[0]) for one, said in _JUDGED.items()]
SENT_CHIPS: Sequence[tuple[str, str]] = (
    ("queued", "Queued"),
    ("sent", "Sent"),
    ("back", "Came back"),
    ("fixing", "Needs fixing"),
    ("left", "Left out"),
)


def judged_lines(listed: InvitationList, verdicts: Sequence[Verdict]) -> list[Line]:
    """Return the rows of a list that was not sent, each with what would happen to it."""
    practices = _practices(listed)
    return [
        _line(
            verdict,
            listed.mapping,
            practices,
            State(verdict.outcome, *_JUDGED[verdict.outcome], note=verdict.reason),
        )
        for verdict in verdicts
    ]


def sent_lines(listed: InvitationList, verdicts: Sequence[Verdict]) -> list[Line]:
    """Return the rows of a list that was sent, each with how its letter stands."""
    practices = _practices(listed)
    addresses = {verdict.invitee.email for verdict in verdicts if verdict.invitee}
    standings = standings_by_address(listed.event, addresses)
    letters = newest_letters(
        {one.registration_id for one in standings.values() if one.registration_id}
    )
    return [
        _line(verdict, listed.mapping, practices, _state_sent(verdict, standings, letters))
        for verdict in verdicts
    ]


def page_of(
    lines: Sequence[Line], kinds: Sequence[tuple[str, str]], counts: Mapping[str, int]
) -> dict[str, object]:
    """Return one page of the rows that the organiser wants to see, and the ways to the others."""
    shown = request.args.get("show", "")
    chosen = [line for line in lines if line.key == shown] if shown else lines
    last = max((len(chosen) + ROWS_ON_A_PAGE - 1) // ROWS_ON_A_PAGE, 1)
    page = min(page_asked(request), last)
    there = [(key, words, counts[key]) for key, words in kinds if counts[key] or key == shown]
    return {
        "lines": chosen[(page - 1) * ROWS_ON_A_PAGE : page * ROWS_ON_A_PAGE],
        "chips": [("", "All", len(lines)), *there],
        "shown": shown,
        "page_number": page,
        "size": ROWS_ON_A_PAGE,
        "total": len(chosen),
    }


def _state_sent(
    verdict: Verdict, standings: Mapping[str, Standing], letters: Mapping[UUID, LetterState]
) -> State:
    if verdict.invitee is None:
        key = "fixing" if verdict.outcome.needs_fixing else "left"
        return State(key, *_JUDGED[verdict.outcome], note=verdict.reason)
    standing = standings.get(verdict.invitee.email)
    if standing is None or standing.registration_id is None or standing.status is None:
        return State(*_LETTERS[None])
    letter = letters.get(standing.registration_id)
    return State(*_LETTERS[letter], note=_ANSWERS.get(standing.status) or _NOTES.get(letter, ""))


def _line(
    verdict: Verdict,
    mapping: Mapping[Field, int | None],
    practices: Mapping[UUID | None, str],
    state: State,
) -> Line:
    """Show what we made of a row; of one that we could not use, what stands in the file."""
    invitee = verdict.invitee
    if invitee is not None:
        practice = practices.get(invitee.team_id, "")
        return Line(verdict.number, invitee.name, invitee.email, practice, state)
    cells = {field: _cell(verdict, column) for field, column in mapping.items()}
    parts = f"{cells[Field.GIVEN_NAME]} {cells[Field.FAMILY_NAME]}".strip()
    name = cells[Field.FULL_NAME] or parts
    return Line(verdict.number, name, cells[Field.EMAIL], cells[Field.TEAM], state)


def _cell(verdict: Verdict, column: int | None) -> str:
    if column is None or column >= len(verdict.cells):
        return ""
    return legible(verdict.cells[column], most=LONGEST_SHOWN)


def _practices(listed: InvitationList) -> dict[UUID | None, str]:
    return {team.id: team.name for team in teams_of(listed.event.programme)}
