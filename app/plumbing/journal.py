"""A journal beside the database: who was erased, so that a restored backup does not bring them back.

It holds ids and nothing else, is added to and never shortened, and belongs on another disk than backups do.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from flask import current_app


def note_erased(person_id: UUID) -> None:
    """Write down who was erased, durable before this returns; twice is once."""
    if person_id in erased_so_far():
        return
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("a", encoding="ascii") as file:
        # Each begins a line of its own, so that one that was cut off by a crash spoils no other.
        file.write(f"\n{person_id}")
        file.flush()
        os.fsync(file.fileno())


def erased_so_far() -> Sequence[UUID]:
    """Return who was erased, in the order in which they were."""
    found: list[UUID] = []
    for line in _place().read_text(encoding="ascii").split("\n") if _place().is_file() else ():
        with suppress(ValueError):
            found.append(UUID(line))
    return found


def _place() -> Path:
    return Path(current_app.config["ERASURE_JOURNAL"])
