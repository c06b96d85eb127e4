import pytest

from app.plumbing.database import db
from app.posters.models import PosterVisits
from app.posters.rules import Visibility
from tests.factories.posters import a_poster, a_team_key
from tests.factories.programmes import a_team
from tests.posters.conftest import AT
from tests.visitor import Visitor


@pytest.fixture
def poster(summit, team):
    return a_poster(team, summit, visibility=Visibility.PUBLIC)


def counted():
    db.session.rollback()
    return {row.poster_id: row.count for row in db.session.query(PosterVisits)}


def test_each_browser_counts_once_at_a_poster(app, summit, poster):
    other = a_poster(a_team(summit.programme, "Riverside"), summit, visibility=Visibility.PUBLIC)
    for visitor in (Visitor(app), Visitor(app)):
        for _ in range(2):
            visitor.open(f"/p/{poster.code}")
    visitor.open(f"/p/{other.code}")

    assert counted() == {poster.id: 2, other.id: 1}


def test_the_poster_is_still_shown_whole_while_it_is_counted(visitor, poster):
    page = visitor.open(f"/p/{poster.code}")

    assert poster.title in page.text and poster.team.name in page.text


def test_the_own_team_and_organisers_do_not_count(app, organiser, poster):
    team = Visitor(app).carry(team=a_team_key(poster, at=AT))
    team.open(f"/p/{poster.code}")
    organiser.open(f"/p/{poster.code}")

    assert counted() == {}


def test_who_is_turned_away_and_who_asks_for_no_page_does_not_count(app, summit, visitor, poster):
    hidden = a_poster(a_team(summit.programme, "Riverside"), summit, visibility=Visibility.TEAM)
    visitor.open(f"/p/{hidden.code}")
    visitor.client.head(f"/p/{poster.code}")

    assert counted() == {}
