import io

import pytest
from flask import request

from app.plumbing.database import db
from app.programmes.queries import teams_of
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.statements import count_statements
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


def test_nobody_looks_for_an_address_that_nobody_can_read(app, visitor):
    with count_statements() as asked:
        page = visitor.open("/events/toge%00ther/summit")

    assert page.status == 404
    assert [statement for statement in asked if "FROM programme" in statement] == []


def test_a_field_of_one_line_holds_one_line(app):
    programme = a_programme()
    lead = Visitor(app).sign_in(a_member_of_staff(programme))
    page = "/organise/together/teams/new"

    lead.fill_in(page, name="Hill Top\r\nBcc: everybody@elsewhere.example")

    db.session.rollback()
    (team,) = teams_of(programme)
    assert team.name == "Hill Top Bcc: everybody@elsewhere.example"
