from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.checkin.rules.answers import Answer, Known, Tone, answer_to
from app.checkin.rules.log import Method, Outcome

NINE = datetime(2026, 3, 26, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Summit:
    starts_at: datetime = NINE + HOUR / 2
    ends_at: datetime = NINE + 6 * HOUR + HOUR / 2
    check_in_opens_at: datetime = NINE - HOUR
    cancelled_at: datetime | None = None


GWEN = Known(name="Gwen Price", team="Hill Top", photo_consent=True)


@pytest.mark.parametrize(
    ("outcome", "known", "at", "tone", "heading", "lines"),
    [
        (Outcome.ADMITTED, GWEN, NINE, Tone.GREEN, "Gwen Price – Hill Top", ("Checked in",)),
        (
            Outcome.ALREADY,
            Known(name="Siân O'Connor", since=NINE + 21 * MINUTE, how=Method.ROOM_CODE),
            NINE,
            Tone.YELLOW,
            "Already here since 9.21 am (room code)",
            ("Siân O'Connor", "That's fine: they can go in."),
        ),
        (
            Outcome.CANCELLED,
            Known(name="Gwen Price", ended_at=NINE - 24 * HOUR),
            NINE,
            Tone.RED,
            "Booking cancelled on 25 March",
            ("Gwen Price", "Send them to the desk."),
        ),
        (
            Outcome.OTHER_EVENT,
            Known(name="Gwen Price", other_title="Learning session 3", other_starts_at=NINE),
            NINE,
            Tone.RED,
            "Not for this event",
            (
                "Gwen Price",
                "This pass is for Learning session 3 on 26 March. Send them to the desk.",
            ),
        ),
        (
            Outcome.OTHER_EVENT,
            Known(),
            NINE,
            Tone.RED,
            "Not for this event",
            ("This pass is for another programme. Send them to the desk.",),
        ),
        (
            Outcome.NOT_BOOKED,
            Known(name="Gwen Price", has_answered=False),
            NINE,
            Tone.RED,
            "Invited, not booked",
            ("Gwen Price", "The invitation was not answered. Send them to the desk."),
        ),
        (
            Outcome.NOT_OPEN,
            GWEN,
            NINE - 2 * HOUR,
            Tone.RED,
            "Check-in opens at 8 am on 26 March",
            ("Gwen Price – Hill Top", "Send them to the desk."),
        ),
        (
            Outcome.NOT_OPEN,
            GWEN,
            NINE + 7 * HOUR,
            Tone.RED,
            "This event ended at 3.30 pm",
            ("Gwen Price – Hill Top", "Send them to the desk."),
        ),
        (
            Outcome.UNKNOWN,
            Known(),
            NINE,
            Tone.RED,
            "Code not known",
            ("Try again, or type the code under the pass. Send them to the desk.",),
        ),
        (
            Outcome.MALFORMED,
            Known(),
            NINE,
            Tone.RED,
            "This is not a pass",
            ("Scan the square code on the pass, or type the one under it.",),
        ),
    ],
)
def test_every_outcome_has_its_own_calm_words(outcome, known, at, tone, heading, lines):
    answer = answer_to(outcome, known, event=Summit(), at=at)

    assert answer == Answer(outcome=outcome, tone=tone, heading=heading, lines=lines)


def test_whoever_wants_no_photo_is_marked():
    answer = answer_to(
        Outcome.ADMITTED, Known(name="Gwen Price", photo_consent=False), event=Summit(), at=NINE
    )

    assert answer.marks == ("No photo",)


def test_an_event_that_was_called_off_says_so():
    answer = answer_to(Outcome.NOT_OPEN, GWEN, event=Summit(cancelled_at=NINE), at=NINE)

    assert answer.heading == "This event was cancelled"
