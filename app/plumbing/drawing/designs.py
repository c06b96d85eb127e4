"""Designs are folders: what they are called, the fields they need, the people they are tried on."""

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from app.plumbing.drawing.places import CERTIFICATES
from app.plumbing.drawing.refusal import CannotDraw

Fields = Mapping[str, object]


@dataclass(frozen=True)
class Design:
    """How one kind of certificate looks, and what it has to be told."""

    name: str
    title: str
    version: int
    required: tuple[str, ...]
    optional: tuple[str, ...]
    folder: Path

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of all fields that the design prints."""
        return self.required + self.optional


@cache
def designs() -> Mapping[str, Design]:
    """Return every design by its name."""
    return MappingProxyType(
        {
            folder.name: _design(folder)
            for folder in sorted(path.parent for path in CERTIFICATES.glob("*/design.toml"))
        }
    )


def _design(folder: Path) -> Design:
    written = tomllib.loads((folder / "design.toml").read_text())
    return Design(
        name=folder.name,
        title=written["title"],
        version=written["version"],
        required=tuple(written["required"]),
        optional=tuple(written["optional"]),
        folder=folder,
    )


def design_called(name: str) -> Design:
    """Return a design, or refuse a name that no folder has."""
    if name not in designs():
        raise CannotDraw(f"There is no certificate design called “{name}”.")

    return designs()[name]


def missing_fields(design: str, fields: Fields) -> frozenset[str]:
    """Return the fields that a design needs and was not told, or was told as nothing."""
    wanted = design_called(design)
    return frozenset(
        {name for name in wanted.required if _says_nothing(fields.get(name))}
        | {name for name in wanted.optional if fields.get(name) is None}
    )


def _says_nothing(value: object) -> bool:
    """Say whether a field is empty, or has only spaces and characters that nobody can see."""
    if isinstance(value, str):
        return not any(unicodedata.category(character)[0] in "LNPS" for character in value)
    return not value


def sample(design: str) -> Fields:
    """Return the made-up person on whom a design is tried."""
    return next(fields for _, fields in samples(design))


def samples(design: str) -> Iterator[tuple[str, Fields]]:
    """Yield a design's sample and then its difficult ones, each with what is difficult."""
    written = tomllib.loads((design_called(design).folder / "sample.toml").read_text())
    difficulties = written.pop("difficult", {})
    yield "sample", written
    for difficulty, differences in difficulties.items():
        yield difficulty, written | differences
