"""What somebody left at posters under their name, for themselves alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.people.models import Person
from app.plumbing.database import db
from app.posters.models import Ballot, Poster, Reflection, Signal
from app.posters.queries.asking import Exchange, exchanges_by
from app.registration.models import Registration


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Everything at posters that we know to be somebody's; anonymous words are nobody's."""

    exchanges: Sequence[Exchange]
    reflections: Sequence[Reflection]
    signals: Sequence[Signal]
    ballots: Sequence[Ballot]

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing."""
        return not (self.exchanges or self.reflections or self.signals or self.ballots)


def left_at_posters(person: Person) -> Mine:
    """Return what somebody asked, reflected, signalled and voted at posters, the newest first."""
    return Mine(
        exchanges=exchanges_by(person),
        reflections=reflections_by(person),
        signals=db.session.scalars(
            select(Signal)
            .where(Signal.person_id == person.id)
            .options(
                joinedload(Signal.poster).options(joinedload(Poster.team), joinedload(Poster.event))
            )
            .order_by(Signal.given_at.desc(), Signal.id)
        ).all(),
        ballots=db.session.scalars(
            select(Ballot)
            .join(Registration, Registration.id == Ballot.registration_id)
            .where(Registration.person_id == person.id)
            .options(
                joinedload(Ballot.poster).options(joinedload(Poster.team), joinedload(Poster.event))
            )
            .order_by(Ballot.cast_at.desc(), Ballot.id)
        ).all(),
    )


def reflections_by(person: Person) -> Sequence[Reflection]:
    """Return what somebody reflected at posters under their name, the newest first."""
    return db.session.scalars(
        select(Reflection)
        .where(Reflection.person_id == person.id)
        .options(
            joinedload(Reflection.poster).options(joinedload(Poster.team), joinedload(Poster.event))
        )
        .order_by(Reflection.written_at.desc(), Reflection.id)
    ).all()
