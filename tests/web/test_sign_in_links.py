import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.kernel.actor import SYSTEM
from app.people.actions import switch_off
from app.people.models import Account
from app.plumbing.database import db, transaction
from app.plumbing.limits import limiter
from app.plumbing.mail import Letter
from app.programmes.rules import Role
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.visitor import Visitor

AT = datetime(2026, 3, 26, 8, 0, tzinfo=UTC)


@pytest.fixture
def helen(app):
    limiter.reset()
    return a_member_of_staff(a_programme(), Role.LEAD, "Helen Shaw")


def mailed_link(visitor: Visitor, account: Account) -> str:
    visitor.fill_in("/sign-in/link", email=account.email)
    db.session.rollback()
    (letter,) = db.session.query(Letter).all()
    return re.search(r"http://localhost(/sign-in/link/\S+)", letter.text)[1]


def test_a_mailed_link_signs_in_once(app, visitor, helen):
    link = mailed_link(visitor, helen)

    page = visitor.submit(visitor.open(link), link, action=link)
    again = Visitor(app).open(link)

    assert "Practices Improving Together" in page.text
    assert "Helen Shaw" in page.text
    assert again.status == 410


def test_opening_the_link_names_nobody_and_changes_nothing(app, visitor, helen):
    link = mailed_link(visitor, helen)
    for _ in range(3):
        page = Visitor(app).open(link)
        assert "Sign in by your link" in page.text
        assert "Helen" not in page.html

    assert "Staff sign-in" in visitor.open("/organise/").text


def test_a_link_ends_after_ten_minutes(visitor, helen):
    with time_machine.travel(AT, tick=False) as clock:
        link = mailed_link(visitor, helen)
        clock.shift(timedelta(minutes=11))
        page = visitor.open(link)

    assert page.status == 410
    assert "Ask for a new one" in page.text


def test_a_link_asks_for_the_second_factor(visitor, helen):
    with transaction():
        account = db.session.get(Account, helen.id)
        account.tf_primary_method, account.tf_totp_secret = "authenticator", "x"
    link = mailed_link(visitor, helen)

    visitor.submit(visitor.open(link), link, action=link)

    assert "Staff sign-in" in visitor.open("/organise/").text


def test_strangers_and_those_switched_off_get_the_same_answer_and_no_mail(visitor, helen):
    with transaction():
        switch_off(db.session.get(Account, helen.id), by=SYSTEM, at=AT)

    for email in (helen.email, "nobody@northvale.example"):
        page = visitor.fill_in("/sign-in/link", email=email)
        assert "If there is such an account, we have sent it a link." in page.text
    assert db.session.query(Letter).all() == []


def test_a_wrong_link_opens_nothing(visitor, helen):
    assert visitor.open("/sign-in/link/not-a-token").status == 410
