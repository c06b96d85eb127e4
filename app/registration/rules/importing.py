"""What is to be done with each row of an uploaded list, before anything is written."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from app.kernel.names import NameTooLong, clean_name, hides_something
from app.registration.rules.columns import Field
from app.registration.rules.places import DIETS

LONGEST_ROLE = 100
LONGEST_ANSWER = 1_000

_REASON = "Reason"
_NOBODY = "anonymous"  # what Microsoft Forms writes for somebody who did not sign in

# fmt: off
_NOT_COMING = frozenset([
    "cancelled", "canceled", "declined", "deleted", "expired", "not attending", "refunded",
    "rejected", "withdrawn", "storniert", "abgelaufen",
])
_NO_ANSWER = frozenset([
    "-", "n/a", "na", "nil", "no", "no diet", "no dietary requirements", "no requirements", "none",
    "nothing", "nothing special", "not applicable",
])
_DIETS_SAID = {label.casefold(): code for code, label in DIETS.items()} | {
    "vegetarian diet": "vegetarian", "veggie": "vegetarian", "plant based": "vegan",
    "gluten-free": "gluten_free", "coeliac": "gluten_free", "dairy-free": "dairy_free",
}
# fmt: on


class Outcome(StrEnum):
    """What happens to a row when the organiser confirms; every row has exactly one."""

    NEW = "new"
    KNOWN = "known"
    REGISTERED = "registered"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    INVALID = "invalid"

    @property
    def is_invited(self) -> bool:
        """Say whether such a row brings somebody an invitation."""
        return self in {Outcome.NEW, Outcome.KNOWN}

    @property
    def needs_fixing(self) -> bool:
        """Say whether somebody should look at such a row."""
        return self in {Outcome.DUPLICATE, Outcome.INVALID}


class ListRow(Protocol):
    """A row of a list as it was read: the number a spreadsheet shows beside it, and its cells."""

    @property
    def number(self) -> int: ...

    @property
    def cells(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class KnownPerson:
    """Somebody whom this installation knows by their e-mail address."""

    person_id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """What a row says about somebody, cleaned."""

    name: str
    email: str
    team_id: UUID | None
    role: str
    certificate_name: str
    diet: str
    access: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is to be done with one row and why; only an invalid row has no invitee."""

    number: int
    cells: tuple[str, ...]
    outcome: Outcome
    reason: str = ""
    invitee: Invitee | None = None
    person: KnownPerson | None = None


class _Unusable(Exception):
    """A row brings nobody; the text says why."""


def judge_rows(
    rows: Iterable[ListRow],
    columns: Mapping[Field, int | None],
    *,
    known_emails: Mapping[str, KnownPerson],
    registered_emails: Collection[str],
    declined_emails: Collection[str],
    teams: Mapping[str, UUID],
) -> tuple[Verdict, ...]:
    """Decide for every row whether it brings somebody new, somebody known, or nobody, and why.

    The addresses that are known, registered or declined come in small letters.
    """
    practices = _practices(teams)
    first_with: dict[str, int] = {}

    def judged(row: ListRow) -> Verdict:
        try:
            invitee = _invitee(row, columns, practices)
        except _Unusable as why:
            return _verdict(row, Outcome.INVALID, reason=str(why))

        email, person = invitee.email, known_emails.get(invitee.email)
        first = first_with.setdefault(email, row.number)
        if first != row.number:
            reason = f"Row {first} has the same e-mail address."
            return _verdict(row, Outcome.DUPLICATE, invitee, person, reason=reason)
        if email in declined_emails:
            reason = "Said no to this event before, and is not asked again."
            return _verdict(row, Outcome.DECLINED, invitee, person, reason=reason)
        if email in registered_emails:
            reason = "Is on the list of this event already. Nothing is sent again."
            return _verdict(row, Outcome.REGISTERED, invitee, person, reason=reason)
        if person is None:
            return _verdict(row, Outcome.NEW, invitee)
        return _verdict(row, Outcome.KNOWN, invitee, person, reason=_known_as(person, invitee))

    return tuple(judged(row) for row in rows)


def addresses_in(rows: Iterable[ListRow], columns: Mapping[Field, int | None]) -> frozenset[str]:
    """Return every e-mail address that a list names, in small letters."""
    found = set()
    for row in rows:
        with suppress(_Unusable):
            found.add(_email(_cell(row, columns.get(Field.EMAIL))))
    return frozenset(found)


def kept(verdict: Verdict, columns: Sequence[int]) -> dict[str, Any]:
    """Return what is kept of a row once its list is sent: who is invited, or these columns."""
    row = {"number": verdict.number, "outcome": verdict.outcome, "reason": verdict.reason}
    if verdict.outcome.is_invited and verdict.invitee is not None:
        team_id = verdict.invitee.team_id
        invitee = asdict(verdict.invitee) | {"team_id": str(team_id) if team_id else None}
        return {**row, "cells": [], "invitee": invitee}
    return {**row, "cells": [verdict.cells[column] for column in columns]}


def verdict_of(row: Mapping[str, Any]) -> Verdict:
    """Return the verdict of which this was kept."""
    invitee = row.get("invitee")
    if invitee is not None:
        team_id = UUID(invitee["team_id"]) if invitee["team_id"] else None
        invitee = Invitee(**{**invitee, "team_id": team_id})
    return Verdict(
        number=row["number"],
        cells=tuple(row["cells"]),
        outcome=Outcome(row["outcome"]),
        reason=row["reason"],
        invitee=invitee,
    )


def diet_said(answer: str) -> tuple[str, str]:
    """Return which of our diets somebody named, or "other" with their own words."""
    plain = " ".join(answer.split()).rstrip(".").casefold()
    if not plain or plain in _NO_ANSWER:
        return "", ""
    known = _DIETS_SAID.get(plain)
    return ("other", answer) if known is None else (known, "")


def access_said(answer: str) -> str:
    """Return what somebody needs, or nothing where they said that it is nothing."""
    return "" if answer.rstrip(".").casefold() in _NO_ANSWER else answer


def rejected_table(
    headers: Sequence[str], verdicts: Iterable[Verdict]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the rows that need fixing as they were in the file, each with its reason at the end."""
    # A list that was downloaded, corrected and uploaded again brings its old reasons along.
    kept = len(headers) - 1 if headers and headers[-1] == _REASON else len(headers)
    rows = tuple(
        (*verdict.cells[:kept], verdict.reason)
        for verdict in verdicts
        if verdict.outcome.needs_fixing
    )
    return (*headers[:kept], _REASON), rows


def _verdict(
    row: ListRow,
    outcome: Outcome,
    invitee: Invitee | None = None,
    person: KnownPerson | None = None,
    *,
    reason: str = "",
) -> Verdict:
    return Verdict(
        number=row.number,
        cells=tuple(row.cells),
        outcome=outcome,
        reason=reason,
        invitee=invitee,
        person=person,
    )


def _known_as(person: KnownPerson, invitee: Invitee) -> str:
    return "" if person.name == invitee.name else f"Is known here as {person.name}."


def _invitee(
    row: ListRow,
    columns: Mapping[Field, int | None],
    practices: Mapping[str, tuple[str, UUID]],
) -> Invitee:
    said = {field: _cell(row, columns.get(field)) for field in Field}
    if said[Field.STATUS].casefold() in _NOT_COMING:
        raise _Unusable(f"Is marked {_quoted(said[Field.STATUS])} in the file.")

    return Invitee(
        name=_name(said),
        email=_email(said[Field.EMAIL]),
        team_id=_team(said[Field.TEAM], practices),
        role=_text("The role", said[Field.ROLE], longest=LONGEST_ROLE),
        certificate_name=_clean_name("The name on the certificate", said[Field.CERTIFICATE_NAME]),
        diet=_text("The diet", said[Field.DIET], longest=LONGEST_ANSWER),
        access=_text("The access need", said[Field.ACCESS], longest=LONGEST_ANSWER),
    )


def _cell(row: ListRow, column: int | None) -> str:
    if column is None or not 0 <= column < len(row.cells):
        return ""
    text = row.cells[column].strip()
    return "" if text.casefold() == _NOBODY else text


def _name(said: Mapping[Field, str]) -> str:
    parts = f"{said[Field.GIVEN_NAME]} {said[Field.FAMILY_NAME]}"
    name = _clean_name("The name", said[Field.FULL_NAME] or parts)
    if not any(character.isalpha() for character in name):
        raise _Unusable("There is no name.")
    return name


def _clean_name(what: str, text: str) -> str:
    _refuse_hidden(what, text)
    try:
        return clean_name(text)
    except NameTooLong as why:
        raise _Unusable(f"{what} is too long. {why}") from None


def _text(what: str, text: str, *, longest: int) -> str:
    _refuse_hidden(what, text)
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if len(clean) > longest:
        raise _Unusable(f"{what} has {len(clean)} characters. Shorten it to {longest} or fewer.")
    return clean


def _refuse_hidden(what: str, text: str) -> None:
    if hides_something(text):
        raise _Unusable(f"{what} has invisible control characters. Type it again.")


def _email(text: str) -> str:
    if not text:
        raise _Unusable("There is no e-mail address.")
    in_brackets = re.search(r"<([^<>]*)>", text)
    address = (in_brackets[1] if in_brackets else text).strip().removeprefix("mailto:")
    if "@" not in address:
        raise _Unusable(f"{_quoted(text)} is not an e-mail address: it has no @.")
    if re.search(r"@.*[\s,;/].*@", address):
        raise _Unusable(f"{_quoted(text)} is more than one e-mail address. Keep one.")
    try:
        valid = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise _Unusable(
            f"{_quoted(text)} is not an e-mail address. Check how it is spelt."
        ) from None
    return valid.normalized.lower()


def _practices(teams: Mapping[str, UUID]) -> dict[str, tuple[str, UUID]]:
    """Return the teams by what their names sound like, and by the names themselves."""
    named = {name: (name, team_id) for name, team_id in teams.items()}
    return {_spoken(name): named[name] for name in named} | named


def _team(text: str, practices: Mapping[str, tuple[str, UUID]]) -> UUID | None:
    if not text:
        return None
    spoken = _spoken(text)
    _, team_id = practices.get(text) or practices.get(spoken) or ("", None)
    if team_id is None:
        closest = difflib.get_close_matches(spoken, practices, n=1)
        advice = f"Did you mean {practices[closest[0]][0]}?" if closest else "Add it first."
        raise _Unusable(f"{_quoted(text)} is not a practice of this programme. {advice}")
    return team_id


def _spoken(name: str) -> str:
    """Return what is left of a practice's name when it is said aloud: letters and digits."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold().split()
    words = plain[1:] if plain[:1] == ["the"] else plain
    return "".join(character for character in "".join(words) if character.isalnum())


def _quoted(text: str) -> str:
    shown = "".join(character for character in text if character.isprintable())
    return f"“{shown}”" if len(shown) <= 60 else f"“{shown[:59]}…”"
