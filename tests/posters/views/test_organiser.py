import pytest
from sqlalchemy import select

from app.plumbing.database import db
from app.posters.models import Poster
from app.programmes.rules import Role
from tests.factories.coaching import a_handed_in_poster
from tests.factories.events import an_event
from tests.factories.programmes import a_member_of_staff, a_programme, a_team
from tests.visitor import Visitor

POSTERS = "/organise/together/events/summit/posters"


@pytest.fixture
def summit(app):
    return an_event(a_programme(), shows_posters=True)


@pytest.fixture
def organiser(app, summit) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.ORGANISER))


def test_a_poster_is_handed_in_and_taken_back(organiser, summit):
    team = a_team(summit.programme)

    page = organiser.fill_in(f"{POSTERS}/{team.slug}/paper", title="Fewer missed calls")
    assert "1 of 1 handed in" in page.text
    assert "Fewer missed calls" in page.text

    page = organiser.fill_in(f"{POSTERS}/{team.slug}", action="/withdrawal")
    assert "0 of 1 handed in" in page.text

    page = organiser.fill_in(f"{POSTERS}/{team.slug}/paper", title="Better calls")
    assert "Better calls" in page.text
    assert len(db.session.scalars(select(Poster)).all()) == 1


def test_a_second_poster_of_a_team_is_refused(organiser, summit):
    team = a_team(summit.programme)
    a_handed_in_poster(team, summit)

    page = organiser.fill_in(f"{POSTERS}/{team.slug}/paper", title="Another")

    assert page.status == 409
    assert "handed in already" in page.text


def test_a_poster_needs_its_title(organiser, summit):
    team = a_team(summit.programme)

    page = organiser.fill_in(f"{POSTERS}/{team.slug}/paper", title=" ")

    assert page.status == 422
    assert "Enter the title that stands on the poster." in page.text


def test_a_team_of_another_programme_has_no_poster_here(organiser):
    other = a_team(a_programme("other"), "Elsewhere")

    assert organiser.open(f"{POSTERS}/{other.slug}").status == 404
