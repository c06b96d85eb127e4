"""What the network writes: to a team that is asked, to one that others want to hear from, and the digest."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.events.models import Event
from app.groupwork.queries.agreements import Tally
from app.kernel.codes import derived_code
from app.network.models import NetworkMember, TeamRequest
from app.network.queries import Card, digest_about
from app.people.models import Person
from app.plumbing.addresses import address_of
from app.plumbing.keys import key_for
from app.plumbing.mail import Words, post
from app.plumbing.stationery import written
from app.posters.actions.papers import SIGNALS
from app.posters.models import Poster
from app.posters.queries.signalling import Contact
from app.programmes.models import Programme


def leaving_token(member_id: UUID) -> str:
    """Return the word in a letter with which a member leaves; it can be made again but is not kept."""
    return f"{member_id.hex}-{derived_code(key_for('leaving the network'), str(member_id))}".lower()


def asked(request: TeamRequest, contact: Person, asker: Card, *, at: datetime) -> None:
    """Send a team's contact what a member asks, and how to answer if the member said how."""
    _send(
        written(
            "network/email/asked",
            request=request,
            team=request.team,
            programme=request.team.programme,
            contact=contact,
            asker=asker,
            address=request.person.email if request.gives_address else None,
        ),
        contact,
        # Organisers read the letters of their programme; this one is between two.
        about=f"team-request:{request.id}",
        at=at,
    )


def interest(poster: Poster, contact: Person, givers: Sequence[Contact], *, at: datetime) -> None:
    """Tell a team's contact who agreed to hear from it about its poster."""
    _send(
        written(
            "network/email/interest",
            poster=poster,
            team=poster.team,
            event=poster.event,
            contact=contact,
            givers=givers,
            signals=SIGNALS,
            link=address_of("public.posters.poster", code=poster.code),
        ),
        contact,
        about=f"poster:{poster.id}",
        at=at,
    )


def exchange_asked(asker: Person, asked: Person, programme: Programme, *, at: datetime) -> None:
    """Tell somebody that a person with their badge's code asks for their contact details."""
    _send(
        written(
            "network/email/exchange_asked",
            asker=asker,
            asked=asked,
            programme=programme,
            link=address_of("attendee.network.contacts"),
        ),
        asked,
        about=f"person:{asked.id}",
        at=at,
    )


def digest(
    member: NetworkMember,
    *,
    dates: Sequence[Event],
    joined: Sequence[Card],
    topics: Sequence[tuple[str, str, int]],
    tally: Tally,
    at: datetime,
) -> None:
    """Write a member what is new in the network and what comes next."""
    programme, token = member.programme, leaving_token(member.id)
    _send(
        written(
            "network/email/digest",
            person=member.person,
            programme=programme,
            dates=dates,
            joined=joined,
            topics=topics,
            tally=tally,
            at=at,
            link=address_of("attendee.network.network", programme_slug=programme.slug),
            leave=address_of("public.network.leave", token=token),
        ),
        member.person,
        about=digest_about(member),
        at=at,
        leave_url=address_of("public.network.leave_at_once", token=token),
    )


def _send(
    words: Words, to: Person, *, about: str, at: datetime, leave_url: str | None = None
) -> None:
    assert to.email is not None, "who has no address gets no letter"
    post(
        words,
        to_name=to.name,
        to_address=to.email,
        at=at,
        about=about,
        leave_url=leave_url,
    )
