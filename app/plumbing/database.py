"""The database: our typed models, moments in UTC, and the one way to keep a change."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from time import monotonic
from typing import Any, ClassVar, cast
from uuid import UUID, uuid4

import psycopg
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    MetaData,
    Select,
    String,
    Table,
    Text,
    TypeDecorator,
    event,
    inspect,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry


class Moment(TypeDecorator[datetime]):
    """A point in time: aware and in UTC on every engine; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand a moment to the database in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Take a moment from the database, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """A table that knows its own row; every row has a UUID of its own."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        str: Text(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


def one_of(words: type[Any]) -> Enum:
    """Return a column type that holds the words of a StrEnum as text, the same on every engine."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda kinds: [kind.value for kind in kinds],
    )


def short(length: int) -> String:
    """Return a column type for text of at most so many characters."""
    return String(length)


UNIQUE_VIOLATION = "23505"
"""PostgreSQL's word for it (its manual, Appendix A)."""

db = SQLAlchemy(metadata=Model.metadata, session_options={"autoflush": True})

RESTED_SECONDS = 1.0

_writing: ContextVar[bool] = ContextVar("writing", default=False)
# One writer at a time within a process: on SQLite a queue of our own is far fairer than the file lock.
_turn = threading.RLock()


_first_of_all: list[Callable[[], None]] = []


def begin_transactions_with(act: Callable[[], None]) -> None:
    """Let every transaction begin with this act, inside it."""
    _first_of_all.append(act)


def is_writing() -> bool:
    """Say whether this thread is inside a transaction that may write."""
    return _writing.get()


@contextmanager
def transaction() -> Iterator[None]:
    """Keep everything done inside, or nothing of it.

    What was read before is read again inside, so that a decision never rests on an old row.
    """
    assert not is_writing(), "A transaction is opened at the edge, once."
    db.session.rollback()
    with _a_turn_to_write():
        try:
            for act in _first_of_all:
                act()
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


@contextmanager
def _a_turn_to_write() -> Iterator[None]:
    mark = _writing.set(True)
    try:
        if db.engine.dialect.name == "sqlite":
            with _turn:
                yield
        else:
            yield
    finally:
        _writing.reset(mark)


@contextmanager
def guests_may_write() -> Iterator[None]:
    """Let a library that commits by itself (staff sign-in) write through our session."""
    db.session.rollback()
    with _a_turn_to_write():
        try:
            yield
        finally:
            db.session.rollback()


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Say whether an SQLite version is free of the WAL-reset fault (sqlite.org/wal.html).

    Fixed in 3.51.3 and, in their own series, in 3.50.7 and 3.44.6.
    """
    if version >= (3, 51, 3):
        return True
    return version[:2] in {(3, 50), (3, 44)} and version[2] >= {50: 7, 44: 6}[version[1]]


def open_database(app: Flask) -> None:
    """Join the database to an application and set how each connection behaves."""
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_on_sqlite)
    else:
        event.listen(engine, "connect", _set_up_postgresql)
        event.listen(engine, "checkin", _note_when)
        event.listen(engine, "checkout", _see_whether_it_lives)
        event.listen(engine, "begin", _begin_on_postgresql)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "TRUNCATE"
    for pragma in (
        "busy_timeout=10000",
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_on_sqlite(connection: Connection) -> None:
    """Read without a transaction, in which each statement would see the newest rows as well.

    Whoever writes waits until nobody reads: for the end of a statement now, not of a whole page.
    """
    raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
    writing = is_writing()
    raw.execute(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
    if writing:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _set_up_postgresql(connection: psycopg.Connection, _record: object) -> None:
    connection.autocommit = True
    connection.execute("SET default_transaction_read_only = on")


def _note_when(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["back_at"] = monotonic()


def _see_whether_it_lives(
    connection: psycopg.Connection, record: ConnectionPoolEntry, _lent: object
) -> None:
    """Try a connection that has rested, and begin anew with all if the database was away.

    One that has just been used is not asked: a scan would ask twice, and each time wait for it.
    """
    if monotonic() - record.info.get("back_at", monotonic()) < RESTED_SECONDS:
        return
    try:
        connection.autocommit = True
        connection.execute("SELECT 1")
    except psycopg.OperationalError as error:
        raise InvalidatePoolError from error


def _begin_on_postgresql(connection: Connection) -> None:
    """Read without a transaction, in which each statement would see the newest rows as well.

    It saves two ways to the database, and with each rollback psycopg forgets what it had prepared.
    """
    raw = cast(psycopg.Connection, connection.connection.dbapi_connection)
    raw.autocommit = not is_writing()
    raw.read_only = False if is_writing() else None


def engine_of_session(session: Session) -> Engine:
    """Return the engine behind a session."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    return engine


def ask(question: Select[*tuple[Any, ...]], **given: object) -> CursorResult[*tuple[Any, ...]]:
    """Ask for plain columns: to make objects of them, which the session keeps, costs twice as much."""
    db.session.flush()
    return db.session.connection().execute(question, given)


def hold(row: Model, *, shared: bool = False) -> None:
    """Let nobody else change a row until the transaction ends, and read it as it then stands.

    Several may hold it at once if all of them share it. Rows that point at it may still be added
    (PostgreSQL: FOR NO KEY UPDATE and FOR SHARE; on SQLite one transaction writes at a time anyway).
    """
    db.session.flush()  # or a change not written yet would be forgotten
    how = {"read": True} if shared else {"key_share": True}
    db.session.refresh(row, with_for_update={**how, "of": type(row)})


def is_taken(error: IntegrityError) -> bool:
    """Say whether a write failed because something with the same key was there first."""
    if isinstance(error.orig, sqlite3.IntegrityError):
        return error.orig.sqlite_errorname in {
            "SQLITE_CONSTRAINT_UNIQUE",
            "SQLITE_CONSTRAINT_PRIMARYKEY",
        }
    return getattr(error.orig, "sqlstate", "") == UNIQUE_VIOLATION


def insert_new(row: Model) -> bool:
    """Write a row that is not in the session, unless one of its unique keys is taken; say whether.

    Where two write the same at once, the second waits for the first and then writes nothing.
    """
    statement = _insert_unless_there(type(row), is_sqlite=_is_sqlite())
    return db.session.connection().execute(statement, _values(row)).one_or_none() is not None


def insert_or_replace(row: Model, *, key: str) -> None:
    """Write a row that is not in the session, in the place of the one with the same unique key."""
    values = _values(row)
    statement = _insert_in_place(type(row), key, tuple(values), is_sqlite=_is_sqlite())
    db.session.connection().execute(statement, values)


# Made once for each table: to put a statement together takes longer than to write its row.


@cache
def _insert_unless_there(model: type[Model], *, is_sqlite: bool) -> Executable:
    table = _table(model)
    return _insert_into(table, is_sqlite=is_sqlite).on_conflict_do_nothing().returning(table.c.id)


@cache
def _insert_in_place(
    model: type[Model], key: str, names: tuple[str, ...], *, is_sqlite: bool
) -> Executable:
    statement = _insert_into(_table(model), is_sqlite=is_sqlite)
    fresh = {name: statement.excluded[name] for name in names if name not in {"id", key}}
    return statement.on_conflict_do_update(index_elements=[key], set_=fresh)


def _insert_into(table: Table, *, is_sqlite: bool) -> postgresql.Insert | sqlite.Insert:
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def _table(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _values(row: Model) -> dict[str, Any]:
    """Return a row's columns; those that were not set keep the defaults of the table."""
    state = inspect(row)
    return {name: state.dict[name] for name in state.mapper.columns.keys() if name in state.dict}  # noqa: SIM118 - not a dict
