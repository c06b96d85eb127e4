"""What every room tells about the traces that somebody leaves in it."""

from collections.abc import Sequence
from dataclasses import dataclass

ERASED_NAME = "Details erased"
"""Stands where a name stood, on a row that must stay so that counts stay true."""


@dataclass(frozen=True)
class Traces:
    """What a room knows of somebody, in words: what goes with erasing them, what stays, and why."""

    goes: Sequence[str] = ()
    stays: Sequence[str] = ()


def counted(number: int, one: str, many: str) -> Sequence[str]:
    """Return how many there are of something in words, or nothing if there are none."""
    return [f"{number} {one if number == 1 else many}"] if number else []
