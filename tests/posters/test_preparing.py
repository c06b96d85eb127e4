import re
from datetime import timedelta

import pytest

from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.posters.jobs import prepare
from app.posters.models import Marketplace, PosterVersion
from app.posters.rules import VersionState
from tests.factories.people import a_person
from tests.factories.posters import a_version
from tests.factories.programmes import a_member
from tests.posters.conftest import AT
from tests.visitor import Visitor

LOST = "This file did not arrive whole. Upload it again."


@pytest.fixture
def contact(team):
    person = a_person("Gwen Price", email="gwen@hilltop.example")
    a_member(team, person)
    return person


def letters():
    db.session.rollback()
    return db.session.query(Letter).all()


def prepared_in_vain(poster):
    version = a_version(poster, state=VersionState.WAITING, raw_key="posters/lost.raw")
    prepare(str(version.id))
    prepare(str(version.id))
    db.session.rollback()
    return db.session.get_one(PosterVersion, version.id)


def test_a_team_is_written_to_when_its_file_cannot_be_shown(app, poster, contact):
    version = prepared_in_vain(poster)

    (letter,) = letters()
    assert (version.state, version.refusal) == (VersionState.REFUSED, LOST)
    assert letter.to_address == "gwen@hilltop.example"
    assert letter.subject == "Your poster for Summit cannot be shown: Hill Top Practice"
    assert LOST in letter.text and "visitors see no picture" in letter.text
    token = re.search(r"/t/(\S+)", letter.text)[1]
    assert "Your team's poster" in Visitor(app).open(f"/t/{token}").text


def test_a_team_hears_that_the_file_before_is_still_shown(poster, contact):
    a_version(poster)

    prepared_in_vain(poster)

    assert "Visitors still see the file before it." in letters()[0].text


def test_after_the_deadline_the_letter_says_whom_to_write_to(poster, contact):
    with transaction():
        db.session.query(Marketplace).one().uploads_close_at = AT - timedelta(minutes=1)

    prepared_in_vain(poster)

    assert "Uploads are closed: write to" in letters()[0].text
    assert "/t/" not in letters()[0].text


def test_a_team_without_an_address_finds_it_on_its_page_alone(poster, at_the_stand):
    prepared_in_vain(poster)

    assert letters() == []
    assert LOST in at_the_stand.open("/team/").text
