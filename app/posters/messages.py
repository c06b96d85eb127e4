"""What we write about posters."""

from datetime import datetime

from app.people.models import Person
from app.plumbing.addresses import address_of
from app.plumbing.mail import mail_settings, post
from app.plumbing.stationery import written
from app.posters.models import Marketplace, Poster, PosterAnswer, PosterQuestion, PosterVersion
from app.posters.queries.posters import shown_of


def way_in(
    poster: Poster, person: Person, token: str, *, market: Marketplace, at: datetime
) -> None:
    """Send a team's contact the link to the team's poster."""
    assert person.email is not None, "who has no address gets no letter"
    words = written(
        "posters/email/way_in",
        person=person,
        team=poster.team,
        event=poster.event,
        link=address_of("public.posters.way_in", token=token),
        closes_at=market.uploads_close_at,
        is_open=at < market.uploads_close_at,
        organisation=mail_settings().sender_name,
    )
    post(
        words,
        to_name=person.name,
        to_address=person.email,
        at=at,
        about=f"poster:{poster.id}",
        programme_id=poster.event.programme_id,
    )


def cannot_be_shown(
    version: PosterVersion, person: Person, token: str, *, market: Marketplace, at: datetime
) -> None:
    """Tell a team's contact why the file that came last cannot be shown, and what to do."""
    assert person.email is not None, "who has no address gets no letter"
    poster = version.poster
    words = written(
        "posters/email/cannot_be_shown",
        person=person,
        version=version,
        team=poster.team,
        event=poster.event,
        is_shown=poster.is_handed_in and shown_of(poster).version is not None,
        link=address_of("public.posters.way_in", token=token),
        closes_at=market.uploads_close_at,
        is_open=at < market.uploads_close_at,
        organisation=mail_settings().sender_name,
    )
    post(
        words,
        to_name=person.name,
        to_address=person.email,
        at=at,
        about=f"poster:{poster.id}",
        programme_id=poster.event.programme_id,
    )


def answered(question: PosterQuestion, answer: PosterAnswer, *, at: datetime) -> None:
    """Send whoever asked a team what it answered, if they left an address."""
    person, poster = question.person, question.poster
    name = person.name if person else question.guest_name
    address = person.email if person else question.guest_email
    if not address:
        return
    words = written(
        "posters/email/answered",
        name=name,
        address=address,
        question=question,
        answer=answer,
        team=poster.team,
        event=poster.event,
        link=address_of("public.posters.poster", code=poster.code),
        organisation=mail_settings().sender_name,
    )
    post(
        words,
        to_name=name,
        to_address=address,
        at=at,
        about=f"poster-question:{question.id}",
        # Organisers read the letters of their programme; who asked without a name is not for them.
        programme_id=poster.event.programme_id if question.is_named else None,
    )
