import io
from datetime import timedelta

import pytest
from PIL import Image

from app.plumbing.database import transaction
from app.plumbing.files import keep_file
from app.posters.actions.papers import feedback_report
from app.posters.actions.preparing import picture_key
from app.posters.queries.feedback import Outcome, feedback_at
from app.posters.queries.posters import marketplace_of
from app.posters.rules import Aspect, Attribution, SignalKind
from tests.factories.people import a_person
from tests.factories.posters import a_poster, a_version
from tests.factories.programmes import a_team
from tests.factories.registration import a_registration
from tests.factories.voices import (
    a_kept_ballot,
    a_kept_question,
    a_kept_reflection,
    a_signal,
    an_answer,
    some_visits,
)
from tests.posters.conftest import AT
from tests.posters.papers import codes_in, findings_in, pictures_in, words_in


@pytest.fixture
def gwen(summit):
    return a_person("Gwen Price")


def report(poster):
    return feedback_report(poster, at=AT).drawn()


def feedback(poster):
    return feedback_at(poster, marketplace_of(poster.event), at=AT)


def test_a_report_shows_the_poster_itself(poster):
    version = a_version(poster)
    drawn = io.BytesIO()
    Image.new("RGB", (1200, 1700), "#4a1d5f").save(drawn, "JPEG")
    keep_file(picture_key(version, "large"), drawn.getvalue())

    paper = report(poster)

    assert pictures_in(paper) == [(1200, 1700)]
    assert codes_in(paper) == [f"HTTP://LOCALHOST/P/{poster.code}"]
    assert findings_in(paper) == ()


def test_a_report_of_a_paper_poster_has_no_picture_and_says_what_to_do(poster):
    paper = report(poster)

    assert pictures_in(paper) == []
    assert "Fewer missed calls Hill Top Practice · What visitors told us" in words_in(paper)
    assert "Nobody has written yet." in words_in(paper)


def test_a_report_tells_questions_with_their_answers(poster, gwen):
    asked = a_kept_question(poster, gwen, text="Who began? 🎉", at=AT)
    an_answer(asked, "Reception did.\nThen all of us.", at=AT)
    a_kept_question(
        poster, gwen, text="And next year?", is_named=False, at=AT + timedelta(minutes=1)
    )
    a_kept_question(poster, gwen, text="An insult", hidden_at=AT, at=AT)
    a_kept_question(
        poster, None, text="Not read yet", guest_email="x@y.example", cleared_at=None, at=AT
    )

    said = words_in(report(poster))

    assert "Who began? [party popper] Gwen Price, " in said
    assert "Reception did. Then all of us. Ruth" in said
    assert "And next year? Somebody at the marketplace, " in said
    assert said.count("Waits for your answer.") == 1
    assert "An insult" not in said and "Not read yet" not in said


def test_a_report_names_nobody_who_did_not_choose_it(poster, gwen):
    a_kept_reflection(poster, gwen, "Clear chart", at=AT, aspect=Aspect.DATA)
    a_kept_reflection(poster, gwen, "Between us", at=AT, attribution=Attribution.TEAM)
    a_kept_reflection(poster, None, "Brave", at=AT, aspect=Aspect.CHANGES)
    a_kept_reflection(poster, gwen, "Hidden words", at=AT, hidden_at=AT)
    # What is stored beside an anonymous one, if ever anything were, is not shown.
    a_kept_reflection(poster, gwen, "Nameless", at=AT, attribution=Attribution.ANONYMOUS)

    said = words_in(report(poster))

    assert "About the data Clear chart Gwen Price" in said
    assert "Between us Gwen Price, told to your team only" in said
    assert "About the changes Brave Anonymous" in said
    assert "Nameless Anonymous" in said
    assert "Hidden words" not in said


def test_only_cleared_words_may_be_quoted_and_with_public_names(poster, gwen):
    a_kept_reflection(poster, gwen, "Use this", at=AT, may_quote=True)
    a_kept_reflection(poster, gwen, "Kept back", at=AT)
    a_kept_reflection(
        poster, gwen, "Use mine too", at=AT, may_quote=True, attribution=Attribution.TEAM
    )

    told = {quote.text: quote.public_name for quote in feedback(poster).quotes}

    assert told == {"Use this": "Gwen Price", "Use mine too": ""}
    said = words_in(report(poster))
    assert "“Use this” Gwen Price" in said and "“Use mine too” A visitor" in said
    assert "“Kept back”" not in said


def test_only_those_who_agreed_can_be_written_to(poster, gwen):
    other = a_person("Tom Hale")
    a_signal(poster, gwen, SignalKind.COULD_USE, at=AT, agrees=True)
    a_signal(poster, gwen, SignalKind.TELL_ME_MORE, at=AT, agrees=True)
    a_signal(poster, other, SignalKind.COULD_USE, at=AT)
    some_visits(poster, 41, at=AT)

    said = words_in(report(poster))

    assert "41 visits to its page" in said
    assert "2 We could use this 1 Tell me more 0 Well measured" in said
    assert "Gwen Price, gwen@visitors.example" in said
    assert [one.kinds for one in feedback(poster).contacts] == [
        [SignalKind.COULD_USE, SignalKind.TELL_ME_MORE]
    ]
    assert "Tom" not in said


def closed(poster, *, at):
    market = marketplace_of(poster.event)
    with transaction():
        market.ballot_opens_at, market.ballot_closes_at = at - timedelta(hours=1), at


def vote(summit, poster, count):
    for number in range(count):
        person = a_person(f"Voter {poster.code} {number}")
        a_kept_ballot(poster, a_registration(summit, person), at=AT)


def test_the_ballot_is_told_once_it_has_closed(summit, poster):
    vote(summit, poster, 1)
    closed(poster, at=AT + timedelta(minutes=1))
    assert feedback(poster).outcome is None

    closed(poster, at=AT)
    assert feedback(poster).outcome == Outcome(votes=1, total=1, place=1, shared_with=0)


def test_a_tie_is_told_as_a_tie(summit, poster):
    first, equal = (
        a_poster(a_team(summit.programme, name), summit) for name in ("Old Mill", "Riverside")
    )
    vote(summit, poster, 1)
    vote(summit, first, 2)
    vote(summit, equal, 1)
    closed(poster, at=AT)

    assert feedback(poster).outcome == Outcome(votes=1, total=4, place=2, shared_with=1)
    assert "1 vote of 4: shared place 2, with 1 other poster" in words_in(report(poster))


def test_who_has_no_vote_has_no_place(summit, poster):
    vote(summit, a_poster(a_team(summit.programme, "Old Mill"), summit), 2)
    closed(poster, at=AT)

    assert "0 votes of 2 Everybody" in words_in(report(poster))


def test_what_ten_thousand_letters_say_is_printed(poster, gwen):
    a_kept_reflection(poster, gwen, "Improving " * 1000, at=AT)
    a_kept_question(poster, gwen, text="x" * 10_000, at=AT)

    assert words_in(report(poster)).count("Improving") >= 1000
