import pytest
from sqlalchemy import select

from app.plumbing.database import db
from app.plumbing.mail import Letter
from app.posters.models import Poster
from app.programmes.rules import Role
from tests.factories.coaching import a_handed_in_poster
from tests.factories.events import an_event
from tests.factories.people import a_person
from tests.factories.programmes import a_member, a_member_of_staff, a_programme, a_team
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


def test_stands_are_numbered_and_no_two_share_one(organiser, summit):
    hill_top, limes = a_team(summit.programme), a_team(summit.programme, "The Limes")

    organiser.submit(organiser.open(POSTERS), POSTERS, action="/stands")

    assert sorted(db.session.scalars(select(Poster.stand))) == [1, 2]
    taken = organiser.fill_in(f"{POSTERS}/{hill_top.slug}", action="/stand", stand="2")
    assert taken.status == 422
    assert "Another team has stand 2. Choose another number." in taken.text
    assert limes.name in organiser.open(POSTERS).text


def test_a_poster_is_hidden_with_a_reason_and_shown_again(organiser, summit):
    team = a_team(summit.programme)
    a_handed_in_poster(team, summit)

    page = organiser.fill_in(f"{POSTERS}/{team.slug}/hiding", reason=" ")
    assert (page.status, "Say why the poster is hidden." in page.text) == (422, True)
    page = organiser.fill_in(f"{POSTERS}/{team.slug}/hiding", reason="Names a patient")
    assert "Hidden" in page.text

    page = organiser.submit(page, POSTERS, action="/showing")

    assert "is shown again" in page.text


def test_a_link_to_hand_over_is_shown_once(organiser, visitor, summit):
    team = a_team(summit.programme)
    page = organiser.open(f"{POSTERS}/{team.slug}")

    page = organiser.submit(page, POSTERS, action=f"{team.slug}/link")
    (link,) = [word for word in page.text.split() if "/t/" in word]

    assert visitor.open(link).status == 200
    assert "/t/" not in organiser.open(f"{POSTERS}/{team.slug}").text


def test_every_team_without_a_link_is_written_to_once(organiser, summit):
    a_member(a_team(summit.programme), a_person("Ruth Adeleke"))
    a_team(summit.programme, "Nobody There")

    first = organiser.submit(organiser.open(POSTERS), POSTERS, action="/links")
    assert "The link is on its way to 1 team." in first.text
    again = organiser.submit(organiser.open(POSTERS), POSTERS, action="/links")

    assert "The link is on its way to 0 teams." in again.text
    assert db.session.query(Letter).count() == 1


def test_the_marketplace_is_set_up(organiser, summit):
    page = organiser.fill_in(
        f"{POSTERS}/settings",
        uploads_close_on="2026-03-25",
        uploads_close="17:00",
        ballot_opens="09:30",
        ballot_closes="13:15",
    )

    assert "Teams upload until Wednesday 25 March 2026, 5 pm." in page.text
    wrong = organiser.fill_in(f"{POSTERS}/settings", ballot_closes="09:00")
    assert "Voting must close after it opens." in wrong.text
