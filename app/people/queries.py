"""Questions about people and the links that let them in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.kernel.codes import digest
from app.people.models import Account, Person, PersonalLink, Visit
from app.plumbing.database import db


def person_with_email(email: str) -> Person | None:
    """Return the person with this address; the case of its letters does not matter."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def person_visiting(key: str, *, at: datetime) -> Person | None:
    """Return whose visit a cookie's key opens, if the visit still lasts."""
    visit = db.session.scalar(
        select(Visit)
        .options(joinedload(Visit.person))
        .where(Visit.key_hash == digest(key), Visit.ended_at.is_(None), Visit.expires_at > at)
    )
    return visit.person if visit else None


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
    return db.session.scalars(
        select(Account).join(Account.person).order_by(Person.sorting_name, Account.id)
    ).all()


def account_with_id(account_id: UUID) -> Account | None:
    """Return a staff account."""
    return db.session.get(Account, account_id)
