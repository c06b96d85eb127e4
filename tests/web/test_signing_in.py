"""Staff sign-in as staff do it: with a password typed into the real form."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask_security import hash_password
from passlib.totp import TOTP

from app.kernel.actor import SYSTEM
from app.people.actions import end_sign_ins, switch_off
from app.people.models import Account
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.programmes.rules import Role
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.visitor import Visitor

AT = datetime(2026, 3, 26, 8, 0, tzinfo=UTC)
PASSWORD = "four-words-in-a-row"
INSIDE = "/organise/together/completion"


@pytest.fixture
def helen(app):
    account = a_member_of_staff(a_programme(), Role.LEAD, "Helen Shaw")
    with transaction():
        db.session.get(Account, account.id).password = hash_password(PASSWORD)
    return db.session.get(Account, account.id)


@pytest.fixture
def second_factor(app):
    app.config["SECURITY_TWO_FACTOR_REQUIRED"] = True
    yield
    app.config["SECURITY_TWO_FACTOR_REQUIRED"] = False


def signed_in(visitor, account, password=PASSWORD):
    return visitor.fill_in("/sign-in/", email=account.email, password=password)


def letter():
    db.session.rollback()
    return db.session.query(Letter).one()


def test_staff_come_to_the_page_they_wanted(visitor, helen):
    page = visitor.open(INSIDE)
    assert "Staff sign-in" in page.text

    page = visitor.submit(page, "/sign-in/", email=helen.email, password=PASSWORD)
    assert "Staff sign-in" not in page.text

    assert page.status == 200
    assert "Completion" in page.text
    assert "Helen Shaw" in page.text


def test_a_wrong_password_is_told_calmly_and_the_same_for_strangers(visitor, helen):
    wrong = visitor.fill_in("/sign-in/", email=helen.email, password="not-the-password")
    stranger = visitor.fill_in(
        "/sign-in/", email="who@nowhere.example", password="not-the-password"
    )

    sentence = "The e-mail address or the password is not right."
    assert sentence in wrong.text
    assert sentence in stranger.text
    assert "Staff sign-in" in visitor.open(INSIDE).text


def test_signing_out_ends_it(visitor, helen):
    signed_in(visitor, helen)

    visitor.send("/sign-in/out", data={"csrf_token": _token(visitor, INSIDE)})

    assert "Staff sign-in" in visitor.open(INSIDE).text


def test_a_switched_off_account_is_out_at_once(visitor, helen):
    signed_in(visitor, helen)
    with transaction():
        switch_off(db.session.get(Account, helen.id), by=SYSTEM, at=AT)

    assert "Staff sign-in" in visitor.open(INSIDE).text
    assert "not right" in signed_in(visitor, helen).text


def test_sign_ins_end_everywhere_when_they_are_ended(app, visitor, helen):
    elsewhere = Visitor(app)
    signed_in(visitor, helen)
    signed_in(elsewhere, helen)
    with transaction():
        end_sign_ins(db.session.get(Account, helen.id))

    assert "Staff sign-in" in visitor.open(INSIDE).text
    assert "Staff sign-in" in elsewhere.open(INSIDE).text


@pytest.mark.parametrize(
    ("pauses", "is_in"),
    [
        ([timedelta(hours=1, minutes=50)] * 3, True),
        ([timedelta(hours=2, minutes=10)], False),
        ([timedelta(hours=1, minutes=50)] * 7, False),
    ],
    ids=["busy", "idle for two hours", "twelve hours in"],
)
def test_a_sign_in_ends_when_it_is_idle_or_long(visitor, helen, pauses, is_in):
    with time_machine.travel(AT, tick=False) as clock:
        signed_in(visitor, helen)
        for pause in pauses:
            clock.shift(pause)
            page = visitor.open(INSIDE)

    assert ("Completion" in page.text) is is_in


def test_a_forgotten_password_is_replaced_by_mail(visitor, helen):
    page = visitor.fill_in("/sign-in/forgotten", email=helen.email)
    assert page.status == 200
    link = re.search(r"http://localhost(/sign-in/forgotten/\S+)", letter().text).group(1)

    page = visitor.fill_in(
        link, password="other-words-in-a-row", password_confirm="other-words-in-a-row"
    )

    assert "Your password is changed" in page.text
    assert "not right" in signed_in(visitor, helen).text
    signed_in(visitor, helen, "other-words-in-a-row")
    assert "Helen Shaw" in visitor.open(INSIDE).text


def test_a_forgotten_password_tells_strangers_nothing(visitor, helen):
    page = visitor.fill_in("/sign-in/forgotten", email="who@nowhere.example")

    assert "If there is such an account, we have sent it a link." in page.text
    assert db.session.query(Letter).count() == 0


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", "Enter the e-mail address of your account."),
        ("  ", "Enter the e-mail address of your account."),
        ("helen@", "such as name@practice.example"),
    ],
)
def test_a_forgotten_password_asks_for_an_address(visitor, helen, typed, asked):
    page = visitor.fill_in("/sign-in/forgotten", email=typed)

    assert page.status == 422
    assert asked in page.text
    assert "we have sent" not in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("", "", ""), "Enter the password of today."),
        ((PASSWORD, "", ""), "Enter a new password."),
        ((PASSWORD, "quite-new-words", ""), "Type the new password a second time."),
        (("not-the-password", "quite-new-words", "quite-new-words"), "That is not your password."),
        ((PASSWORD, "quite-new-words", "other-words"), "The two new passwords are not the same."),
        ((PASSWORD, "short", "short"), "Choose a password of at least 12 characters."),
        ((PASSWORD, PASSWORD, PASSWORD), "Choose a new password: this is the one you have."),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(visitor, helen, typed, said):
    signed_in(visitor, helen)

    page = visitor.fill_in(
        "/sign-in/password",
        **dict(zip(("password", "new_password", "new_password_confirm"), typed, strict=True)),
    )

    assert said in page.text


def test_a_page_for_a_password_that_is_sent_empty_says_nothing_twice(visitor, helen):
    visitor.fill_in("/sign-in/forgotten", email=helen.email)
    link = re.search(r"http://localhost(/sign-in/forgotten/\S+)", letter().text).group(1)
    chosen = visitor.fill_in(link, password="", password_confirm="")
    signed_in(visitor, helen)
    changed = visitor.fill_in("/sign-in/password")

    # Each sentence stands above and beside its field.
    for page in (chosen, changed):
        assert page.text.count("Enter a new password.") == 2
        assert page.text.count("Type the new password a second time.") == 2
    assert changed.text.count("Enter the password of today.") == 2


def test_signing_in_with_nothing_says_so_once(visitor, helen):
    assert visitor.fill_in("/sign-in/").text.count("is not right. Check both") == 1


def test_a_link_works_once(visitor, helen):
    visitor.fill_in("/sign-in/forgotten", email=helen.email)
    link = re.search(r"http://localhost(/sign-in/forgotten/\S+)", letter().text).group(1)
    visitor.fill_in(link, password="other-words-in-a-row", password_confirm="other-words-in-a-row")

    assert "Choose a password" not in visitor.open(link).text


def test_a_short_password_is_refused(visitor, helen):
    visitor.fill_in("/sign-in/forgotten", email=helen.email)
    link = re.search(r"http://localhost(/sign-in/forgotten/\S+)", letter().text).group(1)

    page = visitor.fill_in(link, password="short", password_confirm="short")

    assert "12 characters" in page.text


def test_the_second_factor_is_set_up_and_then_asked_for(app, visitor, helen, second_factor):
    page = signed_in(visitor, helen)
    assert "second factor" in page.text
    assert "Staff sign-in" in visitor.open(INSIDE).text

    page = signed_in(visitor, helen)
    page = visitor.submit(page, "/sign-in/tf-setup")
    key = re.search(r"Key: ([A-Z2-7-]+)", page.text).group(1).replace("-", "")
    visitor.submit(page, "/", action="tf-validate", code=TOTP(key=key).generate().token)
    assert "Helen Shaw" in visitor.open(INSIDE).text

    later = Visitor(app)
    page = signed_in(later, helen)
    assert "Type the six digits" in page.text
    assert "not right" in later.submit(page, "/sign-in/tf-validate", code="000000").text
    assert "Staff sign-in" in later.open(INSIDE).text


def _token(visitor, path):
    return next(
        v for f in visitor.open(path).forms for n, v in f.values.items() if n == "csrf_token"
    )[0]


def test_a_recovery_code_opens_once(app, visitor, helen, second_factor):
    page = signed_in(visitor, helen)
    page = visitor.submit(page, "/sign-in/tf-setup")
    key = re.search(r"Key: ([A-Z2-7-]+)", page.text).group(1).replace("-", "")
    visitor.submit(page, "/", action="tf-validate", code=TOTP(key=key).generate().token)
    codes = visitor.submit(visitor.open("/sign-in/mf-recovery-codes"), "/sign-in/mf-recovery-codes")
    code = re.search(r"[a-z0-9]+(?:-[a-z0-9]+){2,}", codes.text).group()

    def with_code() -> str:
        lost_phone = Visitor(app)
        signed_in(lost_phone, helen)
        lost_phone.fill_in("/sign-in/mf-recovery", code=code)
        return lost_phone.open(INSIDE).text

    assert "Helen Shaw" in with_code()
    assert "Staff sign-in" in with_code()


@pytest.mark.parametrize(
    "wanted", ["//evil.example/x", "//evil.example/organise/", "/organise//evil.example"]
)
def test_nobody_is_led_outside_after_signing_in(visitor, helen, wanted):
    with visitor.client.session_transaction() as session:
        session["after_sign_in"] = wanted
    signed_in_as = visitor.sign_in(helen).open("/sign-in/arrived", follow=False)

    assert signed_in_as.location.startswith("/organise/")


def test_the_address_of_the_sign_in_leads_nowhere_else(app, visitor, helen):
    page = visitor.open("/sign-in/?next=/sign-in/password", follow=False)
    data = {"email": helen.email, "password": PASSWORD, "csrf_token": _token(visitor, "/sign-in/")}

    sent = visitor.send("/sign-in/", data={**data, "next": "/x"}, follow=False)
    arrived = visitor.send("/sign-in/", data={**data, "remember": "y"}, follow=False)

    assert page.location == "/sign-in/"
    assert sent.location == "/sign-in/"
    assert arrived.location == "/sign-in/arrived"
    assert "remember_token" not in str(arrived.response.headers)
