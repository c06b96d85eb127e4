"""Letting people in: a person is met once, gets personal links, and visits."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.kernel.actor import SYSTEM, Actor
from app.kernel.codes import digest, new_secret
from app.kernel.names import clean_name, sorting_name
from app.kernel.refusal import HasEnded, NotThere, Refusal
from app.people import messages
from app.people.models import Account, MailedCode, Person, PersonalLink, Visit
from app.people.queries import (
    account_of,
    account_with_email,
    codes_mailed,
    digits_of,
    link_with,
    links_made,
    newest_code,
    newest_code_to_new_address,
    person_with_email,
)
from app.people.rules import ERASED_NAME, Traces
from app.plumbing import audit
from app.plumbing.database import db, hold
from app.plumbing.mail import Letter, forget_letters_about
from app.plumbing.queue import enqueue

LIVE_LINKS = 5
VISIT = timedelta(days=90)
PAUSE = timedelta(minutes=15)
LINKS_IN_A_PAUSE = 3
CODE = timedelta(minutes=10)
"""How long a mailed code can be typed, and how long a mailed link counts for as much."""
PROOF = timedelta(minutes=30)
"""How long a browser that proved it reads its owner's mail is asked no more."""
SECOND_PRESS = timedelta(seconds=10)
CODES_IN_A_PAUSE = 3
WRONG_TRIES = 5
OF_SOMEBODY_ELSE = (
    "This address belongs to somebody else on our list. "
    "If both are you, write to the organiser of your event."
)


class AddressIsTaken(Refusal):
    """Two people cannot share an e-mail address: letters and links go to one."""


class NoAddress(Refusal):
    """Who has no e-mail address can get no code."""


class TooManyCodes(Refusal):
    """Somebody asked for one code after the other; a mailbox is not to be flooded."""


def meet(*, name: str, email: str | None, at: datetime) -> Person:
    """Return the person with this address, or make their acquaintance."""
    address = email.strip().lower() if email else None
    known = person_with_email(address) if address else None
    if known is not None:
        return known
    cleaned = clean_name(name)
    person = Person(name=cleaned, sorting_name=sorting_name(cleaned), email=address, created_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        # Somebody else made their acquaintance between our look and our word.
        known = person_with_email(address) if address else None
        if known is None:
            raise
        return known
    return person


def rename(person: Person, *, name: str) -> None:
    """Write a person's name anew, and sort them by it."""
    person.name = clean_name(name)
    person.sorting_name = sorting_name(person.name)


def correct_person(person: Person, *, name: str, email: str, by: Actor, at: datetime) -> bool:
    """Write somebody's name and address as they should be; return whether the address is another.

    Letters to the old address may have reached a stranger, so every link and visit ends with it.
    """
    address = email.strip().lower()
    before = (person.name, person.email)
    if address != person.email and person_with_email(address) is not None:
        raise AddressIsTaken(f"{address} belongs to somebody else on our list.")

    rename(person, name=name)
    person.email = address
    try:
        db.session.flush()
    except IntegrityError as taken:
        raise AddressIsTaken(f"{address} belongs to somebody else on our list.") from taken
    new_name, new_address = person.name != before[0], address != before[1]
    if new_address:
        _end_ways_in(person, at)
    if new_name or new_address:
        # The record outlives the person's data, so it says what changed and not to what.
        after = {"name": new_name, "address": new_address}
        audit.record("corrected", person, by=by, at=at, after=after)
    return new_address


def mint_link(person: Person, *, at: datetime, expires_at: datetime) -> str:
    """Make a new personal link and return its token, which is not kept; the newest five live on."""
    token = new_secret()
    db.session.add(
        PersonalLink(
            person_id=person.id, token_hash=digest(token), created_at=at, expires_at=expires_at
        )
    )
    db.session.flush()
    live = db.session.scalars(
        select(PersonalLink)
        .where(PersonalLink.person_id == person.id, PersonalLink.revoked_at.is_(None))
        .order_by(PersonalLink.created_at.desc(), PersonalLink.id)
    ).all()
    for old in live[LIVE_LINKS:]:
        old.revoked_at = at
    return token


def ask_for_link(email: str, *, at: datetime) -> None:
    """Have a new link mailed to this address, if it is somebody's; nobody can tell from here."""
    person = person_with_email(email)
    # The same work, a row, whether we know the address or not.
    enqueue("people.send_link", due_at=at, person_id=str(person.id) if person else "")


def send_link(person: Person, *, at: datetime) -> None:
    """Mail somebody a new link, unless they were sent several just now."""
    if person.email is None or links_made(person, since=at - PAUSE) >= LINKS_IN_A_PAUSE:
        return
    ends_at = at + VISIT
    messages.link(person, mint_link(person, at=at, expires_at=ends_at), ends_at=ends_at, at=at)


@dataclass(frozen=True)
class Memory:
    """How a room tells what it knows of somebody, and how it forgets them."""

    traces: Callable[[Person], Traces]
    forget: Callable[[Person, Actor, datetime], None]


_memories: list[Memory] = []


def people_are_remembered_by(*memories: Memory) -> None:
    """Say once, at start-up, which rooms above this one know something of people."""
    _memories[:] = memories


class CannotErase(Refusal):
    """Somebody who works here, or whom another programme knows, is not erased from here."""


def traces_of(person: Person) -> Traces:
    """Return what we know of somebody: what goes with erasing them, and what stays and why."""
    found = [memory.traces(person) for memory in _memories]
    return Traces(
        goes=["Their name, e-mail address and personal links", *(g for f in found for g in f.goes)],
        stays=[s for f in found for s in f.stays],
    )


def erase(person: Person, *, reason: str, by: Actor, at: datetime) -> None:
    """Let every room forget somebody for good; what stays carries no name any more.

    Data protection law knows this as the right to erasure (UK GDPR, article 17).
    """
    hold(person)
    if person.erased_at is not None:
        return
    if account_of(person.id) is not None:
        raise CannotErase(
            f"{person.name} signs in as staff. An administrator has to erase them with their account."
        )
    _forget_everywhere(person, reason=reason, by=by, at=at)


def erase_with_account(account_id: UUID, *, reason: str, by: Actor, at: datetime) -> None:
    """Erase a member of staff who does not sign in any more, with their account and their roles.

    Where two do it at once, the second finds nothing left to do.
    """
    account = db.session.get(
        Account, account_id, populate_existing=True, with_for_update={"of": Account}
    )
    if account is None:
        return
    person = account.person
    if account.active:
        raise CannotErase(f"{person.name} can still sign in. Switch the account off first.")
    hold(person)
    _forget_everywhere(person, reason=reason, by=by, at=at)
    db.session.execute(delete(Account).where(Account.id == account_id))


def _forget_everywhere(person: Person, *, reason: str, by: Actor, at: datetime) -> None:
    audit.record("erased", person, by=by, at=at, reason=reason)
    for memory in _memories:
        memory.forget(person, by, at)
    forget_letters_about(person.name, person.email)
    # Codes went to addresses that never became theirs.
    db.session.execute(delete(Letter).where(Letter.about == f"person:{person.id}"))
    for ways_in in (MailedCode, Visit, PersonalLink):
        db.session.execute(delete(ways_in).where(ways_in.person_id == person.id))
    person.name, person.sorting_name = ERASED_NAME, sorting_name(ERASED_NAME)
    person.email = person.certificate_name = person.certificate_name_confirmed_at = None
    person.erased_at = at
    # Not in this moment: what is written down must have happened, and a transaction may yet be undone.
    enqueue("people.note_erasure", due_at=at, person_id=str(person.id))


def erase_again(person_id: UUID, *, at: datetime) -> bool:
    """Erase somebody whom a restored backup has brought back; say whether it had."""
    person = db.session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        return False
    erase(person, reason="Erased before; a restored backup had them still.", by=SYSTEM, at=at)
    return True


def _end_ways_in(person: Person, at: datetime, *, but_for: Visit | None = None) -> None:
    links = update(PersonalLink).where(
        PersonalLink.person_id == person.id, PersonalLink.revoked_at.is_(None)
    )
    visits = update(Visit).where(Visit.person_id == person.id, Visit.ended_at.is_(None))
    if but_for is not None:
        visits = visits.where(Visit.id != but_for.id)
    db.session.execute(links.values(revoked_at=at))
    db.session.execute(visits.values(ended_at=at))


def live_link(token: str, *, at: datetime) -> PersonalLink:
    """Return the personal link of this token; raise NotThere or HasEnded where it opens nothing."""
    link = link_with(token)
    if link is None:
        raise NotThere
    if not link.is_live(at=at):
        raise HasEnded
    return link


def open_visit(token: str, *, at: datetime) -> str:
    """Swap a personal link's token for a visit's key."""
    link = live_link(token, at=at)
    # Who opens a link minutes after it was mailed has shown as much as a code could.
    is_fresh = at < link.created_at + CODE
    return start_visit(link.person_id, at=at, proven_until=at + PROOF if is_fresh else None)


def start_visit(person_id: UUID, *, at: datetime, proven_until: datetime | None = None) -> str:
    """Begin a visit and return its key, for the cookie; only its hash is kept."""
    key = new_secret()
    db.session.add(
        Visit(
            person_id=person_id,
            key_hash=digest(key),
            created_at=at,
            expires_at=at + VISIT,
            proven_until=proven_until,
        )
    )
    return key


def mail_code(visit: Visit, *, at: datetime) -> None:
    """Mail somebody the digits that show, typed into this browser, that the mail is theirs."""
    hold(visit)
    if visit.person.email is None:
        raise NoAddress("We have no e-mail address of yours. Ask the organiser of your event.")
    newest = newest_code(visit, at=at)
    if newest is not None and at < newest.created_at + SECOND_PRESS:
        return
    code = _new_code(visit, at=at)
    messages.code(visit.person, digits_of(code), at=at)


def _new_code(visit: Visit, *, at: datetime, new_address: str | None = None) -> MailedCode:
    if codes_mailed(visit.person_id, since=at - PAUSE) >= CODES_IN_A_PAUSE:
        raise TooManyCodes(
            "We sent several codes just now. Enter the newest, or ask again in a quarter of an hour."
        )
    code = MailedCode(
        person_id=visit.person_id,
        visit_id=visit.id,
        created_at=at,
        expires_at=at + CODE,
        new_address=new_address,
    )
    db.session.add(code)
    db.session.flush()
    return code


def enter_code(visit: Visit, typed: str, *, by: Actor, at: datetime) -> bool:
    """Compare what was typed with the code we mailed last; return whether it is right.

    A wrong one is counted and must be kept, so it is an answer and no refusal.
    """
    hold(visit)
    if visit.is_proven(at=at):
        return True
    code = newest_code(visit, at=at)
    if code is None or not _is_right(code, typed):
        return False
    visit.proven_until, code.expires_at = at + PROOF, at
    audit.record("entered a mailed code", visit.person, by=by, at=at)
    return True


def _is_right(code: MailedCode, typed: str) -> bool:
    """Compare what was typed with a code, and count it against the code if it is wrong."""
    if code.wrong_tries >= WRONG_TRIES:
        return False
    if not hmac.compare_digest(digits_of(code).encode(), typed.encode()):
        code.wrong_tries += 1
        return False
    return True


def ask_for_new_address(visit: Visit, address: str, *, at: datetime) -> None:
    """Mail a code to the address that somebody wants to have from now on.

    Whether it is somebody else's is told only to who reads its mail: nobody learns it from here.
    """
    hold(visit)
    code = _new_code(visit, at=at, new_address=address)
    messages.code_to_new_address(visit.person, address, digits_of(code), at=at)
    enqueue("people.forget_new_address", due_at=at + PAUSE, code_id=str(code.id))


def forget_new_address(code_id: UUID) -> None:
    """Delete a code with the address to which it went: it has become somebody's, or nobody's."""
    db.session.execute(delete(MailedCode).where(MailedCode.id == code_id))


def enter_code_of_new_address(visit: Visit, typed: str, *, by: Actor, at: datetime) -> bool:
    """Give somebody the address that they proved to read; return whether the code is right.

    A wrong one is counted and must be kept, so it is an answer and no refusal.
    """
    hold(visit)
    code = newest_code_to_new_address(visit, at=at)
    if code is None or not _is_right(code, typed):
        return False
    assert code.new_address is not None, "asked for with its address"
    code.expires_at = at
    _move(visit, code.new_address, by=by, at=at)
    return True


def _move(visit: Visit, address: str, *, by: Actor, at: datetime) -> None:
    """Write to somebody at another address from now on, and tell the old one.

    Letters lie in the old mailbox, so every link and visit ends, but for the browser that proved both.
    """
    person = visit.person
    hold(person)
    old = person.email
    if person_with_email(address) is not None:
        raise AddressIsTaken(OF_SOMEBODY_ELSE)
    person.email = address
    try:
        db.session.flush()
    except IntegrityError as taken:
        raise AddressIsTaken(OF_SOMEBODY_ELSE) from taken
    _end_ways_in(person, at, but_for=visit)
    audit.record("changed their address", person, by=by, at=at)
    if old is not None:
        messages.address_changed(person, old, at=at)
    ends_at = at + VISIT
    messages.link(person, mint_link(person, at=at, expires_at=ends_at), ends_at=ends_at, at=at)


def end_visit(key: str, *, at: datetime) -> None:
    """End the visit that a cookie's key opened."""
    visit = db.session.scalar(select(Visit).where(Visit.key_hash == digest(key)))
    if visit is not None and visit.ended_at is None:
        visit.ended_at = at


class AddressHasAccount(Refusal):
    """Somebody signs in with this address already."""


def open_account(
    *, name: str, email: str, by: Actor, at: datetime, is_administrator: bool = False
) -> Account:
    """Give a member of staff an account; they choose its password by a mailed link."""
    address = email.strip().lower()
    if account_with_email(address) is not None:
        raise AddressHasAccount(f"{address} has an account already.")
    person = meet(name=name, email=address, at=at)
    account = Account(
        id=uuid4(),
        person_id=person.id,
        email=address,
        fs_uniquifier=uuid4().hex,
        is_administrator=is_administrator,
        confirmed_at=at,
        created_at=at,
    )
    db.session.add(account)
    db.session.flush()
    audit.record("account.opened", account, by=by, at=at, after={"administrator": is_administrator})
    return account


def end_sign_ins(account: Account) -> None:
    """End every sign-in of an account, wherever it is signed in."""
    account.fs_uniquifier = uuid4().hex


def end_everybodys_sign_ins(*, at: datetime) -> None:
    """End every sign-in of staff and every visit by a personal link; the links themselves stay good."""
    for account in db.session.scalars(select(Account)):
        end_sign_ins(account)
    db.session.execute(update(Visit).where(Visit.ended_at.is_(None)).values(ended_at=at))


class OwnAccount(Refusal):
    """Nobody locks themselves out."""


def end_all_sign_ins(account: Account, *, by: Actor, at: datetime) -> None:
    """Sign somebody out everywhere, on the record."""
    end_sign_ins(account)
    audit.record("account.signed_out", account, by=by, at=at)


def switch_off(account: Account, *, by: Actor, at: datetime) -> None:
    """Keep somebody from signing in, from this moment on."""
    account.active = False
    end_sign_ins(account)
    audit.record("account.switched_off", account, by=by, at=at)


def switch_on(account: Account, *, by: Actor, at: datetime) -> None:
    """Let somebody sign in again."""
    account.active = True
    audit.record("account.switched_on", account, by=by, at=at)


def forget_second_factor(account: Account, *, by: Actor, at: datetime, reason: str) -> None:
    """Take a lost second factor away, so that its owner sets up a new one at the next sign-in."""
    account.tf_primary_method = account.tf_totp_secret = account.mf_recovery_codes = None
    end_sign_ins(account)
    audit.record("account.second_factor_reset", account, by=by, at=at, reason=reason)
