from datetime import timedelta

from app.plumbing.database import db, transaction
from app.posters.models import StandSlot
from app.posters.queries.stands import stands_of
from tests.factories.people import a_person
from tests.factories.posters import a_poster
from tests.factories.programmes import a_team
from tests.factories.voices import a_kept_question, an_answer, some_visits
from tests.posters.conftest import AT
from tests.statements import count_statements

LIVE = "/organise/together/events/summit/posters/live"


def test_the_host_sees_where_nobody_has_been(organiser, summit, poster):
    seen = a_poster(a_team(summit.programme, "Riverside"), summit, stand=4)
    some_visits(seen, 7, at=AT)
    a_poster(a_team(summit.programme, "Not there"), summit, submitted_at=None)
    a_poster(a_team(summit.programme, "Hidden"), summit, hidden_at=AT)

    page = organiser.open(LIVE)

    assert "1 without a visitor" in page.text
    assert page.text.index("Nobody has come here yet") < page.text.index("Hill Top Practice")
    assert page.text.index("Hill Top Practice") < page.text.index("Riverside")
    assert "7 visits" in page.text
    assert "Not there" not in page.text and "Hidden" not in page.text


def test_the_host_sees_how_many_questions_wait_and_none_of_their_words(organiser, poster):
    gwen = a_person("Gwen Price")
    a_kept_question(poster, gwen, text="Why not earlier?", at=AT)
    a_kept_question(poster, gwen, text="And now?", at=AT)
    an_answer(a_kept_question(poster, gwen, at=AT), "So.", at=AT)
    a_kept_question(poster, gwen, text="Rude", hidden_at=AT, at=AT)

    page = organiser.open(LIVE)

    assert "2 questions wait" in page.text
    assert "Why not" not in page.text and "Gwen" not in page.text


def test_the_host_sees_who_is_at_the_stand(organiser, summit, poster):
    assert "Nobody is there" in organiser.open(LIVE).text

    with transaction():
        poster.at_stand_since, poster.at_stand_name = AT, "Ruth"
    assert "Ruth is there" in organiser.open(LIVE).text
    assert "1 of 1 with somebody there" in organiser.open(LIVE).text


def test_a_slot_counts_while_it_lasts(summit, poster):
    hour = timedelta(hours=1)
    with transaction():
        slot = StandSlot(poster_id=poster.id, starts_at=AT, ends_at=AT + hour, who="Siân")
        db.session.add(slot)

    told = [stands_of(summit, at=AT + at).each[0].who for at in (-hour, 0 * hour, hour)]

    assert told == ["", "Siân", ""]


def test_the_part_of_the_page_is_sent_again_only_when_it_changed(organiser, poster):
    part = f"{LIVE}/now"
    first = organiser.client.get(part)
    again = {"If-None-Match": first.headers["ETag"]}
    assert organiser.client.get(part, headers=again).status_code == 304

    some_visits(poster, 1, at=AT)

    fresh = organiser.client.get(part, headers=again)
    assert fresh.status_code == 200 and "Every poster has had a visitor" in fresh.text


def test_three_stands_cost_as_many_questions_as_one(organiser, summit, poster):
    organiser.client.get(f"{LIVE}/now")
    with count_statements() as one:
        organiser.client.get(f"{LIVE}/now")
    for name in ("Riverside", "Old Mill"):
        a_poster(a_team(summit.programme, name), summit)
    organiser.client.get(f"{LIVE}/now")
    with count_statements() as three:
        organiser.client.get(f"{LIVE}/now")

    assert len(three) == len(one)
