"""What editors write into a write-up, and what readers write below it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, cast

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from itsdangerous import BadSignature, Signer
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.text import counted
from app.plumbing.fields import NumberField, Reasoned, Sent, address, line, paragraph, required
from app.plumbing.keys import key_for
from app.plumbing.pictures import MOST_BYTES
from app.writeups.actions.commenting import CommentRules, Said
from app.writeups.actions.moderating import DECISIONS
from app.writeups.actions.writing import Text
from app.writeups.queries.blocks import Block
from app.writeups.rules.commenting import FASTEST, CommentStatus, links_in

SEEN = [CommentStatus.WAITING.value, *(one.value for one in DECISIONS)]
LONGEST_COMMENT = 3000
LONGEST_TEXT = 40_000
LONGEST_PART = 2000


class Beginning(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Which blocks of the first draft an editor keeps."""

    blocks = SelectMultipleField("Blocks", validate_choice=False)

    def kept(self, offered: Sequence[Block]) -> Sequence[Block]:
        """Return the blocks that are kept, in their own order."""
        return [block for block in offered if block.key in (self.blocks.data or [])]


class TeamPart(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What a team would like to be told of it."""

    text = paragraph(
        "Your part, in your own words",
        most=LONGEST_PART,
        description="What you tried, what came of it, and what others could take from it.",
    )

    @property
    def words(self) -> str:
        """Return what the team wrote; nothing takes it back."""
        return _with_plain_breaks(self.text.data or "")


class Writing(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """The text of a write-up."""

    edit = HiddenField()
    title = line("Title", ask="Enter a title.")
    summary = line(
        "In one or two sentences",
        most=300,
        description="Shown under the title, in the feed and where somebody shares the address.",
    )
    text = paragraph("Text", most=LONGEST_TEXT, render_kw={"spellcheck": "true"})

    @property
    def written(self) -> Text:
        """Return what was written."""
        return Text(
            title=cast("str", self.title.data),
            summary=self.summary.data or "",
            text=_with_plain_breaks(self.text.data or ""),
        )

    @property
    def written_so_far(self) -> Text:
        """Return what stands in the form, right or not."""
        return Text(
            title=self.title.data or "",
            summary=self.summary.data or "",
            text=_with_plain_breaks(self.text.data or "")[:LONGEST_TEXT],
        )

    @property
    def edit_read(self) -> int:
        """Return which edit the editor had read; none is none that was ever saved."""
        return number_in(self.edit)


class Publishing(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Which edit somebody looked at before publishing it."""

    edit = HiddenField()

    @property
    def edit_read(self) -> int:
        """Return which edit was looked at."""
        return number_in(self.edit)


class Withdrawal(Reasoned):
    """Why a write-up is taken from its address."""

    reason = line(
        "Why?",
        ask="Say why it is withdrawn.",
        description="Kept in the record of changes; readers do not see it.",
    )


def number_in(field: Any) -> int:
    """Return a number that a page put into a hidden field, or none that it ever puts there."""
    typed = (field.data or "").strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _with_plain_breaks(text: str) -> str:
    """Browsers send lines with two signs at their end; versions are compared with one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


HONEYPOT = "website"
"""A field that nobody sees and no browser fills in; programs that fill in everything do."""


class Comment(Sent):
    """What a reader has to say, and who they are."""

    begun = HiddenField()
    name = line("Your name", ask="Enter your name.", most=80, render_kw={"autocomplete": "name"})
    email = address(
        "Your e-mail address",
        ask="Enter your e-mail address.",
        description="Never published. We send you a link, to be sure that it is yours.",
    )
    text = paragraph(
        "Your comment",
        ask="Write what you have to say.",
        most=LONGEST_COMMENT,
    )
    wants_word = BooleanField("E-mail me when my comment is published", default=True)
    wants_others = BooleanField("E-mail me when others comment")
    website = line("Leave this empty", most=2000)

    most_links = 0

    def validate_text(self, field: Any) -> None:
        """Refuse more links than are taken here."""
        found = links_in(field.data or "")
        if found > self.most_links:
            most = counted(self.most_links, "link") if self.most_links else "no links"
            raise ValidationError(f"Take some links out: a comment here may have {most}.")

    @property
    def is_of_a_program(self) -> bool:
        """Say whether something filled in what no person sees."""
        return bool(self.website.data)

    def said(self, *, at: datetime) -> Said:
        """Return what was said, with a note where it came faster than anybody writes."""
        begun = begun_at(self.begun.data or "")
        is_fast = begun is None or at < begun + FASTEST
        return Said(
            name=cast("str", self.name.data),
            email=cast("str", self.email.data),
            text=cast("str", self.text.data),
            wants_word=bool(self.wants_word.data),
            wants_others=bool(self.wants_others.data),
            held_because="It was sent within seconds of the form being opened." if is_fast else "",
            form_id=self.form_id,
        )


def begun_now(at: datetime) -> str:
    """Return a sealed note of when a form was opened."""
    return _seal().sign(str(int(at.timestamp()))).decode()


def begun_at(note: str) -> datetime | None:
    """Return when a form was opened, if the note is one of ours."""
    try:
        seconds = int(_seal().unsign(note))
    except (BadSignature, ValueError):
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _seal() -> Signer:
    return Signer(key_for("comment form"), salt="begun")


class Decision(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What becomes of a comment, and how it stood when it was looked at."""

    status = SelectField(choices=[one.value for one in DECISIONS], validate_choice=True)
    seen = SelectField(choices=SEEN, validate_choice=True)

    @property
    def chosen(self) -> CommentStatus:
        """Return what was decided."""
        return CommentStatus(self.status.data)

    @property
    def seen_as(self) -> CommentStatus:
        """Return how the comment stood on the page."""
        return CommentStatus(self.seen.data)


class CommentSettings(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """How comments are taken at one write-up."""

    takes_comments = BooleanField("Readers can comment")
    comment_days = NumberField(
        "Days until comments close",
        [*required("Enter a number of days."), NumberRange(1, 365, "Enter 1 to 365 days.")],
        description="Counted from the day on which the write-up was first published.",
    )
    most_links = NumberField(
        "Links in one comment, at most",
        [*required("Enter a number."), NumberRange(0, 20, "Enter a number up to 20.")],
    )
    held_words = paragraph(
        "Words that hold a comment back",
        most=2000,
        description="One in each line. A comment with one of them waits for you, whoever wrote it.",
    )

    @property
    def chosen(self) -> CommentRules:
        """Return what was chosen."""
        return CommentRules(
            takes_comments=bool(self.takes_comments.data),
            comment_days=cast("int", self.comment_days.data),
            most_links=cast("int", self.most_links.data),
            held_words=_with_plain_breaks(self.held_words.data or ""),
        )


class Naming(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Whether somebody may be named."""

    answer = SelectField(choices=["yes", "no"], validate_choice=True)

    @property
    def agrees(self) -> bool:
        """Say whether they agree."""
        return bool(self.answer.data == "yes")


class Picture(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A picture, what it shows in words, and who can be recognised in it."""

    file = FileField(
        "The picture",
        [FileRequired("Choose a picture.")],
        description=f"A PNG or JPEG of up to {MOST_BYTES // 1024 // 1024} MB. "
        "Where and when it was taken is removed.",
        render_kw={"accept": ".png,.jpg,.jpeg,image/png,image/jpeg"},
    )
    alt = line(
        "What does it show?",
        ask="Say what the picture shows, for readers who cannot see it.",
        most=300,
        description="For readers who cannot see it: “Four people around a table look at a chart.”",
    )
    people = SelectMultipleField(
        "Who can be recognised in it?",
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    all_agree = BooleanField(
        "Nobody else can be recognised in it",
        [InputRequired("Look again: a picture is shown only if everybody in it has agreed.")],
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

    @property
    def words(self) -> str:
        """Return what the picture shows."""
        return cast("str", self.alt.data)

    def refuse(self, why: str) -> None:
        """Say at the field what is wrong with the file."""
        self.file.errors = [why]


def legible_name(given: str) -> str:
    """Return a file's own name without folders and without what cannot be seen."""
    shown = "".join(c if c.isprintable() else " " for c in PurePath(given.replace("\\", "/")).name)
    return " ".join(shown.split())[-120:] or "picture"
