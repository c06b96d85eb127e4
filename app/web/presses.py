"""What becomes of a form that arrives twice: its sender is led where the first was led."""

import time
from uuid import uuid4

from flask import Flask, Response, redirect
from flask.typing import ResponseReturnValue

from app.plumbing.database import db, transaction
from app.plumbing.presses import PressedBefore, claimed_press, led_to_after, remember_where
from app.web.errors import answer

LONGEST_WAIT = 2.0
PAUSE = 0.05


def register(app: Flask) -> None:
    """Give every form its press, and lead those who sent one twice to what came of it."""
    app.jinja_env.globals["new_press"] = uuid4
    app.register_error_handler(PressedBefore, pressed_before)
    app.after_request(keep_where_it_led)


def keep_where_it_led(response: Response) -> Response:
    """Write down where the sender of a press is led, for the same form arriving again."""
    press = claimed_press()
    if press is not None and response.location:
        with transaction():
            remember_where(press, response.location)
    return response


def pressed_before(error: PressedBefore) -> ResponseReturnValue:
    """Lead to where the first of two equal forms leads, as soon as it has been answered."""
    for _ in range(int(LONGEST_WAIT / PAUSE)):
        db.session.rollback()
        led_to = led_to_after(error.press)
        if led_to is not None:
            return redirect(led_to)
        time.sleep(PAUSE)
    return answer("pressed_before", 409)
