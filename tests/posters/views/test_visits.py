import time
from contextlib import contextmanager
from datetime import timedelta
from urllib.request import urlopen
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.plumbing.database import db
from app.posters.models import PosterVisits
from app.posters.rules import Visibility
from app.posters.views.visits import TALLY, Tally
from tests.factories.events import an_event
from tests.factories.posters import a_marketplace, a_poster, a_team_key
from tests.factories.programmes import a_programme, a_team
from tests.posters.conftest import AT
from tests.running import a_place, serving
from tests.statements import count_statements
from tests.visitor import Visitor


@pytest.fixture
def poster(summit, team):
    return a_poster(team, summit, visibility=Visibility.PUBLIC)


def counted():
    TALLY.write()
    return written()


def written():
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


def test_a_visit_is_written_down_soon_by_itself(visitor, poster):
    visitor.open(f"/p/{poster.code}")

    for _ in range(60):
        if written():
            break
        time.sleep(0.05)

    assert written() == {poster.id: 1}


def test_visits_of_one_moment_are_written_together(app, poster):
    tally, earlier = Tally(), AT - timedelta(minutes=1)
    told = [tally.count(poster.id, at=at) for at in (AT, earlier, AT)]

    with count_statements() as asked:
        tally.write()

    assert told == [True, False, False]
    assert len([one for one in asked if one.startswith(("INSERT", "UPDATE"))]) == 2
    row = db.session.query(PosterVisits).one()
    assert (row.count, row.first_at, row.last_at) == (3, earlier, AT)


def test_later_visits_are_added_to_those_before(app, poster):
    tally = Tally()
    for at in (AT, AT + timedelta(minutes=1)):
        tally.count(poster.id, at=at)
        tally.write()

    row = db.session.query(PosterVisits).one()
    assert (row.count, row.first_at, row.last_at) == (2, AT, AT + timedelta(minutes=1))


def test_visits_at_a_poster_that_has_gone_keep_no_others_waiting(app, poster):
    tally = Tally()
    for poster_id in (uuid4(), poster.id):
        tally.count(poster_id, at=AT)

    tally.write()

    assert written() == {poster.id: 1}


def test_visits_wait_for_a_database_that_is_away(app, poster, caplog):
    tally = Tally()
    tally.count(poster.id, at=AT)
    with away():
        tally.write()
    assert "visits at 1 poster wait" in caplog.text
    assert written() == {}

    tally.count(poster.id, at=AT)
    tally.write()

    assert written() == {poster.id: 2}


@contextmanager
def away():
    """Let no transaction begin, as when the database does not answer."""

    def refuse(_connection):
        raise OperationalError("BEGIN", None, ConnectionError("away"))

    event.listen(db.engine, "begin", refuse)
    try:
        yield
    finally:
        event.remove(db.engine, "begin", refuse)


def test_a_server_that_is_stopped_writes_what_it_counted():
    with a_place() as place:
        with place.house():
            day = an_event(a_programme(), shows_posters=True)
            a_marketplace(day)
            poster = a_poster(a_team(day.programme), day, visibility=Visibility.PUBLIC)
            code = poster.code
        with serving(place) as server, urlopen(f"{server.address}/p/{code}") as answer:
            assert answer.status == 200
        with place.house():
            assert [row.count for row in db.session.query(PosterVisits)] == [1]
