"""What editors write into a write-up, and what readers write below it."""

from collections.abc import Sequence
from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField

from app.plumbing.fields import line, paragraph
from app.writeups.actions.writing import Text
from app.writeups.queries.blocks import Block

LONGEST_TEXT = 40_000


class Beginning(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Which blocks of the first draft an editor keeps."""

    blocks = SelectMultipleField("Blocks", validate_choice=False)

    def kept(self, offered: Sequence[Block]) -> Sequence[Block]:
        """Return the blocks that are kept, in their own order."""
        return [block for block in offered if block.key in (self.blocks.data or [])]


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


class Withdrawal(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Why a write-up is taken from its address."""

    reason = line(
        "Why?",
        ask="Say why it is withdrawn.",
        description="Kept in the record of changes; readers do not see it.",
    )

    @property
    def reason_given(self) -> str:
        """Return the reason."""
        return cast("str", self.reason.data)


def number_in(field: Any) -> int:
    """Return a number that a page put into a hidden field, or none that it ever puts there."""
    typed = (field.data or "").strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _with_plain_breaks(text: str) -> str:
    """Browsers send lines with two signs at their end; versions are compared with one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
