"""What the door is told, calmly: a colour, a heading, and what to do next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.checkin.rules.log import METHOD_WORDS, Method, Outcome
from app.checkin.rules.times import Gathering, closed_words
from app.kernel.clock import clock_words, day_words


class Tone(StrEnum):
    """The colour of an answer; its words and its sign say the same."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of whoever stands at the door, as far as the door needs it."""

    name: str = ""
    team: str = ""
    table: str = ""
    photo_consent: bool = True
    since: datetime | None = None
    how: Method | None = None
    where: str = ""
    ended_at: datetime | None = None
    has_answered: bool = True
    other_title: str = ""
    other_starts_at: datetime | None = None

    @property
    def who(self) -> str:
        """Return the person with their practice, as the door reads it out."""
        return f"{self.name} – {self.team}" if self.team else self.name

    @property
    def who_and_where(self) -> str:
        """Return the same with the table in the group work, for whoever is let in."""
        return f"{self.who} – {self.table}" if self.table else self.who


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the door is told: a colour, a heading, what to do next, and marks to heed."""

    outcome: Outcome
    tone: Tone
    heading: str
    lines: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


DESK = "Send them to the desk."


def answer_to(outcome: Outcome, known: Known, *, event: Gathering, at: datetime) -> Answer:
    """Say to the door, calmly, what a sighting came to."""
    if outcome in {Outcome.ADMITTED, Outcome.ALREADY}:
        return _welcome(outcome, known)
    heading, line = _refusal_words(outcome, known, event=event, at=at)
    lines = (known.who, line) if known.name else (line,)
    return Answer(outcome=outcome, tone=Tone.RED, heading=heading, lines=lines)


def _welcome(outcome: Outcome, known: Known) -> Answer:
    marks = () if known.photo_consent else ("No photo",)
    if outcome is Outcome.ADMITTED:
        return Answer(
            outcome=outcome,
            tone=Tone.GREEN,
            heading=known.who_and_where,
            lines=("Checked in",),
            marks=marks,
        )
    since = f" since {clock_words(known.since)}" if known.since else ""
    words = METHOD_WORDS[known.how] if known.how else ""
    how = f" ({known.where or words})" if known.where or words else ""
    return Answer(
        outcome=outcome,
        tone=Tone.YELLOW,
        heading=f"Already here{since}{how}",
        lines=(known.who_and_where, "That's fine: they can go in."),
        marks=marks,
    )


def _refusal_words(
    outcome: Outcome, known: Known, *, event: Gathering, at: datetime
) -> tuple[str, str]:
    """Return the heading of a refusal, and what to do next."""
    match outcome:
        case Outcome.CANCELLED:
            on = f" on {day_words(known.ended_at)}" if known.ended_at else ""
            return f"Booking cancelled{on}", DESK
        case Outcome.NOT_BOOKED if not known.has_answered:
            return "Invited, not booked", f"The invitation was not answered. {DESK}"
        case Outcome.NOT_BOOKED:
            return "Not booked for this event", DESK
        case Outcome.OTHER_EVENT:
            return "Not for this event", f"This pass is for {_elsewhere(known)}. {DESK}"
        case Outcome.REPLACED:
            return "This pass was replaced", "Ask for the newer one, or type the code under it."
        case Outcome.NOT_OPEN:
            return closed_words(event, at=at), DESK
        case Outcome.UNKNOWN:
            return "Code not known", f"Try again, or type the code under the pass. {DESK}"
        case _:
            return (
                "This is not a pass",
                "Scan the square code on the pass, or type the one under it.",
            )


def _elsewhere(known: Known) -> str:
    if known.other_starts_at is None:
        return "another programme"
    return f"{known.other_title} on {day_words(known.other_starts_at)}"
