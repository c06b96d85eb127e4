"""What facilitators plan and tables write."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField
from wtforms.validators import NumberRange, ValidationError

from app.groupwork.actions.agreeing import Proposal as ProposalFacts
from app.groupwork.actions.preparing import Plan
from app.groupwork.actions.writing import Written
from app.groupwork.models import GroupWork, Prompt, Table, Theme
from app.groupwork.queries.sessions import prompts_of
from app.groupwork.queries.tables import seated_in
from app.groupwork.rules.agreeing import OUTCOME_WORDS, STRENGTH_WORDS
from app.groupwork.rules.agreeing import Outcome as OutcomeWord
from app.groupwork.rules.tables import MOST_TABLES
from app.groupwork.rules.tables import Seating as SeatingKind
from app.groupwork.rules.voting import MOST_DOTS, Voters
from app.groupwork.rules.words import LONGEST_CARD, USUAL_QUESTIONS, Source
from app.plumbing.fields import (
    DayField,
    Needed,
    NumberField,
    Sent,
    line,
    paragraph,
    required,
)
from app.programmes.queries import teams_of

MOST_QUESTIONS = 9
LONGEST_QUESTION = 200
MOST_CHOSEN = 200
LATEST_DAYS = 3 * 365


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
            SelectChoice(SeatingKind.BY_TEAM.value, "Each team at a table of its own"),
            SelectChoice(SeatingKind.MIXED.value, "Mixed tables that split the teams"),
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
            seating=SeatingKind(self.seating.data),
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
            SelectChoice(Source.PERSON.value, "Shown under my table's name"),
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


class Grouping(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Cards that were chosen, and what to do with them."""

    name = line("Name of a new theme", most=80)

    @property
    def cards(self) -> list[UUID]:
        """Return the chosen cards."""
        return [card for card, _ in self._chosen()]

    @property
    def themes(self) -> list[UUID]:
        """Return the themes in which cards were chosen, for taking them out."""
        return [theme for _, theme in self._chosen() if theme is not None]

    def _chosen(self) -> list[tuple[UUID, UUID | None]]:
        """Read each choice: a card, or a card in a theme."""
        found = []
        for value in request.form.getlist("card")[:MOST_CHOSEN]:
            card, _, theme = value.partition("@")
            try:
                found.append((UUID(card), UUID(theme) if theme else None))
            except ValueError:
                continue
        return found


class ThemeName(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What a theme is called."""

    name = line("Name of the theme", ask="Enter a name of a few words.", most=80)

    @property
    def given_name(self) -> str:
        """Return the name."""
        return str(self.name.data)


class Vote(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Dots spent on themes; each theme is a field of its own."""

    def dots_on(self, themes: Sequence[Theme]) -> dict[UUID, int]:
        """Return what was spent on which theme; what is no number counts as nothing."""
        return {theme.id: _number(request.form.get(f"dots-{theme.id}", "")) for theme in themes}


def _number(typed: str) -> int:
    return int(typed) if re.fullmatch("[0-9]{1,3}", typed) else 0


class Proposal(Sent):
    """What a table undertakes."""

    text = paragraph(
        "What will you do?",
        ask="Write what you will do.",
        most=LONGEST_CARD,
        description="So that somebody who was not here understands it.",
    )
    owner = SelectField("Who will do this?", validate_choice=False)
    owner_name = line(
        "Or the name of somebody else who is here",
        description="They say yes on their own phone.",
        render_kw={"autocomplete": "off"},
    )
    due_on = DayField("By when?", required("Enter the day by which it is done."))
    strength = RadioField(
        "How sure are you?",
        choices=[SelectChoice("", "We do not say")]
        + [SelectChoice(str(n), f"{n} · {words}") for n, words in STRENGTH_WORDS.items()],
        default="",
        validate_choice=True,
    )

    def offer(self, table: Table, *, on: date) -> "Proposal":
        """Offer those who sit at the table and are here, and the teams."""
        seats = [seat for seat in seated_in(table.group_work) if seat.is_here]
        near = [s.registration for s in seats if s.table_id == table.writes_for.id]
        teams = teams_of(table.group_work.event.programme)
        self.owner.choices = [
            SelectChoice("", "Choose"),
            *(SelectChoice(str(one.id), one.person.name) for one in near),
            *(SelectChoice(str(team.id), f"Team: {team.name}") for team in teams),
        ]
        self.first_day = on
        return self

    def validate_owner(self, field: Any) -> None:
        """Ask gently who will do it, when nobody is named."""
        if not field.data and not self.owner_name.data:
            raise ValidationError("Who will do this? Choose somebody, or a team.")

    def validate_due_on(self, field: Any) -> None:
        """Refuse a day that is over, and one that nobody will remember."""
        if field.data < self.first_day:
            raise ValidationError("Enter a day that is still to come.")
        if field.data > self.first_day + timedelta(days=LATEST_DAYS):
            raise ValidationError("Enter a day within the next three years.")

    @property
    def proposed(self) -> ProposalFacts:
        """Return the agreement."""
        return ProposalFacts(
            text=self.text.data,
            owner=self.owner.data or "",
            owner_name=self.owner_name.data or "",
            due_on=self.due_on.day,
            strength=int(self.strength.data) if self.strength.data else None,
            form_id=self.form_id,
        )


class Photo(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A photo of a flip chart."""

    file = FileField(
        "Photo of the flip chart",
        [FileRequired("Choose the photo.")],
        description="A JPEG or PNG. Its words are typed up later.",
        render_kw={"accept": "image/jpeg,image/png", "capture": "environment"},
    )

    @property
    def content(self) -> bytes:
        """Return what is in the file."""
        content: bytes = self.file.data.read()
        return content

    def refuse(self, why: str) -> None:
        """Say at the field what is wrong with the file."""
        self.file.errors = [why]


class Outcome(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What became of an agreement."""

    outcome = RadioField(
        "What became of it?",
        [Needed("Choose what became of it.")],
        choices=[SelectChoice(one.value, words) for one, words in OUTCOME_WORDS.items()],
        validate_choice=True,
    )

    @property
    def chosen(self) -> OutcomeWord:
        """Return what became of it."""
        return OutcomeWord(self.outcome.data)


class Telling(Outcome):
    """What became of an agreement, in its owner's words."""

    words = paragraph(
        "What helped, or what stood in the way?",
        most=1000,
        description="The organisers read it, with your agreement.",
    )
    ends_letters = BooleanField("Send me no more letters about this")


class Note(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """What somebody writes for themselves."""

    text = paragraph("My note", most=8000, description="Nobody but you is shown it.")


class Seating(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """Which table somebody goes to, or joins."""

    table = SelectField("Table", validate_choice=True)

    def offer(self, tables: Sequence[Table]) -> "Seating":
        """Offer these tables."""
        self.table.choices = [
            SelectChoice(
                str(table.id), f"{table.name}{f' · {table.team.name}' if table.team else ''}"
            )
            for table in tables
        ]
        return self

    def chosen(self, tables: Sequence[Table]) -> Table:
        """Return the chosen one."""
        return next(table for table in tables if str(table.id) == self.table.data)


class PaperCard(Sent):
    """A card that a table wrote on paper."""

    text = paragraph("What stands on the card", ask="Write what stands there.", most=LONGEST_CARD)
    question = RadioField("To which question?", validate_choice=True)

    def offer(self, prompts: Sequence[Prompt]) -> "PaperCard":
        """Offer these questions."""
        self.question.choices = [SelectChoice(str(one.place), one.text) for one in prompts]
        return self

    @property
    def written(self) -> Written:
        """Return the card."""
        return Written(text=self.text.data, question=int(self.question.data), form_id=self.form_id)
