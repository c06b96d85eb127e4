import pytest
import time_machine

from app.certificates.models import CertificateIssue
from app.certificates.rules import Holder
from app.plumbing.database import db
from app.plumbing.queue import run_due
from app.programmes.rules import Role
from tests.factories.certificates import (
    AFTER_THE_SUMMIT,
    a_complete_person,
    a_rule,
)
from tests.factories.programmes import a_member_of_staff, a_programme


@pytest.fixture(autouse=True)
def after_the_summit():
    with time_machine.travel(AFTER_THE_SUMMIT, tick=False):
        yield


@pytest.fixture
def programme(app):
    programme = a_programme()
    a_rule(programme, Holder.PERSON)
    return programme


@pytest.fixture
def lead(visitor, programme):
    return visitor.sign_in(a_member_of_staff(programme, Role.LEAD, "Helen Shaw"))


def test_everybody_who_is_complete_gets_one(lead, programme):
    a_complete_person("Gwen Price", programme=programme)

    page = lead.fill_in("/organise/together/certificates/issue")

    assert "1 certificate issued" in page.text
    assert "0 of 1 certificate drawn" in page.text
    run_due(lambda: AFTER_THE_SUMMIT)
    assert "PIT-2026-0001-" in lead.open("/organise/together/certificates").text


def test_the_same_press_sent_twice_issues_once(lead, programme):
    a_complete_person("Gwen Price", programme=programme)
    page = lead.open("/organise/together/certificates/issue")

    first = lead.submit(page, "/organise/together/certificates/issue")
    again = lead.submit(page, "/organise/together/certificates/issue")

    assert first.text == again.text
    assert db.session.query(CertificateIssue).count() == 1


def test_completion_shows_everybody_and_where_they_stand(lead, programme):
    a_complete_person("Gwen Price", programme=programme)

    page = lead.open("/organise/together/completion")

    assert "Gwen Price" in page.text
    assert "1 of 1 event" in page.text


def test_an_organiser_sees_but_does_not_issue(visitor, programme):
    organiser = visitor.sign_in(a_member_of_staff(programme, Role.ORGANISER))

    assert organiser.open("/organise/together/completion").status == 200
    assert organiser.open("/organise/together/certificates/issue").status == 403
