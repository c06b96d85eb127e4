"""What is asked of a comment, what becomes of it, and until when comments are taken."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

FASTEST = timedelta(seconds=3)
"""Nobody reads a form and writes a comment in less; a machine does."""

CONFIRM_WITHIN = timedelta(days=7)
"""An address that was not confirmed by then is forgotten, with the comment."""

REFUSED_KEPT_FOR = timedelta(days=30)
ADDRESS_KEPT_FOR = timedelta(days=30)
"""After comments close, the addresses of those who commented are kept for so long."""

MODERATION_LINK_LASTS = timedelta(days=14)

_LINK = re.compile(
    r"(?:https?://|www\.)\S|\b[\w-]+\.(?:com|net|org|info|biz|ru|cn|xyz|top)\b/?", re.I
)


class CommentStatus(StrEnum):
    """What became of a comment; everybody reads it only when it is approved."""

    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    SPAM = "spam"


def links_in(text: str) -> int:
    """Count what looks like an address of a page."""
    return len(_LINK.findall(text))


def words_listed(listed: str) -> Sequence[str]:
    """Return the words of a list: one in a line, or with commas between them."""
    return [word for part in re.split(r"[,\n]", listed) if (word := part.strip().casefold())]


def held_word_in(text: str, listed: str) -> str:
    """Return the first listed word that stands in a text, whole; empty if there is none."""
    plain = text.casefold()
    for word in words_listed(listed):
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain):
            return word
    return ""


def status_once_confirmed(*, was_approved_before: bool, held: bool) -> CommentStatus:
    """Say what becomes of a comment whose address has just been confirmed: the first one waits."""
    if was_approved_before and not held:
        return CommentStatus.APPROVED
    return CommentStatus.WAITING


def closing_of(first_published_at: datetime, days: int) -> datetime:
    """Return until when comments are taken."""
    return first_published_at + timedelta(days=days)
