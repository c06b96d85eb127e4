"""The drawing process: WeasyPrint alone, with limits, without the house's secrets.

Started by `studio`, which talks to it through its standard input and output.
"""

import contextlib
import gc
import os
import resource
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from app.plumbing.drawing import wire
from app.plumbing.drawing.refusal import CannotDraw
from app.plumbing.drawing.renderer import SUBSETS_FAST, Renderer

MEMORY = 1 << 30
CPU_SECONDS = 20
"""For one request; what is asked for more pages gets more."""

CLOSED_TO_A_PAINTER = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "ctypes.dlopen")


def main() -> None:
    """Draw what is asked for until nobody asks any more."""
    _limit_memory()
    requests, answers = _private_pipes()
    renderer = Renderer()
    _calm_the_collector()
    sys.addaudithook(_stay_at_the_easel)
    _answer(answers, wire.frame(wire.Kind.DONE, b"fast" if SUBSETS_FAST else b"slow"))
    while (request := wire.next_request(requests)) is not None:
        _limit_time(request["pages"])
        for frame in _frames(renderer, request):
            _answer(answers, frame)
        _answer(answers, wire.frame(wire.Kind.DONE))


def _calm_the_collector() -> None:
    """Leave what was made at the start alone, and look for garbage less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _limit_memory() -> None:
    # macOS knows no limit of address space; the limit of time holds there too.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(pages: int) -> None:
    """Grant a request so much time of the processor; the kernel ends the process after it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS + pages // 4, hard))


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the two pipes for requests and answers; what a library prints goes to the log."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def _stay_at_the_easel(event: str, _arguments: tuple[Any, ...]) -> None:
    """Refuse the network and other programs, whatever a paper's text talks a library into."""
    if event.startswith(CLOSED_TO_A_PAINTER):
        raise PermissionError(f"The drawing process does not do {event}.")


def _answer(answers: BinaryIO, frame: bytes) -> None:
    answers.write(frame)
    answers.flush()


def _frames(renderer: Renderer, request: dict[str, Any]) -> Iterator[bytes]:
    """Yield every paper of a request, or why it cannot be drawn."""
    try:
        for drawn in _drawn(renderer, request):
            yield wire.frame(wire.Kind.DRAWN, drawn)
    except CannotDraw as refusal:
        yield wire.frame(wire.Kind.REFUSED, str(refusal).encode())


def _drawn(renderer: Renderer, request: dict[str, Any]) -> Iterator[bytes]:
    match request["draw"]:
        case "singles":
            yield from renderer.singles(request["certificates"])
        case "print file":
            yield renderer.print_file(
                request["certificates"], blank_last=request["blank_last"], title=request["title"]
            )
        case "document":
            yield renderer.document(
                request["html"],
                title=request["title"],
                codes=request.get("codes", {}),
                pictures=request.get("pictures", {}),
            )


if __name__ == "__main__":
    main()
