"""Later work: a row in the same transaction as its reason, taken with a lease, safe to do twice."""

import inspect
import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.plumbing.database import Model, db, short, transaction
from app.plumbing.room import is_no_room

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 30
UNTIL_THERE_IS_ROOM = timedelta(seconds=10)
"""A full disk is no failure of the work: it waits, for as long as it takes, and does not give up."""
NO_ROOM = "There is no room left on the server."

log = logging.getLogger(__name__)

_let_go: set[UUID] = set()
"""Work of this process whose end could not be written down: its lease is held by nobody."""

Work = Callable[..., None]
_jobs: dict[str, Work] = {}
_last_words: dict[str, Work] = {}


class Job(Model):
    """One piece of later work, and how it went so far."""

    __tablename__ = "job"

    name: Mapped[str] = mapped_column(short(80))
    arguments: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_holder: Mapped[str | None] = mapped_column(short(80))
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    unique_key: Mapped[str | None] = mapped_column(short(120))
    batch: Mapped[str | None] = mapped_column(short(80), index=True)

    __table_args__ = (
        UniqueConstraint("unique_key"),
        Index("ix_job_waiting", "done_at", "cancelled_at", "due_at"),
    )

    @property
    def is_over(self) -> bool:
        """Say whether nothing more will happen to this job."""
        return self.done_at is not None or self.cancelled_at is not None

    @property
    def has_given_up(self) -> bool:
        """Say whether the job failed so often that somebody must look."""
        return not self.is_over and self.attempts >= MOST_ATTEMPTS


class CannotRunYet(Exception):
    """A job found that its turn has not come; it waits without counting as a failure."""

    def __init__(self, wait: timedelta) -> None:
        """Say how long to wait before the next look."""
        super().__init__(f"waits {wait}")
        self.wait = wait


def job(name: str) -> Callable[[Work], Work]:
    """Register the function that does the work of this name."""

    def register(work: Work) -> Work:
        assert name not in _jobs or _jobs[name].__module__ == work.__module__, name
        _jobs[name] = work
        return work

    return register


def gives_up(name: str) -> Callable[[Work], Work]:
    """Register what is done once the work of this name has failed for good: whoever waits is told."""

    def register(last_words: Work) -> Work:
        _last_words[name] = last_words
        return last_words

    return register


def registered_jobs() -> dict[str, Work]:
    """Return every job the house knows, by name."""
    return dict(_jobs)


def enqueue(
    name: str,
    *,
    due_at: datetime,
    batch: str | None = None,
    unique_key: str | None = None,
    **arguments: str,
) -> Job:
    """Write down work for later; it exists if, and only if, the transaction around it is kept.

    A `unique_key` that stands already is the same work: the row there is returned.
    """
    if unique_key is not None:
        standing = db.session.scalar(select(Job).where(Job.unique_key == unique_key))
        if standing is not None:
            return standing
    row = Job(
        name=name,
        arguments=arguments,
        due_at=due_at,
        created_at=due_at,
        batch=batch,
        unique_key=unique_key,
    )
    db.session.add(row)
    return row


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many failures: 10 s, doubling, at most 10 minutes."""
    return min(timedelta(seconds=10 * 2 ** max(attempts - 1, 0)), timedelta(minutes=10))


def run_due(now: Callable[[], datetime], *, limit: int = 1000) -> int:
    """Do the work that is due, one job at a time, and return how many were tried."""
    tried = 0
    while tried < limit:
        taken = take(now())
        if taken is None:
            break
        with _let_go_of_if_it_fails(taken):
            _run(taken, now)
        tried += 1
    return tried


@contextmanager
def _let_go_of_if_it_fails(job_id: UUID) -> Iterator[None]:
    """Free a job at once when the database could not be told what became of it."""
    try:
        yield
    except BaseException:
        _let_go.add(job_id)
        raise


def take(at: datetime) -> UUID | None:
    """Lease the job that has waited longest, or return None when nothing is due."""
    let_go = Job.id.in_(list(_let_go)) & (Job.lease_holder == holder())
    waiting = (
        select(Job)
        .where(
            Job.done_at.is_(None),
            Job.cancelled_at.is_(None),
            Job.due_at <= at,
            Job.attempts < MOST_ATTEMPTS,
            Job.lease_until.is_(None) | (Job.lease_until < at) | let_go,
        )
        .order_by(Job.due_at, Job.created_at, Job.id)
        .limit(1)
    )
    # A look costs no turn to write, so that an idle worker is in nobody's way.
    if db.session.scalar(waiting) is None:
        db.session.rollback()
        return None
    with transaction():
        row = db.session.scalar(waiting.with_for_update(skip_locked=True))
        if row is None:
            return None
        row.lease_until = at + LEASE
        row.lease_holder = holder()
        _let_go.discard(row.id)
        return row.id


def holder() -> str:
    """Return the name under which this process takes leases."""
    return f"{socket.gethostname()}:{os.getpid()}"


_current: ContextVar[UUID | None] = ContextVar("current_job", default=None)


def _run(job_id: UUID, now: Callable[[], datetime]) -> None:
    found = db.session.get(Job, job_id)
    assert found is not None
    name, arguments = found.name, dict(found.arguments)
    db.session.rollback()
    work = _jobs.get(name)
    try:
        with _this_job(job_id):
            if work is None:
                raise LookupError(f"No work is called {name}.")  # noqa: TRY301 - recorded like every other failure
            work(**arguments)
    except CannotRunYet as wait:
        _put_back(job_id, now() + wait.wait)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is kept in the row
        # A failure becomes a row that an organiser can see; only its kind goes to the log (no names).
        log.warning("job %s failed: %s", name, type(error).__name__)
        if is_no_room(error):
            _wait_for_room(job_id, name, now() + UNTIL_THERE_IS_ROOM)
        elif _note_failure(job_id, error, now()):
            _say_last_words(name, arguments)
    else:
        with transaction():
            _row(job_id).done_at = now()


@contextmanager
def _this_job(job_id: UUID) -> Iterator[None]:
    mark = _current.set(job_id)
    try:
        yield
    finally:
        _current.reset(mark)


def _row(job_id: UUID) -> Job:
    row = db.session.get(Job, job_id)
    assert row is not None
    return row


def _wait_for_room(job_id: UUID, name: str, until: datetime) -> None:
    """Put a job back with all others of its name, which would be done in vain as well."""
    with transaction():
        row = _row(job_id)
        row.due_at, row.lease_until, row.lease_holder = until, None, None
        row.last_error = NO_ROOM
        hold_back(name, until=until)


def _put_back(job_id: UUID, due_at: datetime) -> None:
    with transaction():
        row = _row(job_id)
        row.due_at, row.lease_until, row.lease_holder = due_at, None, None


def _note_failure(job_id: UUID, error: Exception, at: datetime) -> bool:
    """Keep what went wrong, and say whether it was the last try."""
    with transaction():
        row = _row(job_id)
        row.attempts += 1
        row.last_error = _said(error)
        row.due_at = at + backoff(row.attempts)
        row.lease_until = row.lease_holder = None
        return row.has_given_up


def _say_last_words(name: str, arguments: dict[str, str]) -> None:
    last_words = _last_words.get(name)
    if last_words is None:
        return
    try:
        last_words(**arguments)
    except Exception as error:  # noqa: BLE001 - the worker goes on; the row stays for the engine room
        log.warning("nobody was told that %s gave up: %s", name, type(error).__name__)


def _said(error: Exception) -> str:
    """Say what went wrong; what a database says of it may hold somebody's name or address."""
    kind = type(error).__name__
    return kind if isinstance(error, SQLAlchemyError) else f"{kind}: {error}"[:500]


def report_progress(done: int, total: int, *, at: datetime) -> None:
    """Tell those who watch how far the running job is, and keep its lease."""
    job_id = _current.get()
    if job_id is None:
        return
    with transaction():
        row = _row(job_id)
        row.progress_done, row.progress_total = done, total
        row.lease_until = at + LEASE


def try_again(row: Job, *, at: datetime) -> None:
    """Let a job that failed run again now, with its attempts forgiven."""
    row.attempts, row.due_at, row.lease_until = 0, at, None


def cancel(row: Job, *, at: datetime) -> None:
    """Take a job off the list for good."""
    if not row.is_over:
        row.cancelled_at = at


def batch_progress(batch: str) -> tuple[int, int, int]:
    """Return how many jobs of a batch are done, how many there are, and how many need a look."""
    rows = db.session.execute(
        select(Job.done_at, Job.cancelled_at, Job.attempts).where(Job.batch == batch)
    ).all()
    done = sum(1 for r in rows if r.done_at is not None)
    stuck = sum(1 for r in rows if r.done_at is None and r.attempts > 0)
    return done, sum(1 for r in rows if r.cancelled_at is None), stuck


def hold_back(name: str, *, until: datetime) -> None:
    """Let no work of this name start before a moment, because what all of it needs is away."""
    db.session.execute(
        update(Job)
        .where(
            Job.name == name,
            Job.done_at.is_(None),
            Job.cancelled_at.is_(None),
            Job.due_at < until,
        )
        .values(due_at=until)
    )


def release_leases_of_the_dead() -> None:
    """Give back what processes of this machine held when they died, so that it is done without delay.

    For a worker that begins: what stands under its own name was held by one before it.
    """
    held = select(Job.lease_holder).where(Job.lease_holder.is_not(None), Job.done_at.is_(None))
    holders = set(db.session.scalars(held.distinct()))
    dead = [name for name in holders if name == holder() or _has_died(name)]
    db.session.execute(
        update(Job)
        .where(Job.lease_holder.in_(dead), Job.done_at.is_(None))
        .values(lease_until=None, lease_holder=None)
    )


def _has_died(name: str | None) -> bool:
    """Say whether a holder of leases was a process of this machine and is no more."""
    machine, _, process = (name or "").rpartition(":")
    if machine != socket.gethostname():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def arguments_fit(name: str, arguments: set[str]) -> bool:
    """Say whether these argument names fit the job of this name."""
    work = _jobs.get(name)
    return work is not None and set(inspect.signature(work).parameters) == arguments


__all__ = [
    "CannotRunYet",
    "Job",
    "arguments_fit",
    "backoff",
    "batch_progress",
    "cancel",
    "enqueue",
    "gives_up",
    "hold_back",
    "job",
    "registered_jobs",
    "release_leases_of_the_dead",
    "report_progress",
    "run_due",
    "take",
    "try_again",
]
