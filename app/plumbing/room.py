"""Whether there is room left: a full disk told from every other failure, ours or the database's."""

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError

FULL = {errno.ENOSPC, errno.EDQUOT}
DISK_FULL = "53100"
"""PostgreSQL's word for it (its manual, Appendix A)."""


def is_no_room(error: BaseException | None) -> bool:
    """Say whether something could not be written because a disk is full."""
    if error is None:
        return False
    # What fails next may tell of something else: SQLite has ended the transaction by itself by then,
    # and a savepoint in it that is to be left is not known any more.
    return _says_full(error) or is_no_room(error.__context__)


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
    if isinstance(error, DBAPIError) and error.orig is not None:
        return _says_full(error.orig)
    return getattr(error, "sqlstate", "") == DISK_FULL
