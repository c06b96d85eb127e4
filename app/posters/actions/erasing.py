"""Forgetting somebody: what they wrote at posters stays without a name, or goes."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update

from app.kernel.actor import Actor
from app.people.actions import Memory
from app.people.models import Person
from app.people.rules import Traces, counted
from app.plumbing.database import db
from app.plumbing.files import drop_file
from app.posters.models import (
    FeedbackReport,
    Poster,
    PosterAnswer,
    PosterQuestion,
    PosterVersion,
    Reflection,
    Signal,
)


def _questions(person: Person) -> ColumnElement[bool]:
    by_guest = PosterQuestion.guest_email == (person.email or None)
    return or_(PosterQuestion.person_id == person.id, by_guest)


def _signals(person: Person) -> ColumnElement[bool]:
    return or_(Signal.person_id == person.id, Signal.contact_email == (person.email or None))


def _traces(person: Person) -> Traces:
    questions = db.session.scalars(select(PosterQuestion.id).where(_questions(person))).all()
    reflections = db.session.scalars(
        select(Reflection.id).where(Reflection.person_id == person.id)
    ).all()
    signals = db.session.scalars(select(Signal.id).where(_signals(person))).all()
    return Traces(
        goes=[
            *counted(len(reflections), "reflection at a poster", "reflections at posters"),
            *counted(len(signals), "word of interest", "words of interest"),
        ],
        stays=[
            f"The words of {line} at posters, without a name: teams have worked with them"
            for line in counted(len(questions), "question", "questions")
        ],
    )


def _forget(person: Person, _by: Actor, _at: datetime) -> None:
    left_at = [
        *db.session.scalars(select(PosterQuestion.poster_id).where(_questions(person))),
        *db.session.scalars(select(Reflection.poster_id).where(Reflection.person_id == person.id)),
        *db.session.scalars(select(Signal.poster_id).where(_signals(person))),
    ]
    db.session.execute(
        update(PosterQuestion)
        .where(_questions(person))
        .values(person_id=None, guest_name="", guest_email="", is_named=False)
    )
    db.session.execute(delete(Reflection).where(Reflection.person_id == person.id))
    db.session.execute(delete(Signal).where(_signals(person)))
    for column in (Poster.at_stand_name, PosterAnswer.answered_by, PosterVersion.uploaded_by):
        db.session.execute(
            update(column.class_).where(column == person.name).values({column.key: ""})
        )
    reports = select(FeedbackReport).where(FeedbackReport.poster_id.in_(left_at))
    for report in db.session.scalars(reports):
        if report.file_key:
            drop_file(report.file_key)
        db.session.delete(report)


MEMORY = Memory(traces=_traces, forget=_forget)
