from uuid import uuid4

import pytest

from app.kernel.actor import Actor
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.posters.actions.asking import AlreadyAnswered, AskedBefore, answer, change_answer
from app.posters.actions.writing import GuestsMayNotWrite, TakesNoWords
from app.posters.models import PosterQuestion
from app.posters.queries.asking import (
    SOMEBODY,
    exchanges_for_team,
    exchanges_shown,
    revision_of_questions,
    unanswered_questions,
)
from app.posters.queries.posters import marketplace_of
from tests.factories.people import a_person
from tests.factories.voices import a_question
from tests.posters.conftest import AT

TEAM = Actor("team", uuid4(), "Hill Top Practice")


def set_market(event, **facts):
    with transaction():
        market = marketplace_of(event)
        for name, value in facts.items():
            setattr(market, name, value)


def test_a_question_reaches_the_team_and_visitors_at_once(poster):
    asked = a_question(poster, a_person("Gwen Price"), at=AT)

    assert [(e.question_id, e.asker) for e in exchanges_shown(poster, most=9)] == [
        (asked.id, "Gwen Price")
    ]
    assert unanswered_questions(poster) == 1


def test_a_phone_that_sends_twice_asks_once(poster):
    gwen, form_id = a_person(), uuid4()

    first = a_question(poster, gwen, at=AT, form_id=form_id)
    second = a_question(poster, gwen, at=AT, form_id=form_id)

    assert first.id == second.id
    assert db.session.query(PosterQuestion).count() == 1


def test_stepping_back_and_asking_something_else_with_the_same_form_is_another_question(poster):
    gwen, form_id = a_person(), uuid4()

    a_question(poster, gwen, at=AT, form_id=form_id)
    a_question(poster, gwen, at=AT, form_id=form_id, text="What did it cost?")

    assert db.session.query(PosterQuestion).count() == 2


def test_the_same_question_of_the_same_person_is_refused_in_words(poster):
    gwen = a_person()
    a_question(poster, gwen, at=AT)

    with pytest.raises(AskedBefore, match="You have asked this already"):
        a_question(poster, gwen, at=AT, text="how long DID it take?")
    a_question(poster, a_person("Ed Marsh"), at=AT)  # somebody else may want to know it too
    assert db.session.query(PosterQuestion).count() == 2


def test_a_moderated_question_reaches_the_team_and_nobody_else(summit, poster):
    set_market(summit, is_moderated=True)

    a_question(poster, a_person(), at=AT)

    assert len(exchanges_for_team(poster)) == 1
    assert not exchanges_shown(poster, most=9)


def test_a_guest_is_refused_where_guests_may_not_write(poster):
    with pytest.raises(GuestsMayNotWrite):
        a_question(poster, at=AT, guest=("Bob", "bob@elsewhere.example"))


def test_what_a_guest_asks_waits_for_an_organiser_before_the_team_too(summit, poster):
    set_market(summit, guests_may_write=True)

    a_question(poster, at=AT, guest=("Bob", "bob@elsewhere.example"))

    assert not exchanges_for_team(poster)
    assert unanswered_questions(poster) == 0


@pytest.mark.parametrize("where", ["event", "poster", "hidden"])
def test_nobody_asks_where_feedback_is_off_or_the_poster_is_not_shown(summit, poster, where):
    if where == "event":
        set_market(summit, takes_feedback=False)
    with transaction():
        poster.takes_feedback = where != "poster"
        poster.hidden_at = AT if where == "hidden" else None

    with pytest.raises(TakesNoWords):
        a_question(poster, a_person(), at=AT)
    assert db.session.query(PosterQuestion).count() == 0


def test_the_asker_is_mailed_the_answer_once(poster):
    gwen = a_person("Gwen Price")
    asked = a_question(poster, gwen, at=AT)

    with transaction():
        answer(asked, "Nine months.", answered_by="Ruth", by=TEAM, at=AT)
    with transaction():
        change_answer(asked, "Ten months.", answered_by="Ruth", by=TEAM, at=AT)

    letter = db.session.query(Letter).one()
    assert letter.to_address == gwen.email
    assert letter.subject == "Hill Top Practice answered your question"
    assert "Nine months." in letter.text
    assert exchanges_shown(poster, most=9)[0].reply == "Ten months."


def test_two_of_a_team_answer_at_once_and_the_second_is_told(poster):
    asked = a_question(poster, a_person(), at=AT)
    with transaction():
        answer(asked, "Nine months.", answered_by="", by=TEAM, at=AT)

    with pytest.raises(AlreadyAnswered), transaction():
        answer(asked, "A year.", answered_by="", by=TEAM, at=AT)
    assert exchanges_shown(poster, most=9)[0].reply == "Nine months."


def test_who_asks_without_a_name_stands_in_no_list_no_record_and_no_letter_of_the_programme(poster):
    gwen = a_person("Gwen Price")
    asked = a_question(poster, gwen, at=AT, is_named=False)
    with transaction():
        answer(asked, "Nine months.", answered_by="", by=TEAM, at=AT)

    assert exchanges_for_team(poster)[0].asker == SOMEBODY
    assert db.session.query(Letter).one().programme_id is None
    lines = db.session.query(AuditEntry).all()
    assert all(str(gwen.id) not in f"{line.actor_id}{line.after}{line.before}" for line in lines)


def test_the_revision_changes_with_a_question_and_an_answer_and_with_nothing_else(poster):
    empty = revision_of_questions(poster)
    asked = a_question(poster, a_person(), at=AT)
    with_question = revision_of_questions(poster)
    same = revision_of_questions(poster)
    with transaction():
        answer(asked, "Nine months.", answered_by="", by=TEAM, at=AT)

    assert len({empty, with_question, revision_of_questions(poster)}) == 3
    assert with_question == same
