"""How often one address may ask for something that could be guessed at."""

import threading

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import MemoryStorage

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


limiter = Limiter(get_remote_address, storage_uri="swept-memory://", headers_enabled=False)
