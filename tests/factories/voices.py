"""What visitors leave at posters, for tests."""

from datetime import datetime
from uuid import UUID, uuid4

from app.checkin.models import Attendance
from app.checkin.rules.presence import Presence
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.posters.actions.asking import Asked, ask
from app.posters.actions.reflecting import Reflected, reflect
from app.posters.actions.voting import cast
from app.posters.actions.writing import Author
from app.posters.models import Poster, PosterQuestion, Reflection
from app.posters.rules import Aspect, Attribution
from app.registration.models import Registration


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
