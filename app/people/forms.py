"""Clean input about people."""

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import Email

from app.plumbing.fields import line


class LostLink(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The address to which somebody wants a new link."""

    email = line(
        "Your e-mail address",
        ask="Enter your e-mail address.",
        most=320,
        description="The one to which we wrote about your event.",
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )

    def validate_email(self, field: Field) -> None:
        """Refuse what is no address."""
        Email("Enter an e-mail address such as name@practice.example.")(self, field)

    @property
    def email_given(self) -> str:
        """Return the address."""
        return self.email.data or ""
