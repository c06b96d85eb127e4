"""What we write to people about their way in."""

from datetime import datetime

from app.people.models import Account, Person
from app.plumbing.addresses import address_of
from app.plumbing.mail import mail_settings, post
from app.plumbing.stationery import written


def link(person: Person, token: str, *, ends_at: datetime, at: datetime) -> None:
    """Send somebody a new link to their own pages."""
    assert person.email is not None, "who has no address gets no letter"
    words = written(
        "people/email/link",
        person=person,
        link=address_of("public.people.link", token=token),
        ends_at=ends_at,
        organisation=mail_settings().sender_name,
    )
    post(
        words,
        to_name=person.name,
        to_address=person.email,
        at=at,
        about=f"person:{person.id}",
    )


def code(person: Person, digits: str, *, at: datetime) -> None:
    """Send somebody the code that opens what they told us about their needs."""
    assert person.email is not None, "who has no address gets no letter"
    words = written(
        "people/email/code",
        person=person,
        digits=f"{digits[:4]} {digits[4:]}",
        organisation=mail_settings().sender_name,
    )
    post(
        words,
        to_name=person.name,
        to_address=person.email,
        at=at,
        about=f"person:{person.id}",
    )


def code_to_new_address(person: Person, address: str, digits: str, *, at: datetime) -> None:
    """Send the code that shows that somebody reads the mail of the address they want to have."""
    words = written(
        "people/email/code_to_new_address",
        address=address,
        digits=f"{digits[:4]} {digits[4:]}",
        organisation=mail_settings().sender_name,
    )
    post(words, to_name="", to_address=address, at=at, about=f"person:{person.id}")


def address_changed(person: Person, old: str, *, at: datetime) -> None:
    """Tell somebody at their old address that we write to another from now on."""
    words = written(
        "people/email/address_changed",
        person=person,
        address=old,
        at=at,
        organisation=mail_settings().sender_name,
    )
    post(words, to_name=person.name, to_address=old, at=at, about=f"person:{person.id}")


def invited_to_sign_in(account: Account, *, link: str, at: datetime) -> None:
    """Tell somebody that they have a staff account, with the link to choose its password."""
    words = written("people/email/invited_to_sign_in", person=account.person, link=link)
    post(
        words,
        to_name=account.person.name,
        to_address=account.email,
        at=at,
        about=f"account:{account.id}",
    )


def sign_in_link(account: Account, *, link: str, at: datetime) -> None:
    """Send somebody the link that signs them in once."""
    words = written("people/email/sign_in_link", person=account.person, link=link)
    post(
        words,
        to_name=account.person.name,
        to_address=account.email,
        at=at,
        about=f"account:{account.id}",
    )
