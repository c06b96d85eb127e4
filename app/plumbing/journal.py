"""A journal beside the database: who was erased, and which certificates were withdrawn.

A restored backup must not bring either back. It holds ids and nothing else, is added to and never
shortened, and belongs on another disk than backups do.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from flask import current_app

WITHDRAWN, VALID = "withdrawn ", "valid "


def note_erased(person_id: UUID) -> None:
    """Write down who was erased, durable before this returns; twice is once."""
    if person_id not in erased_so_far():
        _add(str(person_id))


def erased_so_far() -> Sequence[UUID]:
    """Return who was erased, in the order in which they were."""
    found: list[UUID] = []
    for line in _lines():
        with suppress(ValueError):
            found.append(UUID(line))
    return found


def note_withdrawn(issue_id: UUID, *, is_withdrawn: bool) -> None:
    """Write down that a certificate was withdrawn, or is valid again; twice is once."""
    if (issue_id in withdrawn_so_far()) != is_withdrawn:
        _add(f"{WITHDRAWN if is_withdrawn else VALID}{issue_id}")


def withdrawn_so_far() -> Sequence[UUID]:
    """Return which certificates stand withdrawn, by what was written down last of each."""
    stands: dict[UUID, bool] = {}
    for line in _lines():
        for word in (WITHDRAWN, VALID):
            if line.startswith(word):
                with suppress(ValueError):
                    stands[UUID(line.removeprefix(word))] = word == WITHDRAWN
    return [issue_id for issue_id, is_withdrawn in stands.items() if is_withdrawn]


def _add(line: str) -> None:
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("a", encoding="ascii") as file:
        # Each begins a line of its own, so that one that was cut off by a crash spoils no other.
        file.write(f"\n{line}")
        file.flush()
        os.fsync(file.fileno())


def _lines() -> Sequence[str]:
    place = _place()
    return place.read_text(encoding="ascii").split("\n") if place.is_file() else ()


def _place() -> Path:
    return Path(current_app.config["ERASURE_JOURNAL"])
