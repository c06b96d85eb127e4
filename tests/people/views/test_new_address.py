"""Somebody gives themselves another e-mail address, and proves that they read its mail."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.kernel.actor import Actor
from app.kernel.clock import now
from app.people.actions import (
    CODES_IN_A_PAUSE,
    PAUSE,
    WRONG_TRIES,
    AddressIsTaken,
    ask_for_new_address,
    enter_code_of_new_address,
    erase,
    mint_link,
)
from app.people.models import MailedCode, Person, Visit
from app.people.queries import digits_of, visit_with
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.plumbing.queue import run_due
from tests.factories.people import a_person, a_visit_of, an_account
from tests.together import side_by_side
from tests.visitor import Visitor

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
OLD, NEW = "gwen@hilltop.example", "gwen@riverside.example"
PAGE, CONFIRM = "/my/e-mail", "/my/e-mail/code"
GWEN = Actor("attendee", None, "Gwen Price")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as travelling:
        yield travelling


@pytest.fixture
def gwen(app):
    return a_person("Gwen Price", email=OLD)


@pytest.fixture
def phone(app, gwen) -> Visitor:
    return Visitor(app).carry(visit=a_visit_of(gwen, at=AT))


def letters_to(address):
    db.session.rollback()
    asked = select(Letter).where(Letter.to_address == address).order_by(Letter.created_at)
    return db.session.scalars(asked).all()


def code_sent_to(address):
    return re.search(r"^(\d{4} \d{4})$", letters_to(address)[-1].text, re.MULTILINE)[1]


def address_of(person):
    db.session.rollback()
    return db.session.get_one(Person, person.id).email


def test_the_new_address_counts_once_its_code_is_entered(phone, gwen, clock):
    page = phone.fill_in(PAGE, email=f"  {NEW.title()} ")
    assert f"We sent eight digits to {NEW}." in page.text
    assert address_of(gwen) == OLD

    clock.shift(timedelta(minutes=1))
    page = phone.fill_in(CONFIRM, code=code_sent_to(NEW))

    assert f"We write to {NEW} from now on." in page.text
    assert address_of(gwen) == NEW
    (told,) = letters_to(OLD)
    assert told.subject == "Your e-mail address was changed"
    assert NEW not in told.text
    link = re.search(r"/l/(\S+)", letters_to(NEW)[-1].text)[1]
    assert "Gwen Price" in Visitor(phone.app).fill_in(f"/l/{link}").text
    entry = db.session.query(AuditEntry).filter_by(verb="changed their address").one()
    assert "@" not in f"{entry.before} {entry.after}"


def test_links_and_visits_of_the_old_address_end_but_for_this_one(app, phone, gwen):
    other = Visitor(app).carry(visit=a_visit_of(gwen, at=AT))
    with transaction():
        token = mint_link(gwen, at=AT, expires_at=AT + timedelta(days=30))
    phone.fill_in(PAGE, email=NEW)

    phone.fill_in(CONFIRM, code=code_sent_to(NEW))

    assert phone.open("/my").status == 200
    assert other.open("/my", follow=False).status in {302, 401}
    assert Visitor(app).open(f"/l/{token}").status == 410


def test_an_old_link_alone_does_not_change_the_address(app, gwen):
    phone = Visitor(app).carry(visit=a_visit_of(gwen, at=AT, is_proven=False))

    assert "Get a code" in phone.open(PAGE).text
    assert "Get a code" in phone.open(CONFIRM).text
    assert letters_to(NEW) == []


def test_the_same_is_said_whose_address_it_may_be(phone, gwen, clock):
    somebody = a_person("Ravi Shah", email="ravi@practice.example")

    free = phone.fill_in(PAGE, email=NEW).text.replace(NEW, "it")
    clock.shift(timedelta(seconds=1))
    taken = phone.fill_in(PAGE, email=somebody.email).text.replace(somebody.email, "it")

    assert free == taken
    a, b = letters_to(NEW)[0], letters_to(somebody.email)[0]
    digits = re.compile(r"\d{4} \d{4}")
    assert digits.sub("", a.text.replace(NEW, "")) == digits.sub(
        "", b.text.replace(somebody.email, "")
    )


def test_only_who_reads_its_mail_learns_that_an_address_is_taken(phone, gwen):
    somebody = a_person("Ravi Shah", email="ravi@practice.example")
    phone.fill_in(PAGE, email=somebody.email)

    assert "That is not the code" in phone.fill_in(CONFIRM, code="1234 5678").text
    page = phone.fill_in(CONFIRM, code=code_sent_to(somebody.email))

    assert page.status == 409
    assert "belongs to somebody else on our list" in page.text
    assert (address_of(gwen), address_of(somebody)) == (OLD, somebody.email)


def test_a_wrong_code_is_counted_until_none_works(phone, gwen):
    phone.fill_in(PAGE, email=NEW)
    for _ in range(WRONG_TRIES):
        assert phone.fill_in(CONFIRM, code="1234 5678").status == 422

    page = phone.fill_in(CONFIRM, code=code_sent_to(NEW))

    assert page.status == 422
    assert address_of(gwen) == OLD


def test_a_code_runs_out_and_its_address_is_forgotten(phone, gwen, clock):
    phone.fill_in(PAGE, email=NEW)
    run_due(now)
    assert db.session.query(MailedCode).count() == 1

    clock.shift(PAUSE)
    run_due(now)

    assert db.session.query(MailedCode).count() == 0
    assert phone.open(CONFIRM, follow=False).location.endswith(PAGE)


def test_codes_are_not_sent_without_end(phone, gwen):
    for number in range(CODES_IN_A_PAUSE):
        phone.fill_in(PAGE, email=f"gwen{number}@riverside.example")

    page = phone.fill_in(PAGE, email=NEW)

    assert page.status == 409
    assert "We sent several codes just now." in page.text
    assert letters_to(NEW) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter your new e-mail address."),
        ("gwen", "such as"),
        (OLD.upper(), "This is the address that we write to already."),
    ],
)
def test_what_is_no_new_address_is_refused_in_words(phone, gwen, typed, said):
    page = phone.fill_in(PAGE, email=typed)

    assert page.status == 422
    assert said in page.text
    assert letters_to(typed) == []


def test_the_code_of_an_address_does_not_open_what_is_closed(app, gwen):
    key = a_visit_of(gwen, at=AT, is_proven=False)
    with transaction():
        ask_for_new_address(visit_with(key, at=AT), NEW, at=AT)
    phone = Visitor(app).carry(visit=key)
    code = code_sent_to(NEW)

    page = phone.open("/my/code")
    assert "Get a code" in page.text
    phone.submit(page, "/my/code", action="/my/code/letter")
    assert phone.fill_in("/my/code", action="/my/code", code=code).status == 422


def test_a_member_of_staff_keeps_the_address_they_sign_in_with(app):
    account = an_account("Helen Shaw")
    phone = Visitor(app).carry(visit=a_visit_of(account.person, at=AT))
    before = account.email

    assert "You sign in as staff with" in phone.open(PAGE).text
    phone.fill_in(PAGE, email=NEW)
    phone.fill_in(CONFIRM, code=code_sent_to(NEW))

    db.session.refresh(account)
    assert (account.email, address_of(account.person)) == (before, NEW)


def test_whoever_is_erased_leaves_no_address_that_was_only_asked_for(phone, gwen):
    phone.fill_in(PAGE, email=NEW)

    with transaction():
        erase(db.session.get_one(Person, gwen.id), reason="Asked", by=GWEN, at=AT)

    assert letters_to(NEW) == []
    assert db.session.query(MailedCode).count() == 0


def test_two_who_want_one_address_at_once_get_it_once(app, gwen):
    """G5: the unique constraint has the last word, and it is the same sentence."""
    ravi = a_person("Ravi Shah", email="ravi@practice.example")
    entering = [entering_code_for(NEW, person) for person in (gwen, ravi)]

    refused = [came for came in side_by_side(app, *entering) if came is not True]

    assert [type(why) for why in refused] == [AddressIsTaken]
    assert sorted([address_of(gwen), address_of(ravi)]) in (
        sorted([NEW, "ravi@practice.example"]),
        sorted([OLD, NEW]),
    )


def test_two_presses_at_once_change_it_once(app, gwen):
    came_of = side_by_side(app, *[entering_code_for(NEW, gwen)] * 2)

    assert sorted(came_of) == [False, True]
    assert address_of(gwen) == NEW
    assert len(letters_to(OLD)) == 1


def entering_code_for(address, person):
    """Have a code sent to an address; return the act of entering it."""
    visit = visit_with(a_visit_of(person, at=AT), at=AT)
    with transaction():
        ask_for_new_address(visit, address, at=AT)
    code = db.session.scalars(select(MailedCode).where(MailedCode.visit_id == visit.id)).one()
    visit_id, digits = visit.id, digits_of(code)

    def enter():
        with transaction():
            visit = db.session.get_one(Visit, visit_id)
            return enter_code_of_new_address(visit, digits, by=GWEN, at=AT)

    return enter
