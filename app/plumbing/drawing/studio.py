"""The asking side: one warm drawing process, asked under a lock and ended when it takes too long."""

import atexit
import contextlib
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock

from app.plumbing.drawing import wire
from app.plumbing.drawing.fonts import write_fontconfig
from app.plumbing.drawing.places import ROOT
from app.plumbing.drawing.refusal import CannotDraw
from app.plumbing.room import is_no_room

SECONDS_FOR_A_REQUEST = 30.0
SECONDS_FOR_A_PAGE = 0.5
SECONDS_TO_START = 60.0

PAGES_OF_A_PROCESS = 500
"""Then a fresh one takes over. Nothing is known to leak; this is the belt to the braces."""

Answer = bytes | CannotDraw


class Studio:
    """A drawing process, started when first needed and again after it was ended."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._easel: _Easel | None = None

    def draw(self, request: Mapping[str, object], *, pages: int) -> list[Answer]:
        """Have the papers of one request drawn; a refusal ends the list early."""
        with self._lock:
            easel = self._ready()
            try:
                return easel.draw(request, pages=pages)
            except (wire.Ended, OSError) as end:
                self._end()
                raise CannotDraw(
                    "This paper cannot be drawn: it took too much time or memory. "
                    "Shorten its text, then try again."
                ) from end

    def is_fast(self) -> bool:
        """Say whether drawing works, and at full speed: HarfBuzz makes the fonts small."""
        with self._lock:
            try:
                return self._ready().is_fast
            except (CannotDraw, OSError):
                return False

    def close(self) -> None:
        """End the drawing process, if there is one, even in the middle of a paper."""
        if self._easel and self._easel.owner == os.getpid():
            # Whoever waits for it is told, and lets go of the lock.
            self._easel.kill()
        with self._lock:
            self._end()

    def _ready(self) -> "_Easel":
        """Return a living process that belongs to us and has not drawn too much."""
        if self._easel and self._easel.owner != os.getpid():
            self._easel = None  # A forked child must not talk into its parent's pipes.
        if self._easel and (self._easel.drawn > PAGES_OF_A_PROCESS or self._easel.has_ended()):
            self._end()
        if self._easel is None:
            self._easel = _started()
        return self._easel

    def _end(self) -> None:
        if self._easel and self._easel.owner == os.getpid():
            self._easel.end()
        self._easel = None


def _started() -> "_Easel":
    try:
        return _Easel()
    except (wire.Ended, OSError) as end:
        if is_no_room(end):
            raise
        raise CannotDraw(
            "Nothing can be drawn: the drawing process does not start, and the log says why. "
            "Tell whoever runs this server."
        ) from end


class _Easel:
    """One drawing process with its two pipes and its folder."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.drawn = 0
        self._folder = tempfile.TemporaryDirectory(prefix="hooray-drawing-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.plumbing.drawing.child"],
            cwd=ROOT,
            env=_bare_environment(Path(self._folder.name)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us; we end it ourselves.
        )
        try:
            greeting = self._answers(time.monotonic() + SECONDS_TO_START)[-1][1]
        except wire.Ended:
            self.end()
            raise
        self.is_fast = greeting == b"fast"

    def draw(self, request: Mapping[str, object], *, pages: int) -> list[Answer]:
        assert self._process.stdin
        deadline = time.monotonic() + SECONDS_FOR_A_REQUEST + pages * SECONDS_FOR_A_PAGE
        self._process.stdin.write(wire.packed({**request, "pages": pages}))
        self._process.stdin.flush()
        self.drawn += pages
        return [
            body if kind is wire.Kind.DRAWN else CannotDraw(body.decode())
            for kind, body in self._answers(deadline)[:-1]
        ]

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        assert self._process.stdin and self._process.stdout
        self.kill()
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):  # what it did not read any more
            self._process.stdin.close()
        self._process.stdout.close()
        self._folder.cleanup()

    def _answers(self, deadline: float) -> Sequence[tuple[wire.Kind, bytes]]:
        """Read frames until the process says that it is done."""
        read = self._reader(deadline)
        frames = [wire.next_frame(read)]
        while frames[-1][0] is not wire.Kind.DONE:
            frames.append(wire.next_frame(read))
        return frames

    def _reader(self, deadline: float) -> Callable[[int], bytes]:
        """Return a function that reads exactly so many bytes, and gives up at the deadline."""
        assert self._process.stdout
        pipe = self._process.stdout.fileno()

        def read(wanted: int) -> bytes:
            got = bytearray()
            while len(got) < wanted:
                patience = max(0.0, deadline - time.monotonic())
                if not select.select([pipe], [], [], patience)[0]:
                    raise wire.Ended("The drawing process took too long.")
                part = os.read(pipe, wanted - len(got))
                if not part:
                    raise wire.Ended("The drawing process ended by itself.")
                got += part
            return bytes(got)

        return read


def _bare_environment(folder: Path) -> dict[str, str]:
    """Return what the drawing process may know: fonts, no addresses of databases, no keys."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "FONTCONFIG_FILE": str(write_fontconfig(folder)),
    }


STUDIO = Studio()
atexit.register(STUDIO.close)
