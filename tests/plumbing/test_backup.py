"""Backups that are refused: nothing is put back from one that is not whole, or over what is there."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.plumbing.backup import MANIFEST, CannotBackUp, CannotPutBack, back_up, put_back
from app.plumbing.database import db
from app.plumbing.files import keep_file

AT = datetime(2026, 3, 26, 11, 0, tzinfo=UTC)
KEY = "certificates/one.pdf"


@pytest.fixture
def backup(app, tmp_path) -> Path:
    """A backup with one file in it; PostgreSQL's own copy is tried where its programs are."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("says nothing of the database: tried on one")
    keep_file(KEY, b"as it was")
    return back_up(tmp_path, at=AT)


def changed(backup: Path, name: str, content: bytes) -> Path:
    """Return the same backup with another content under one name."""
    other = backup.with_name("changed.zip")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(other, "w") as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return other


def test_a_backup_says_what_is_in_it(backup):
    with zipfile.ZipFile(backup) as pack:
        manifest = json.loads(pack.read(MANIFEST))

    assert backup.name == "hooray-20260326-110000.zip"
    assert {"database", KEY} <= set(manifest["sha256"])


def test_a_backup_that_was_changed_is_refused_before_anything_is_put_back(backup):
    keep_file(KEY, b"as it is now")

    with pytest.raises(CannotPutBack, match=f"damaged: {KEY} is not what was put into it"):
        put_back(changed(backup, KEY, b"as it never was"))


def test_a_backup_of_another_kind_of_database_is_refused(backup):
    with zipfile.ZipFile(backup) as pack:
        manifest = {**json.loads(pack.read(MANIFEST)), "engine": "postgresql"}

    with pytest.raises(CannotPutBack, match="of postgresql, and DATABASE_URL names sqlite"):
        put_back(changed(backup, MANIFEST, json.dumps(manifest).encode()))


def test_a_backup_is_not_put_over_a_database_in_use(backup):
    with pytest.raises(CannotPutBack, match="The database has tables in it"):
        put_back(backup)


@pytest.mark.parametrize("content", [b"", b"Dear diary", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_is_refused(app, tmp_path, content):
    file = tmp_path / "backup.zip"
    file.write_bytes(content)

    with pytest.raises(CannotPutBack, match=r"backup\.zip cannot be put back"):
        put_back(file)


def test_a_file_that_is_none_of_ours_is_refused(backup):
    name, other = "../../../outside.pdf", backup.with_name("other.zip")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(other, "w") as new:
        manifest = json.loads(old.read(MANIFEST))
        manifest["sha256"] = {name: manifest["sha256"][KEY]}
        new.writestr(MANIFEST, json.dumps(manifest))
        new.writestr(name, old.read(KEY))

    with pytest.raises(CannotPutBack, match=f"no file is called {name} here"):
        put_back(other)


def test_without_room_there_is_no_backup_and_nothing_is_left(app, tmp_path):
    nowhere = tmp_path / "file"
    nowhere.write_text("a file, where a folder should be")

    with pytest.raises(CannotBackUp, match="No backup was made: "):
        back_up(nowhere / "backups", at=AT)
