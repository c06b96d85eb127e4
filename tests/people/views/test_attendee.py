"""The mailed code that opens what somebody told us about their needs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.people.actions import CODES_IN_A_PAUSE, PAUSE, WRONG_TRIES, mint_link
from app.people.models import MailedCode
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.registration.actions.needs import Needs, keep_needs, said_needs
from tests.factories.events import an_event
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_programme
from tests.factories.registration import a_registration
from tests.registration.test_booking import ORGANISER
from tests.visitor import Visitor

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
CHANGE = "/my/together/summit/change"
CODE = f"/my/code?back={CHANGE}"
SEND, TYPE = "/my/code/letter", "/my/code"


@pytest.fixture(autouse=True)
def ten_in_march():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def gwen(app):
    return a_person("Gwen Price", email="gwen@hilltop.example")


@pytest.fixture
def booking(app, gwen):
    registration = a_registration(an_event(a_programme()), gwen)
    with transaction():
        keep_needs(registration, Needs(diet="vegan"), by=ORGANISER, at=AT)
    return registration


@pytest.fixture
def gwens_phone(app, gwen, booking) -> Visitor:
    """A browser that came in by a link of some weeks ago."""
    return Visitor(app).carry(visit=a_visit_of(gwen, at=AT, is_proven=False))


def by_a_link(app: Flask, person, *, mailed_at: datetime) -> Visitor:
    with transaction():
        token = mint_link(person, at=mailed_at, expires_at=AT + timedelta(days=30))
    visitor = Visitor(app)
    visitor.fill_in(f"/l/{token}")
    return visitor


def letters() -> list[Letter]:
    db.session.rollback()
    return db.session.scalars(select(Letter).order_by(Letter.created_at.desc())).all()


def code_in_the_letter() -> str:
    return re.search(r"^\d{4} \d{4}$", letters()[0].text, re.MULTILINE)[0]


def wrong(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def shows_needs(page) -> bool:
    return any("diet" in form.names for form in page.forms)


def test_whoever_opens_a_link_just_mailed_is_not_asked(app, gwen, booking):
    visitor = by_a_link(app, gwen, mailed_at=AT - timedelta(minutes=9))

    assert shows_needs(visitor.open(CHANGE))
    assert "Vegan" in visitor.open("/my/data").text
    assert visitor.open(CODE, follow=False).location == CHANGE


def test_an_older_link_shows_everything_but_the_needs(app, gwen, booking):
    visitor = by_a_link(app, gwen, mailed_at=AT - timedelta(minutes=10))

    page = visitor.open(CHANGE)
    data = visitor.open("/my/data")

    assert not shows_needs(page)
    assert ("See or change them", CODE) in page.links()
    assert "Vegan" not in data.text
    assert ("See what you told us", "/my/code?back=/my/data") in data.links()


def test_other_answers_change_without_a_code_and_the_needs_stay(gwens_phone, booking):
    done = gwens_phone.fill_in(CHANGE, role="Nurse", photo="yes")

    db.session.refresh(booking)
    assert "Saved." in done.text
    assert (booking.role, booking.photo_consent) == ("Nurse", True)
    assert said_needs(booking) == Needs(diet="vegan")


def test_a_mailed_code_opens_the_needs_for_half_an_hour(gwens_phone, gwen, ten_in_march):
    sent = gwens_phone.fill_in(CODE, action=SEND)
    assert "We sent eight digits to gwen@hilltop.example." in sent.text

    page = gwens_phone.fill_in(CODE, action=TYPE, code=code_in_the_letter())

    assert shows_needs(page)
    ten_in_march.shift(timedelta(minutes=29))
    assert shows_needs(gwens_phone.open(CHANGE))
    ten_in_march.shift(timedelta(minutes=1))
    assert not shows_needs(gwens_phone.open(CHANGE))


def test_the_code_stands_in_the_letter_alone(gwens_phone, gwen):
    gwens_phone.fill_in(CODE, action=SEND)
    digits = code_in_the_letter().replace(" ", "")

    letter = letters()[0]
    kept = db.session.scalars(select(MailedCode)).one()

    assert digits[:4] not in letter.subject
    assert digits not in "".join(str(getattr(kept, c.name)) for c in kept.__table__.columns)


@pytest.mark.parametrize("later", [timedelta(minutes=9, seconds=59), timedelta(minutes=10)])
def test_a_code_works_for_ten_minutes(gwens_phone, gwen, ten_in_march, later):
    form = gwens_phone.fill_in(CODE, action=SEND)
    ten_in_march.shift(later)

    page = gwens_phone.submit(form, CODE, action=TYPE, code=code_in_the_letter())

    assert shows_needs(page) == (later < timedelta(minutes=10))
    assert page.status == (200 if later < timedelta(minutes=10) else 422)


def test_a_code_works_only_in_the_browser_that_asked(app, gwen, gwens_phone):
    gwens_phone.fill_in(CODE, action=SEND)
    other = Visitor(app).carry(visit=a_visit_of(gwen, at=AT, is_proven=False))
    code = code_in_the_letter()
    other.fill_in(CODE, action=SEND)

    page = other.fill_in(CODE, action=TYPE, code=code)

    assert page.status == 422
    assert "That is not the code, or it has run out." in page.text


def test_a_code_can_be_guessed_at_five_times(gwens_phone, gwen):
    form = gwens_phone.fill_in(CODE, action=SEND)
    code = code_in_the_letter()
    for _ in range(WRONG_TRIES):
        form = gwens_phone.submit(form, CODE, action=TYPE, code=wrong(code))
        assert form.status == 422

    page = gwens_phone.submit(form, CODE, action=TYPE, code=code)

    assert page.status == 422
    assert not shows_needs(gwens_phone.open(CHANGE))


def test_four_wrong_tries_do_not_spoil_the_fifth(gwens_phone, gwen):
    form = gwens_phone.fill_in(CODE, action=SEND)
    code = code_in_the_letter()
    for _ in range(WRONG_TRIES - 1):
        form = gwens_phone.submit(form, CODE, action=TYPE, code=wrong(code))

    assert shows_needs(gwens_phone.submit(form, CODE, action=TYPE, code=code))


def test_a_mailbox_gets_few_codes_whatever_browser_asks(app, gwen, ten_in_march, booking):
    for _ in range(CODES_IN_A_PAUSE):
        visitor = Visitor(app).carry(visit=a_visit_of(gwen, at=AT, is_proven=False))
        visitor.fill_in(CODE, action=SEND)
        ten_in_march.shift(timedelta(minutes=1))

    refused = visitor.fill_in(CODE, action=SEND)

    assert refused.status == 409
    assert "We sent several codes just now." in refused.text
    ten_in_march.shift(PAUSE)
    assert "We sent eight digits" in visitor.fill_in(CODE, action=SEND).text


def test_a_double_press_sends_one_letter(gwens_phone, gwen):
    form = gwens_phone.open(CODE)

    for _ in range(2):
        gwens_phone.submit(form, CODE, action=SEND)

    assert len(letters()) == 1


def test_opening_the_page_sends_nothing(gwens_phone, gwen):
    gwens_phone.open(CODE)

    assert letters() == []


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/organise", "/my/../v", "/my?x=//evil"]
)
def test_a_code_leads_back_to_ones_own_pages_only(app, gwen, booking, back):
    visitor = Visitor(app).carry(visit=a_visit_of(gwen, at=AT))

    page = visitor.open("/my/code", query_string={"back": back}, follow=False)

    assert page.location == "/my"


def test_what_was_typed_while_the_time_ran_out_is_kept_and_not_saved(
    app, gwen, booking, ten_in_march
):
    visitor = Visitor(app).carry(visit=a_visit_of(gwen, at=AT))
    form = visitor.open(CHANGE)
    ten_in_march.shift(timedelta(minutes=31))

    page = visitor.submit(form, CHANGE, access_other="A seat near the door")

    assert page.status == 409
    assert "Not saved yet" in page.text
    assert "A seat near the door" in page.html
    assert said_needs(booking) == Needs(diet="vegan")
    visitor.fill_in(CODE, action=SEND)
    visitor.fill_in(CODE, action=TYPE, code=code_in_the_letter())
    visitor.submit(page, CHANGE)
    db.session.rollback()
    assert said_needs(booking) == Needs(diet="vegan", access_other="A seat near the door")
