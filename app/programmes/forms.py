"""What organisers answer about programmes, teams and roles."""

from datetime import date
from typing import cast

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField
from wtforms.validators import NumberRange, Optional, Regexp

from app.plumbing.fields import (
    DayField,
    NumberField,
    address,
    line,
    not_before,
    paragraph,
    required,
)
from app.programmes.actions import NewMember, ProgrammeFacts
from app.programmes.models import MemberRole
from app.programmes.rules import STAFF_ROLES, Role

MEMBER_ROLES = [
    SelectChoice(MemberRole.MEMBER.value, "Team member"),
    SelectChoice(MemberRole.LEAD.value, "Team lead"),
    SelectChoice(MemberRole.SPONSOR.value, "Sponsor"),
]

ROLE_WORDS = {
    Role.LEAD: "Programme lead",
    Role.ORGANISER: "Organiser",
    Role.FACILITATOR: "Facilitator",
    Role.COACH: "Improvement coach",
}

ROLE_HINTS = {
    Role.LEAD.value: "Everything in this programme: roles, rules, certificates, the record of changes.",
    Role.ORGANISER.value: "Teams, events, registrations, doors and mail; does not issue certificates.",
    Role.FACILITATOR.value: "Sees who is here at events and shows the room code.",
    Role.COACH.value: "Sees and records visits to the teams they coach.",
}


class Programme(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What a programme says about itself."""

    title = line("Title", ask="Enter the title of the programme.")
    starts_on = DayField("Starts on", required("Enter the day on which it starts."))
    ends_on = DayField(
        "Ends on",
        [
            *required("Enter the day on which it ends."),
            not_before("starts_on", "The end lies before the start."),
        ],
    )
    commissioner = line("Commissioned by", ask="Enter who pays for the programme.")
    host_organisation = line("Delivered by", ask="Enter who runs the programme.")
    aims = paragraph(
        "Aims",
        ask="Enter what the programme wants to achieve.",
        most=600,
        description="One or two sentences. They are printed on certificates of completion.",
    )
    contact_email = address(
        "Contact e-mail",
        ask="Enter an address that people can write to.",
        description="Shown to attendees wherever they may need help.",
    )
    signatory_name = line(
        "Who signs the certificates", ask="Enter the name of the person who signs."
    )
    signatory_role = line("Their position", ask="Enter the position of the person who signs.")
    certificate_prefix = line(
        "Start of certificate numbers",
        ask="Enter some letters and digits, such as PIT-2026.",
        most=12,
        checks=[Regexp("^[A-Z0-9][A-Z0-9-]*$", message="Use capital letters, digits and hyphens.")],
        description="Letters, digits and hyphens. Numbers look like PIT-2026-0001.",
    )
    care_needs_kept_days = NumberField(
        "Delete dietary and access needs after",
        [
            *required("Enter a number of days."),
            NumberRange(1, 90, "Enter a number of days from 1 to 90."),
        ],
        default=14,
        description="Days after each event.",
    )

    @property
    def facts(self) -> ProgrammeFacts:
        """Return what was answered."""
        return ProgrammeFacts(
            title=self.title.data,
            starts_on=self.starts_on.day,
            ends_on=self.ends_on.day,
            commissioner=self.commissioner.data,
            host_organisation=self.host_organisation.data,
            aims=self.aims.data,
            contact_email=self.contact_email.data,
            certificate_prefix=self.certificate_prefix.data,
            signatory_name=self.signatory_name.data,
            signatory_role=self.signatory_role.data,
            care_needs_kept_days=cast("int", self.care_needs_kept_days.data),
        )


class Team(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """A team's name."""

    name = line("Name of the team or practice", ask="Enter the name of the team.")

    @property
    def chosen_name(self) -> str:
        """Return the name."""
        return cast("str", self.name.data)


class TeamChange(Team):
    """A team's name and its place on the stage."""

    stage_order = NumberField(
        "Place on the stage",
        [
            *required("Enter a whole number."),
            NumberRange(1, 999, "Enter a whole number from 1 to 999."),
        ],
        description="The order in which teams are called up and their certificates are printed.",
    )

    @property
    def place(self) -> int:
        """Return the place on the stage."""
        return cast("int", self.stage_order.data)


class Member(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Somebody who joins a team."""

    name = line("Name", ask="Enter the person's name.", render_kw={"autocomplete": "off"})
    email = address(
        description="Somebody we know by this address is linked and keeps the name they gave.",
        render_kw={"autocomplete": "off"},
    )
    role = SelectField("Role in the team", choices=MEMBER_ROLES, default=MemberRole.MEMBER.value)
    joined_on = DayField("Joined on", required("Enter the day on which they joined."))

    @property
    def member(self) -> NewMember:
        """Return who joins."""
        return NewMember(
            name=self.name.data,
            email=self.email.data or None,
            role=MemberRole(self.role.data),
            joined_on=self.joined_on.day,
        )


class MemberChange(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Another role in the team, or the day of leaving."""

    role = SelectField("Role in the team", choices=MEMBER_ROLES)
    left_on = DayField(
        "Left on",
        [Optional()],
        description="What they attended before still counts for the team.",
    )

    @property
    def chosen_role(self) -> MemberRole:
        """Return the role."""
        return MemberRole(self.role.data)

    @property
    def last_day(self) -> date | None:
        """Return the day of leaving, if they left."""
        return self.left_on.data


class Coach(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Somebody who coaches a team."""

    name = line("Name", ask="Enter the coach's name.", render_kw={"autocomplete": "off"})
    email = address(
        ask="Enter the coach's e-mail address.",
        description="Somebody we know by this address is linked and keeps the name they gave.",
        render_kw={"autocomplete": "off"},
    )
    from_on = DayField("Coaches the team from", required("Enter the first day."))


class CoachingEnd(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """The last day on which somebody coached a team."""

    to_on = DayField("Last day", required("Enter the last day."))

    @property
    def last_day(self) -> date:
        """Return the last day."""
        return self.to_on.day


class StaffRole(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Who gets which role."""

    email = address(
        "E-mail address of their account",
        ask="Enter the e-mail address of their account.",
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(
        "Role",
        choices=[SelectChoice(role.value, ROLE_WORDS[role]) for role in STAFF_ROLES],
        default=Role.ORGANISER.value,
    )

    @property
    def address(self) -> str:
        """Return the address of the account."""
        return cast("str", self.email.data).lower()

    @property
    def chosen_role(self) -> Role:
        """Return the role."""
        return Role(self.role.data)
