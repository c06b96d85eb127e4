import socket
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from app.plumbing import queue
from app.plumbing.database import db, transaction
from app.plumbing.queue import (
    Job,
    enqueue,
    gives_up,
    job,
    release_leases_of_the_dead,
    run_due,
    take,
    try_again,
)

AT = datetime(2026, 3, 26, 9, 30, tzinfo=UTC)
done: list[str] = []


@job("tests.note")
def note(word: str) -> None:
    if word == "fail":
        raise ValueError("no")
    done.append(word)


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()


def only_job() -> Job:
    db.session.rollback()
    return db.session.query(Job).one()


def test_a_job_is_done_when_it_is_due(app):
    with transaction():
        enqueue("tests.note", due_at=AT, word="mail")

    assert run_due(lambda: AT - timedelta(seconds=1)) == 0
    assert run_due(lambda: AT) == 1
    assert done == ["mail"]
    assert run_due(lambda: AT) == 0


def test_a_job_disappears_with_its_reason(app):
    with pytest.raises(LookupError), transaction():
        enqueue("tests.note", due_at=AT, word="mail")
        raise LookupError

    assert run_due(lambda: AT) == 0


def test_a_failed_job_waits_longer_each_time_and_says_why(app):
    with transaction():
        enqueue("tests.note", due_at=AT, word="fail")

    assert run_due(lambda: AT) == 1
    assert run_due(lambda: AT + timedelta(seconds=5)) == 0
    assert run_due(lambda: AT + timedelta(seconds=10)) == 1
    row = only_job()
    assert (row.attempts, row.last_error) == (2, "ValueError: no")
    assert row.due_at == AT + timedelta(seconds=30)


def test_a_leased_job_is_left_alone_until_the_lease_runs_out(app):
    with transaction():
        enqueue("tests.note", due_at=AT, word="mail")
    assert take(AT) is not None

    assert run_due(lambda: AT + timedelta(minutes=1)) == 0
    assert run_due(lambda: AT + queue.LEASE + timedelta(seconds=1)) == 1
    assert done == ["mail"]


def test_the_same_work_is_written_down_once(app):
    with transaction():
        enqueue("tests.note", due_at=AT, unique_key="k", word="mail")
        enqueue("tests.note", due_at=AT, unique_key="k", word="mail")

    assert run_due(lambda: AT) == 1


def test_a_job_that_gave_up_can_be_tried_again(app):
    with transaction():
        row = enqueue("tests.note", due_at=AT, word="mail")
        row.attempts = queue.MOST_ATTEMPTS
    assert run_due(lambda: AT) == 0

    with transaction():
        try_again(only_job(), at=AT)

    assert run_due(lambda: AT) == 1


def test_what_a_dead_worker_held_is_taken_over_and_what_a_living_one_holds_is_not(app):
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    machine = socket.gethostname()
    held_by = {
        "dead": f"{machine}:{ended.pid}",
        "living": f"{machine}:1",
        "far": f"else:{ended.pid}",
    }
    with transaction():
        for word, name in held_by.items():
            row = enqueue("tests.note", due_at=AT, word=word)
            row.lease_holder, row.lease_until = name, AT + queue.LEASE

    with transaction():
        release_leases_of_the_dead()
    run_due(lambda: AT)

    assert done == ["dead"]


@gives_up("tests.note")
def say_it_failed(word: str) -> None:
    if db.session.query(Job).count() > 1:
        raise LookupError("nobody is there")
    done.append(f"gave up: {word}")


def test_whoever_waits_is_told_when_a_job_gives_up_and_not_before(app):
    with transaction():
        enqueue("tests.note", due_at=AT, word="fail")
    run_due(lambda: AT)
    assert done == []
    row_id = only_job().id
    with transaction():
        db.session.get_one(Job, row_id).attempts = queue.MOST_ATTEMPTS - 1

    run_due(lambda: AT + timedelta(hours=1))

    assert done == ["gave up: fail"]
    assert only_job().has_given_up


def test_the_worker_goes_on_when_nobody_could_be_told(app):
    with transaction():
        enqueue("tests.note", due_at=AT + timedelta(seconds=1), word="mail")
        enqueue("tests.note", due_at=AT, word="fail").attempts = queue.MOST_ATTEMPTS - 1

    assert run_due(lambda: AT + timedelta(seconds=2)) == 2
    assert done == ["mail"]


@job("tests.cut_off")
def cut_off(word: str) -> None:
    done.append(word)
    if len(done) == 1:
        raise KeyboardInterrupt


def test_a_job_whose_end_was_not_written_down_is_taken_up_again_at_once(app):
    with transaction():
        enqueue("tests.cut_off", due_at=AT, word="mail")
    with pytest.raises(KeyboardInterrupt):
        run_due(lambda: AT)
    assert only_job().lease_until is not None

    assert run_due(lambda: AT) == 1

    assert done == ["mail", "mail"]
    assert only_job().is_over
