"""Forgetting somebody: their comments go, and so does the leave to name or show them."""

from datetime import datetime

from sqlalchemy import delete, func, select

from app.kernel.actor import Actor
from app.people.actions import Memory
from app.people.models import Person
from app.people.rules import Traces, counted
from app.plumbing.database import db
from app.writeups.actions.picturing import remove_picture
from app.writeups.models import Comment, Mention, PicturedPerson, WriteUpPicture
from app.writeups.queries.kept import kept_of


def _traces(person: Person) -> Traces:
    comments = db.session.scalar(
        select(func.count())
        .select_from(Comment)
        .where(Comment.email == person.email, Comment.email != "")
    )
    kept = kept_of(person)
    asked, shown = len(kept.mentions), len(kept.pictures)
    return Traces(
        goes=[
            *counted(comments or 0, "comment on a write-up", "comments on write-ups"),
            *counted(
                asked,
                "answer whether a write-up may name them",
                "answers whether write-ups may name them",
            ),
            *counted(
                shown,
                "picture of a write-up that shows them",
                "pictures of write-ups that show them",
            ),
        ]
    )


def _forget(person: Person, by: Actor, at: datetime) -> None:
    if person.email:
        db.session.execute(delete(Comment).where(Comment.email == person.email))
    # Nobody could take back a yes any more for whoever is forgotten, so their pictures go too.
    shown = db.session.scalars(
        select(WriteUpPicture)
        .join(PicturedPerson, PicturedPerson.picture_id == WriteUpPicture.id)
        .where(PicturedPerson.person_id == person.id)
    ).all()
    for picture in shown:
        remove_picture(picture, by=by, at=at)
    for leave in (Mention, PicturedPerson):
        db.session.execute(delete(leave).where(leave.person_id == person.id))


MEMORY = Memory(traces=_traces, forget=_forget)
