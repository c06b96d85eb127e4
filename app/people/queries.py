"""Questions about people and the links that let them in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from app.kernel.codes import derived_digits, digest
from app.people.models import Account, MailedCode, Person, PersonalLink, Visit
from app.plumbing.database import db
from app.plumbing.keys import key_for

CODE_DIGITS = 8


def person_with_email(email: str) -> Person | None:
    """Return the person with this address; the case of its letters does not matter."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def person_visiting(key: str, *, at: datetime) -> Person | None:
    """Return whose visit a cookie's key opens, if the visit still lasts."""
    visit = visit_with(key, at=at)
    return visit.person if visit else None


def visit_with(key: str, *, at: datetime) -> Visit | None:
    """Return the visit that a cookie's key opens, if it still lasts."""
    return db.session.scalar(_visit(), {"key_hash": digest(key), "at": at})


@cache
def _visit() -> Select[Visit]:
    return (
        select(Visit)
        .options(joinedload(Visit.person))
        .where(
            Visit.key_hash == bindparam("key_hash"),
            Visit.ended_at.is_(None),
            Visit.expires_at > bindparam("at"),
        )
    )


def newest_code(visit: Visit, *, at: datetime) -> MailedCode | None:
    """Return the code that was last mailed to this visit's owner, while it lasts."""
    return _newest_code(visit, MailedCode.new_address.is_(None), at=at)


def newest_code_to_new_address(visit: Visit, *, at: datetime) -> MailedCode | None:
    """Return the code that was last mailed to the address its owner wants to have, while it lasts."""
    return _newest_code(visit, MailedCode.new_address.is_not(None), at=at)


def _newest_code(visit: Visit, kind: ColumnElement[bool], *, at: datetime) -> MailedCode | None:
    return db.session.scalar(
        select(MailedCode)
        .where(MailedCode.visit_id == visit.id, MailedCode.expires_at > at, kind)
        .order_by(MailedCode.created_at.desc())
        .limit(1)
    )


def codes_mailed(person_id: UUID, *, since: datetime) -> int:
    """Return how many codes somebody was sent since then, whatever browser asked."""
    count = db.session.scalar(
        select(func.count()).where(MailedCode.person_id == person_id, MailedCode.created_at > since)
    )
    return count or 0


def digits_of(code: MailedCode) -> str:
    """Return the digits of a mailed code; they can be made again but are not kept."""
    return derived_digits(key_for("mailed code"), str(code.id), CODE_DIGITS)


def link_with(token: str) -> PersonalLink | None:
    """Return the personal link of this token, live or not."""
    return db.session.scalar(select(PersonalLink).where(PersonalLink.token_hash == digest(token)))


def links_made(person: Person, *, since: datetime) -> int:
    """Return how many links somebody was sent since then."""
    count = db.session.scalar(
        select(func.count()).where(
            PersonalLink.person_id == person.id, PersonalLink.created_at > since
        )
    )
    return count or 0


def account_of(person_id: UUID) -> Account | None:
    """Return somebody's staff account, if they have one."""
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def account_with_email(email: str) -> Account | None:
    """Return the staff account of an address; the case of its letters does not matter."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def names_of_accounts(account_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return whose these staff accounts are."""
    rows = db.session.execute(
        select(Account.id, Person.name).join(Account.person).where(Account.id.in_(account_ids))
    )
    return dict(rows.all())


def all_accounts() -> Sequence[Account]:
    """Return every staff account, by name."""
    accounts = db.session.scalars(select(Account)).all()
    # Sorted here: asked to sort by name, the database would read every person there is.
    return sorted(accounts, key=lambda account: (account.person.sorting_name, account.id))


def account_with_id(account_id: UUID) -> Account | None:
    """Return a staff account."""
    return db.session.get(Account, account_id)
