"""The process in which one file is looked at: no network, no other file, little time and memory.

Started by `app.plumbing.pictures`, once for every file. The file is its standard input, what came of
it its standard output.
"""

import contextlib
import errno
import io
import json
import os
import resource
import sys
from collections.abc import Iterator
from typing import BinaryIO

import pikepdf
import pypdfium2
from PIL import Image

from app.plumbing.darkroom.limits import (
    LARGE,
    NO_ROOM,
    SMALL,
    SMALL_BYTES,
    THUMB,
    THUMB_BYTES,
    TILE,
)
from app.plumbing.darkroom.papers import Paper, cleaned
from app.plumbing.darkroom.photographs import Photograph
from app.plumbing.darkroom.refusal import UnfitFile
from app.plumbing.drawing import wire

ADDRESSES = 1 << 30
MEMORY = 512 << 20
MOST_WRITTEN = 200 << 20
CPU_SECONDS = {"look": 8, "develop": 60}
QUALITIES = (86, 72, 52, 36)

File = tuple[str, bytes]


def main() -> None:
    """Look at the file, or develop its pictures, and say what came of it."""
    work, kind = sys.argv[1:]
    content = sys.stdin.buffer.read()
    _shut_the_door(CPU_SECONDS[work])
    try:
        _answer(work, kind, content, sys.stdout.buffer)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        os._exit(NO_ROOM)  # at once: Python would try to write the rest of the answer


def _answer(work: str, kind: str, content: bytes, answers: BinaryIO) -> None:
    try:
        for name, made in _looked_at(content, kind) if work == "look" else _pictures(content, kind):
            answers.write(wire.frame(wire.Kind.DRAWN, name.encode() + b"\0" + made))
    except UnfitFile as refusal:
        answers.write(wire.frame(wire.Kind.REFUSED, str(refusal).encode()))
    answers.write(wire.frame(wire.Kind.DONE))
    answers.flush()


def _shut_the_door(seconds: int) -> None:
    """Let the kernel refuse every further file, connection and process, and bound the rest."""
    _fetch_what_comes_late()
    with contextlib.suppress(ValueError, OSError):  # macOS knows not all of them
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    # The three that are open stay open; a fourth there cannot be, and so no connection either.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    os.nice(10)


def _fetch_what_comes_late() -> None:
    """Load what libraries load only when they are first used."""
    Image.init()
    white = Image.new("RGB", (8, 8), "white")
    for form in ("PNG", "JPEG", "WEBP"):
        white.save(io.BytesIO(), form)
    blank = pikepdf.new()
    blank.add_blank_page(page_size=(8, 8))
    locked, saved = io.BytesIO(), io.BytesIO()
    blank.save(locked, encryption=pikepdf.Encryption(owner="x", user=""))
    with pikepdf.open(locked) as unlocked:
        unlocked.save(saved)
    pypdfium2.PdfDocument(saved.getvalue())[0].render().to_pil()


def _looked_at(content: bytes, kind: str) -> Iterator[File]:
    """Say what a file holds: its pages, its size, and what its team should know about it."""
    if kind == "pdf":
        clean, pages = cleaned(content)
        shot: Paper | Photograph = Paper(clean)
    else:
        shot, pages = Photograph(content, kind), 1
    shot.picture(64)
    yield _facts(pages=pages, size=shot.size, advice=shot.advice())


def _facts(**facts: object) -> File:
    return "facts", json.dumps(facts).encode()


def _pictures(content: bytes, kind: str) -> Iterator[File]:
    """Make the file that is handed out, and the pictures of it at every size."""
    if kind == "pdf":
        original, _ = cleaned(content)
        shot: Paper | Photograph = Paper(original)
    else:
        shot = Photograph(content, kind)
        original = shot.rewritten()
    yield "original", original
    del content, original
    large = shot.picture(LARGE)
    yield "large", _jpeg(large)
    small, small_size = _within(large, SMALL, SMALL_BYTES)
    yield "small", small
    thumb, _ = _within(large, THUMB, THUMB_BYTES)
    yield "thumb", thumb
    large_size = large.size
    del large
    rows = columns = 0
    closest = shot.closest()
    for row, band in enumerate(shot.bands(closest) if closest else ()):
        rows, columns = row + 1, -(-band.width // TILE)
        for column in range(columns):
            yield f"tile-{row}-{column}", _tile(band, column)
    yield _facts(large=large_size, small=small_size, rows=rows, columns=columns)


def _within(picture: Image.Image, longest: int, most: int) -> tuple[bytes, tuple[int, int]]:
    """Return a picture as sharp as it can be in so many bytes, and its size."""
    copy = picture.copy()
    copy.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    for quality in QUALITIES:
        made = io.BytesIO()
        copy.save(made, "WEBP", quality=quality, method=4)
        if made.tell() <= most:
            return made.getvalue(), copy.size
    return _within(picture, longest * 3 // 4, most)


def _tile(band: Image.Image, column: int) -> bytes:
    """Cut a tile out of a band, filled up with white at the edges."""
    tile = Image.new("RGB", (TILE, TILE), "white")
    left = column * TILE
    tile.paste(band.crop((left, 0, min(left + TILE, band.width), min(TILE, band.height))))
    return _jpeg(tile)


def _jpeg(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=84, subsampling=0, optimize=True)
    return made.getvalue()


if __name__ == "__main__":
    main()
