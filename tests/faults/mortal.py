"""A process of ours that dies where it is told: `python -m tests.faults.mortal issue|work`.

HOORAY_CRASH_AT=rename:3 kills it just before it gives a file its name for the third time. The steps
are those at which something leaves this process: a transaction begins to be kept (commit) or has been
kept (committed), a file is begun (draft) or gets its name (rename), a mail server is called (connect)
or told something (send).
"""

import os
import signal
import sys
from collections import Counter
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.certificates.actions.issuing import completions_ready, issue_completions
from app.certificates.actions.sending import send_all
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.queue import release_leases_of_the_dead, run_due
from app.programmes.models import Programme
from app.web.factory import create_app
from app.web.settings import settings_from

STEPS = ("commit", "committed", "draft", "rename", "connect", "send")
HELEN = Actor("staff", None, "Helen Shaw")

step, _, number = os.environ.get("HOORAY_CRASH_AT", ":0").partition(":")
passed: Counter[str] = Counter()


def pass_by(here: str) -> None:
    """Go past a step, or die before it."""
    passed[here] += 1
    if here == step and passed[here] == int(number):
        os.kill(os.getpid(), signal.SIGKILL)


def listen(happening: str, arguments: tuple[Any, ...]) -> None:
    """Notice what this process does to files and to mail servers."""
    if happening == "open" and "/files/" in str(arguments[0]) and "w" in str(arguments[1]):
        pass_by("draft")
    elif happening == "os.rename" and "/files/" in str(arguments[0]):
        pass_by("rename")
    elif happening in {"smtplib.connect", "smtplib.send"}:
        pass_by(happening.partition(".")[2])


def issue() -> None:
    """Issue certificates to everybody who is complete, and let them be sent."""
    with transaction():
        programme = db.session.query(Programme).one()
        expected = len(completions_ready(programme, at=now()).awards)
        issue_completions(programme, expected=expected, batch="batch", by=HELEN, at=now())


def send() -> None:
    """Send everybody their certificate, once."""
    with transaction():
        send_all(db.session.query(Programme).one(), by=HELEN, at=now())


def work() -> None:
    """Do all later work, as a worker that begins does."""
    with transaction():
        release_leases_of_the_dead()
    run_due(now)


if __name__ == "__main__":
    app = create_app(settings_from(os.environ))
    sys.addaudithook(listen)
    event.listen(Engine, "commit", lambda _connection: pass_by("commit"))
    event.listen(Session, "after_commit", lambda _session: pass_by("committed"))
    with app.app_context():
        {"issue": issue, "send": send, "work": work}[sys.argv[1]]()
