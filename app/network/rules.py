"""What a member of the network may write about themselves, and how often somebody may be asked."""

from datetime import datetime, timedelta

from app.kernel.clock import from_london, london

MOST_TOPICS = 5
LONGEST_TOPIC = 40
LONGEST_KEY = 80
LONGEST_ABOUT = 300
LONGEST_REQUEST = 1000

ASKED_IN_A_DAY = 5
"""So many teams may one person ask within a day: each question is a letter to somebody."""
CODES_IN_AN_HOUR = 30
"""So many people may one person ask for their details within an hour."""
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
A_WEEK, A_MONTH = timedelta(days=7), timedelta(days=31)

KEPT_FOR = timedelta(days=365)
"""How long after its programme a question to a team is kept."""

DIGEST_HOUR = 7
MOST_DATES = 6
MOST_TOPICS_IN_DIGEST = 8


def topic_key(word: str) -> str:
    """Return the word under which a topic is found, however it was written; one letter may become three."""
    return word.casefold()[:LONGEST_KEY]


def topics_in(typed: str) -> list[str]:
    """Return the topics that somebody wrote, between commas or one a line, each once."""
    words = (" ".join(word.split()) for word in typed.replace("\n", ",").split(","))
    return list({topic_key(word): word for word in words if word}.values())


def next_digest_at(at: datetime) -> datetime:
    """Return when the next digest goes out: early on the first day of the next month."""
    local = london(at)
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    return from_london(datetime(year, month, 1, DIGEST_HOUR))  # noqa: DTZ001 - made aware just there
