from datetime import timedelta

import pytest

from app.plumbing.database import db, transaction
from app.plumbing.queue import run_due
from app.questionnaires.actions.feedback import give_feedback
from app.questionnaires.actions.taking_back import take_back
from app.questionnaires.models import EventFeedback, RatingChoice, Response, Wave
from app.questionnaires.queries.kept import kept_of
from tests.factories.people import a_person, a_visit_of
from tests.factories.questionnaires import a_round, answered, closed, whole
from tests.factories.registration import a_registration
from tests.questionnaires.conftest import AT
from tests.visitor import Visitor

ANSWERS = "/my/skills/answers"
DELETE = f"{ANSWERS}/delete"


@pytest.fixture
def eds(summit, launch):
    """Seven more who answer, so that figures are published."""
    people = [a_person(f"Ed {n}") for n in range(7)]
    for person in people:
        for event in (launch, summit):
            a_registration(event, person)
    return people


@pytest.fixture
def launched(launch, gwen, team, eds):
    """Gwen and the others answered the launch, which is closed; Gwen rates herself 5."""
    a_registration(launch, gwen, team)
    wave = a_round(launch)
    answered(wave, gwen, whole(5))
    for person in eds:
        answered(wave, person, whole(2))
    return closed(wave)


def taken_back(person):
    with transaction():
        take_back(person)
    db.session.rollback()


def test_nothing_of_a_person_is_left_but_where_they_stood(launched, wave, gwen, eds):
    figures = launched.figures
    answered(wave, gwen, whole(4))
    answered(wave, eds[0], whole(3))
    with transaction():
        give_feedback(wave.event, gwen, useful=5, best="The posters", better="", at=AT)
        give_feedback(wave.event, eds[0], useful=3, best="", better="", at=AT)

    taken_back(gwen)

    assert kept_of(gwen).is_empty
    assert db.session.query(Response).count() == 8
    assert {row.useful for row in db.session.query(EventFeedback)} == {3}
    assert gwen.id not in {choice.person_id for choice in db.session.query(RatingChoice)}
    # What was published stays, and with it that one of no shown team answered once.
    assert db.session.get_one(Wave, launched.id).figures == figures
    assert db.session.get_one(Wave, launched.id).gone == [[None, 0]]
    assert db.session.get_one(Wave, wave.id).gone == []


def test_who_took_answers_back_cannot_be_worked_out_from_the_next_round(
    launched, wave, gwen, eds, now
):
    taken_back(gwen)
    for person in eds:
        answered(wave, person, whole(4))
    now.move_to(wave.closes_at)

    panel = closed(wave).figures["panel"]

    # Eight answered the launch and seven go on: Gwen would be the difference. Of five or more the
    # rest cannot be either, so no change is shown.
    assert panel is None


def test_with_nobody_gone_the_same_seven_are_compared(wave, launch, eds, now):
    first = a_round(launch)
    for one in (first, wave):
        for person in eds:
            answered(one, person, whole(2))
        closed(one)

    assert db.session.get_one(Wave, wave.id).figures["panel"]["n"] == 7


def test_answers_kept_apart_lead_to_nobody_once_their_round_has_closed(launch, gwen):
    a_registration(launch, gwen)
    wave = a_round(launch)
    answered(wave, gwen, keeps_together=False)
    assert len(kept_of(gwen).rounds) == 1

    closed(wave)

    assert kept_of(gwen).rounds == []
    taken_back(gwen)
    assert db.session.query(Response).count() == 1


def test_my_data_holds_every_answer_and_hands_it_out(gwens_phone, gwen, wave):
    answered(wave, gwen, whole(4, data=5), then=whole(1))
    with transaction():
        give_feedback(wave.event, gwen, useful=5, best="The posters", better="", at=AT)

    data = gwens_phone.open("/my/data").text
    page = gwens_phone.open(ANSWERS).text
    told = gwens_phone.open(f"{ANSWERS}.json").response.json

    assert "Summit: 32 answers" in data
    assert "Summit: what you said about it" in data
    assert page.count("Confident enough to teach it") == 4
    assert "The posters" in page
    (answers,) = [one["answers"] for one in told["rounds"]]
    assert len(answers) == 16
    assert answers[-1] == {
        "statement": "I can look out for harm that a change may do elsewhere.",
        "answer": "Confident enough to teach it",
        "after_the_close": None,
        "looking_back": "Not yet confident",
    }
    assert told["feedback"][0]["best"] == "The posters"
    assert told["choices"][0]["rounds_kept_together"] is True


def test_a_person_deletes_their_answers_and_may_begin_anew(gwens_phone, gwen, wave):
    answered(wave, gwen)
    assert "Delete my answers?" in gwens_phone.open(DELETE).text

    page = gwens_phone.fill_in(DELETE)

    assert "Your answers are deleted." in page.text
    assert "Nothing is kept that leads to you" in page.text
    assert db.session.query(Response).count() == 0
    assert "Choose once, before you begin" in gwens_phone.open("/my/together/summit/skills").text


def test_deleting_asks_for_a_code_where_the_letter_is_old(app, gwen, wave):
    answered(wave, gwen)
    phone = Visitor(app).carry(visit=a_visit_of(gwen, at=AT, is_proven=False))

    page = phone.open(DELETE)

    assert "code" in page.text
    assert "Delete my answers?" not in page.text
    assert db.session.query(Response).count() == 1


def test_choices_and_feedback_are_forgotten_a_year_after_the_programme(gwen, wave, programme, now):
    answered(wave, gwen)
    with transaction():
        give_feedback(wave.event, gwen, useful=5, best="", better="", at=AT)
    closed(wave)
    due = wave.closes_at + timedelta(days=365)

    for days, left in ((0, (1, 1, 1)), (10, (0, 0, 0))):
        now.move_to(due + timedelta(days=days))
        run_due(lambda days=days: due + timedelta(days=days))
        db.session.rollback()
        kinds = (Response, RatingChoice, EventFeedback)
        assert tuple(db.session.query(kind).count() for kind in kinds) == left


def test_deleting_twice_is_deleting_once(gwens_phone, gwen, wave):
    answered(wave, gwen)
    page = gwens_phone.open(DELETE)

    for _ in range(2):
        assert gwens_phone.submit(page, DELETE).status == 200

    assert db.session.query(Response).count() == 0
