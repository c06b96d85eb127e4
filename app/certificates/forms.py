"""Clean input about certificates."""

import uuid

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    UUID,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from app.certificates.actions.granting import RulePart
from app.certificates.models import RuleCriterion
from app.certificates.rules import (
    CITATION_LENGTH,
    REVOCATION_CATEGORIES,
    CriterionKind,
    PrintOrder,
)
from app.events.models import EventKind
from app.kernel.codes import SECRET_LENGTH, normal_code
from app.plumbing.fields import NumberField


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


class Reason(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """Why something is done; it stays inside and is never printed."""

    reason = TextAreaField(
        "Reason",
        [
            InputRequired("Say why; whoever looks at the record later will want to know."),
            Length(min=5, max=500, message="Say why in 5 to 500 characters."),
        ],
        description="Kept in the record of changes and seen by the programme’s team only.",
    )

    @property
    def reason_given(self) -> str:
        """Return the reason."""
        return " ".join((self.reason.data or "").split())


class Withdrawal(Reason):
    """Why a certificate is withdrawn: in a word for everybody, and in full for us."""

    category = RadioField(
        "What the public page says",
        choices=[
            (key, f"Withdrawn: {words}" if key != "other" else "Withdrawn, without a reason")
            for key, words in REVOCATION_CATEGORIES.items()
        ],
        validators=[InputRequired("Choose what the public page says.")],
    )

    @property
    def category_chosen(self) -> str:
        """Return the word for everybody."""
        return str(self.category.data)


class Replacement(Reason):
    """A certificate with the name as it should be."""

    recipient = StringField(
        "Name as it should be printed",
        [InputRequired("Write the name as it should be printed."), Length(max=200)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    @property
    def name_given(self) -> str:
        """Return the corrected name."""
        return str(self.recipient.data)


class Exception_(Reason):  # noqa: N801 - the field's word is taken by Python
    """Which part of the rule somebody need not meet, and why."""

    criterion = RadioField(
        "Part of the rule", validators=[InputRequired("Choose the part that is waived.")]
    )

    @property
    def criterion_id(self) -> uuid.UUID:
        """Return which part is waived."""
        return uuid.UUID(self.criterion.data)


WHAT = {
    "launch": "the launch",
    "learning_session": "learning sessions",
    "summit": "the summit",
    "other": "other events",
    "events": "events of any kind",
    "coach_visits": "coach visits",
    "poster": "a poster",
}
"""What a part of a rule may ask for, in the order of the list."""


class RulePartFields(Form):  # type: ignore[misc]  # WTForms brings no types
    """One part of a rule; a part that asks for nothing is left out."""

    id = HiddenField(validators=[Optional(), UUID()])
    what = SelectField("Asks for", choices=[("", "nothing (leave this out)"), *WHAT.items()])
    needed = NumberField(
        "How many",
        [NumberRange(0, 100, "Give how many are needed, from 0 to 100.")],
        default=1,
    )
    minutes = NumberField(
        "For how many minutes",
        [NumberRange(0, 1440, "Give for how many minutes, from 0 to 1440.")],
        default=0,
    )
    members = NumberField(
        "By how many members",
        [NumberRange(1, 100, "Give by how many members, from 1 to 100.")],
        default=1,
    )
    make_up = BooleanField("Making it up afterwards counts")


class Rule(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """What a programme asks of people, or of teams: a list of parts."""

    parts = FieldList(FormField(RulePartFields), max_entries=12)

    @property
    def parts_given(self) -> list[RulePart]:
        """Return the parts that ask for something, in their order."""
        return [_part_in(entry.form) for entry in self.parts if entry.form.what.data]


def fields_of(row: RuleCriterion) -> dict[str, object]:
    """Return a part of a rule as the form shows it."""
    if row.kind is not CriterionKind.EVENTS:
        what = row.kind.value
    else:
        what = row.event_kind.value if row.event_kind else "events"
    return {
        "id": str(row.id),
        "what": what,
        "needed": row.needed,
        "minutes": row.minimum_minutes,
        "members": row.members_needed,
        "make_up": row.make_up_counts,
    }


def _part_in(fields: RulePartFields) -> RulePart:
    what = fields.what.data
    event_kinds = {kind.value for kind in EventKind}
    is_other = what in {CriterionKind.COACH_VISITS.value, CriterionKind.POSTER.value}
    return RulePart(
        id=uuid.UUID(fields.id.data) if fields.id.data else None,
        kind=CriterionKind(what) if is_other else CriterionKind.EVENTS,
        event_kind=EventKind(what) if what in event_kinds else None,
        needed=1 if fields.needed.data is None else fields.needed.data,
        minimum_minutes=fields.minutes.data or 0,
        members_needed=fields.members.data or 1,
        make_up_counts=bool(fields.make_up.data),
    )


class Recognition(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """Whom to single out, and the sentence of praise."""

    whom = SelectField("Team or person", [InputRequired("Choose a team or a person.")])
    event = SelectField("Given at", [InputRequired("Choose the event.")])
    citation = TextAreaField(
        "Citation",
        [
            InputRequired("Write the citation: it is the centre of the page."),
            Length(
                *CITATION_LENGTH,
                message=f"Write between {CITATION_LENGTH[0]} and {CITATION_LENGTH[1]} characters.",
            ),
        ],
        description="Begin with “for”, such as “for transformational achievements”.",
    )
    submission = HiddenField(validators=[InputRequired(), UUID()])

    @property
    def citation_given(self) -> str:
        """Return the citation, its blanks collapsed."""
        return " ".join((self.citation.data or "").split())

    @property
    def submission_id(self) -> uuid.UUID:
        """Return which recognition this is, so that one sent twice is one."""
        return uuid.UUID(self.submission.data)


class Print(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """In which order the printer puts certificates out."""

    order = RadioField(
        "Order",
        choices=[
            (PrintOrder.STAGE.value, "Stage order: each team, then its people; recognition last"),
            (PrintOrder.TEAM.value, "Team by team, in the order of the alphabet"),
            (PrintOrder.SURNAME.value, "By surname, teams first"),
        ],
        default=PrintOrder.STAGE.value,
    )

    @property
    def order_chosen(self) -> PrintOrder:
        """Return the order."""
        return PrintOrder(self.order.data)


class Press(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A button and nothing else, with the token that every change needs."""
