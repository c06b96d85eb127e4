from dataclasses import replace

import pytest

from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter, Words, forget_letters_about, mail_settings, post, set_up_mail
from app.plumbing.queue import run_due
from tests.mailserver import a_mail_server

WORDS = Words("Your network in December", "What is new.", "<p>What is new.</p>")
WAY_OUT = f"https://improvement.example.org/network/leave/{'0123456789abcdef' * 8}/at-once"


@pytest.fixture
def mail_server(app):
    before = mail_settings()
    with a_mail_server() as server:
        set_up_mail(replace(before, smtp_url=server.url))
        yield server
    set_up_mail(before)


def a_letter(leave_url: str | None) -> None:
    with transaction():
        post(
            WORDS,
            to_name="Gwen Price",
            to_address="gwen@practice.example",
            at=now(),
            about="network-digest:1",
            leave_url=leave_url,
        )


@pytest.mark.parametrize(
    ("leave_url", "way_out", "at_one_press"),
    [
        (WAY_OUT, f"<{WAY_OUT}>", "List-Unsubscribe=One-Click"),
        (WAY_OUT.replace("https", "http"), f"<{WAY_OUT.replace('https', 'http')}>", None),
        (None, None, None),
    ],
)
def test_a_letter_tells_mail_programs_how_to_end_such_letters(
    mail_server, leave_url, way_out, at_one_press
):
    a_letter(leave_url)

    run_due(now)

    (letter,) = mail_server.letters
    assert letter["List-Unsubscribe"] == way_out
    assert letter["List-Unsubscribe-Post"] == at_one_press
    (bytes_sent,) = mail_server.as_they_came
    assert f"\r\nList-Unsubscribe: {way_out}\r\n".encode() in bytes_sent or way_out is None


def test_a_way_out_is_forgotten_with_the_words_of_its_letter(mail_server):
    a_letter(WAY_OUT)
    run_due(now)
    assert [row.leave_url for row in db.session.query(Letter)] == [None]

    a_letter(WAY_OUT)
    with transaction():
        db.session.query(Letter).update({"state": "kept"})
        forget_letters_about("Gwen Price", "other@practice.example")
    assert [row.leave_url for row in db.session.query(Letter)] == [None, None]
