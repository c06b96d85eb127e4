"""What we write about posters."""

from datetime import datetime

from app.events.models import Event
from app.people.models import Account, Person
from app.plumbing.addresses import address_of
from app.plumbing.mail import mail_settings, post
from app.plumbing.stationery import written
from app.posters.models import (
    CardFile,
    Marketplace,
    Poster,
    PosterAnswer,
    PosterQuestion,
    PosterVersion,
)
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


def reports_not_made(event: Event, account: Account, *, why: str, at: datetime) -> None:
    """Tell an organiser that feedback reports which were asked for could not be made."""
    _not_made("posters/email/reports_not_made", "feedback", event, account, why=why, at=at)


def cards_not_made(file: CardFile, account: Account, *, at: datetime) -> None:
    """Tell an organiser that the cards of all stands could not be made."""
    _not_made("posters/email/cards_not_made", "cards", file.event, account, why=file.problem, at=at)


def _not_made(
    letter: str, page: str, event: Event, account: Account, *, why: str, at: datetime
) -> None:
    words = written(
        letter,
        person=account.person,
        event=event,
        why=why,
        link=address_of(
            f"organiser.posters.{page}",
            programme_slug=event.programme.slug,
            event_slug=event.slug,
        ),
        organisation=mail_settings().sender_name,
    )
    post(
        words,
        to_name=account.person.name,
        to_address=account.email,
        at=at,
        about=f"event:{event.id}",
        programme_id=event.programme_id,
    )
