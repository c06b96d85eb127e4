"""Private files by key: written whole or not at all, and found again by their fingerprint."""

import hashlib
import os
import re
from pathlib import Path
from uuid import uuid4

from flask import current_app

_KEY = re.compile(r"[a-z]+(/[a-z0-9-]+)+\.[a-z0-9]{1,5}")


def keep_file(key: str, content: bytes) -> str:
    """Write a private file, durable before this returns, and return its SHA-256 in hex."""
    place = _place(key)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.{uuid4().hex}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
    _sync_folder(place.parent)
    return hashlib.sha256(content).hexdigest()


def file_content(key: str) -> bytes | None:
    """Return what a private file holds, or None if there is none of that key."""
    place = _place(key)
    return place.read_bytes() if place.is_file() else None


def drop_file(key: str) -> None:
    """Delete a private file, if it is there."""
    _place(key).unlink(missing_ok=True)


def _place(key: str) -> Path:
    # Keys are made of ids by us; this check is for the day when somebody forgets that.
    if not _KEY.fullmatch(key):
        raise ValueError("Not a key of a private file.")
    return Path(current_app.config["DATA_FOLDER"]) / "files" / key


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
