"""Private files by key: written whole or not at all, and found again by their fingerprint."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from flask import current_app

_KEY = re.compile(r"[a-z]+(/[a-z0-9-]+)+\.[a-z0-9]{1,5}")


def keep_file(key: str, content: bytes) -> str:
    """Write a private file, durable before this returns, and return its SHA-256 in hex."""
    place = _place(key)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.{uuid4().hex}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    except BaseException:
        draft.unlink(missing_ok=True)  # on a full disk it would only take more of the room
        raise
    sync_folder(place.parent)
    return hashlib.sha256(content).hexdigest()


@contextmanager
def file_kept_with(key: str, content: bytes) -> Iterator[str]:
    """Keep a private file together with what is written inside: all of it, or nothing."""
    fingerprint = keep_file(key, content)
    try:
        yield fingerprint
    except BaseException:
        drop_file(key)
        raise


def file_content(key: str) -> bytes | None:
    """Return what a private file holds, or None if there is none of that key."""
    place = _place(key)
    return place.read_bytes() if place.is_file() else None


def is_key(name: str) -> bool:
    """Say whether a private file of ours could have this key."""
    return _KEY.fullmatch(name) is not None


def kept_files() -> Iterator[tuple[str, Path]]:
    """Yield the key and the place of every private file; drafts are none."""
    kept = _folder()
    for place in sorted(kept.rglob("*")):
        key = place.relative_to(kept).as_posix()
        if is_key(key) and place.is_file():
            yield key, place


def drop_file(key: str) -> None:
    """Delete a private file, if it is there."""
    _place(key).unlink(missing_ok=True)


def _place(key: str) -> Path:
    # Keys are made of ids by us; this check is for the day when somebody forgets that.
    if not is_key(key):
        raise ValueError("Not a key of a private file.")
    return _folder() / key


def _folder() -> Path:
    return Path(current_app.config["DATA_FOLDER"]) / "files"


def sync_folder(folder: Path) -> None:
    """Make the names of the files in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
