from app.posters.rules import Attribution, SignalKind
from tests.factories.people import a_person, a_visit_of
from tests.factories.registration import a_registration
from tests.factories.voices import a_ballot, a_question, a_reflection, a_signal, here
from tests.posters.conftest import AT
from tests.posters.views.test_voices import set_market
from tests.statements import count_statements
from tests.visitor import Visitor


def test_my_data_leads_to_what_i_left_at_posters_and_to_nobody_elses(app, summit, poster):
    gwen, other = a_person("Gwen Price"), a_person("Ed Marsh")
    place = here(a_registration(summit, gwen), at=AT)
    set_market(summit, ballot_opens_at=AT, ballot_closes_at=summit.ends_at)
    a_question(poster, gwen, at=AT, text="Was it hard?", is_named=False)
    a_question(poster, other, at=AT, text="Who are you?")
    a_reflection(poster, gwen, at=AT, attribution=Attribution.TEAM, data="Well told.")
    a_reflection(poster, gwen, at=AT, attribution=Attribution.ANONYMOUS, changes="Too slow.")
    a_signal(poster, gwen, SignalKind.TELL_ME_MORE, at=AT, agrees=True)
    a_ballot(place, poster, at=AT)
    me = Visitor(app).carry(visit=a_visit_of(gwen, at=AT))

    page = me.open("/my/data")
    assert ("What you asked, reflected and voted at posters", "/my/posters") in page.links()
    words = me.open("/my/posters").text

    assert "Was it hard?" in words and "Visitors do not see your name." in words
    assert "Well told." in words and "Only Hill Top Practice and the organisers" in words
    assert "gwen@visitors.example, and may write to you" in words
    assert "Your vote Hill Top Practice" in words
    assert "Who are you?" not in words and "Too slow." not in words


def test_who_left_nothing_reads_that(attendee, poster):
    assert "You have left nothing at a poster yet." in attendee.open("/my/posters").text


def test_a_long_list_asks_no_more_than_a_short_one(app, summit, poster):
    gwen = a_person("Gwen Price")
    me = Visitor(app).carry(visit=a_visit_of(gwen, at=AT))
    costs = []
    for number in range(3):
        a_question(poster, gwen, at=AT, text=f"Question {number}?")
        a_reflection(poster, gwen, at=AT, data=f"Reflection {number}.")
        with count_statements() as asked:
            me.open("/my/posters")
        costs.append(len(asked))

    assert costs[0] == costs[2]
