"""What group work came to, for a commissioner: themes, agreements, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.events.models import Event
from app.groupwork.models import Agreement, GroupWork
from app.groupwork.queries.agreements import Tally, agreements_of, tally_of
from app.groupwork.queries.sessions import prompts_of, shared_sessions_of
from app.groupwork.queries.themes import board_of
from app.groupwork.rules.agreeing import OUTCOME_WORDS
from app.programmes.models import Programme

NO_ANSWER = "No answer yet"


@dataclass(frozen=True)
class QuestionLine:
    """A question that tables worked on, and its themes with how many cards each holds."""

    event: Event
    text: str
    themes: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class AgreementLine:
    """What was agreed: by which team, until when, and how it stands. Who of the team is not said."""

    event: Event
    text: str
    whose: str
    due_on: date
    status: str


@dataclass(frozen=True, kw_only=True)
class GroupWorkReport:
    """Everything that the sessions of a programme came to which were finished and shared."""

    questions: Sequence[QuestionLine]
    agreements: Sequence[AgreementLine]
    tally: Tally


def group_work_report(programme: Programme) -> GroupWorkReport:
    """Return the themes and agreements of a programme's sessions, in the order of their events."""
    works = shared_sessions_of(programme)
    agreed = [(work.event, one) for work in works for one in agreements_of(work)]
    return GroupWorkReport(
        questions=[line for work in works for line in _questions(work)],
        agreements=[_line(event, one) for event, one in agreed],
        tally=tally_of([one for _, one in agreed]),
    )


def _questions(work: GroupWork) -> Sequence[QuestionLine]:
    return [
        QuestionLine(
            work.event,
            prompt.text,
            [(sheet.theme.name, len(sheet.cards)) for sheet in board_of(prompt).by_dots],
        )
        for prompt in prompts_of(work)
    ]


def _line(event: Event, agreement: Agreement) -> AgreementLine:
    team = agreement.owner.team if agreement.owner else agreement.owner_team
    return AgreementLine(
        event=event,
        text=agreement.text,
        whose=team.name if team else "",
        due_on=agreement.due_on,
        status=OUTCOME_WORDS[agreement.outcome] if agreement.outcome else NO_ANSWER,
    )
