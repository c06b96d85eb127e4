"""Questions about what visitors reflected."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.plumbing.database import db
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


def reflections_shown(poster: Poster) -> Reflections:
    """Return the reflections that visitors read, by aspect."""
    return _by_aspect([row for row in _of(poster) if row.attribution is not Attribution.TEAM])


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
