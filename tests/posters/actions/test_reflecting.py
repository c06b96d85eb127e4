from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa

from app.plumbing.database import Model, db, transaction
from app.posters.models import Reflection
from app.posters.queries.posters import marketplace_of
from app.posters.queries.reflecting import reflections_for_team, reflections_shown
from app.posters.rules import Aspect, Attribution
from tests.factories.people import a_person
from tests.factories.voices import a_reflection
from tests.posters.conftest import AT

LATER = AT + timedelta(minutes=17)


def everything_stored() -> str:
    with db.engine.connect() as connection:
        return repr(
            [
                connection.execute(sa.select(table)).all()
                for table in Model.metadata.sorted_tables
                if table.name != "person"
            ]
        )


def test_any_aspect_may_be_left_empty(poster):
    a_reflection(poster, a_person(), at=AT, changes="I would try this.", data="Clear charts.")

    found = reflections_for_team(poster)
    assert set(found) == {Aspect.CHANGES, Aspect.DATA}


def test_of_an_anonymous_author_nothing_at_all_is_stored(poster):
    gwen = a_person("Gwen Price")
    before = everything_stored()

    a_reflection(poster, gwen, at=LATER, attribution=Attribution.ANONYMOUS, data="Clear charts.")

    after = everything_stored()
    assert "Clear charts." in after
    for trace in (str(gwen.id), repr(gwen.id), gwen.id.hex, gwen.email, "Gwen"):
        assert after.count(trace) == before.count(trace), trace
    row = db.session.query(Reflection).one()
    assert (row.person_id, row.guest_name, row.written_at, row.cleared_at) == (None, "", AT, AT)


def test_what_is_for_the_team_is_read_by_the_team_with_its_name_and_by_no_visitor(poster):
    gwen = a_person("Gwen Price")

    a_reflection(poster, gwen, at=AT, attribution=Attribution.TEAM)

    assert reflections_for_team(poster)[Aspect.DATA][0].person_id == gwen.id
    assert not reflections_shown(poster, most=9)


def test_a_phone_that_sends_twice_reflects_once(poster):
    gwen, form_id = a_person(), uuid4()

    for _ in range(2):
        a_reflection(poster, gwen, at=AT, form_id=form_id, project="Good.", data="Clear.")

    assert db.session.query(Reflection).count() == 2


def test_moderation_holds_back_what_visitors_would_read_and_not_what_is_between_two(summit, poster):
    with transaction():
        marketplace_of(summit).is_moderated = True
    a_reflection(poster, a_person(), at=AT, attribution=Attribution.NAMED, project="Good.")
    a_reflection(poster, a_person(), at=AT, attribution=Attribution.TEAM, data="Clear.")

    assert not reflections_shown(poster, most=9)
    assert set(reflections_for_team(poster)) == {Aspect.DATA}
