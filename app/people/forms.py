"""Clean input about people."""

from typing import cast

from flask_wtf import FlaskForm
from wtforms import BooleanField

from app.plumbing.fields import Reasoned, address, line, paragraph


class LostLink(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The address to which somebody wants a new link."""

    email = address(
        "Your e-mail address",
        ask="Enter your e-mail address.",
        description="The one to which we wrote about your event.",
    )

    @property
    def email_given(self) -> str:
        """Return the address."""
        return self.email.data or ""


class Code(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The digits that we mailed."""

    code = line(
        "Code",
        ask="Enter the code from the e-mail.",
        most=40,
        description="Eight digits, for example 1234 5678.",
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    @property
    def digits(self) -> str:
        """Return what was typed, without the gap in the middle."""
        return "".join(letter for letter in self.code.data or "" if letter.isdecimal())

    def refuse(self, why: str) -> None:
        """Say at the field what is wrong with the code."""
        self.code.errors = [why]


class NewAddress(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The address that somebody wants to have from now on."""

    email = address(
        "Your new e-mail address",
        ask="Enter your new e-mail address.",
        description="We send a code there first.",
        render_kw={"autocomplete": "email"},
    )

    @property
    def email_given(self) -> str:
        """Return the address as it is kept."""
        return cast("str", self.email.data).strip().lower()

    def refuse(self, why: str) -> None:
        """Say at the field what is wrong with the address."""
        self.email.errors = [why]


class NewAccount(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Who gets an account."""

    name = line("Name", ask="Enter the person's name.", render_kw={"autocomplete": "off"})
    email = address(
        ask="Enter the person's e-mail address.",
        description="They get a link there to choose a password.",
        render_kw={"autocomplete": "off"},
    )
    is_administrator = BooleanField("Runs the server: accounts, programmes, mail, health")

    @property
    def name_given(self) -> str:
        """Return the name."""
        return cast("str", self.name.data)

    @property
    def address(self) -> str:
        """Return the e-mail address."""
        return cast("str", self.email.data)


class ErasingStaff(Reasoned):
    """Why somebody is erased with their account."""

    reason = paragraph(
        "Why?",
        ask="Say why, such as: left in June and asked for it.",
        most=300,
        description="Kept in the record of changes. Name nobody in it.",
    )


class SecondFactorReset(Reasoned):
    """Why a second factor is taken away."""

    reason = paragraph(
        "Why?",
        ask="Enter why, such as: lost phone, spoke to her in person.",
        most=300,
        description="Make sure that it is really them who ask. The reason is kept.",
    )
