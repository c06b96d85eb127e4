"""Clean input about certificates."""

import uuid

from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, StringField
from wtforms.validators import UUID, InputRequired, Length, Regexp, ValidationError

from app.kernel.codes import SECRET_LENGTH, normal_code


class Check(Form):  # type: ignore[misc]  # WTForms brings no types
    """What somebody reads from a certificate; sent by GET, because it only asks."""

    typed = StringField(
        "Certificate number or check code",
        [
            InputRequired("Type the number or the code that is printed on the certificate."),
            Length(max=80, message="This is longer than any number or code of ours."),
        ],
        description="For example PIT-2026-0042-K. Capitals, blanks and hyphens do not matter.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    word = StringField(
        "A word of the name on it",
        [Length(max=100, message="One word is enough.")],
        description="With a number only: the surname, or a word of the team’s name.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    @property
    def typed_text(self) -> str:
        """Return the number or code as it was typed."""
        return self.typed.data or ""

    @property
    def word_given(self) -> str:
        """Return the word of the name."""
        return self.word.data or ""

    @property
    def is_number(self) -> bool:
        """Say whether a number was typed: everything that is not as long as a code."""
        return len(normal_code(self.typed_text)) != SECRET_LENGTH

    def validate_word(self, _field: StringField) -> None:
        """Ask for the word that a number needs."""
        if self.typed_text and self.is_number and len(self.word_given.strip()) < 2:
            raise ValidationError("Type a word of the name that is printed on the certificate.")


class Press(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A button and nothing else, with the token that every change needs."""


class Issue(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """What was confirmed: so many, with one press."""

    expected = HiddenField(validators=[InputRequired(), Regexp(r"\d{1,6}")])
    submission = HiddenField(validators=[InputRequired(), UUID()])

    @property
    def expected_number(self) -> int:
        """Return how many certificates stood on the page."""
        return int(self.expected.data)

    @property
    def submission_id(self) -> uuid.UUID:
        """Return which press of the button this is."""
        return uuid.UUID(self.submission.data)
