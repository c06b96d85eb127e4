"""What goes wrong in a round, each tried through the forms: a clear answer, and nothing lost."""

import json
from datetime import timedelta

import pytest

from app.plumbing.database import db
from app.questionnaires.models import Response
from app.questionnaires.rules.sheets import STANDARD
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member, a_member_of_staff, a_team
from tests.factories.questionnaires import a_round, answered, closed, whole
from tests.factories.registration import a_registration
from tests.questionnaires.conftest import AT
from tests.questionnaires.views.test_attendee import START, answer_all, begin, ratings_of
from tests.questionnaires.views.test_organiser import SKILLS, people_of, press, words_on_paper
from tests.visitor import Visitor


def responses():
    db.session.rollback()
    return db.session.query(Response).all()


@pytest.mark.parametrize("step", ["6", "0", "-1", "99999999999999999999", "three", "2.5"])
def test_a_step_that_is_not_on_the_scale_is_refused_beside_it_and_the_rest_stays(
    gwens_phone, wave, step
):
    begin(gwens_phone)
    gwens_phone.fill_in(f"{START}/1", **ratings_of(1, 2))

    page = gwens_phone.fill_in(f"{START}/2", **{**ratings_of(2, 5), "method-model": step})

    assert page.status == 422
    assert page.text.count("Choose one of the steps of the scale.") == 2  # above, and beside it
    form = next(f for f in page.forms if "method-tools" in f.names)
    assert form.values["method-tools"] == ["5"]
    (row,) = responses()
    assert row.ratings == {item.id: 2 for item in STANDARD.areas[0].items}


def test_an_answer_to_what_is_not_asked_is_passed_over(gwens_phone, wave):
    begin(gwens_phone)
    page = gwens_phone.open(f"{START}/1")
    data = {**page.forms[-1].values, **ratings_of(1, 3), "data-chart": "5", "made-up": "4"}

    gwens_phone.send(f"{START}/1", data=data)

    (row,) = responses()
    assert row.ratings == {item.id: 3 for item in STANDARD.areas[0].items}


def test_who_types_while_the_lead_closes_the_round_is_told_and_loses_nothing(
    app, gwens_phone, gwen, programme, wave, now
):
    lead = Visitor(app).sign_in(a_member_of_staff(programme))
    begin(gwens_phone)
    for part in (1, 2, 3):
        gwens_phone.fill_in(f"{START}/{part}", **ratings_of(part, 3))
    page = gwens_phone.open(f"{START}/4")
    lead.fill_in("/organise/together/events/summit/skills/end")
    now.shift(timedelta(minutes=1))

    page = gwens_phone.submit(page, f"{START}/4", **ratings_of(4, 4))

    assert "The round closed while you were answering" in page.text
    assert "What you chose is kept and stands in your own chart." in page.text
    assert "4.00" in page.text
    (row,) = responses()
    assert row.late == {item.id: 4 for item in STANDARD.areas[3].items}
    assert "Confident" in gwens_phone.open("/my/skills/answers").text


def test_the_same_person_on_two_devices_answers_once(app, gwen, wave):
    phones = [Visitor(app).carry(visit=a_visit_of(gwen, at=AT)) for _ in range(2)]
    begin(phones[0])
    opened = [phone.open(f"{START}/1") for phone in phones]

    for phone, page, rating in zip(phones, opened, (2, 5), strict=True):
        phone.submit(page, f"{START}/1", **ratings_of(1, rating))

    (row,) = responses()
    assert row.ratings == {item.id: 5 for item in STANDARD.areas[0].items}


def test_an_item_deleted_between_rounds_ends_the_comparison_and_keeps_the_answers(
    app, programme, launch, summit, now
):
    people = people_of(a_team(programme, "North"), launch, summit, number=6)
    first = a_round(launch)
    for person in people:
        answered(first, person, whole(2))
    closed(first)
    now.move_to(summit.check_in_opens_at - timedelta(days=2))
    second = a_round(summit)
    lead = Visitor(app).sign_in(a_member_of_staff(programme))
    press(lead, "remove:data-chart")
    press(lead, "use")
    told = lead.open(f"{SKILLS}/questionnaire/use")
    assert "these areas are not comparable with earlier rounds: Data." in told.text
    lead.fill_in(f"{SKILLS}/questionnaire/use")
    now.move_to(AT)

    phones = [Visitor(app).carry(visit=a_visit_of(person, at=AT)) for person in people]
    assert "I can draw a run chart" not in phones[0].open(f"{START}/4").text
    for phone in phones:
        for part in range(1, 5):
            asked = {
                name: step for name, step in ratings_of(part, 4).items() if name != "data-chart"
            }
            page = phone.fill_in(f"{START}/{part}", **asked)
        assert "Your answers are in" in page.text
    assert "not comparable" in page.text
    assert "I can draw a run chart" in phones[0].open("/my/skills/answers").text
    closed(second)
    now.move_to(second.closes_at)
    lead = Visitor(app).sign_in(a_member_of_staff(programme))

    page = lead.open(SKILLS)
    assert page.text.count("+2.00") == 3
    assert "not comparable" in page.text
    assert "not comparable" in words_on_paper(lead.open(f"{SKILLS}/skills.pdf").response)


def test_a_team_of_one_sees_nothing_of_the_team_and_everything_of_their_own(
    app, programme, summit, now
):
    alone = a_team(programme, "Alone")
    ed = a_person("Ed Marsh")
    a_member(alone, ed, role="lead")
    a_registration(summit, ed, alone)
    others = people_of(a_team(programme, "North"), summit, number=9)
    wave = a_round(summit)
    for person in others:
        answered(wave, person, whole(2))
    phone = Visitor(app).carry(visit=a_visit_of(ed, at=AT))
    begin(phone)
    assert "5.00" in answer_all(phone, 5).text
    closed(wave)
    now.move_to(wave.closes_at)
    lead = Visitor(app).sign_in(a_member_of_staff(programme))

    own = phone.open("/my/skills")
    page = lead.open("/organise/together/teams/alone/skills")
    paper = words_on_paper(lead.open("/organise/together/teams/alone/skills.pdf").response)
    reports = json.loads(lead.open(f"{SKILLS}/skills.json").response.data)["reports"]

    assert "5.00" in own.text
    assert "Alone" not in own.text
    for place in (page.text, paper):
        assert "Summit is not shown: fewer than 5 answered." in place
        assert "5.00" not in place
    # With Alone hidden, North would be everybody but Ed: it is hidden with it.
    assert (
        "could be worked out from this one"
        in lead.open("/organise/together/teams/north/skills").text
    )
    shown = {one["title"]: {cell["note"] for cell in one["figures"]} for one in reports}
    assert shown["Skills of Alone"] == shown["Skills of North"] == {"not shown"}
