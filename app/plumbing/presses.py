"""One press of a button has one effect, however often its form arrives.

A form of somebody we know carries an id (`components/token.html`). The transaction that does
what the form asks begins by writing that id down; the same form a second time finds it taken, waits for
the first, does nothing, and is led where the first was led.
"""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from flask import Request, g, has_request_context, request
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.plumbing.database import Model, begin_transactions_with, db, insert_new

FIELD = "press"
OWN_FIELDS = ("submission", "scan_id")
"""Ids of forms whose action knows by itself that they were sent before, and shows its answer again."""

CHUNK = 64 * 1024
KEPT_FOR = timedelta(days=7)


class Press(Model):
    """A form that had its effect, and the address to which its sender was led afterwards."""

    __tablename__ = "press"

    pressed_at: Mapped[datetime] = mapped_column(index=True)
    led_to: Mapped[str | None]


class PressedBefore(Exception):
    """A form had its effect already; nothing was done again."""

    def __init__(self, press: UUID) -> None:
        """Keep which press it was."""
        super().__init__(str(press))
        self.press = press


def expect_press(*, at: datetime) -> None:
    """Let the first transaction of this request be the only one for its press.

    Not for a page that gives a cookie: its answer may get lost, and must then come again.
    """
    g.press_expected_at = at


def claim_press() -> None:
    """Write down the press that the request around us is about, or raise PressedBefore."""
    at = g.pop("press_expected_at", None) if has_request_context() else None
    press = _press_of(request) if at is not None else None
    if press is None:
        return
    if not insert_new(Press(id=press, pressed_at=at)):
        raise PressedBefore(press)
    g.claimed_press = press


def claimed_press() -> UUID | None:
    """Return the press that this request has written down, if any."""
    press: UUID | None = g.get("claimed_press")
    return press


def remember_where(press: UUID, led_to: str) -> None:
    """Keep where the sender of a press was led."""
    db.session.execute(update(Press).where(Press.id == press).values(led_to=led_to))


def led_to_after(press: UUID) -> str | None:
    """Return where the sender of a press was led, once that is known."""
    return db.session.scalar(select(Press.led_to).where(Press.id == press))


def forget_presses(*, at: datetime) -> None:
    """Delete presses so old that their forms will not arrive again."""
    db.session.execute(delete(Press).where(Press.pressed_at < at - KEPT_FOR))


def _press_of(request: Request) -> UUID | None:
    """Return the press that a form is: its id and its contents.

    The contents count because somebody may step back, change what they wrote and send that.
    """
    if any(name in request.form for name in OWN_FIELDS):
        return None
    try:
        sent_as = UUID(request.form.get(FIELD, ""))
    except ValueError:
        return None
    digest = hashlib.sha256(request.path.encode())
    for name, value in request.form.items(multi=True):
        if name != "csrf_token":
            digest.update(repr((name, value)).encode())
    for name, upload in request.files.items(multi=True):
        digest.update(repr((name, upload.filename)).encode())
        read_so_far = upload.stream.tell()
        upload.stream.seek(0)
        while some := upload.stream.read(CHUNK):
            digest.update(some)
        upload.stream.seek(read_so_far)
    return uuid5(sent_as, digest.hexdigest())


begin_transactions_with(claim_press)
