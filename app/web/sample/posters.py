"""What the practices of the sample show on their posters; every figure is made up."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

WEEKS = 24
_WOBBLE = (3, -4, 1, 5, -2, -5, 4, 0, -3, 2, 6, -1, -4, 3, -2, 5, 1, -5, 2, -3, 4, -1, 3, -4)


@dataclass(frozen=True)
class Series:
    """A measure over half a year: from where to where, from which week on, and how it wobbles."""

    name: str
    unit: str
    before: float
    after: float
    from_week: int
    wobble: float
    tested: str

    @property
    def values(self) -> tuple[float, ...]:
        """Return one value for each week."""
        most = 100 if self.unit.startswith("of 100") else float("inf")
        levels = (self._level(week) + self.wobble * _WOBBLE[week] for week in range(WEEKS))
        return tuple(min(max(level, 0), most) for level in levels)

    def _level(self, week: int) -> float:
        if week < self.from_week:
            return self.before
        return self.after + (self.before - self.after) * exp(-(week - self.from_week) / 2.5)


@dataclass(frozen=True)
class SamplePoster:
    """A poster in words and figures."""

    theme: str
    aim: str
    changes: tuple[str, str, str]
    findings: str
    next_time: str
    headline: str
    series: Series
    second: Series
    hue: str
    pale: str


GETTING_THROUGH, APPOINTMENTS = "Getting through", "Appointments"
PAPERWORK, LONG_TERM = "Paperwork", "Long-term conditions"

POSTERS: Mapping[str, SamplePoster] = {
    "Riverside Surgery": SamplePoster(
        GETTING_THROUGH,
        "Answer nine of ten calls before the third ring by 31 March, for everybody who rings "
        "between 8 and 10 in the morning.",
        (
            "Moved two receptionists from the desk to the phones from 8 to 9.30",
            "Offered repeat prescriptions by text, so that they need no call",
            "Put a board on the wall that shows how many callers wait",
        ),
        "The median wait fell from 74 to 21 seconds over 24 weeks. Nine of the last ten weeks lie "
        "below the old median. Calls given up fell from 18 to 5 in a hundred.",
        "We would count calls by the hour from the first day. For six weeks we changed the rota on "
        "a feeling, and Monday was never the problem.",
        "74 s → 21 s",
        Series("Median wait for an answer", "seconds", 74, 21, 9, 2.4, "Two more on the phones"),
        Series("Calls given up", "in a hundred", 18, 5, 9, 0.5, "Two more on the phones"),
        "#5d2477",
        "#f3eaf8",
    ),
    "Hill Top Practice": SamplePoster(
        PAPERWORK,
        "Have 95 of 100 repeat prescriptions ready in one working day by the end of February.",
        (
            "One pharmacist signs twice a day instead of four doctors whenever they can",
            "Aligned the dates of people with three or more medicines",
            "A red tray for questions, looked at before lunch",
        ),
        "From 52 to 93 in a hundred prescriptions within one working day. Questions to doctors "
        "halved, from 40 to 19 a week. No more complaints than before.",
        "We would ask the pharmacies first. They knew on day one where prescriptions wait.",
        "52 → 93 of 100",
        Series("Ready in one working day", "of 100", 52, 93, 8, 1.6, "Pharmacist signs"),
        Series("Questions to doctors", "a week", 40, 19, 11, 1.1, "Red tray"),
        "#0b6b57",
        "#e4f3ee",
    ),
    "Canal Street Medical Centre": SamplePoster(
        PAPERWORK,
        "Bring the letters that a doctor reads from two hundred to eighty a day by Christmas, "
        "without missing one that matters.",
        (
            "Trained three document coders to file letters that ask for nothing",
            "Wrote one page that says which letters always go to a doctor",
            "Checked twenty filed letters a week, all together on Friday",
        ),
        "Letters to doctors fell from 204 to 61 a day. Of 480 filed letters that were checked, two "
        "should have gone to a doctor; both were found the same week.",
        "We would start with one doctor's letters and one coder. Starting with all was brave and "
        "loud.",
        "204 → 61 a day",
        Series("Letters that a doctor reads", "a day", 204, 61, 7, 5.2, "Coders file"),
        Series("Time for letters", "hours a week", 31, 11, 7, 0.7, "Coders file"),
        "#1f5f8b",
        "#e6f0f7",
    ),
    "Old Mill Surgery": SamplePoster(
        APPOINTMENTS,
        "Offer an appointment on the same day to everybody who needs one, every day from January.",
        (
            "Mapped the morning and took out four steps that nobody needed",
            "A nurse practitioner and a doctor share one list, side by side",
            "Kept a third of appointments free until 8, and the rest until noon",
        ),
        "Requests met on the same day rose from 61 to 96 in a hundred and stayed there for eleven "
        "weeks. Home time of the team is 40 minutes earlier.",
        "We would invite two patients to the process map. They told us in ten minutes what we had "
        "walked around for a month.",
        "61 → 96 of 100",
        Series("Met on the same day", "of 100", 61, 96, 10, 1.3, "One shared list"),
        Series("Team goes home after closing", "minutes", 58, 18, 10, 1.9, "One shared list"),
        "#a1460f",
        "#fbeee3",
    ),
    "Parkgate Practice": SamplePoster(
        LONG_TERM,
        "Call people with more than one long-term condition once a year instead of three times, "
        "for all 640 of them by June.",
        (
            "One list, by month of birth, instead of one for each condition",
            "Blood test first, talk a week later with the results on the table",
            "A longer appointment with one nurse who knows all of it",
        ),
        "Visits for reviews fell from 2.7 to 1.2 a person. Reviews done within a year rose from "
        "58 to 81 in a hundred.",
        "We would tell people why before we change their month. The first letters brought forty "
        "worried calls.",
        "2.7 → 1.2 visits",
        Series("Visits for reviews", "a person", 2.7, 1.2, 9, 0.05, "One list"),
        Series("Reviews done within a year", "of 100", 58, 81, 12, 0.9, "Letters rewritten"),
        "#7a2048",
        "#f8e8ef",
    ),
    "The Limes": SamplePoster(
        GETTING_THROUGH,
        "Have the front desk send one of five callers to the right place without a doctor by May.",
        (
            "A card with nine common wishes and where each is met best",
            "Two hours of practice with an actor, for everybody at the desk",
            "Five minutes on Monday: which wish was hard?",
        ),
        "Callers who were helped elsewhere rose from 6 to 23 in a hundred. In a survey of 112 of "
        "them, 97 were content with where they went.",
        "We would let the desk write the card. The second one, which they wrote, is the one in use.",
        "6 → 23 of 100",
        Series("Helped elsewhere", "of 100 callers", 6, 23, 8, 0.6, "Card at the desk"),
        Series("Came back within a week", "of 100", 9, 7, 8, 0.5, "Card at the desk"),
        "#4b6b12",
        "#eff4e1",
    ),
    "Station Road Surgery": SamplePoster(
        APPOINTMENTS,
        "Halve missed appointments from 9 to 4.5 in a hundred by April, most of all with nurses.",
        (
            "A text two days before that thanks people and says how to cancel",
            "A number to cancel that is answered within a minute",
            "Nobody waits three weeks: appointments open ten days ahead",
        ),
        "Missed appointments fell from 9.1 to 4.2 in a hundred. Forty hours of nurses' time a month "
        "are used again. The kinder text did better than the stern one in every week.",
        "We would try both texts from the start, in turns. We argued for a month about what a "
        "fortnight of testing answered.",
        "9.1 → 4.2 of 100",
        Series("Missed appointments", "of 100", 9.1, 4.2, 10, 0.16, "Kinder text"),
        Series("Cancelled in time", "of 100", 5, 11, 10, 0.35, "Kinder text"),
        "#274b9f",
        "#e8edf8",
    ),
    "Whitworth Health Centre": SamplePoster(
        LONG_TERM,
        "Spend less of a round of home visits on the road: from half of the time to a quarter by "
        "March.",
        (
            "Visits planned by street, the evening before",
            "One bag for everybody, packed the same way",
            "A doctor, a nurse and a pharmacist who share one round",
        ),
        "Time on the road fell from 51 to 27 in a hundred minutes. Five more people a week are seen "
        "at home by the same team.",
        "We would ask carers for good hours first. Two streets had to be planned anew.",
        "51 → 27 of 100",
        Series("Time on the road", "of 100 minutes", 51, 27, 9, 0.9, "Planned by street"),
        Series("People seen at home", "a week", 22, 27, 9, 0.5, "Planned by street"),
        "#5a4a00",
        "#f6f1d9",
    ),
}
