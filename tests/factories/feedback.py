"""What lies at a poster, row by row: also what its rooms would not have written, for tests."""

from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from app.people.models import Person
from app.plumbing.database import Model, db, transaction
from app.plumbing.files import keep_file
from app.posters.actions.reporting import report_key
from app.posters.models import (
    Ballot,
    FeedbackReport,
    Poster,
    PosterAnswer,
    PosterQuestion,
    PosterVisits,
    Reflection,
    Signal,
)
from app.posters.rules import Aspect, Attribution, SignalKind
from app.registration.models import Registration

Row = TypeVar("Row", bound=Model)


def a_question(
    poster: Poster, person: Person | None, *, at: datetime, **facts: object
) -> PosterQuestion:
    """A question that everybody reads, by somebody who gave their name."""
    given = {"text": "How did you begin?", "asked_at": at, "cleared_at": at, **facts}
    person_id = person.id if person else None
    return _kept(
        PosterQuestion(
            id=uuid4(), poster_id=poster.id, person_id=person_id, submission_id=uuid4(), **given
        )
    )


def an_answer(question: PosterQuestion, text: str, *, at: datetime) -> PosterAnswer:
    """What the team answered."""
    return _kept(
        PosterAnswer(question_id=question.id, text=text, answered_by="Ruth", answered_at=at)
    )


def a_reflection(
    poster: Poster, person: Person | None, text: str, *, at: datetime, **facts: object
) -> Reflection:
    """A reflection on the project; without a person it is anonymous."""
    given = {
        "aspect": Aspect.PROJECT,
        "attribution": Attribution.NAMED if person else Attribution.ANONYMOUS,
        "written_at": at,
        "cleared_at": at,
        **facts,
    }
    person_id = person.id if person else None
    return _kept(
        Reflection(
            poster_id=poster.id, person_id=person_id, text=text, submission_id=uuid4(), **given
        )
    )


def a_signal(
    poster: Poster, person: Person, kind: SignalKind, *, at: datetime, agrees: bool = False
) -> Signal:
    """A quick word, with an address if they agree to be written to."""
    return _kept(
        Signal(
            poster_id=poster.id,
            kind=kind,
            person_id=person.id,
            agrees_to_contact=agrees,
            contact_name=person.name if agrees else "",
            contact_email=f"{person.name.split()[0].lower()}@visitors.example" if agrees else "",
            given_at=at,
        )
    )


def a_ballot(poster: Poster, registration: Registration, *, at: datetime) -> Ballot:
    """Somebody's choice."""
    return _kept(
        Ballot(
            event_id=poster.event_id,
            registration_id=registration.id,
            poster_id=poster.id,
            cast_at=at,
        )
    )


def some_visits(poster: Poster, count: int, *, at: datetime) -> PosterVisits:
    """So many browsers opened the poster's page."""
    return _kept(PosterVisits(poster_id=poster.id, count=count, first_at=at, last_at=at))


def a_report(poster: Poster, *, at: datetime) -> FeedbackReport:
    """A report that was made before."""
    report = FeedbackReport(id=uuid4(), poster_id=poster.id, asked_at=at, made_at=at)
    report.file_key = report_key(report.id)
    keep_file(report.file_key, b"%PDF-1.7 a report")
    return _kept(report)


def _kept(row: Row) -> Row:
    with transaction():
        db.session.add(row)
    return row
