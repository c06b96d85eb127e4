"""Clean input about doors, the room code and who was here."""

import uuid
from datetime import date, datetime, time

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import TimeField
from wtforms.validators import (
    UUID,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from app.checkin.actions.checking_in import Scan
from app.checkin.models import DoorRole
from app.checkin.rules.codes import SHORTEST_SEARCH
from app.checkin.rules.log import Kind, Method
from app.kernel.clock import from_london
from app.kernel.refusal import Refusal
from app.plumbing.fields import NumberField

REASON_LENGTH = 300


class Submission(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A form that a phone may send twice: its hidden id makes the second time harmless."""

    submission = HiddenField(validators=[InputRequired(), UUID()])

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Begin with an id of its own."""
        super().__init__(*args, **kwargs)
        if not self.submission.data:
            self.submission.data = str(uuid.uuid4())

    @property
    def submission_id(self) -> uuid.UUID:
        """Return which press of the button this is."""
        return uuid.UUID(self.submission.data)


class Enrolment(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """Who stands at this door."""

    first_name = StringField(
        "Your first name",
        [
            InputRequired("Type your first name, so that the team knows who is at the door."),
            Length(max=80, message="Your first name is enough."),
        ],
        render_kw={"autocomplete": "given-name"},
    )

    @property
    def steward_name(self) -> str:
        """Return the first name as it was typed."""
        return " ".join((self.first_name.data or "").split())


class DoorWish(Submission):
    """A door link to be made."""

    door = StringField(
        "Name of the door",
        [
            InputRequired("Give the door a name, such as Front door."),
            Length(max=80, message="A shorter name is easier to find."),
        ],
        description="Whoever opens the link sees it.",
    )
    role = RadioField(
        "Who stands there",
        choices={DoorRole.STEWARD.value: "Steward", DoorRole.SUPERVISOR.value: "Supervisor"},
        validators=[InputRequired("Choose what this door may do.")],
    )
    opens = TimeField("Opens at", [InputRequired("Give a time, such as 08:00.")])
    closes = TimeField("Closes at", [InputRequired("Give a time, such as 16:00.")])

    @property
    def door_name(self) -> str:
        """Return the name of the door."""
        return " ".join((self.door.data or "").split())

    @property
    def door_role(self) -> DoorRole:
        """Return what the door may do."""
        return DoorRole(self.role.data)

    def hours_on(self, day: date) -> tuple[datetime, datetime]:
        """Return from when to when the link works."""
        opens, closes = self.opens.data, self.closes.data
        assert isinstance(opens, time) and isinstance(closes, time)
        return (
            from_london(datetime.combine(day, opens)),
            from_london(datetime.combine(day, closes)),
        )

    def validate_closes(self, field: TimeField) -> None:
        """Refuse a door that closes before it opens."""
        if self.opens.data and field.data and field.data <= self.opens.data:
            raise ValidationError("The door has to close after it opens.")


class Room(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A room that gets a code for its wall."""

    room = StringField(
        "Name of the room",
        [
            InputRequired("Give the room a name, such as Council Chamber."),
            Length(max=80, message="A shorter name is easier to find."),
        ],
    )

    @property
    def room_name(self) -> str:
        """Return the name of the room."""
        return " ".join((self.room.data or "").split())


class Reason(Submission):
    """Why something in the log is taken back or explained."""

    reason = StringField(
        "Why",
        [
            InputRequired("Say why: the log keeps it."),
            Length(max=REASON_LENGTH, message=f"{REASON_LENGTH} characters are enough."),
        ],
        description="For example: wrong person.",
    )

    @property
    def reason_given(self) -> str:
        """Return the reason."""
        return (self.reason.data or "").strip()


class Press(Submission):
    """A button and nothing else."""


class Search(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A part of somebody's name."""

    class Meta:
        csrf = False  # it only asks, by GET

    q = StringField(
        "Name",
        [Length(max=80, message="A part of the name is enough.")],
    )

    @property
    def text(self) -> str:
        """Return what was typed."""
        return (self.q.data or "").strip()

    @property
    def is_long_enough(self) -> bool:
        """Say whether there are enough letters to look for."""
        return sum(letter.isalpha() for letter in self.text) >= SHORTEST_SEARCH


class WalkIn(Submission):
    """Somebody who came without a booking."""

    name = StringField(
        "Name",
        [
            InputRequired("Type the name of the person in front of you."),
            Length(max=200, message="A shorter form of the name is enough."),
        ],
        render_kw={"autocomplete": "off"},
    )
    team = SelectField("Practice", validators=[Optional()])
    email = StringField(
        "E-mail",
        [Optional(), Length(max=320, message="This is longer than any address.")],
        description="Only if they want their pass and certificate by e-mail.",
        render_kw={"autocomplete": "off", "inputmode": "email"},
    )
    over_capacity = HiddenField()

    @property
    def name_given(self) -> str:
        """Return the name."""
        return " ".join((self.name.data or "").split())

    @property
    def email_given(self) -> str | None:
        """Return the address, if there is one."""
        return (self.email.data or "").strip() or None

    @property
    def lets_in_over_capacity(self) -> bool:
        """Say whether somebody has agreed to let one more in."""
        return bool(self.over_capacity.data == "yes")

    def validate_email(self, field: StringField) -> None:
        """Refuse what cannot be an address."""
        local, at, domain = (field.data or "").strip().rpartition("@")
        if not (local and at and "." in domain) or any(c.isspace() for c in field.data.strip()):
            raise ValidationError("Type an address like name@practice.example, or leave it empty.")


class HeadCountForm(Submission):
    """How many people somebody counted in the room."""

    counted = NumberField(
        "People in the room",
        [
            InputRequired("Type how many people you counted."),
            NumberRange(0, 10_000, message="Type a number from 0 to 10,000."),
        ],
        render_kw={"inputmode": "numeric"},
    )

    @property
    def number(self) -> int:
        """Return the number."""
        return int(self.counted.data or 0)


CORRECTIONS = {
    Kind.ENTERED.value: "Was here",
    Kind.LEFT.value: "Left early",
    Kind.CONFIRMED.value: "Seen by somebody of the event: no doubt",
    Kind.EXCUSED.value: "Sent apologies",
    Kind.MADE_UP.value: "Made up for it",
}


class Correction(Submission):
    """What an organiser knows better than the log."""

    kind = RadioField(
        "What is right",
        choices=CORRECTIONS,
        validators=[InputRequired("Choose what is right.")],
    )
    at = TimeField("Time", [Optional()], description="When they came or left, such as 09:45.")
    reason = TextAreaField(
        "Why, and how you know",
        [
            InputRequired("Say why, and how you know: it stays in the log."),
            Length(max=REASON_LENGTH, message=f"{REASON_LENGTH} characters are enough."),
        ],
    )

    @property
    def kind_given(self) -> Kind:
        """Return what the new line says."""
        return Kind(self.kind.data)

    @property
    def reason_given(self) -> str:
        """Return the reason."""
        return (self.reason.data or "").strip()

    def moment_on(self, day: date) -> datetime | None:
        """Return the time given, on the day of the event."""
        if not isinstance(self.at.data, time):
            return None
        return from_london(datetime.combine(day, self.at.data))

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for the time that some corrections need."""
        is_valid = bool(super().validate(extra_validators))
        if self.kind.data in {Kind.ENTERED.value, Kind.LEFT.value} and self.at.data is None:
            self.at.errors = [*self.at.errors, "Give the time: it counts towards certificates."]
            return False
        return is_valid


class OwnCode(Submission):
    """The short code on a pass, with the surname of its owner."""

    code = StringField(
        "Short code on your pass",
        [InputRequired("Type the six characters under your QR code."), Length(max=40)],
        description="Like KX4-7PQ. Small letters and blanks are fine.",
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    surname = StringField(
        "Your surname",
        [InputRequired("Type your surname."), Length(max=120)],
        render_kw={"autocomplete": "family-name"},
    )

    @property
    def code_given(self) -> str:
        """Return the code as it was typed."""
        return self.code.data or ""

    @property
    def surname_given(self) -> str:
        """Return the surname as it was typed."""
        return self.surname.data or ""


class ColleagueCode(Submission):
    """The short code on the pass of somebody beside me."""

    code = StringField(
        "Short code on their pass",
        [InputRequired("Type the six characters under their QR code."), Length(max=40)],
        description="Like KX4-7PQ. Small letters and blanks are fine.",
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )

    @property
    def code_given(self) -> str:
        """Return the code as it was typed."""
        return self.code.data or ""


class NotAScan(Refusal):
    """Something else than a scan was sent to where scans go."""


VIA = {"camera": Method.DOOR_SCAN, "scanner": Method.DOOR_SCAN, "typed": Method.TYPED_CODE}


def scan_from(sent: object) -> Scan:
    """Return the scan that a door's script sent."""
    match sent:
        case {"scan_id": str(scan_id), "code": str(code), **more}:
            pass
        case _:
            raise NotAScan("This is not a scan. Reload the page and scan again.")
    try:
        number = uuid.UUID(scan_id)
    except ValueError:
        raise NotAScan("This is not a scan. Reload the page and scan again.") from None
    return Scan(
        scan_id=number,
        code=code,
        method=VIA.get(str(more.get("via")), Method.DOOR_SCAN),
        scanned_at=_moment(more.get("scanned_at")),
        sent_at=_moment(more.get("sent_at")),
    )


def uuid_or_new(said: str | None) -> uuid.UUID:
    """Return the id that a form brought along, or a fresh one where it brought none."""
    try:
        return uuid.UUID(said or "")
    except ValueError:
        return uuid.uuid4()


def _moment(said: object) -> datetime | None:
    """Return a device's time; one that cannot be read counts as none, so that no scan is lost."""
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
