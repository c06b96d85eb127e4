"""People and staff for tests."""

from datetime import UTC, datetime
from uuid import uuid4

from app.kernel.names import sorting_name
from app.people.actions import PROOF, start_visit
from app.people.models import Account, Person
from app.plumbing.database import db, transaction

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)


def a_person(name: str = "Gwen Price", *, email: str | None = "", **values: object) -> Person:
    address = f"{uuid4().hex[:10]}@hilltop.example" if email == "" else email
    person = Person(
        name=name, sorting_name=sorting_name(name), email=address, created_at=LONG_AGO, **values
    )
    with transaction():
        db.session.add(person)
    return person


def an_account(name: str = "Helen Shaw", **values: object) -> Account:
    person = a_person(name)
    account = Account(
        person_id=person.id,
        email=person.email,
        fs_uniquifier=uuid4().hex,
        created_at=LONG_AGO,
        confirmed_at=LONG_AGO,
        **values,
    )
    with transaction():
        db.session.add(account)
    return account


def a_visit_of(person: Person, *, at: datetime, is_proven: bool = True) -> str:
    """Return the key of a visit, as the cookie carries it; the link was mailed just before, or not."""
    with transaction():
        return start_visit(person.id, at=at, proven_until=at + PROOF if is_proven else None)
