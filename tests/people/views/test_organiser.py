import re

import pytest
from sqlalchemy import select

from app.kernel.actor import Actor
from app.people.actions import erase_with_account
from app.people.models import Account, Person
from app.people.rules import ERASED_NAME
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.plumbing.spreadsheets import read_table
from app.registration.actions.lists import take_list
from app.registration.models import InvitationList
from tests.factories.events import an_event
from tests.factories.people import LONG_AGO, an_account
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.visitor import Visitor


@pytest.fixture
def sam(app) -> Account:
    return an_account("Sam Ortiz", is_administrator=True)


@pytest.fixture
def administrator(app, sam) -> Visitor:
    return Visitor(app).sign_in(sam)


def account_of(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).one()


def test_an_account_is_opened_and_its_owner_chooses_a_password(administrator, app):
    page = administrator.fill_in(
        "/organise/accounts/new", name="Helen Shaw", email="Helen@Northvale.example"
    )

    assert "Helen Shaw gets an e-mail" in page.text
    letter = db.session.scalars(select(Letter)).one()
    link = re.search(r"http://localhost(/\S+)", letter.text)[1]
    helen = Visitor(app)
    page = helen.fill_in(
        link, password="a long enough password", password_confirm="a long enough password"
    )
    assert account_of("helen@northvale.example").password is not None
    assert helen.open(link).status == 200
    assert "Choose a password" not in helen.open(link).html.split("<h1>")[1][:30]


def test_an_address_has_one_account(administrator, sam):
    page = administrator.fill_in("/organise/accounts/new", name="Sam", email=sam.email)

    assert page.status == 409
    assert "has an account already" in page.text


def test_a_wrong_address_is_named(administrator):
    page = administrator.fill_in("/organise/accounts/new", name="Sam", email="sam at home")

    assert page.status == 422
    assert "Enter an e-mail address" in page.text


def test_somebody_is_switched_off_and_out_at_once(app, administrator):
    account = an_account("Marcus Obi", is_administrator=True)
    marcus = Visitor(app).sign_in(account)
    address = f"/organise/accounts/{account.id}"

    page = administrator.submit(administrator.open(address), address, action="/switched-off")

    assert "Marcus Obi can no longer sign in." in page.text
    assert marcus.open("/organise/", follow=False).status == 302

    page = administrator.submit(page, address, action="/switched-on")
    assert "Marcus Obi can sign in again." in page.text


def test_nobody_switches_themselves_off(administrator, sam):
    address = f"/organise/accounts/{sam.id}"
    page = administrator.open(address)
    assert "Switch off" not in page.text

    token = page.forms[-1].values["csrf_token"]
    refused = administrator.send(f"{address}/switched-off", data={"csrf_token": token})

    assert refused.status == 409
    assert db.session.get(Account, sam.id).active


def test_sign_ins_end_everywhere(app, administrator):
    account = an_account("Marcus Obi", is_administrator=True)
    marcus = Visitor(app).sign_in(account)
    address = f"/organise/accounts/{account.id}"

    administrator.submit(administrator.open(address), address, action="/ended-sign-ins")

    assert marcus.open("/organise/", follow=False).status == 302


def test_a_lost_second_factor_goes_with_a_reason(administrator):
    account = an_account("Helen Shaw", tf_primary_method="authenticator", tf_totp_secret="x")
    address = f"/organise/accounts/{account.id}"

    wrong = administrator.fill_in(address, action="/second-factor-reset", reason="")
    assert wrong.status == 422
    page = administrator.fill_in(address, action="/second-factor-reset", reason="Lost phone")

    assert "sets up a new second factor" in page.text
    assert db.session.get(Account, account.id).tf_primary_method is None
    assert db.session.scalars(select(AuditEntry)).one().reason == "Lost phone"


def test_a_new_link_is_sent(administrator):
    account = an_account("Helen Shaw")
    address = f"/organise/accounts/{account.id}"

    administrator.submit(administrator.open(address), address, action="/invitation")

    assert db.session.scalars(select(Letter)).one().to_address == account.email


def test_all_accounts_are_listed_by_name(administrator):
    an_account("Helen Shaw", password="x")
    an_account("Asha Patel", active=False)

    page = administrator.open("/organise/accounts")

    assert page.text.index("Asha Patel") < page.text.index("Helen Shaw")
    assert "Switched off" in page.text


def test_whoever_does_not_work_here_any_more_is_erased_with_the_account(administrator, app):
    programme = a_programme()
    helen = a_member_of_staff(programme, name="Helen Shaw")
    event = an_event(programme)
    account_id, person_id = helen.id, helen.person_id
    address = f"/organise/accounts/{account_id}"
    with transaction():
        table = read_table(b"Name,E-mail\nEd,ed@hilltop.example\n", filename="guests.csv")
        take_list(
            event, table, filename="guests.csv", by=Actor("staff", helen.id, "Helen"), at=LONG_AGO
        )
    early = administrator.fill_in(f"{address}/erase", reason="She left.")
    assert (early.status, "Switch the account off first" in early.text) == (409, True)

    administrator.fill_in(address, action="/switched-off")
    asking = administrator.open(f"{address}/erase")
    assert "Their name beside what they signed" in asking.text
    unsaid = administrator.submit(asking, f"{address}/erase")
    assert (unsaid.status, "Say why" in unsaid.text) == (422, True)
    page = administrator.submit(asking, f"{address}/erase", reason="She left and asked for it.")

    assert "Erased, and the account is deleted." in page.text
    assert "Helen Shaw" not in page.text
    db.session.rollback()
    assert db.session.get(Account, account_id) is None
    person = db.session.get_one(Person, person_id)
    assert (person.name, person.email) == (ERASED_NAME, None)
    assert db.session.query(InvitationList).count() == 0
    assert administrator.open(f"{address}/erase").status == 404


def test_nobody_erases_themselves_with_their_account(administrator, sam):
    page = administrator.open(f"/organise/accounts/{sam.id}/erase")

    assert (page.status, "Ask another administrator" in page.text) == (409, True)


def test_two_administrators_erase_somebody_once(app, sam):
    helen = a_member_of_staff(a_programme(), name="Helen Shaw")
    with transaction():
        helen.active = False
    account_id, by = helen.id, Actor("staff", sam.id, "Sam Ortiz")

    for _ in range(2):
        with transaction():
            erase_with_account(account_id, reason="She left.", by=by, at=LONG_AGO)

    erased = db.session.query(AuditEntry).filter_by(verb="erased").count()
    assert (erased, db.session.get(Account, account_id)) == (1, None)
