"""What we write about write-ups and their comments."""

from datetime import datetime

from app.people.models import Account, Person
from app.plumbing.addresses import address_of
from app.plumbing.mail import mail_settings, post
from app.plumbing.stationery import written
from app.writeups.models import Comment, WriteUp


def confirm_comment(comment: Comment, token: str, *, at: datetime) -> None:
    """Ask whoever commented whether the address is theirs."""
    _to_writer("confirm_comment", comment, token, at=at)


def comment_published(comment: Comment, token: str, *, at: datetime) -> None:
    """Tell whoever commented that everybody can read it now."""
    _to_writer("comment_published", comment, token, at=at)


def comment_by_other(comment: Comment, token: str, other: Comment, *, at: datetime) -> None:
    """Tell somebody who commented what another reader wrote."""
    _to_writer("comment_by_other", comment, token, at=at, other=other)


def _to_writer(
    letter: str, comment: Comment, token: str, *, at: datetime, other: Comment | None = None
) -> None:
    write_up = comment.write_up
    words = written(
        f"writeups/email/{letter}",
        comment=comment,
        other=other,
        event=write_up.event,
        story=story_address(write_up),
        link=address_of("public.writeups.own_comment", token=token),
        organisation=mail_settings().sender_name,
    )
    silence = address_of("public.writeups.stop_letters_at_once", token=token)
    post(
        words,
        to_name=comment.name,
        to_address=comment.email,
        at=at,
        about=f"comment:{comment.id}",
        programme_id=write_up.event.programme_id,
        leave_url=silence if other is not None else None,
    )


def comment_waits(comment: Comment, account: Account, token: str, *, at: datetime) -> None:
    """Ask somebody of the team what becomes of a comment."""
    event = comment.write_up.event
    words = written(
        "writeups/email/comment_waits",
        comment=comment,
        event=event,
        person=account.person,
        link=address_of("public.writeups.moderation", token=token),
        queue=address_of(
            "organiser.writeups.comments",
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
        about=f"moderation:{comment.id}",
        # The link in it decides about the comment in this person's name: it is for them alone.
        programme_id=None,
    )


def story_address(write_up: WriteUp) -> str:
    """Return the lasting address of a write-up."""
    event = write_up.event
    return address_of(
        "public.writeups.story", programme_slug=event.programme.slug, event_slug=event.slug
    )


def asked_to_be_named(write_up: WriteUp, person: Person, token: str, *, at: datetime) -> None:
    """Send somebody a preview of a write-up in which they are named, and ask whether that is right."""
    assert person.email is not None, "who has no address gets no letter"
    event = write_up.event
    words = written(
        "writeups/email/asked_to_be_named",
        person=person,
        event=event,
        link=address_of(
            "public.registration.letter",
            token=token,
            programme_slug=event.programme.slug,
            event_slug=event.slug,
            way="story",
        ),
        organisation=mail_settings().sender_name,
    )
    post(
        words,
        to_name=person.name,
        to_address=person.email,
        at=at,
        about=f"mention:{person.id}",
        programme_id=event.programme_id,
    )
