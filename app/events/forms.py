"""What organisers answer about an event."""

from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import NumberRange, Optional, ValidationError

from app.events.actions import EventFacts
from app.events.models import Event as EventRow
from app.events.rules import DEFAULTS, EventKind, ends_the_morning_after
from app.kernel.clock import london
from app.plumbing.fields import (
    ClockField,
    DayField,
    NumberField,
    Reasoned,
    end_of,
    line,
    moment_at,
    paragraph,
    required,
)


class Event(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What an event says about itself; days and times are those of clocks in Britain."""

    title = line("Title", ask="Enter a title, such as Learning session 2.")
    summary = paragraph(
        "What it is about", most=600, description="Shown to people who are invited."
    )
    day = DayField("Date", required("Enter the date."))
    starts = ClockField("Starts at", required("Enter when it starts, such as 9.30 am."))
    ends = ClockField("Ends at", required("Enter when it ends, such as 3.30 pm."))
    venue = line("Place", ask="Enter where it is, such as Council Chamber.")
    address = paragraph("Address", most=300, description="As people type it into a map.")
    capacity = NumberField(
        "Places",
        [Optional(), NumberRange(1, 5000, "Enter a number from 1 to 5,000.")],
        description="Leave it empty if there is room for everybody.",
    )
    is_open_to_all = BooleanField("People may register by themselves on the event's public page")
    check_in_opens = ClockField(
        "Check-in opens at", required("Enter when check-in opens, such as 8 am.")
    )
    changes_close_on = DayField(
        "Changes close on",
        required("Enter the last day on which people may change their answers."),
        description="The last day on which people change or cancel by themselves.",
    )
    shows_posters = BooleanField("Teams hand in posters for a marketplace")
    gives_certificates = BooleanField("People who come get a certificate of attendance")

    def validate_ends(self, field: Any) -> None:
        """Refuse an event that ends before it starts; a late one may end the morning after."""
        is_early = self.starts.data and field.data and field.data <= self.starts.data
        if is_early and not self.is_past_midnight:
            raise ValidationError("The end must be later than the start.")

    def validate_check_in_opens(self, field: Any) -> None:
        """Refuse a check-in that opens when the event has ended."""
        is_late = self.ends.data and field.data and field.data >= self.ends.data
        if is_late and not self.is_past_midnight:
            raise ValidationError("Check-in must open before the event ends.")

    def validate_changes_close_on(self, field: Any) -> None:
        """Refuse a day of closing that lies after the event."""
        if self.day.data and field.data and field.data > self.day.data:
            raise ValidationError("Changes must close on the day of the event or before.")

    @property
    def is_past_midnight(self) -> bool:
        """Say whether the event ends on the day after the one on which it starts."""
        starts, ends = self.starts.data, self.ends.data
        return starts is not None and ends is not None and ends_the_morning_after(starts, ends)

    @property
    def facts(self) -> EventFacts:
        """Return what was answered, as moments."""
        return EventFacts(
            title=self.title.data,
            summary=self.summary.data or "",
            starts_at=moment_at(self.day.day, self.starts.clock),
            ends_at=moment_at(
                self.day.day + timedelta(days=self.is_past_midnight), self.ends.clock
            ),
            venue=self.venue.data,
            address=self.address.data or "",
            capacity=self.capacity.data,
            is_open_to_all=self.is_open_to_all.data,
            changes_close_at=end_of(self.changes_close_on.day),
            check_in_opens_at=moment_at(self.day.day, self.check_in_opens.clock),
            shows_posters=self.shows_posters.data,
            gives_certificates=self.gives_certificates.data,
        )


def answers_of(event: EventRow) -> dict[str, Any]:
    """Return what the form shows of an event that stands."""
    starts = london(event.starts_at)
    return {
        "title": event.title,
        "summary": event.summary,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": london(event.ends_at).time(),
        "venue": event.venue,
        "address": event.address,
        "capacity": event.capacity,
        "is_open_to_all": event.is_open_to_all,
        "check_in_opens": london(event.check_in_opens_at).time(),
        "changes_close_on": london(event.changes_close_at).date(),
        "shows_posters": event.shows_posters,
        "gives_certificates": event.gives_certificates,
    }


def answers_for(kind: EventKind, *, title: str) -> dict[str, Any]:
    """Return what the form shows of a new event of a kind; days are left to the organiser."""
    usual = DEFAULTS[kind]
    return {
        "title": title,
        "summary": usual.summary,
        "starts": usual.starts,
        "ends": usual.ends,
        "capacity": usual.capacity,
        "is_open_to_all": usual.is_open_to_all,
        "check_in_opens": usual.check_in_opens,
        "shows_posters": usual.shows_posters,
        "gives_certificates": usual.gives_certificates,
    }


class Cancellation(Reasoned):
    """Why an event is called off."""

    reason = paragraph(
        "Why is it cancelled?",
        ask="Enter a reason. It is sent to everybody who is booked.",
        most=500,
        description="Everybody who is booked reads it.",
    )
