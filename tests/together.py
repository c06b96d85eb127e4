"""What several people do at the same moment, each in a thread of their own."""

import threading
from collections.abc import Callable

from flask import Flask

from app.plumbing.database import db, transaction

Act = Callable[[], object]


def side_by_side(app: Flask, *acts: Act) -> list[object]:
    """Do everything at the same moment; return what each act returned, or why it failed."""
    start = threading.Barrier(len(acts), timeout=10)
    came_of: list[object] = [TimeoutError("was not done in time") for _ in acts]
    db.session.rollback()

    def run(number: int, act: Act) -> None:
        with app.app_context():
            try:
                start.wait()
                came_of[number] = act()
            except Exception as error:  # noqa: BLE001 - shown to the test
                came_of[number] = error

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came_of


def at_once(app: Flask, *acts: Act) -> list[Exception]:
    """Do everything at the same moment, each in a transaction of its own; return what was refused."""
    came_of = side_by_side(app, *map(_in_a_transaction, acts))
    return [came for came in came_of if isinstance(came, Exception)]


def _in_a_transaction(act: Act) -> Act:
    def kept() -> object:
        with transaction():
            return act()

    return kept
