"""How many statements the database was asked, so that a page cannot grow one per row unseen."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.plumbing.database import db

SETTING_UP = ("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE")


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """Collect what is asked inside, in order; beginnings and settings of a connection do not count."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.lstrip().upper().startswith(SETTING_UP):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
