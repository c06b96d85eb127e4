"""What a coach writes down about a visit, short enough for a phone in a car park."""

from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import SelectField, ValidationError
from wtforms.validators import NumberRange, Optional

from app.coaching.actions import VisitFacts
from app.coaching.rules import LONGEST_VISIT_MINUTES
from app.plumbing.fields import (
    DayField,
    NumberField,
    line,
    not_before,
    paragraph,
    required,
    submission,
)


class Visit(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """One visit: when, how long, who was met, which tools, and the next step."""

    submission = submission()
    coach = SelectField("Who paid the visit?", [Optional()], validate_choice=True)
    visited_on = DayField("Day of the visit", required("Enter the day of the visit."))
    minutes = NumberField(
        "How long, in minutes",
        [
            *required("Enter how many minutes the visit took."),
            NumberRange(
                5,
                LONGEST_VISIT_MINUTES,
                f"Enter a number of minutes from 5 to {LONGEST_VISIT_MINUTES}.",
            ),
        ],
        default=60,
    )
    met_with = line("Who was there", description="Names or roles.")
    tools_used = line("Tools used", description="Such as process map, PDSA cycle, run chart.")
    shared_notes = paragraph(
        "Notes", most=2000, description="The team, organisers and other coaches may read these."
    )
    next_step = line("Next step", description="What the team does next.")
    next_visit_on = DayField(
        "Next visit",
        [Optional(), not_before("visited_on", "The next visit lies before this one.")],
    )
    private_notes = paragraph(
        "Private notes", most=2000, description="Only coaches read these: not the organisers."
    )

    def validate_submission(self, field: object) -> None:
        """Refuse an id that no form of ours has."""
        try:
            UUID(str(self.submission.data))
        except ValueError:
            raise ValidationError("Open the form again and send it once more.") from None

    @property
    def submission_id(self) -> UUID:
        """Return the id that makes sending twice harmless."""
        return UUID(str(self.submission.data))

    @property
    def chosen_coach(self) -> UUID | None:
        """Return who paid the visit, where somebody else writes it down."""
        return UUID(self.coach.data) if self.coach.data else None

    @property
    def facts(self) -> VisitFacts:
        """Return what was written down."""
        return VisitFacts(
            visited_on=self.visited_on.day,
            minutes=cast("int", self.minutes.data),
            met_with=self.met_with.data or "",
            tools_used=self.tools_used.data or "",
            shared_notes=self.shared_notes.data or "",
            next_step=self.next_step.data or "",
            next_visit_on=self.next_visit_on.data,
            private_notes=self.private_notes.data or "",
        )
