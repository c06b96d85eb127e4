"""How often one address may ask for something that could be guessed at."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import MemoryStorage

from app.kernel.refusal import NotThere

SWEEP_SECONDS = 30.0


class SweptMemory(MemoryStorage):
    """Counts in memory, swept now and then; the library's own starts a thread with every request."""

    STORAGE_SCHEME = ["swept-memory"]

    _sweep: threading.Timer

    @property
    def timer(self) -> threading.Timer:
        """Return the thread that will sweep next."""
        return self._sweep

    @timer.setter
    def timer(self, sweep: threading.Timer) -> None:
        sweep.interval, sweep.daemon = SWEEP_SECONDS, True
        self._sweep = sweep


class PageLimits(Limiter):
    """Limits that pages name; the library's own look, before every page, at limits for all finds none."""

    def init_app(self, app: Flask) -> None:
        """Join the limits to an application."""
        super().init_app(app)
        app.before_request_funcs[None].remove(self._check_request_limit)


limiter = PageLimits(get_remote_address, storage_uri="swept-memory://", headers_enabled=False)

A_MAILBOX = "5 per 10 minutes"
"""So many letters may be asked for to one address, whoever asks from wherever."""


@contextmanager
def counting_misses() -> Iterator[None]:
    """Count only who asks for what is not there: who holds a right link is never held up.

    Three hundred people may open theirs behind one address, and mail programs open every letter.
    """
    try:
        yield
    except NotThere:
        with limiter.limit("120 per minute"):
            raise


def mailbox_typed() -> str:
    """Return whom a limit is about: the address that was typed, which is nobody's to fill."""
    typed = request.form.get("email", "").strip().lower()
    return hashlib.sha256(typed.encode()).hexdigest() if typed else get_remote_address()


def this_person() -> str:
    """Return whom a limit on somebody's own pages is about: them, never the venue's one address."""
    return str((request.view_args or {})["me"].id)


def did_something(response: Response) -> bool:
    """Say whether an answer counts where only what was done counts: it leads on to another page."""
    return response.status_code in {302, 303}


def was_wrong(response: Response) -> bool:
    """Say whether an answer counts where only wrong guesses count."""
    return response.status_code not in {302, 303, 429}
