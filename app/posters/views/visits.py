"""Each browser counts once at a poster; its own team and organisers do not."""

import logging
from collections.abc import Mapping
from datetime import datetime
from threading import Lock, Timer
from uuid import UUID

from flask import Flask, current_app, request, session
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.clock import now
from app.kernel.text import counted
from app.plumbing.database import transaction
from app.posters.actions.visiting import Visits, note_visits
from app.posters.views.looking import Sight

SEEN = "seen_posters"
MOST_REMEMBERED = 60
"""So many codes fit into a browser's cookie many times over."""

GATHERED_FOR = 0.5
"""Seconds. With those between two looks of the wall it stays within the three it promises."""

log = logging.getLogger(__name__)


class Tally:
    """Visits that were counted and are not written down yet.

    Two hundred phones that each wrote at once would keep the door waiting. A visit is promised to
    nobody: a process that is killed loses the newest. One that is stopped waits for the thread that
    writes them, which is no daemon.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counting, self._writing = Lock(), Lock()
        self._visits: dict[UUID, Visits] = {}
        self._is_awaited = False

    def count(self, poster_id: UUID, *, at: datetime) -> bool:
        """Count one more browser at a poster; say whether nobody has been told yet to write it."""
        with self._counting:
            self._add({poster_id: Visits(count=1, first_at=at, last_at=at)})
            was_awaited, self._is_awaited = self._is_awaited, True
        return not was_awaited

    def write(self) -> None:
        """Write down what was counted; if the database is away, with what is counted next."""
        with self._writing:
            visits = self._taken()
            if not visits:
                return
            try:
                with transaction():
                    note_visits(visits)
            except SQLAlchemyError as error:
                with self._counting:
                    self._add(visits)
                where = counted(len(visits), "poster")
                log.warning("visits at %s wait: %s", where, type(error).__name__)

    def _taken(self) -> Mapping[UUID, Visits]:
        with self._counting:
            taken, self._visits, self._is_awaited = self._visits, {}, False
        return taken

    def _add(self, visits: Mapping[UUID, Visits]) -> None:
        for poster_id, more in visits.items():
            so_far = self._visits.get(poster_id)
            self._visits[poster_id] = so_far.with_more(more) if so_far else more


TALLY = Tally()


def count_visit(sight: Sight) -> None:
    """Count this browser at a poster, the first time that it opens the poster's page."""
    code, seen = sight.poster.code, session.get(SEEN, [])
    is_ours = sight.looker.sees_all or sight.looker.is_of(sight.poster)
    if is_ours or code in seen or request.method != "GET":
        return
    if TALLY.count(sight.poster.id, at=now()):
        _write_soon(current_app._get_current_object())  # type: ignore[attr-defined]  # the documented way to hand it to a thread
    session[SEEN] = [*seen, code][-MOST_REMEMBERED:]


def _write_soon(app: Flask) -> None:
    soon = Timer(GATHERED_FOR, _write_for, [app])
    soon.daemon = False  # as it would be, like the server's thread that starts it: see Tally
    soon.start()


def _write_for(app: Flask) -> None:
    with app.app_context():
        TALLY.write()
