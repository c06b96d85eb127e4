import io

import pytest
from flask import request

from app.plumbing.fields import in_one_line
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.visitor import Visitor


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_nobody_can_read_is_left_out_of_a_form(app, kind):
    data = {"title": "Sum\0mit\u202e", "note": "one\r\ntwo\u2028three"}

    with app.test_request_context("/", method="POST", data=data, content_type=kind):
        assert request.form["title"] == "Summit"
        assert request.form["note"] == "one\ntwo\nthree"


def test_what_nobody_can_read_is_left_out_of_a_search(app):
    with app.test_request_context("/?q=Gw%00en&q=%E2%80%AEPrice"):
        assert request.args.getlist("q") == ["Gwen", "Price"]


def test_a_file_stays_as_it_was_sent(app):
    data = {"file": (io.BytesIO(b"a\0b"), "list.csv")}

    with app.test_request_context("/", method="POST", data=data):
        assert request.files["file"].read() == b"a\0b"


def test_nothing_is_at_an_address_that_nobody_can_read(app, visitor):
    assert visitor.open("/events/toge%00ther/summit").status == 404


def test_a_field_of_one_line_holds_one_line(app):
    programme = a_programme()
    lead = Visitor(app).sign_in(a_member_of_staff(programme))
    page = "/organise/together/teams/new"

    lead.fill_in(page, name="Hill Top\r\nBcc: everybody@elsewhere.example")

    assert "Hill Top Bcc: everybody@elsewhere.example" in lead.open("/organise/together/teams").text
    assert in_one_line(None) is None
