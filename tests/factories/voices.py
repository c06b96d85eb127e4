"""What visitors leave at posters, for tests: as its rooms write it, or "kept" as any row may be."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from app.checkin.models import Attendance
from app.checkin.rules.presence import Presence
from app.people.models import Person
from app.plumbing.database import Model, db, transaction
from app.plumbing.files import keep_file
from app.posters.actions.asking import Asked, ask
from app.posters.actions.reflecting import Reflected, reflect
from app.posters.actions.reporting import report_key
from app.posters.actions.voting import cast
from app.posters.actions.writing import Author
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
    poster: Poster,
    person: Person | None = None,
    *,
    at: datetime,
    text: str = "How long did it take?",
    is_named: bool = True,
    form_id: UUID | None = None,
    guest: tuple[str, str] = ("", ""),
) -> PosterQuestion:
    """A question that somebody asked from their phone."""
    author = Author(person=person, guest_name=guest[0], guest_email=guest[1])
    asked = Asked(text=text, is_named=is_named, form_id=form_id or uuid4())
    with transaction():
        question = ask(poster, asked, author, at=at)
        question_id = question.id
    return db.session.get_one(PosterQuestion, question_id)


def a_reflection(
    poster: Poster,
    person: Person | None = None,
    *,
    at: datetime,
    attribution: Attribution = Attribution.TEAM,
    form_id: UUID | None = None,
    guest_name: str = "",
    **texts: str,
) -> list[Reflection]:
    """A reflection that somebody left, by aspect."""
    reflected = Reflected(
        texts={Aspect(name): text for name, text in (texts or {"data": "Clear charts."}).items()},
        attribution=attribution,
        may_quote=True,
        form_id=form_id or uuid4(),
    )
    with transaction():
        reflect(poster, reflected, Author(person=person, guest_name=guest_name), at=at)
    return db.session.query(Reflection).filter_by(poster_id=poster.id).all()


def here(registration: Registration, *, at: datetime) -> Registration:
    """Somebody who has checked in."""
    with transaction():
        db.session.add(
            Attendance(
                registration_id=registration.id,
                event_id=registration.event_id,
                status=Presence.PRESENT,
                arrived_at=at,
                changed_at=at,
            )
        )
    return registration


def a_ballot(registration: Registration, poster: Poster, *, at: datetime) -> None:
    """A vote of somebody who is here."""
    with transaction():
        cast(poster, registration, at=at)


def a_kept_question(
    poster: Poster, person: Person | None, *, at: datetime, **facts: object
) -> PosterQuestion:
    """A question as it may lie there: read by everybody unless told otherwise, whoever asked."""
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


def a_kept_reflection(
    poster: Poster, person: Person | None, text: str, *, at: datetime, **facts: object
) -> Reflection:
    """A reflection as it may lie there, on the project; without a person it is anonymous."""
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


def a_kept_ballot(poster: Poster, registration: Registration, *, at: datetime) -> Ballot:
    """Somebody's choice as it lies there, whether or not they came."""
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
