import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.people.models import Person
from app.plumbing.database import RESTED_SECONDS, db, transaction, wal_is_safe
from tests.together import side_by_side

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
        for step in range(5):
            with transaction():
                before = count()
                db.session.add(somebody(number * 10 + step))
                db.session.flush()
                assert count() >= before + 1

    writers = [partial(write, number) for number in range(8)]
    assert side_by_side(app, *writers) == [None] * 8
    assert count() == 40


def test_nobody_who_reads_a_page_keeps_a_writer_waiting(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's readers never do")
    db.session.scalars(select(Person)).all()

    with closing(sqlite3.connect(db.engine.url.database or "", timeout=0)) as other:
        other.execute("DELETE FROM person")
        other.commit()

    assert db.session.is_active and db.session.connection().in_transaction()


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


@pytest.fixture
def on_postgresql(app):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("about the connections to a PostgreSQL server")
    db.engine.dispose()  # those of other tests, so that there is one


def connection_number() -> int:
    number = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.remove()
    return number


def test_what_was_prepared_outlives_a_reading(on_postgresql):
    for _ in range(10):
        connection_number()

    prepared = db.session.scalar(text("SELECT count(*) FROM pg_prepared_statements"))

    assert prepared >= 1


def test_a_connection_that_died_at_rest_is_replaced_unseen(on_postgresql):
    dead = connection_number()
    with psycopg.connect(_plain_url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (dead,))
    time.sleep(RESTED_SECONDS + 0.1)

    assert connection_number() != dead


def _plain_url() -> str:
    return db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
