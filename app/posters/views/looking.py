"""Who looks at a marketplace or a poster, and what of it they see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import request
from flask_security import current_user

from app.events.models import Event
from app.kernel.clock import clock_words, day_words, now
from app.kernel.permission import Permission
from app.kernel.refusal import NotThere, NoWayIn
from app.people.models import Person
from app.people.queries import person_visiting
from app.plumbing.browser import TEAM_COOKIE, VISIT_COOKIE, read_cookie
from app.posters.models import Marketplace, Poster, PosterVersion
from app.posters.queries.posters import (
    Shown,
    shown_with_code,
    visibility_of,
)
from app.posters.queries.ways_in import poster_with_key
from app.posters.rules import Visibility, sight_of
from app.programmes.queries import staff_at
from app.registration.models import Registration, Status
from app.registration.queries import registration_of


@dataclass(frozen=True, kw_only=True)
class Looker:
    """Somebody in front of an event's posters: a booked person, a team by its link, staff, a stranger."""

    person: Person | None = None
    registration: Registration | None = None
    team_id: UUID | None = None
    sees_all: bool = False

    @property
    def is_attendee(self) -> bool:
        """Say whether they have a place at the event, or belong to a team that shows a poster."""
        return self.registration is not None or self.team_id is not None

    def is_of(self, poster: Poster) -> bool:
        """Say whether a poster is their own team's."""
        own = {self.team_id, self.registration.team_id if self.registration else None}
        return poster.team_id in own

    def sees(self, poster: Poster, market: Marketplace, *, at: datetime) -> bool:
        """Say whether they see a poster at a moment."""
        return sight_of(
            visibility_of(poster, market, at=at),
            is_own=self.is_of(poster),
            sees_all=self.sees_all,
            is_attendee=self.is_attendee,
        )


def who_looks(event: Event) -> Looker:
    """Return who looks at an event's posters, by the cookies their browser carries."""
    at = now()
    visit, team_key = read_cookie(request, VISIT_COOKIE), read_cookie(request, TEAM_COOKIE)
    person = person_visiting(visit, at=at) if visit else None
    found = registration_of(person.id, event.id) if person else None
    own = poster_with_key(team_key, at=at) if team_key else None
    return Looker(
        person=person,
        registration=found if found and found.status is Status.CONFIRMED else None,
        team_id=own.team_id if own and own.event_id == event.id else None,
        sees_all=_staff_sees_all(event),
    )


def _staff_sees_all(event: Event) -> bool:
    if not current_user.is_authenticated:
        return False
    staff = staff_at(current_user, event.programme)
    return staff is not None and staff.may(Permission.SEE_POSTERS)


@dataclass(frozen=True)
class Sight:
    """A poster in front of somebody who may see it."""

    shown: Shown
    market: Marketplace
    looker: Looker

    @property
    def poster(self) -> Poster:
        """Return the poster."""
        return self.shown.poster

    @property
    def version(self) -> PosterVersion | None:
        """Return the file that is shown of it."""
        return self.shown.version

    @property
    def takes_feedback(self) -> bool:
        """Say whether visitors may write at this poster now: it must be shown to others, too."""
        return (
            self.market.takes_feedback
            and self.poster.takes_feedback
            and visibility_of(self.poster, self.market, at=now()) is not Visibility.TEAM
        )


def sight_with_code(code: str) -> Sight:
    """Return the poster of a lasting address to somebody who may see it, or say how they could."""
    found = shown_with_code(code)
    if found is None:
        raise NotThere
    shown, market = found
    at, looker = now(), who_looks(shown.poster.event)
    if not looker.sees(shown.poster, market, at=at):
        _turn_away(shown.poster, market, at=at)
    return Sight(shown, market, looker)


def _turn_away(poster: Poster, market: Marketplace, *, at: datetime) -> None:
    if visibility_of(poster, market, at=at) is Visibility.ATTENDEES:
        raise NoWayIn(
            "This poster is for people at the event",
            "Open the personal link in any e-mail we sent you about the event, then scan the "
            "stand's code again. If you cannot find it, ask for a new link below.",
            is_mailed=True,
        )
    is_to_come = poster.is_handed_in and poster.hidden_at is None and at < market.opens_at
    if is_to_come and poster.visibility is not Visibility.TEAM:
        opens = f"{clock_words(market.opens_at)} on {day_words(market.opens_at)}"
        raise NoWayIn(
            "The marketplace is not open yet",
            f"Posters are shown from {opens}.",
            status=403,
        )
    raise NotThere
