"""Pictures of files that somebody sent us: PDF, PNG or JPEG, and nothing in them can do any harm.

Every file is read in a process of its own, with limits of time and memory, without network and
without our secrets (see `app.plumbing.darkroom`). What cannot be shown is refused by name.
"""

import errno
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO

from app.plumbing.darkroom.kinds import kind_of
from app.plumbing.darkroom.limits import MOST_BYTES, NO_ROOM, TILE
from app.plumbing.darkroom.refusal import UnfitFile
from app.plumbing.database import db
from app.plumbing.drawing import wire
from app.plumbing.files import file_content

__all__ = [
    "MOST_BYTES",
    "TILE",
    "Looks",
    "Pictures",
    "UnfitFile",
    "look_at",
    "pictures_of",
    "pictures_of_upload",
]

ROOT = Path(__file__).resolve().parents[2]
SECONDS = {"look": 20.0, "develop": 120.0}

_turn = Lock()
"""One file at a time: whoever uploads waits a moment, everybody else's pages do not."""


@dataclass(frozen=True)
class Looks:
    """What a file is: its kind by content, its pages, its size in points or pixels, and advice."""

    kind: str
    pages: int
    width: int
    height: int
    advice: str


@dataclass(frozen=True)
class Pictures:
    """What is made of a file: the file to hand out, its pictures, and tiles by their names."""

    original: bytes
    thumb: bytes
    small: bytes
    large: bytes
    tiles: Mapping[str, bytes]
    small_size: tuple[int, int]
    large_size: tuple[int, int]
    rows: int
    columns: int


def look_at(content: bytes, *, filename: str) -> Looks:
    """Return what a file is, or refuse it: it is read as far as needed to be sure of it."""
    if len(content) > MOST_BYTES:
        raise UnfitFile(too_large(len(content)))
    kind = kind_of(content, filename=filename)
    facts = json.loads(_asked("look", kind, content)["facts"])
    wide, high = facts["size"]
    return Looks(kind, facts["pages"], round(wide), round(high), facts["advice"])


def too_large(size: int) -> str:
    """Say that a file is too large, and what to do about it."""
    return (
        f"This file has {size / 1024 / 1024:,.0f} MB; {MOST_BYTES // 1024 // 1024} MB is the most. "
        "Save the poster with smaller pictures, then upload it again."
    )


def pictures_of(content: bytes, *, kind: str) -> Pictures:
    """Return the cleaned file and its pictures, or refuse it."""
    made = _asked("develop", kind, content)
    facts = json.loads(made["facts"])
    return Pictures(
        original=made["original"],
        thumb=made["thumb"],
        small=made["small"],
        large=made["large"],
        tiles={name: content for name, content in made.items() if name.startswith("tile-")},
        small_size=(facts["small"][0], facts["small"][1]),
        large_size=(facts["large"][0], facts["large"][1]),
        rows=facts["rows"],
        columns=facts["columns"],
    )


def pictures_of_upload(raw_key: str, *, kind: str) -> Pictures:
    """Return the cleaned file and its pictures of an upload as it arrived, or refuse it.

    Ends the database's reading: no transaction stays open while pictures are made.
    """
    content = file_content(raw_key)
    db.session.rollback()
    if content is None:
        raise UnfitFile("This file did not arrive whole. Upload it again.")
    return pictures_of(content, kind=kind)


def _asked(work: str, kind: str, content: bytes) -> Mapping[str, bytes]:
    with (
        _turn,
        tempfile.TemporaryFile() as source,
        tempfile.TemporaryFile() as answers,
    ):
        source.write(content)
        source.seek(0)
        try:
            ended = subprocess.run(  # noqa: S603 - a program of ours; the file is its input, not its name
                [sys.executable, "-m", "app.plumbing.darkroom.child", work, kind],
                cwd=ROOT,
                env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
                stdin=source,
                stdout=answers,
                stderr=subprocess.DEVNULL,  # libraries print what hostile files tell them to
                timeout=SECONDS[work],
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise _beyond() from late
        if ended.returncode == NO_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        answers.seek(0)
        return _read(answers)


def _beyond() -> UnfitFile:
    return UnfitFile(
        "This file needs too much time or memory to be shown. "
        "Save the poster as a simpler or smaller PDF, then upload that."
    )


def _read(answers: IO[bytes]) -> dict[str, bytes]:
    """Read what came of a file, or raise its refusal; a process that was ended says nothing more."""

    def exactly(wanted: int) -> bytes:
        got = answers.read(wanted)
        if len(got) < wanted:
            raise _beyond()
        return got

    made: dict[str, bytes] = {}
    while True:
        kind, body = wire.next_frame(exactly)
        if kind is wire.Kind.DONE:
            return made
        if kind is wire.Kind.REFUSED:
            raise UnfitFile(body.decode())
        name, _, content = body.partition(b"\0")
        made[name.decode()] = content
