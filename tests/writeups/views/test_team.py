import pytest

from app.plumbing.database import db, transaction
from app.writeups.actions.taking_part import StoryIsTold, write_part
from app.writeups.models import TeamPart
from app.writeups.queries.blocks import blocks_of
from tests.factories.people import a_person
from tests.factories.posters import a_poster, a_team_key
from tests.factories.programmes import a_team
from tests.factories.registration import a_registration
from tests.factories.writeups import PRIYA, a_published_write_up, a_write_up
from tests.visitor import Visitor
from tests.writeups.conftest import AT

PART = "/team/story"
DESK = "/organise/together/events/summit/write-up"


@pytest.fixture
def riverside(summit):
    return a_team(summit.programme, "Riverside")


@pytest.fixture
def at_the_practice(app, summit, riverside) -> Visitor:
    return Visitor(app).carry(team=a_team_key(a_poster(riverside, summit), at=AT))


def own_words(event):
    return {one.key: one for one in blocks_of(event, at=AT)}["own-words"]


def test_a_team_writes_its_part_and_an_editor_finds_it(at_the_practice, organiser, summit):
    assert own_words(summit).is_empty
    page = at_the_practice.fill_in(PART, text="We *counted*.\r\n\r\nThen we moved on.")
    assert "Whoever writes the story finds it there." in page.text

    assert own_words(summit).text == (
        "## In the teams' own words\n\n### Riverside\n\nWe \\*counted\\*\\.\n\nThen we moved on\\."
    )
    draft = organiser.fill_in(DESK)
    assert "In the teams' own words" in draft.text
    assert "Then we moved on." in draft.text

    at_the_practice.fill_in(PART, text="")
    assert own_words(summit).is_empty
    assert db.session.query(TeamPart).count() == 1


def test_too_long_a_part_is_refused_and_kept_in_the_field(at_the_practice):
    page = at_the_practice.fill_in(PART, text="x" * 2001)

    assert (page.status, "Shorten this to 2000 characters" in page.text) == (422, True)
    assert db.session.query(TeamPart).count() == 0


def test_a_team_sees_before_everybody_else_what_names_it_and_nothing_more(at_the_practice, summit):
    assert "Whatever names Riverside stands here" in at_the_practice.open(PART).text
    a_registration(summit, a_person("Gwen Price"))
    a_write_up(summit, "Hill Top waits.\n\nRiverside counted, said Gwen Price.")

    page = at_the_practice.open(PART)

    assert "Riverside counted, said a colleague." in page.text
    assert "Hill Top waits" not in page.text


def test_once_the_story_is_published_a_team_writes_to_the_organiser(
    at_the_practice, summit, riverside
):
    at_the_practice.fill_in(PART, text="We counted.")
    a_published_write_up(summit, at=AT)

    page = at_the_practice.open(PART)

    assert "The story is published" in page.text
    assert "What you wrote We counted." in page.text
    with pytest.raises(StoryIsTold), transaction():
        write_part(summit, riverside, "We did not.", by=PRIYA, at=AT)
