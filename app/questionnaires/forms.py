"""Clean input of questionnaires: what people rate, and what the lead writes."""

from collections.abc import Mapping
from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from app.plumbing.fields import NumberField, line, paragraph, required
from app.questionnaires.actions.answering import Given
from app.questionnaires.rules.publishing import FEWEST_SMALLEST, MOST_SMALLEST
from app.questionnaires.rules.sheets import Area, Sheet
from app.questionnaires.rules.timing import MOST_DAYS_OPEN, USUAL_DAYS_OPEN

THEN = "then-"


class Step(RadioField):  # type: ignore[misc]  # WTForms carries no types
    """One step of the scale, or none yet."""

    def pre_validate(self, form: object) -> None:
        """Refuse what is no step of the scale."""
        if self.data is not None and self.data not in {value for value, *_ in self.choices}:
            raise ValidationError("Choose one of the steps of the scale.")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a step; what is no number is no step."""
        self.data = valuelist[0] if valuelist else None


class Ratings(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """The items of one area; its fields are made for the sheet in `ratings_form`."""

    @property
    def given(self) -> Given:
        """Return what was rated: now, and looking back."""
        chosen = {field.name: int(field.data) for field in self if _is_rated(field)}
        return Given(
            {name: step for name, step in chosen.items() if not name.startswith(THEN)},
            {
                name.removeprefix(THEN): step
                for name, step in chosen.items()
                if name.startswith(THEN)
            },
        )


def _is_rated(field: Any) -> bool:
    return isinstance(field, Step) and field.data is not None


def ratings_form(
    sheet: Sheet,
    area: Area,
    *,
    ratings: Mapping[str, int],
    then: Mapping[str, int],
    asks_then: bool,
) -> Ratings:
    """Return the form of one area, with what somebody rated before."""
    steps = [(str(number), step) for number, step in enumerate(sheet.scale, 1)]

    class OfThisArea(Ratings):
        """The form of one area."""

    known: dict[str, str] = {}
    for item in area.items:
        setattr(OfThisArea, item.id, Step(item.text, choices=steps))
        known[item.id] = str(ratings.get(item.id, ""))
    if asks_then:
        for item in area.items:
            setattr(OfThisArea, THEN + item.id, Step(item.text, choices=steps))
            known[THEN + item.id] = str(then.get(item.id, ""))
    return OfThisArea(data={name: step or None for name, step in known.items()})


class Choice(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What somebody chooses once, before the first answer."""

    together = RadioField(
        "May your answers be kept together from round to round?",
        [InputRequired("Choose whether your rounds are kept together.")],
        choices=[
            ("yes", "Yes: I see how I grew, and I count in how the cohort grew"),
            ("no", "No: keep each round apart, so that nobody can follow me"),
        ],
    )
    small_team = RadioField(
        "May your team's figures be shown if fewer than {smallest} of you answer?",
        [InputRequired("Choose whether a small team may be shown.")],
        choices=[
            ("no", "No"),
            ("yes", "Yes, if everybody in my team says yes"),
        ],
    )

    @property
    def keeps_together(self) -> bool:
        """Say whether the rounds may be kept together."""
        return str(self.together.data) == "yes"

    @property
    def shows_small_team(self) -> bool:
        """Say whether the team may be shown though it is small."""
        return str(self.small_team.data) == "yes"


class RoundRule(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """When a round closes, and whether it asks people to look back."""

    days_open = NumberField(
        "Days open after the event",
        [
            *required("Enter a number of days, 0 for the end of the event."),
            NumberRange(0, MOST_DAYS_OPEN, f"Enter a number from 0 to {MOST_DAYS_OPEN}."),
        ],
        default=USUAL_DAYS_OPEN,
        description="The round opens with check-in and closes by itself so many days after the end.",
    )
    asks_then = BooleanField(
        "Also ask how people rate their start, looking back",
        description="For the last round: people who have learnt a lot often see their start differently.",
    )

    @property
    def days(self) -> int:
        """Return for how many days after the event the round is open."""
        return cast("int", self.days_open.data)

    @property
    def looks_back(self) -> bool:
        """Say whether people look back."""
        return bool(self.asks_then.data)


class Privacy(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Of how few people figures are shown."""

    smallest = NumberField(
        "Smallest group whose figures are shown",
        [
            *required("Enter a number."),
            NumberRange(
                FEWEST_SMALLEST,
                MOST_SMALLEST,
                f"Enter a number from {FEWEST_SMALLEST} to {MOST_SMALLEST}.",
            ),
        ],
        description="It stands once the first round has closed.",
    )

    @property
    def smallest_group(self) -> int:
        """Return the number."""
        return cast("int", self.smallest.data)


class Feedback(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What somebody says about an event."""

    useful = RadioField(
        "How useful was the event for your work?",
        [InputRequired("Choose how useful it was.")],
        choices=[
            ("1", "Not useful"),
            ("2", "A little useful"),
            ("3", "Fairly useful"),
            ("4", "Useful"),
            ("5", "Very useful"),
        ],
    )
    best = paragraph("What was best?", most=1000)
    better = paragraph("What should be better next time?", most=1000)

    @property
    def usefulness(self) -> int:
        """Return how useful it was."""
        return int(self.useful.data)


class Demand(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Which accreditor asks for feedback."""

    accreditor = line(
        "Accreditor that asks for feedback",
        most=120,
        description="Then nobody skips the questions before they download their certificate of "
        "attendance. Leave it empty, and everybody may.",
    )

    @property
    def name(self) -> str:
        """Return the accreditor's name, or nothing."""
        return self.accreditor.data or ""


class Press(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """A button on its own."""
