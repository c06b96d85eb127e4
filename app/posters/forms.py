"""What teams answer about their poster, and organisers about the marketplace."""

from datetime import date, datetime, time
from pathlib import PurePath
from typing import Any, cast

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from app.kernel.clock import london
from app.plumbing.fields import (
    ClockField,
    DayField,
    NumberField,
    line,
    moment_at,
    paragraph,
    required,
)
from app.plumbing.pictures import MOST_BYTES
from app.posters.actions.curating import MarketplaceFacts
from app.posters.actions.handing_in import Words
from app.posters.models import Marketplace as MarketplaceRow
from app.posters.models import Poster as PosterRow
from app.posters.rules import Visibility

LONGEST_FILENAME = 120
LONGEST_PART = 1500
MOST_MB = MOST_BYTES // 1024 // 1024

VISIBILITIES = {
    Visibility.TEAM: "Our team and the organisers only",
    Visibility.ATTENDEES: "People at the event",
    Visibility.PUBLIC: "Everybody, on the open internet",
}


class Poster(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """The title of a poster that was handed in on paper."""

    title = line(
        "Title of the poster",
        ask="Enter the title that stands on the poster.",
        description="As it stands on the poster.",
    )

    @property
    def chosen_title(self) -> str:
        """Return the title."""
        return cast("str", self.title.data)


class File(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The poster as a file."""

    file = FileField(
        "The poster",
        [FileRequired("Choose the file that holds the poster.")],
        description=f"A PDF, PNG or JPEG of up to {MOST_MB} MB. A PDF is sharpest.",
        render_kw={"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"},
    )

    @property
    def filename(self) -> str:
        """Return the name of the file, for people to read; it never becomes part of a path."""
        return legible_name(self.file.data.filename or "")

    @property
    def content(self) -> bytes:
        """Return what is in the file."""
        content: bytes = self.file.data.read()
        return content

    def refuse(self, why: str) -> None:
        """Say at the field what is wrong with the file."""
        self.file.errors = [why]


def legible_name(given: str) -> str:
    """Return a file's own name without folders and without characters that cannot be seen."""
    name = PurePath(given.replace("\\", "/")).name
    shown = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    stem, dot, ending = shown.rpartition(".")
    if len(shown) > LONGEST_FILENAME and dot:
        return f"{stem[: LONGEST_FILENAME - 10]}….{ending[:8]}"
    return shown[:LONGEST_FILENAME] or "poster"


class Summary(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What a team says about its poster in words: for whoever cannot see or read the picture."""

    title = line("Title", ask="Enter the title of your poster.")
    theme = line(
        "Theme",
        most=80,
        description="One or two words by which visitors find posters like yours.",
        render_kw={"list": "themes"},
    )
    aim = paragraph(
        "Aim",
        most=LONGEST_PART,
        description="What you wanted to reach: how much, by when, for whom.",
    )
    changes = paragraph(
        "What we changed",
        most=LONGEST_PART,
        description="The changes you tested and kept.",
    )
    findings = paragraph(
        "What the data show",
        most=LONGEST_PART,
        description="Say your charts in words: from what to what, over which time.",
    )
    next_time = paragraph(
        "What we would do differently",
        most=LONGEST_PART,
        description="What you would tell a team that starts tomorrow.",
    )

    @property
    def words(self) -> Words:
        """Return what was written."""
        return Words(
            title=self.title.data,
            theme=self.theme.data or "",
            aim=self.aim.data or "",
            changes=self.changes.data or "",
            findings=self.findings.data or "",
            next_time=self.next_time.data or "",
        )


class Showing(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Who may see a poster, and from which day."""

    visibility = RadioField(
        "Who may see your poster?",
        choices=[SelectChoice(value.value, words) for value, words in VISIBILITIES.items()],
        validate_choice=True,
    )
    visible_from = DayField(
        "From this day on",
        [Optional()],
        description="Leave it empty for: as soon as the marketplace opens.",
    )

    @property
    def chosen(self) -> Visibility:
        """Return who may see it."""
        return Visibility(self.visibility.data)

    @property
    def first_moment(self) -> datetime | None:
        """Return the moment from which they see it, if a day was given."""
        day: date | None = self.visible_from.data
        return moment_at(day, time()) if day else None


def showing_of(poster: PosterRow) -> dict[str, Any]:
    """Return what the form shows of what a team has chosen."""
    first = poster.visible_from
    return {
        "visibility": poster.visibility.value,
        "visible_from": london(first).date() if first else None,
    }


class Stand(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Where a poster hangs, and whether visitors may write at it."""

    stand = NumberField(
        "Stand number", [Optional(), NumberRange(1, 999, "Enter a number from 1 to 999.")]
    )
    takes_feedback = BooleanField("Visitors may ask and reflect at this poster")


class Hiding(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Why a poster is hidden."""

    reason = line("Reason", ask="Say why the poster is hidden.", most=300)

    @property
    def reason_given(self) -> str:
        """Return the reason."""
        return cast("str", self.reason.data)


class Marketplace(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """When posters are handed in and shown, and what visitors may do."""

    uploads_close_on = DayField("Day", required("Enter the last day for uploads."))
    uploads_close = ClockField("Time", required("Enter a time such as 5 pm."))
    opens_on = DayField("Day", required("Enter the day on which the marketplace opens."))
    opens = ClockField("Time", required("Enter a time such as 9.30 am."))
    visibility = RadioField(
        "Who sees a poster, unless its team chooses otherwise?",
        choices=[
            SelectChoice(Visibility.TEAM.value, "Its team and organisers only"),
            SelectChoice(Visibility.ATTENDEES.value, "People at the event"),
            SelectChoice(Visibility.PUBLIC.value, "Everybody, on the open internet"),
        ],
        validate_choice=True,
    )
    takes_feedback = BooleanField("Visitors may ask questions and leave reflections")
    is_moderated = BooleanField("An organiser reads them before others do")
    guests_may_write = BooleanField("People without a booking may write too, once you have read it")
    ballot_opens = ClockField("Voting opens at", [Optional()])
    ballot_closes = ClockField(
        "Voting closes at",
        [Optional()],
        description="On the day of the event. Leave both empty for no people's choice.",
    )

    def validate_ballot_closes(self, field: Any) -> None:
        """Refuse a vote that has only one end, or closes before it opens."""
        opens, closes = self.ballot_opens.data, field.data
        if (opens is None) != (closes is None):
            raise ValidationError("Enter both times of the vote, or neither.")
        if opens is not None and closes <= opens:
            raise ValidationError("Voting must close after it opens.")

    def facts(self, *, day: date) -> MarketplaceFacts:
        """Return what was decided, as moments; the vote is on the day of the event."""
        opens, closes = self.ballot_opens.data, self.ballot_closes.data
        return MarketplaceFacts(
            uploads_close_at=moment_at(self.uploads_close_on.day, self.uploads_close.clock),
            opens_at=moment_at(self.opens_on.day, self.opens.clock),
            visibility=Visibility(self.visibility.data),
            takes_feedback=self.takes_feedback.data,
            is_moderated=self.is_moderated.data,
            guests_may_write=self.guests_may_write.data,
            ballot_opens_at=moment_at(day, opens) if opens else None,
            ballot_closes_at=moment_at(day, closes) if closes else None,
        )


def settings_of(market: MarketplaceRow) -> dict[str, Any]:
    """Return what the form shows of what holds."""
    closes, opens = london(market.uploads_close_at), london(market.opens_at)
    vote_opens, vote_closes = market.ballot_opens_at, market.ballot_closes_at
    return {
        "uploads_close_on": closes.date(),
        "uploads_close": closes.time(),
        "opens_on": opens.date(),
        "opens": opens.time(),
        "visibility": market.visibility.value,
        "takes_feedback": market.takes_feedback,
        "is_moderated": market.is_moderated,
        "guests_may_write": market.guests_may_write,
        "ballot_opens": london(vote_opens).time() if vote_opens else None,
        "ballot_closes": london(vote_closes).time() if vote_closes else None,
    }
