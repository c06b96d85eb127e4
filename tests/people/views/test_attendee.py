"""The mailed code that opens what an old link leaves closed: needs, the name on certificates."""

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
NAME = "/my/name-on-certificate"
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


def test_one_person_s_guesses_hold_nobody_else_up_at_the_same_venue(app, gwens_phone):
    lee = Visitor(app).carry(visit=a_visit_of(a_person("Lee Adams"), at=AT, is_proven=False))
    form = gwens_phone.fill_in(CODE, action=SEND)
    for _ in range(60):
        form = gwens_phone.submit(form, CODE, action=TYPE, code="")

    assert gwens_phone.submit(form, CODE, action=TYPE, code="").status == 429
    assert "We sent eight digits" in lee.fill_in(CODE, action=SEND).text


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


def asks_name(page) -> bool:
    return any({"name", "certificate_name"} & set(form.names) for form in page.forms)


def test_an_older_link_changes_everything_but_the_name(gwens_phone, gwen, booking):
    page = gwens_phone.open(CHANGE)
    done = gwens_phone.submit(page, CHANGE, role="Nurse")

    db.session.refresh(booking)
    assert not asks_name(page)
    assert ("Change the name", CODE) in page.links()
    assert "Saved." in done.text
    assert (booking.role, gwen.name_on_certificate) == ("Nurse", "Gwen Price")


def test_an_older_link_says_with_one_press_that_the_name_is_right(gwens_phone, gwen):
    page = gwens_phone.open(NAME)

    done = gwens_phone.submit(page, NAME)

    db.session.refresh(gwen)
    assert not asks_name(page)
    assert ("Change the name", f"/my/code?back={NAME}") in page.links()
    assert "Your certificates will read Gwen Price." in done.text
    assert (gwen.certificate_name, gwen.certificate_name_confirmed_at) == ("Gwen Price", AT)


def test_a_mailed_code_opens_the_name(gwens_phone, gwen):
    back = f"/my/code?back={NAME}"
    gwens_phone.fill_in(back, action=SEND)

    page = gwens_phone.fill_in(back, action=TYPE, code=code_in_the_letter())
    done = gwens_phone.submit(page, NAME, name="Gwén Price")

    assert asks_name(page)
    assert "Your certificates will read Gwén Price." in done.text


def test_with_a_place_the_first_name_needs_no_code(gwens_phone, booking):
    autumn = an_event(booking.event.programme, "autumn")
    place = f"/my/together/{autumn.slug}/place"

    done = gwens_phone.fill_in(place, practice="none", certificate_name="Dr Gwen Price")

    assert "You're booked." in done.text
    assert "Your certificate will read Dr Gwen Price" in done.text


def test_with_another_place_the_name_stays_as_it_was_given(gwens_phone, gwen, booking):
    with transaction():
        gwen.certificate_name = "Dr Gwen Price"
    autumn = an_event(booking.event.programme, "autumn")
    place = f"/my/together/{autumn.slug}/place"

    page = gwens_phone.open(place)
    done = gwens_phone.submit(page, place, practice="none")

    assert not asks_name(page)
    assert "Your certificate will read Dr Gwen Price" in done.text


@pytest.mark.parametrize(("address", "name"), [(CHANGE, "certificate_name"), (NAME, "name")])
def test_a_name_typed_while_the_time_ran_out_is_kept_and_not_saved(
    app, gwen, booking, ten_in_march, address, name
):
    visitor = Visitor(app).carry(visit=a_visit_of(gwen, at=AT))
    form = visitor.open(address)
    ten_in_march.shift(timedelta(minutes=31))

    page = visitor.submit(form, address, **{name: "Gwén Price"})

    db.session.refresh(gwen)
    assert page.status == 409
    assert "Not saved yet" in page.text
    assert "Gwén Price" in page.html
    assert gwen.name_on_certificate == "Gwen Price"
    visitor.fill_in(CODE, action=SEND)
    visitor.fill_in(CODE, action=TYPE, code=code_in_the_letter())
    visitor.submit(page, address)
    db.session.refresh(gwen)
    assert gwen.name_on_certificate == "Gwén Price"


def test_the_name_that_stands_needs_no_code(app, gwen, ten_in_march):
    visitor = Visitor(app).carry(visit=a_visit_of(gwen, at=AT))
    form = visitor.open(NAME)
    ten_in_march.shift(timedelta(minutes=31))

    assert "Your certificates will read Gwen Price." in visitor.submit(form, NAME).text


def test_a_page_opened_before_the_code_empties_no_needs(gwens_phone, booking):
    told = Needs(diet="vegan", adjustments=("step_free",), wants_call=True, phone="07700 900123")
    with transaction():
        keep_needs(booking, told, by=ORGANISER, at=AT)
    form = gwens_phone.open(CHANGE)
    gwens_phone.fill_in(CODE, action=SEND)
    gwens_phone.fill_in(CODE, action=TYPE, code=code_in_the_letter())

    done = gwens_phone.submit(form, CHANGE, role="Nurse")

    assert "Saved." in done.text
    assert said_needs(booking) == told
