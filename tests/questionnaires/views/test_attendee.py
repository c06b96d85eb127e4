from datetime import timedelta

import pytest

from app.certificates.actions.issuing import issue_attendances
from app.plumbing.database import db, transaction
from app.questionnaires.actions.feedback import (
    FeedbackIsAskedFor,
    demand_feedback,
    give_feedback,
)
from app.questionnaires.models import EventFeedback, RatingChoice, Response
from app.questionnaires.queries.demands import owes_feedback
from app.questionnaires.rules.sheets import STANDARD
from tests.factories.certificates import AFTER_THE_SUMMIT, HELEN, a_presence
from tests.factories.people import a_person, a_visit_of
from tests.factories.questionnaires import a_round, answered, closed, whole
from tests.factories.registration import a_registration
from tests.questionnaires.conftest import AT
from tests.visitor import Visitor

START = "/my/together/summit/skills"


def ratings_of(area, rating):
    return {item.id: str(rating) for item in STANDARD.areas[area - 1].items}


def begin(phone):
    return phone.fill_in(START, together="yes", small_team="no")


def answer_all(phone, rating=4):
    page = None
    for number in range(1, 5):
        page = phone.fill_in(f"{START}/{number}", **ratings_of(number, rating))
    return page


def test_somebody_answers_a_round_area_by_area_and_sees_their_own_chart(gwens_phone, wave):
    assert "Answer the questionnaire" in gwens_phone.open("/my/skills").text

    page = begin(gwens_phone)
    assert "Part 1 of 4" in page.text
    page = answer_all(gwens_phone)

    assert "Your answers are in" in page.text
    assert "Your own chart" in page.text
    assert "4.00" in page.text
    assert 'role="img"' in page.html
    row = db.session.query(Response).one()
    assert row.ratings == whole(4)
    assert "Gwen" not in row.respondent


def test_each_page_that_is_sent_is_kept(gwens_phone, wave):
    begin(gwens_phone)

    gwens_phone.fill_in(f"{START}/1", **ratings_of(1, 2))

    assert db.session.query(Response).one().ratings == {i.id: 2 for i in STANDARD.areas[0].items}
    assert "Part 2 of 4" in gwens_phone.open(START).text


def test_whoever_left_something_out_is_led_back_to_it(gwens_phone, wave):
    begin(gwens_phone)
    gwens_phone.fill_in(f"{START}/1", **{"plan-aim": "3"})
    for number in (2, 3):
        gwens_phone.fill_in(f"{START}/{number}", **ratings_of(number, 3))

    page = gwens_phone.fill_in(f"{START}/4", **ratings_of(4, 3))

    assert "Something is still open here" in page.text
    assert "Part 1 of 4" in page.text


def test_answering_again_changes_the_one_row(gwens_phone, wave):
    begin(gwens_phone)
    answer_all(gwens_phone, 2)

    answer_all(gwens_phone, 5)

    assert db.session.query(Response).one().ratings == whole(5)


@pytest.mark.parametrize("step", ["6", "0", "-1", "four", "3.5"])
def test_an_answer_off_the_scale_is_refused_and_nothing_is_kept(gwens_phone, wave, step):
    begin(gwens_phone)

    page = gwens_phone.fill_in(f"{START}/1", **{**ratings_of(1, 3), "plan-aim": step})

    assert page.status == 422
    assert "Choose one of the steps of the scale." in page.text
    assert db.session.query(Response).count() == 0


def test_a_round_that_closes_while_somebody_types_keeps_their_answers(gwens_phone, wave, now):
    begin(gwens_phone)
    gwens_phone.fill_in(f"{START}/1", **ratings_of(1, 2))
    page = gwens_phone.open(f"{START}/2")
    now.move_to(wave.closes_at + timedelta(minutes=1))
    closed(wave)

    page = gwens_phone.submit(page, f"{START}/2", **ratings_of(2, 5))

    assert "The round closed while you were answering" in page.text
    row = db.session.query(Response).one()
    assert row.ratings == {i.id: 2 for i in STANDARD.areas[0].items}
    assert row.late == {i.id: 5 for i in STANDARD.areas[1].items}
    assert "5.00" in page.text


def test_a_choice_is_made_once(gwens_phone, wave):
    page = gwens_phone.open(START)
    gwens_phone.submit(page, START, together="no", small_team="no")

    gwens_phone.submit(page, START, together="yes", small_team="yes")

    choice = db.session.query(RatingChoice).one()
    assert (choice.keeps_together, choice.shows_small_team) == (False, False)


def test_a_choice_that_is_left_open_is_asked_for_in_words(gwens_phone, wave):
    page = gwens_phone.fill_in(START)

    assert page.status == 422
    assert page.text.count("Choose whether your rounds are kept together.") == 2
    assert page.text.count("Choose whether a small team may be shown.") == 2
    assert "valid choice" not in page.text


def test_before_check_in_the_page_says_when_the_round_opens(gwens_phone, wave, now):
    now.move_to(wave.event.check_in_opens_at - timedelta(minutes=1))

    assert "This round is open from" in gwens_phone.open(START).text


def test_looking_back_is_a_second_column(gwens_phone, summit):
    wave = a_round(summit, asks_then=True)
    begin(gwens_phone)
    then = {f"then-{name}": "1" for name in ratings_of(1, 1)}

    page = gwens_phone.fill_in(f"{START}/1", **ratings_of(1, 4), **then)

    assert "Looking back" in page.text
    assert db.session.query(Response).filter_by(wave_id=wave.id).one().then_ratings == {
        i.id: 1 for i in STANDARD.areas[0].items
    }


def test_nobody_sees_the_chart_of_somebody_else(app, gwens_phone, summit, wave):
    ed = a_person("Ed Marsh")
    a_registration(summit, ed)
    answered(wave, ed, whole(5))

    assert "5.00" in Visitor(app).carry(visit=a_visit_of(ed, at=AT)).open("/my/skills").text
    assert "5.00" not in gwens_phone.open("/my/skills").text


def test_whoever_is_not_booked_finds_no_round(app, wave):
    stranger = Visitor(app).carry(visit=a_visit_of(a_person("Ed Marsh"), at=AT))

    assert stranger.open(START).status == 404


def test_feedback_is_kept_without_a_name(gwens_phone, summit):
    page = gwens_phone.fill_in(
        "/my/together/summit/feedback", useful="5", best="The posters", better=""
    )

    row = db.session.query(EventFeedback).one()
    assert (row.useful, row.best) == (5, "The posters")
    assert "Thank you." in page.text


def test_feedback_may_be_skipped(gwens_phone, summit):
    page = gwens_phone.open("/my/together/summit/feedback")
    data = {**page.forms[-1].values, "skip": "1"}

    page = gwens_phone.send("/my/together/summit/feedback", data=data)

    assert "My progress" in page.text
    assert db.session.query(EventFeedback).one().useful is None


def test_my_page_leads_to_the_questionnaire_while_it_is_open(gwens_phone, wave, now):
    assert "Skills questionnaire" in gwens_phone.open("/my").text

    now.move_to(wave.closes_at)
    assert "Skills questionnaire" not in gwens_phone.open("/my").text


def test_a_certificate_of_attendance_asks_how_it_was_and_may_always_be_had(app, summit, now):
    now.move_to(AFTER_THE_SUMMIT)
    gwen = a_person("Gwen Price")
    a_presence(gwen, summit)
    with transaction():
        at = AFTER_THE_SUMMIT
        (issue,) = issue_attendances(summit, expected=1, batch="a", by=HELEN, at=at)
        issue.drawn_at = at
    phone = Visitor(app).carry(visit=a_visit_of(gwen, at=at))

    page = phone.open("/my/certificates")
    assert "Say how it was, then download" in page.text
    assert "Skip, download PDF" in page.text

    page = phone.fill_in("/my/together/summit/feedback", useful="4")
    assert "Say how it was" not in page.text
    assert "Download PDF" in page.text


def test_where_an_accreditor_asks_nobody_skips_and_the_certificate_waits(app, lead, summit, now):
    wave_page = "/organise/together/events/summit/skills"
    page = lead.fill_in(wave_page, action="/skills/feedback", accreditor="Northvale Faculty")
    assert "Saved." in page.text
    now.move_to(AFTER_THE_SUMMIT)
    gwen = a_person("Gwen Price")
    a_presence(gwen, summit)
    with transaction():
        at = AFTER_THE_SUMMIT
        (issue,) = issue_attendances(summit, expected=1, batch="a", by=HELEN, at=at)
        issue.drawn_at = at
    phone = Visitor(app).carry(visit=a_visit_of(gwen, at=at))
    file = f"/my/certificates/{issue.id}/file"

    page = phone.open("/my/certificates")
    assert "Northvale Faculty accredits this event" in page.text
    assert "Skip," not in page.text
    asked = phone.open(file)
    assert "your certificate waits for your answer" in asked.text
    assert "Skip," not in asked.text
    refused = phone.send(
        "/my/together/summit/feedback", data={**asked.forms[-1].values, "skip": "1"}
    )
    assert refused.status == 422
    assert "Choose how useful it was." in refused.text

    phone.fill_in("/my/together/summit/feedback", useful="4")
    assert "Download PDF" in phone.open("/my/certificates").text
    # Nothing is drawn here, so there is no file; but nobody is sent back to the questions either.
    assert phone.open(file).status == 404


def test_whoever_skipped_before_the_accreditor_asked_is_asked_again(app, gwens_phone, gwen, summit):
    with transaction():
        give_feedback(summit, gwen, useful=None, best="", better="", at=AT)
        demand_feedback(summit, "Northvale Faculty", by=HELEN, at=AT)

    assert owes_feedback(summit, gwen.id)
    with pytest.raises(FeedbackIsAskedFor, match="Northvale Faculty"), transaction():
        give_feedback(summit, gwen, useful=None, best="", better="", at=AT)
    with transaction():
        demand_feedback(summit, "", by=HELEN, at=AT)
    assert not owes_feedback(summit, gwen.id)
