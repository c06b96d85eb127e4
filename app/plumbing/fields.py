"""Fields that forms of several rooms ask with: days, clock times, and text without stray blanks."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Email, Length, Optional, StopValidation
from wtforms.widgets import TimeInput

from app.kernel.clock import from_london

# WTForms carries no types: validators and fields are Any here.
Validators = list[Any]

_CLOCK = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*([ap])?\.?m?\.?", re.IGNORECASE)


def stripped(typed: str | None) -> str | None:
    """Return what was typed without blanks around it."""
    return typed.strip() if typed else typed


def in_one_line(typed: str | None) -> str | None:
    """Return what was typed as one line: what stands in the head of a letter must not break."""
    return " ".join(typed.split()) if typed else typed


class Needed:
    """Refuse a field that was left empty; what could not be read keeps its own message."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, sentence: str) -> None:
        """Take the sentence that says what to enter."""
        self.sentence = sentence

    def __call__(self, _form: Any, field: Any) -> None:
        """Judge one field."""
        if field.process_errors:
            raise StopValidation
        if field.data in (None, ""):
            raise StopValidation(self.sentence)


def required(sentence: str) -> Validators:
    """Return the validators of a field that must not be empty."""
    return [Needed(sentence)]


def line(
    label: str,
    *,
    ask: str | None = None,
    most: int = 200,
    checks: Sequence[Any] = (),
    **rest: Any,
) -> StringField:
    """Return a field for one line of text; `ask` is what to say when it is empty, if it must not be."""
    check = required(ask) if ask else [Optional()]
    too_long = f"Shorten this to {most} characters or fewer."
    return StringField(
        label, [*check, Length(max=most, message=too_long), *checks], filters=[in_one_line], **rest
    )


def address(label: str = "E-mail address", *, ask: str | None = None, **rest: Any) -> StringField:
    """Return a field for an e-mail address to which every mail server can write."""
    known = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
    asked = {**known, **rest.pop("render_kw", {})}
    return line(label, ask=ask, most=320, checks=[_plain_address], render_kw=asked, **rest)


def _plain_address(form: Any, field: Any) -> None:
    # Only plain letters: hardly any server takes other ones, and the letter would never arrive.
    if not field.data.isascii():
        raise ValidationError("Enter the address in plain letters, without accents.")
    Email("Enter an e-mail address, such as name@practice.example.")(form, field)


def paragraph(
    label: str, *, ask: str | None = None, most: int = 4000, **rest: Any
) -> TextAreaField:
    """Return a field for some lines of text."""
    check = required(ask) if ask else [Optional()]
    too_long = f"Shorten this to {most} characters or fewer."
    return TextAreaField(
        label, [*check, Length(max=most, message=too_long)], filters=[stripped], **rest
    )


def submission() -> HiddenField:
    """Return the hidden id that makes sending a form twice harmless."""
    return HiddenField(default=lambda: str(uuid4()))


class Sent(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What a phone may send twice: the hidden id of the form makes that harmless."""

    submission = submission()

    @property
    def form_id(self) -> UUID:
        """Return which form this is; one whose id was lost on its way counts as new."""
        try:
            return UUID(self.submission.data or "")
        except ValueError:
            return uuid4()


class Reasoned(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A form that asks for nothing but a reason; each asks for it in its own words."""

    reason: StringField

    @property
    def reason_given(self) -> str:
        """Return the reason, or nothing where nobody has to say why."""
        return self.reason.data or ""


class DayField(DateField):  # type: ignore[misc]  # WTForms carries no types
    """A calendar day, by the browser's own date picker."""

    @property
    def day(self) -> date:
        """Return the day of a form that was found right, where one is required."""
        assert isinstance(self.data, date)
        return self.data

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day, or say how to write one."""
        if not valuelist:
            return
        typed = " ".join(valuelist).strip()
        # An emptied field takes its day back; it does not keep the one that stood there.
        self.data = None
        if not typed:
            return
        for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y"):
            try:
                self.data = datetime.strptime(typed, form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
            else:
                return
        raise ValueError("Enter a day such as 26 March 2026.")


class NumberField(IntegerField):  # type: ignore[misc]  # WTForms carries no types
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number, or say that it is none."""
        if not valuelist:
            return
        typed = "".join(valuelist).strip()
        self.data = None
        if not typed:
            return
        if not re.fullmatch("[0-9]{1,9}", typed):
            raise ValueError("Enter a whole number.")
        self.data = int(typed)


class ClockField(StringField):  # type: ignore[misc]  # WTForms carries no types
    """A time of day as clocks in Britain show it."""

    widget = TimeInput()

    @property
    def clock(self) -> time:
        """Return the time of a form that was found right, where one is required."""
        assert isinstance(self.data, time)
        return self.data

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a time, or say how to write one."""
        typed = "".join(valuelist).strip()
        self.data = clock_reading(typed) if typed else None
        if typed and self.data is None:
            raise ValueError("Enter a time such as 9.30 am.")


def clock_reading(typed: str) -> time | None:
    """Return the time of day that somebody typed: 09:30, 9.30 am, 3 pm; None if it is none."""
    match = _CLOCK.fullmatch(typed.strip())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def moment_at(day: date, clock: time) -> datetime:
    """Return the moment that a day and a clock in Britain mean."""
    return from_london(datetime.combine(day, clock))


def end_of(day: date) -> datetime:
    """Return the last minute of a day in Britain."""
    return moment_at(day + timedelta(days=1), time()) - timedelta(minutes=1)


def not_before(other: str, sentence: str) -> Callable[[Any, Any], None]:
    """Return a validator: the field must not lie before another one of the same form."""

    def check(form: Any, field: Any) -> None:
        earlier = form[other].data
        if field.data is not None and earlier is not None and field.data < earlier:
            raise ValidationError(sentence)

    return check
