"""What teams answer about their poster, and organisers about the marketplace."""

from datetime import date, datetime, time
from pathlib import PurePath
from typing import Any, cast

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from app.kernel.clock import london
from app.plumbing.fields import (
    ClockField,
    DayField,
    NumberField,
    Reasoned,
    Sent,
    address,
    line,
    moment_at,
    paragraph,
    required,
)
from app.plumbing.pictures import MOST_BYTES
from app.posters.actions.asking import Asked
from app.posters.actions.curating import MarketplaceFacts
from app.posters.actions.handing_in import Words
from app.posters.actions.reflecting import Reflected
from app.posters.actions.standing_by import Slot as SlotFacts
from app.posters.models import Marketplace as MarketplaceRow
from app.posters.models import Poster as PosterRow
from app.posters.rules import Aspect, Attribution, SignalKind, Visibility

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


class Hiding(Reasoned):
    """Why a poster is hidden."""

    reason = line("Reason", ask="Say why the poster is hidden.", most=300)


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


LONGEST_WORDS = 1500
SAY_NAME = "Enter your name."


class Question(Sent):
    """What somebody asks a team."""

    text = paragraph(
        "Your question",
        ask="Write your question.",
        most=LONGEST_WORDS,
    )
    is_named = BooleanField("Show my name beside the question", default=True)

    @property
    def asked(self) -> Asked:
        """Return the question."""
        return Asked(text=self.text.data, is_named=bool(self.is_named.data), form_id=self.form_id)


class GuestQuestion(Question):
    """What a guest asks a team, and where to send the answer."""

    name = line("Your name", ask=SAY_NAME)
    email = address(
        ask="Enter the address to which the answer should come.",
        description="We e-mail you the answer, and nothing else. It is deleted after two years.",
    )


class Reflection(Sent):
    """What somebody reflects on a poster, by aspect."""

    project = paragraph(
        "The project",
        most=LONGEST_WORDS,
        description="Its aim, and whether it is worth doing elsewhere.",
    )
    changes = paragraph(
        "The changes",
        most=LONGEST_WORDS,
        description="What they tested, and what you would try.",
    )
    data = paragraph(
        "The data",
        most=LONGEST_WORDS,
        description="What the charts tell you, and what they do not.",
    )
    attribution = RadioField(
        "Who reads it, and with which name?",
        choices=[
            SelectChoice(Attribution.NAMED.value, "Everybody, with my name"),
            SelectChoice(Attribution.TEAM.value, "The team only, with my name"),
            SelectChoice(Attribution.ANONYMOUS.value, "Anonymous"),
        ],
        default=Attribution.TEAM.value,
        validate_choice=True,
    )
    may_quote = BooleanField("The team may quote this in its own reports")

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a reflection on nothing; any one of the three is enough."""
        if not super().validate(extra_validators):
            return False
        if not self.texts:
            self.project.errors = ["Write something in at least one of the three boxes."]
            return False
        return True

    @property
    def texts(self) -> dict[Aspect, str]:
        """Return what was written, by aspect."""
        written = {
            Aspect.PROJECT: self.project.data,
            Aspect.CHANGES: self.changes.data,
            Aspect.DATA: self["data"].data,
        }
        return {aspect: text for aspect, text in written.items() if text}

    @property
    def reflected(self) -> Reflected:
        """Return the reflection."""
        return Reflected(
            texts=self.texts,
            attribution=Attribution(self.attribution.data),
            may_quote=bool(self.may_quote.data),
            form_id=self.form_id,
        )


class GuestReflection(Reflection):
    """What a guest reflects on a poster."""

    name = line(
        "Your name",
        description="Leave it empty for an anonymous reflection.",
    )

    def validate_name(self, field: Any) -> None:
        """Refuse a reflection that is to carry a name and has none."""
        if self.attribution.data != Attribution.ANONYMOUS.value and not field.data:
            raise ValidationError("Enter your name, or choose “Anonymous”.")


class Signal(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """A quick word, given or taken back."""

    give = SelectField(choices=[kind.value for kind in SignalKind], validate_choice=False)
    take = SelectField(choices=[kind.value for kind in SignalKind], validate_choice=False)
    agrees = BooleanField()

    @property
    def given(self) -> SignalKind | None:
        """Return the quick word that is given, if any."""
        return _signal(self.give.data)

    @property
    def taken(self) -> SignalKind | None:
        """Return the quick word that is taken back, if any."""
        return _signal(self.take.data)


def _signal(word: str | None) -> SignalKind | None:
    return SignalKind(word) if word in set(SignalKind) else None


class Report(Reasoned):
    """Why something should not stand at a poster."""

    reason = line("What is wrong with it?", ask="Say what is wrong with it.", most=300)


class Vote(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """The poster that somebody votes for."""

    poster = RadioField("Your vote", validate_choice=False)

    def validate_poster(self, field: Any) -> None:
        """Refuse a form without a choice."""
        if field.data not in {value for value, _ in field.choices}:
            raise ValidationError("Choose the poster you vote for.")

    @property
    def code(self) -> str:
        """Return the code of the poster."""
        return cast("str", self.poster.data)


class Answer(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What a team answers to a question."""

    text = paragraph("Your answer", ask="Write your answer.", most=LONGEST_WORDS * 2)
    answered_by = line(
        "Who answers",
        description="A name that stands beside the answer. Leave it empty for the whole team.",
    )


class AtStand(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Who is at the stand now."""

    who = line("Who is there", ask="Say who is at the stand.", most=80)


class Slot(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """When somebody will be at the stand, on the day of the event."""

    starts = ClockField("From", required("Enter a time such as 12 noon."))
    ends = ClockField("Until", required("Enter a time such as 12.30 pm."))
    who = line("Who", ask="Say who will be there.", most=80)

    def validate_ends(self, field: Any) -> None:
        """Refuse a time that ends before it starts."""
        if (
            self.starts.data is not None
            and field.data is not None
            and field.data <= self.starts.data
        ):
            raise ValidationError("This must be later than the start.")

    def slot(self, *, day: date) -> SlotFacts:
        """Return the time as moments of a day."""
        return SlotFacts(
            starts_at=moment_at(day, self.starts.clock),
            ends_at=moment_at(day, self.ends.clock),
            who=self.who.data,
        )


class HidingWords(Reasoned):
    """Why something that a visitor wrote is hidden."""

    reason = line("Reason", ask="Say why it is hidden.", most=300)
