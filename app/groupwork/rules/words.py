"""The questions that come with the product, and who may read what somebody writes."""

from enum import StrEnum

USUAL_QUESTIONS = (
    "What do you plan to do next?",
    "Can you spread your efficiencies?",
    "What would you do differently?",
)
USUAL_MINUTES = 8
LONGEST_CARD = 240
"""So much is read from ten metres off when six cards share a wall."""
MOST_THEMES_OF_A_CARD = 2


class Source(StrEnum):
    """Who wrote a card; an anonymous one is kept without its author and without their table."""

    SCRIBE = "scribe"
    PERSON = "person"
    ANONYMOUS = "anonymous"
    PAPER = "paper"


def who_sees(source: Source, *, table: str) -> str:
    """Say exactly who can see that a card is somebody's."""
    if source is Source.ANONYMOUS:
        return (
            "Nobody can see or find out that it is yours: neither your name nor your table is kept. "
            "So it cannot be changed or taken back."
        )
    if source is Source.PERSON:
        return f"The room reads “{table}” under it. Only you see that it is yours."
    return f"The room reads “{table}” under it, and no name."
