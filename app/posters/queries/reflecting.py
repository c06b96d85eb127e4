"""Questions about what visitors reflected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from app.people.models import Person
from app.plumbing.database import ask, db
from app.posters.models import Poster, Reflection
from app.posters.rules import Aspect, Attribution

Reflections = Mapping[Aspect, Sequence[Reflection]]


def reflection_at(poster: Poster, reflection_id: UUID) -> Reflection | None:
    """Return a reflection on a poster."""
    return db.session.scalar(
        select(Reflection).where(Reflection.poster_id == poster.id, Reflection.id == reflection_id)
    )


def reflections_for_team(poster: Poster) -> Reflections:
    """Return the reflections that a team reads, by aspect."""
    return _by_aspect(_of(poster))


@dataclass(frozen=True)
class ShownReflection:
    """A reflection that visitors read, with the name beside it; none beside an anonymous one."""

    id: UUID
    text: str
    attribution: Attribution
    author: str


@dataclass(frozen=True)
class ShownAspect:
    """The newest reflections on one aspect that visitors read, and how many there are."""

    newest: Sequence[ShownReflection]
    total: int


def reflections_shown(poster: Poster, *, most: int) -> Mapping[Aspect, ShownAspect]:
    """Return the newest reflections that visitors read, so many of each aspect."""
    rows = ask(_shown(), poster_id=poster.id, most=most).all()
    by_aspect = {aspect: [row for row in rows if row.aspect is aspect] for aspect in Aspect}
    return {
        aspect: ShownAspect(
            [
                ShownReflection(row.id, row.text, row.attribution, row.name or row.guest_name)
                for row in found
            ],
            found[0].total,
        )
        for aspect, found in by_aspect.items()
        if found
    }


@cache
def _shown() -> Select[*tuple[Any, ...]]:
    # Within an hour by their ids, which say nothing of the order in which they came.
    newest_first = (Reflection.written_at.desc(), Reflection.id)
    each = (
        select(
            Reflection.id,
            Reflection.aspect,
            Reflection.text,
            Reflection.attribution,
            Reflection.person_id,
            Reflection.guest_name,
            func.count().over(partition_by=Reflection.aspect).label("total"),
            func.row_number()
            .over(partition_by=Reflection.aspect, order_by=newest_first)
            .label("place"),
        )
        .where(
            Reflection.poster_id == bindparam("poster_id"),
            Reflection.attribution != Attribution.TEAM,
            Reflection.cleared_at.is_not(None),
            Reflection.hidden_at.is_(None),
        )
        .subquery()
    )
    return (
        select(each, Person.name)
        .outerjoin(Person, Person.id == each.c.person_id)
        .where(each.c.place <= bindparam("most", type_=Integer))
        .order_by(each.c.place)
    )


def _of(poster: Poster) -> Sequence[Reflection]:
    # Within an hour by their ids, which say nothing of the order in which they came.
    return db.session.scalars(
        select(Reflection)
        .where(
            Reflection.poster_id == poster.id,
            Reflection.cleared_at.is_not(None),
            Reflection.hidden_at.is_(None),
        )
        .options(joinedload(Reflection.person))
        .order_by(Reflection.written_at.desc(), Reflection.id)
    ).all()


def _by_aspect(rows: Sequence[Reflection]) -> Reflections:
    sorted_out = {aspect: [row for row in rows if row.aspect is aspect] for aspect in Aspect}
    return {aspect: found for aspect, found in sorted_out.items() if found}


def author_of(reflection: Reflection) -> str:
    """Return the name stored with a reflection; an anonymous one has none."""
    if reflection.person is not None:
        return reflection.person.name
    return reflection.guest_name
