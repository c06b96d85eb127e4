from dataclasses import replace

import pytest
from werkzeug.datastructures import Headers

from app.plumbing.database import db
from app.plumbing.mail import mail_settings, set_up_mail
from app.web.factory import create_app
from app.web.headers import comes_from_elsewhere
from tests.visitor import Visitor

OURS = "https://hooray.example"


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({}, False),
        ({"Origin": OURS}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, True),
        ({"Origin": OURS, "Sec-Fetch-Site": "same-site"}, True),
    ],
)
def test_a_write_from_another_site_is_noticed(headers, elsewhere):
    assert comes_from_elsewhere(Headers(headers), OURS) is elsewhere


def test_a_write_from_another_site_is_refused(visitor):
    page = visitor.send("/health", headers={"Sec-Fetch-Site": "cross-site"})

    assert page.status == 403


def test_another_host_is_refused(visitor):
    assert visitor.open("/health", headers={"Host": "evil.example"}).status == 421


def test_every_answer_carries_the_policy_and_nothing_may_run_inline(visitor):
    headers = visitor.open("/accessibility").response.headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_nonce_is_used_once(visitor):
    policies = {
        visitor.open("/accessibility").response.headers["Content-Security-Policy"] for _ in range(3)
    }

    assert len(policies) == 3


def test_a_form_of_ours_is_taken_over_tls(settings):
    before = mail_settings()
    over_tls = create_app(replace(settings, base_url="https://hooray.example"))
    set_up_mail(before)
    browser = Visitor(over_tls)

    with over_tls.app_context():
        page = browser.fill_in("/link", email="not an address")
        db.engine.dispose()

    assert page.status == 422
