"""The mail server is away for six hours: every letter arrives once, soon after it is back."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.checkin.rules.log import Outcome
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter, LetterState, Words, mail_settings, post, set_up_mail
from app.plumbing.queue import run_due
from app.registration.queries import pass_code
from tests.factories.checkin import a_desk, scanned
from tests.factories.events import an_event
from tests.factories.programmes import a_programme
from tests.factories.registration import a_registration, the_code_of
from tests.mailserver import MailServer, a_mail_server

BEGINS = datetime(2026, 3, 26, 9, 0, tzinfo=UTC)
AWAY = timedelta(hours=6)
SOON = timedelta(minutes=10)
TICK = timedelta(minutes=1)


@pytest.fixture
def mail_server(app) -> Iterator[MailServer]:
    before = mail_settings()
    with a_mail_server() as server:
        set_up_mail(replace(before, smtp_url=server.url))
        yield server
    set_up_mail(before)


def letters_to(how_many: int, at: datetime) -> None:
    with transaction():
        for number in range(how_many):
            post(
                Words("Your pass", "Bring it along.", "<p>Bring it along.</p>"),
                to_name=f"Person {number}",
                to_address=f"person-{number}@practice.example",
                at=at,
                about=f"letter:{number}",
            )


def work_until(end: datetime, clock: time_machine.Traveller) -> None:
    """Let the worker look for due work every minute, as time goes by."""
    while now() < end:
        clock.shift(TICK)
        run_due(now)


def waiting() -> int:
    db.session.rollback()
    return db.session.query(Letter).filter_by(state=LetterState.QUEUED).count()


@pytest.mark.parametrize("trouble", ["", "421 Come back later", "451 No room"])
def test_all_letters_arrive_once_after_the_mail_server_was_away(app, mail_server, is_full, trouble):
    # A server that is full is asked again for every letter: that is seventy times in six hours.
    how_many = (100 if is_full else 5) if trouble.startswith("451") else (1000 if is_full else 50)
    with time_machine.travel(BEGINS, tick=False) as clock:
        letters_to(how_many, now())
        mail_server.trouble = trouble
        if not trouble:
            mail_server.go()
        work_until(BEGINS + AWAY, clock)
        assert mail_server.letters == []
        assert waiting() == how_many

        mail_server.trouble = ""
        if not trouble:
            mail_server.come()
        work_until(BEGINS + AWAY + SOON, clock)

    assert waiting() == 0
    assert len(mail_server.letters) == how_many
    assert set(Counter(mail_server.message_ids).values()) == {1}


def test_a_mail_server_that_is_away_is_not_asked_once_for_every_letter(app, mail_server):
    with time_machine.travel(BEGINS, tick=False) as clock:
        letters_to(200, now())
        mail_server.trouble = "421 Come back later"
        tried = 0
        for _ in range(20):
            clock.shift(TICK / 2)
            tried += run_due(now)

    assert 5 <= tried <= 11


def test_people_are_checked_in_while_the_mail_server_is_away(app, mail_server):
    event = an_event(a_programme())
    desk = a_desk(event)
    code = pass_code(the_code_of(a_registration(event)))
    mail_server.go()
    with time_machine.travel(event.starts_at, tick=False) as clock:
        letters_to(5, now())
        work_until(now() + timedelta(minutes=5), clock)

        answer = scanned(code, desk, at=now())

    assert answer.outcome is Outcome.ADMITTED
    assert waiting() == 5


def test_a_letter_that_no_server_takes_for_days_is_refused_in_the_end(app, mail_server):
    with time_machine.travel(BEGINS, tick=False) as clock:
        letters_to(1, now())
        mail_server.trouble = "451 No room"
        for _ in range(4 * 24):
            clock.shift(timedelta(hours=1))
            run_due(now)
        mail_server.trouble = ""

    db.session.rollback()
    letter = db.session.query(Letter).one()
    assert (letter.state, letter.last_error) == (LetterState.REFUSED, "451 No room")
