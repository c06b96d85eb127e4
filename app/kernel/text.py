"""Small things about words."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from itertools import count


def slug(text: str) -> str:
    """Return a short address word: lower case ASCII letters and digits joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "x"


def joined(words: Sequence[str]) -> str:
    """Join words as a sentence does: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun in the right form: "1 person", "3 people"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def free_slug(text: str, taken: Collection[str]) -> str:
    """Return an address word for a text that nothing else has: "summit", then "summit-2"."""
    first = slug(text)
    if first not in taken:
        return first
    numbered = (f"{first[:56]}-{number}" for number in count(2))
    return next(candidate for candidate in numbered if candidate not in taken)
