import pytest

from app.plumbing.limits import limiter
from tests.factories.certificates import a_certificate


@pytest.fixture(autouse=True)
def a_patient_door(app):
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
