"""Clean input about registrations: what people answer, and what organisers do for them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.names import LONGEST_NAME, clean_name, hides_something
from app.people.models import Person
from app.plumbing.fields import Reasoned, Sent, address, line, paragraph, stripped
from app.programmes.models import Team
from app.registration.actions.booking import Booking, Newcomer
from app.registration.actions.needs import Needs
from app.registration.models import Registration
from app.registration.rules import columns
from app.registration.rules.places import ADJUSTMENTS, DIETS

NO_PRACTICE = "none"
LONGEST_FILENAME = 120
NEEDS = ("diet", "diet_other", "adjustments", "access_other", "wants_call", "phone")
"""The questions about what somebody needs."""
CERTIFICATE_NAME = "certificate_name"
_ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)


def only_a_name(_form: object, field: Field) -> None:
    """Refuse what no name holds: an address to click, or characters that control a screen."""
    typed = field.data or ""
    if hides_something(typed):
        raise ValidationError("Type the name again: it holds characters that cannot be shown.")
    if _ADDRESS.search(typed):
        raise ValidationError("Enter a name only, without any address.")
    if typed and len(typed) <= LONGEST_NAME and not clean_name(typed):
        raise ValidationError("Enter a name.")


def practices(teams: Sequence[Team]) -> list[SelectChoice]:
    """Return the choices of a practice, with one for people of none."""
    return _choices({**{team.slug: team.name for team in teams}, NO_PRACTICE: "None of these"})


def _column(label: str) -> SelectField:
    return SelectField(label, choices=[], validate_choice=True)


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in words.items()]


def _asked_if(label: str, *, most: int, **rest: Any) -> StringField:
    # Not marked as optional: it shows only when another answer asks for it.
    too_long = f"Shorten this to {most} characters or fewer."
    return StringField(label, [Length(max=most, message=too_long)], filters=[stripped], **rest)


class Introduction(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Who somebody is whom we may not know yet."""

    name = line(
        "Your name",
        ask="Enter your name.",
        most=LONGEST_NAME,
        render_kw={"autocomplete": "name", "spellcheck": "false"},
    )
    email = address(
        "Your e-mail address", ask="Enter your e-mail address.", description="Your pass goes there."
    )

    def validate_name(self, field: Field) -> None:
        """Refuse what no name holds."""
        only_a_name(self, field)


class Answers(Sent):
    """What everybody is asked who takes a place."""

    practice = SelectField("Your practice", [InputRequired("Choose your practice.")])
    role = line(
        "Your role",
        most=100,
        description="For example GP, practice nurse, receptionist",
        render_kw={"autocomplete": "organization-title"},
    )
    certificate_name = line(
        "Name on your certificate",
        ask="Enter your name as it should be printed.",
        description="Exactly as it should be printed, with title and accents if you use them.",
        render_kw={"spellcheck": "false"},
    )
    diet = RadioField("Diet", choices=_choices(DIETS), default="", validate_choice=True)
    diet_other = _asked_if("What can you eat or not eat?", most=300)
    adjustments = SelectMultipleField(
        "What would help you take part?",
        choices=_choices(ADJUSTMENTS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description="Choose all that apply. What is not on the list, tell us below.",
    )
    access_other = paragraph("Anything else that would help you take part?", most=1000)
    wants_call = BooleanField("Call me about this, I would rather talk")
    phone = _asked_if(
        "Phone number",
        most=40,
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
        description="We call within three working days.",
    )
    photo = RadioField(
        "May you be in photos of the event?",
        choices=_choices({"no": "No photos of me", "yes": "Yes, I may be in photos"}),
        default="no",
        description="You can change this at any time before the event.",
    )

    def offer(self, teams: Sequence[Team]) -> None:
        """Offer the practices of a programme, and remember them for the answer."""
        self._teams = {team.slug: team for team in teams}
        self.practice.choices = [SelectChoice("", "Choose your practice"), *practices(teams)]

    def leave_needs_out(self, told: Needs) -> None:
        """Ask nothing about needs: they stay as they were told, and nobody sees them here."""
        self._told = told
        for name in NEEDS:
            del self[name]

    def leave_name_out(self) -> None:
        """Ask nothing about the name on certificates: it stays as it stands."""
        del self[CERTIFICATE_NAME]

    @property
    def asks_needs(self) -> bool:
        """Say whether the needs are asked here."""
        return "diet" in self

    @property
    def asks_name(self) -> bool:
        """Say whether the name on certificates is asked here."""
        return CERTIFICATE_NAME in self

    @property
    def name_to_print(self) -> str:
        """Return the name on certificates as it was answered, or nothing."""
        return (self.certificate_name.data or "") if self.asks_name else ""

    def validate(self, extra_validators: object = None) -> bool:
        """Check each answer, and those that another answer asks for."""
        fine = bool(super().validate(extra_validators))
        if not self.asks_needs:
            return fine
        asked = (
            (self.diet.data == "other", self.diet_other, "Say what you can or cannot eat."),
            (self.wants_call.data, self.phone, "Enter the number we should call."),
        )
        for is_needed, field, sentence in asked:
            if is_needed and not field.data:
                field.errors = [*field.errors, sentence]
                fine = False
        return fine

    def validate_certificate_name(self, field: Field) -> None:
        """Refuse what no name holds."""
        only_a_name(self, field)

    @property
    def team(self) -> Team | None:
        """Return the chosen practice, if it is one of the programme's."""
        return self._teams.get(self.practice.data)

    @property
    def booking(self) -> Booking:
        """Return everything that was answered."""
        return Booking(
            team=self.team,
            role=self.role.data or "",
            photo_consent=self.photo.data == "yes",
            certificate_name=self.name_to_print,
            needs=self.needs if self.asks_needs else self._told,
        )

    @property
    def needs(self) -> Needs:
        """Return what somebody needs; what belongs to an answer taken back is dropped."""
        calls, other = bool(self.wants_call.data), self.diet.data == "other"
        return Needs(
            diet=self.diet.data or "",
            diet_other=(self.diet_other.data or "") if other else "",
            adjustments=tuple(self.adjustments.data or ()),
            access_other=self.access_other.data or "",
            wants_call=calls,
            phone=(self.phone.data or "") if calls else "",
        )


class Place(Introduction, Answers):
    """What somebody answers who asks for a place without being known."""

    certificate_name = line(
        "Name on your certificate, if it should differ",
        description="With title and accents if you use them. Left empty, we print your name as above.",
        render_kw={"spellcheck": "false"},
    )

    @property
    def newcomer(self) -> Newcomer:
        """Return how they introduced themselves."""
        return Newcomer(name=self.name.data or "", email=self.email.data)


def known_answers(
    registration: Registration | None, person: Person, team: Team | None, needs: Needs
) -> dict[str, object]:
    """Return what a form shows of the answers that we have already."""
    chosen = (registration.team if registration else None) or team
    unknown = "" if registration is None else NO_PRACTICE
    return {
        "practice": chosen.slug if chosen else unknown,
        "role": registration.role if registration else "",
        "certificate_name": person.name_on_certificate,
        "diet": needs.diet,
        "diet_other": needs.diet_other,
        "adjustments": list(needs.adjustments),
        "access_other": needs.access_other,
        "wants_call": needs.wants_call,
        "phone": needs.phone,
        "photo": "yes" if registration and registration.photo_consent else "no",
    }


class Leaving(Reasoned):
    """Giving a place back, or saying no; nobody has to say why."""

    reason = paragraph("Why?", most=500, description="It helps us plan. You do not have to say.")


class CertificateName(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The name as it will be printed."""

    name = line(
        "Name on your certificate",
        ask="Enter your name as it should be printed.",
        most=LONGEST_NAME,
        description="Exactly as it should be printed, with title and accents if you use them.",
        render_kw={"spellcheck": "false"},
    )

    def validate_name(self, field: Field) -> None:
        """Refuse what no name holds."""
        only_a_name(self, field)

    @property
    def name_given(self) -> str:
        """Return the name."""
        return self.name.data or ""


def _address_of_somebody(why: str) -> StringField:
    return address(
        ask="Enter the person’s e-mail address.",
        description=why,
        render_kw={"autocomplete": "off"},
    )


class Somebody(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Who somebody is, as an organiser writes them down."""

    name = line(
        "Name",
        ask="Enter the person’s name.",
        most=LONGEST_NAME,
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    email: StringField

    def validate_name(self, field: Field) -> None:
        """Refuse what no name holds."""
        only_a_name(self, field)

    @property
    def newcomer(self) -> Newcomer:
        """Return the name and the address."""
        return Newcomer(name=self.name.data or "", email=self.email.data)


class OnBehalf(Somebody, Sent):
    """An organiser registers a person; the person is told and can say no."""

    email = _address_of_somebody("They get their pass there, with a way to decline.")
    practice = SelectField("Practice", [InputRequired("Choose a practice.")])
    role = line("Role", most=100, render_kw={"autocomplete": "off"})

    def offer(self, teams: Sequence[Team]) -> None:
        """Offer the practices of a programme, and remember them for the answer."""
        self._teams = {team.slug: team for team in teams}
        self.practice.choices = [SelectChoice("", "Choose a practice"), *practices(teams)]

    @property
    def booking(self) -> Booking:
        """Return what the organiser answered for them; the rest they answer themselves."""
        return Booking(team=self._teams.get(self.practice.data), role=self.role.data or "")


class ForSomebody(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What an organiser may change about somebody's registration; their needs stay their own."""

    practice = SelectField("Practice", [InputRequired("Choose a practice.")])
    role = line("Role", most=100, render_kw={"autocomplete": "off"})
    certificate_name = line(
        "Name on certificate",
        ask="Enter the name as it should be printed.",
        most=LONGEST_NAME,
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    photo = RadioField(
        "Photos",
        choices=_choices({"no": "No photos of them", "yes": "They agreed to be in photos"}),
        description="Say yes only if they told you so.",
    )

    def offer(self, teams: Sequence[Team]) -> None:
        """Offer the practices of a programme, and remember them for the answer."""
        self._teams = {team.slug: team for team in teams}
        self.practice.choices = practices(teams)

    def validate_certificate_name(self, field: Field) -> None:
        """Refuse what no name holds."""
        only_a_name(self, field)

    def booking_with(self, needs: Needs) -> Booking:
        """Return what was answered, with the person's own needs as they are."""
        return Booking(
            team=self._teams.get(self.practice.data),
            role=self.role.data or "",
            photo_consent=self.photo.data == "yes",
            certificate_name=self.certificate_name.data or "",
            needs=needs,
        )


class Correction(Somebody):
    """Somebody's name and address as they should be."""

    email = _address_of_somebody(
        "With another address, links in older letters stop working and the pass goes there."
    )


class CancelFor(Reasoned):
    """An organiser gives somebody's place back, with a reason for the record."""

    reason = paragraph(
        "Reason", most=500, description="For the record of changes. It is not in the letter."
    )


class Erasing(Reasoned):
    """A lead erases somebody for good, and says why."""

    reason = paragraph(
        "Why",
        most=500,
        ask="Say why: they asked for it, or nothing needs their data any more.",
        description="For the record of changes. Write no name and nothing about their health.",
    )


class CallNote(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What was agreed on the phone."""

    note = line("What was agreed", ask="Write down what was agreed.", most=500)

    def validate_note(self, field: Field) -> None:
        """Keep the note short enough for the list."""
        Length(max=500)(self, field)

    @property
    def note_given(self) -> str:
        """Return the note."""
        return self.note.data or ""


class UploadedList(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A list of people as a file."""

    file = FileField(
        "The list",
        [FileRequired("Choose the file that holds the list.")],
        description="An Excel workbook (.xlsx) or a CSV file, up to 5 MB and 10,000 rows.",
        render_kw={"accept": ".xlsx,.csv,.txt,.tsv"},
    )

    @property
    def filename(self) -> str:
        """Return the name of the file, for people to read."""
        name = PurePath(self.file.data.filename or "").name
        return columns.legible(name, most=LONGEST_FILENAME) or "List"

    @property
    def content(self) -> bytes:
        """Return what is in the file."""
        content: bytes = self.file.data.read()
        return content

    def refuse(self, why: str) -> None:
        """Say at the field what is wrong with the file."""
        self.file.errors = [why]


class ListColumns(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Which column of a list is what."""

    full_name = _column("Whole name")
    given_name = _column("First name")
    family_name = _column("Surname")
    email = _column("E-mail address")
    team = _column("Practice")
    role = _column("Role")
    certificate_name = _column("Name on certificate")
    diet = _column("Diet")
    access = _column("Access needs")
    status = _column("Status of the booking")

    def offer(self, headers: Sequence[str]) -> None:
        """Offer the columns of a list."""
        choices = _choices(
            {"": "Not in this list"}
            | {str(at): columns.legible(name, most=80) for at, name in enumerate(headers)}
        )
        for field in columns.Field:
            self[field].choices = choices

    @staticmethod
    def known(mapping: Mapping[columns.Field, int | None]) -> dict[str, str]:
        """Return what the form shows of a choice that stands."""
        return {field: "" if at is None else str(at) for field, at in mapping.items()}

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for the columns without which nobody can be invited."""
        if not super().validate(extra_validators):
            return False
        missing = columns.what_is_missing(self.mapping)
        if missing:
            at_fault = self.email if "e-mail" in missing else self.full_name
            at_fault.errors = [missing]
        return not missing

    @property
    def mapping(self) -> dict[columns.Field, int | None]:
        """Return for each field the column that was chosen for it."""
        return {
            field: int(self[field].data) if self[field].data else None for field in columns.Field
        }


class SendList(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The press that sends a list, with how many invitations it promised."""

    expected = HiddenField(validators=[InputRequired(), Regexp(r"\d{1,6}")])

    @property
    def expected_number(self) -> int:
        """Return how many invitations stood on the button."""
        return int(self.expected.data)


class Press(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A button and nothing else, with the token that every change needs."""
