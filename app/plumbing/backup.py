"""A backup: one file with the database, the private files and a fingerprint of each; and the way back.

The database copies itself: SQLite by VACUUM INTO, which also leaves out what was deleted, PostgreSQL
by its own pg_dump. The secret key is no part of it, so that whoever steals a backup opens no door.
"""

import hashlib
import json
import os
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from flask import current_app
from sqlalchemy import URL, inspect

from app.kernel.refusal import Refusal
from app.plumbing.database import db
from app.plumbing.files import is_key, keep_file, kept_files, sync_folder
from app.plumbing.room import is_no_room

DATABASE, MANIFEST = "database", "manifest.json"
CHUNK = 1024 * 1024
PATIENCE_SECONDS = 60
"""How long a copy waits for whoever writes to an SQLite database at that moment."""


class CannotBackUp(Refusal):
    """No backup was made; the sentence says why."""


class CannotPutBack(Refusal):
    """The backup was not put back; the sentence says why."""


class _Failed(Exception):
    """A program of PostgreSQL failed; its own last words say why."""


def back_up(into: Path, *, at: datetime) -> Path:
    """Write a backup into a folder while the product runs, durable before this returns.

    The database is copied first: every file that its rows speak of was there before them.
    Raises CannotBackUp, with nothing left in the folder.
    """
    done = into / f"hooray-{at:%Y%m%d-%H%M%S}.zip"
    try:
        into.mkdir(parents=True, exist_ok=True)
        # Drafts lie where the backup will: on its disk, and for nobody else to read (mode 0700).
        with tempfile.TemporaryDirectory(dir=into, prefix=".hooray-") as drafts:
            copy, draft = Path(drafts) / DATABASE, Path(drafts) / done.name
            _copy_database(copy)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                _pack(file, copy, at=at)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(done)
        sync_folder(into)
    except (OSError, sqlite3.Error, _Failed) as error:
        why = f"there is no room left for one in {into}" if is_no_room(error) else error
        raise CannotBackUp(f"No backup was made: {why}.") from error
    return done


def put_back(backup: Path) -> None:
    """Bring the private files and the database back from a backup, into an empty database.

    Everything is compared with its fingerprint before the first is put back, and the database comes
    last: as long as it is empty, this may be done again. Raises CannotPutBack.
    """
    try:
        with zipfile.ZipFile(backup) as pack:
            names = _whole(pack)
            _refuse_a_database_in_use()
            for name in names:
                if name != DATABASE:
                    keep_file(name, pack.read(name))
            with tempfile.TemporaryDirectory(dir=_beside(), prefix=".hooray-") as drafts:
                _load_database(Path(pack.extract(DATABASE, drafts)))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, _Failed) as error:
        raise CannotPutBack(f"{backup.name} cannot be put back: {error}.") from error


def _pack(file: IO[bytes], copy: Path, *, at: datetime) -> None:
    # Most of what is kept is compressed already (PDF, pictures): more than the lightest costs time alone.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
        fingerprints = {DATABASE: _packed(pack, DATABASE, copy)}
        for key, place in kept_files():
            with suppress(FileNotFoundError):  # deleted since the list was made
                fingerprints[key] = _packed(pack, key, place)
        manifest = {"made_at": at.isoformat(), "engine": _engine(), "sha256": fingerprints}
        pack.writestr(MANIFEST, json.dumps(manifest, indent=1))


def _packed(pack: zipfile.ZipFile, name: str, place: Path) -> str:
    """Put one file into the pack and return its SHA-256 in hex."""
    fingerprint = hashlib.sha256()
    with place.open("rb") as kept, pack.open(name, "w", force_zip64=True) as packed:
        for chunk in _chunks(kept):
            fingerprint.update(chunk)
            packed.write(chunk)
    return fingerprint.hexdigest()


def _fingerprint(pack: zipfile.ZipFile, name: str) -> str:
    fingerprint = hashlib.sha256()
    with pack.open(name) as packed:
        for chunk in _chunks(packed):
            fingerprint.update(chunk)
    return fingerprint.hexdigest()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _whole(pack: zipfile.ZipFile) -> Mapping[str, str]:
    """Return the fingerprint of each file in the pack, or refuse it where one is not as it was."""
    manifest = json.loads(pack.read(MANIFEST))
    if manifest["engine"] != _engine():
        raise CannotPutBack(
            f"The backup is of {manifest['engine']}, and DATABASE_URL names {_engine()}. "
            "Put it back into the same kind of database."
        )
    fingerprints: Mapping[str, str] = manifest["sha256"]
    for name, fingerprint in fingerprints.items():
        if name != DATABASE and not is_key(name):
            raise CannotPutBack(f"The backup is not one of ours: no file is called {name} here.")
        if _fingerprint(pack, name) != fingerprint:
            raise CannotPutBack(f"The backup is damaged: {name} is not what was put into it.")
    return fingerprints


def _refuse_a_database_in_use() -> None:
    if inspect(db.engine).get_table_names():
        raise CannotPutBack(
            "The database has tables in it. Name an empty one in DATABASE_URL, "
            "or move the old one away, and put the backup back into that."
        )


def _engine() -> str:
    return db.engine.dialect.name


def _beside() -> str:
    """Return where the copy of the database waits: on the disk where it will stand."""
    file = db.engine.url.database
    if _engine() == "sqlite" and file:
        return str(Path(file).parent)
    return str(current_app.config["DATA_FOLDER"])


def _copy_database(to: Path) -> None:
    if _engine() == "sqlite":
        own = sqlite3.connect(str(db.engine.url.database), timeout=PATIENCE_SECONDS)
        with closing(own):
            own.execute("VACUUM INTO ?", (str(to),))
        return
    _postgresql("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")


def _load_database(copy: Path) -> None:
    db.session.remove()
    db.engine.dispose()
    if _engine() == "sqlite":
        with copy.open("rb") as whole:
            os.fsync(whole.fileno())
        copy.replace(str(db.engine.url.database))
        return
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _postgresql("pg_restore", *options, str(copy))


def _postgresql(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on our database; the password stays off its command line."""
    url = db.engine.url
    address = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    ).render_as_string()
    command = [program, "--no-password", f"--dbname={address}", *arguments]
    environment = {**os.environ, "PGPASSWORD": str(url.password or "")}
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - no shell, and no word of anybody else's
    except FileNotFoundError as error:
        raise _Failed(
            f"{program} is not installed; it comes with PostgreSQL's client programs"
        ) from error
    except subprocess.CalledProcessError as error:
        raise _Failed((error.stderr.strip() or str(error)).splitlines()[-1].rstrip(".")) from error
