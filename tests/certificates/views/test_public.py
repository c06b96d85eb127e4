from datetime import timedelta

import pytest
import time_machine

from app.certificates.actions import ending
from app.people.actions import mint_link
from app.people.models import Visit
from app.plumbing.database import db, transaction
from app.plumbing.limits import limiter
from tests.factories.certificates import AFTER_THE_SUMMIT, HELEN, a_certificate


@pytest.fixture(autouse=True)
def a_patient_door(app):
    limiter.reset()
    with time_machine.travel(AFTER_THE_SUMMIT, tick=False):
        yield
    limiter.reset()


def test_a_certificate_says_everything_to_a_stranger(visitor):
    issue = a_certificate("Dr Siân O'Connor")

    page = visitor.open(f"/v/{issue.code}")

    assert page.status == 200
    for fact in (
        "Valid",
        "Certificate of completion",
        "Dr Siân O'Connor",
        "Hill Top Practice",
        "Practices Improving Together 2025–26",
        "Summit 26 March 2026",
        "Northvale Improvement",
        "Northvale Health Board",
        "Helen Shaw, Programme Director",
        "PIT-2026-0001-",
    ):
        assert fact in page.text, fact
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.response.headers


def test_the_fingerprint_is_there_once_it_is_drawn(visitor):
    issue = a_certificate(drawn=True)

    assert issue.pdf_sha256 in visitor.open(f"/v/{issue.code}").text


def test_a_withdrawn_one_says_the_category_and_not_the_reason(visitor):
    issue = a_certificate()
    with transaction():
        ending.revoke(
            issue, category="wrong_person", reason="Two Eds", by=HELEN, at=AFTER_THE_SUMMIT
        )

    page = visitor.open(f"/v/{issue.code}")

    assert page.status == 200
    assert "Withdrawn On 26 March 2026: issued to the wrong person." in page.text
    assert "Two Eds" not in page.text
    assert "Valid" not in page.text


def test_a_replaced_one_leads_to_the_newer_and_back(visitor):
    issue = a_certificate("Ed Marsh")
    old_code = issue.code
    with transaction():
        newer = ending.replace(
            issue, recipient="Edward Marsh", reason="Asked", by=HELEN, at=AFTER_THE_SUMMIT
        )
        new_code, new_number, old_number = newer.code, newer.number, issue.number

    old = visitor.open(f"/v/{old_code}")
    new = visitor.open(f"/v/{new_code}")

    assert f"Replaced On 26 March 2026 by {new_number}" in old.text
    assert (new_number, f"/v/{new_code}") in old.links()
    assert "Ed Marsh" in old.text
    assert "Valid" in new.text
    assert (old_number, f"/v/{old_code}") in new.links()


@pytest.mark.parametrize("code", ["0" * 26, "KX4-7PQ", "x", "PIT-2026-0001-K"])
def test_unknown_and_malformed_codes_get_the_same_calm_page(visitor, code):
    page = visitor.open(f"/v/{code}")

    assert page.status == 404
    assert "There is no such certificate in our register" in page.text


def test_a_code_is_forgiven_its_looks(visitor):
    issue = a_certificate()
    typed = "-".join(issue.code[i : i + 5] for i in range(0, 26, 5)).lower().replace("0", "o")

    page = visitor.open("/v", query_string={"typed": typed})

    assert "Valid" in page.text


@pytest.mark.parametrize("form", [str, str.lower, lambda n: n.replace("-", " ").replace("0", "O")])
def test_a_number_needs_a_word_of_the_name(visitor, form):
    issue = a_certificate("Dr Siân O'Connor")
    number = form(issue.number)

    assert visitor.open("/v", query_string={"typed": number}).status == 422
    assert visitor.open("/v", query_string={"typed": number, "word": "Smith"}).status == 404
    found = visitor.open("/v", query_string={"typed": number, "word": "oconnor"})
    assert "Valid" in found.text
    assert "Dr Siân O'Connor" in found.text


def test_a_name_alone_finds_nothing(visitor):
    a_certificate("Gwen Price")

    page = visitor.open("/v", query_string={"typed": "Gwen Price", "word": "Price"})

    assert page.status == 404
    assert "Hill Top" not in page.text


def test_an_empty_box_says_what_to_type(visitor):
    page = visitor.open("/v", query_string={"typed": ""})

    assert page.status == 422
    assert "Type the number or the code" in page.text


def test_guessing_is_slowed_down_in_words(visitor):
    for _ in range(60):
        visitor.open("/v/nothing")

    page = visitor.open("/v/nothing")

    assert page.status == 429
    assert page.response.headers["Retry-After"]


def a_token(issue) -> str:
    with transaction():
        return mint_link(
            issue.person,
            at=AFTER_THE_SUMMIT,
            expires_at=AFTER_THE_SUMMIT + timedelta(days=1),
        )


def test_the_link_of_a_letter_opens_ones_own_certificates(visitor):
    issue = a_certificate("Gwen Price", drawn=True)
    number, path = issue.number, f"/l/{a_token(issue)}/certificates"

    before = visitor.open(path)
    assert "Gwen Price" not in before.text
    assert db.session.query(Visit).count() == 0

    mine = visitor.submit(before, path)
    assert "You have completed the programme" in mine.text
    assert number in mine.text


def test_a_link_that_has_ended_says_how_to_get_another(visitor):
    issue = a_certificate("Gwen Price")
    path = f"/l/{a_token(issue)}/certificates"
    page = visitor.open(path)

    with time_machine.travel(AFTER_THE_SUMMIT + timedelta(days=2), tick=False):
        assert visitor.open(path).status == 410
        assert visitor.submit(page, path).status == 410
    assert visitor.open("/l/unknown/certificates").status == 404
