import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.people.models import Person
from app.plumbing.database import db, transaction, wal_is_safe

AT = datetime(2026, 3, 26, 9, 30, tzinfo=UTC)


def somebody(number: int = 0) -> Person:
    return Person(name="A", sorting_name="a", email=f"a{number}@x.example", created_at=AT)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def test_a_transaction_keeps_all_of_it(app):
    with transaction():
        db.session.add(somebody())

    assert count() == 1


def test_a_transaction_keeps_nothing_when_something_goes_wrong(app):
    with pytest.raises(LookupError), transaction():
        db.session.add(somebody())
        db.session.flush()
        raise LookupError

    assert count() == 0


def test_a_write_outside_a_transaction_is_refused_by_the_database(app):
    count()
    db.session.add(somebody())

    with pytest.raises(DBAPIError):
        db.session.flush()


def test_a_moment_without_a_time_zone_is_refused(app):
    with pytest.raises(Exception, match="time zone"), transaction():
        db.session.add(
            Person(name="A", sorting_name="a", created_at=datetime(2026, 3, 26))  # noqa: DTZ001 - the point
        )


def test_a_moment_comes_back_in_utc(app):
    with transaction():
        db.session.add(somebody())

    assert db.session.scalar(select(Person.created_at)) == AT


def test_writers_take_turns_and_lose_nothing(app):
    def write(number: int) -> None:
        with app.app_context():
            for step in range(5):
                with transaction():
                    before = count()
                    db.session.add(somebody(number * 10 + step))
                    db.session.flush()
                    assert count() >= before + 1

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count() == 40


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 50, 7), True),
        ((3, 50, 6), False),
        ((3, 44, 6), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_is_used_only_where_it_is_safe(version, safe):
    assert wal_is_safe(version) is safe
