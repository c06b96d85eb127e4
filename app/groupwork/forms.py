"""What facilitators plan and tables write."""

from typing import Any
from uuid import UUID, uuid4

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice
from wtforms.validators import NumberRange, ValidationError

from app.groupwork.actions.preparing import Plan
from app.groupwork.actions.writing import Written
from app.groupwork.models import GroupWork
from app.groupwork.queries.sessions import prompts_of
from app.groupwork.rules.tables import MOST_TABLES, Seating
from app.groupwork.rules.voting import MOST_DOTS, Voters
from app.groupwork.rules.words import LONGEST_CARD, USUAL_QUESTIONS, Source
from app.plumbing.fields import NumberField, line, paragraph, required, submission

MOST_QUESTIONS = 9
LONGEST_QUESTION = 200


class Preparation(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """How a session is meant to go."""

    questions = paragraph(
        "Questions, one on each line",
        ask="Write at least one question.",
        description="The tables answer them one after the other.",
    )
    minutes = NumberField(
        "Minutes for each question",
        [*required("Enter how many minutes."), NumberRange(1, 90, "Enter 1 to 90 minutes.")],
    )
    seating = RadioField(
        "Who sits together?",
        choices=[
            SelectChoice(Seating.BY_TEAM.value, "Each team at a table of its own"),
            SelectChoice(Seating.MIXED.value, "Mixed tables that split the teams"),
        ],
        validate_choice=True,
    )
    tables = NumberField(
        "How many mixed tables?",
        [
            *required("Enter how many tables."),
            NumberRange(1, MOST_TABLES, f"Enter 1 to {MOST_TABLES} tables."),
        ],
    )
    is_moderated = BooleanField("I read the cards before the room does")
    voters = RadioField(
        "Who votes?",
        choices=[
            SelectChoice(Voters.TABLES.value, "Each table, by its scribe"),
            SelectChoice(Voters.PEOPLE.value, "Each person, on their own phone"),
        ],
        validate_choice=True,
    )
    dots = NumberField(
        "Dots for each vote",
        [
            *required("Enter how many dots."),
            NumberRange(1, MOST_DOTS, f"Enter 1 to {MOST_DOTS} dots."),
        ],
    )

    @property
    def lines(self) -> list[str]:
        """Return the questions that were written."""
        return [line.strip() for line in (self.questions.data or "").splitlines() if line.strip()]

    def validate_questions(self, _field: Any) -> None:
        """Refuse more questions than a day has hours for, and one that no wall can show."""
        if len(self.lines) > MOST_QUESTIONS:
            raise ValidationError(f"Ask at most {MOST_QUESTIONS} questions.")
        if any(len(line) > LONGEST_QUESTION for line in self.lines):
            raise ValidationError(f"Shorten each question to {LONGEST_QUESTION} characters.")

    @property
    def plan(self) -> Plan:
        """Return the plan."""
        return Plan(
            questions=self.lines,
            minutes=int(self.minutes.data or 0),
            seating=Seating(self.seating.data),
            tables=int(self.tables.data or 0),
            is_moderated=bool(self.is_moderated.data),
            voters=Voters(self.voters.data),
            dots=int(self.dots.data or 0),
        )


def plan_of(work: GroupWork | None, *, tables: int) -> dict[str, Any]:
    """Return what the form shows of a plan, or of the usual one."""
    usual = Plan()
    prompts = prompts_of(work) if work else []
    return {
        "questions": "\n".join(prompt.text for prompt in prompts) or "\n".join(USUAL_QUESTIONS),
        "minutes": prompts[0].minutes if prompts else usual.minutes,
        "seating": (work.seating if work else usual.seating).value,
        "tables": tables or usual.tables,
        "is_moderated": bool(work and work.is_moderated),
        "voters": (work.voters if work else usual.voters).value,
        "dots": work.dots if work else usual.dots,
    }


class Sent(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What a phone may send twice: its hidden id makes that harmless."""

    submission = submission()

    @property
    def form_id(self) -> UUID:
        """Return which form this is; one whose id was lost on its way counts as new."""
        try:
            return UUID(self.submission.data or "")
        except ValueError:
            return uuid4()


class Card(Sent):
    """A card for the question at hand."""

    text = paragraph("Your card", ask="Write something on the card.", most=LONGEST_CARD)
    question = HiddenField()

    @property
    def written(self) -> Written:
        """Return the card."""
        asked = self.question.data or ""
        return Written(
            text=self.text.data,
            question=int(asked) if asked.isdecimal() and len(asked) < 4 else None,
            form_id=self.form_id,
        )


class OwnCard(Card):
    """A card of one's own, at one's own table."""

    source = RadioField(
        "Who can see that it is yours?",
        choices=[
            SelectChoice(Source.PERSON.value, "It stands for my table"),
            SelectChoice(Source.ANONYMOUS.value, "Anonymous"),
        ],
        default=Source.PERSON.value,
        validate_choice=True,
    )

    @property
    def chosen_source(self) -> Source:
        """Return who wrote it, as far as it is kept."""
        return Source(self.source.data)


class Nothing(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """A button that needs nothing beside itself."""


class Seen(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """A button of a page that may have been overtaken: it says how many moves it knew of."""

    seen = HiddenField()

    @property
    def steps(self) -> int:
        """Return how many moves the page knew of; nonsense counts as none."""
        said = self.seen.data or ""
        return int(said) if said.isdecimal() and len(said) < 9 else -1


class TableCode(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """The code on a table's card."""

    code = line(
        "Code on your table's card",
        ask="Enter the six characters on the card.",
        most=20,
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )

    @property
    def code_given(self) -> str:
        """Return what was typed."""
        return str(self.code.data)
