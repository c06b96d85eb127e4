import re

import pytest
from sqlalchemy import select

from app.people.models import Account
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db
from app.plumbing.mail import Letter
from tests.factories.people import an_account
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
