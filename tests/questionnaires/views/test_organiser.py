import json
from datetime import timedelta

import pypdfium2
import pytest

from app.plumbing.database import db
from app.plumbing.mail import Letter
from app.plumbing.queue import run_due
from app.plumbing.spreadsheets import read_table
from app.programmes.rules import Role
from app.questionnaires.models import Questionnaire, QuestionnaireVersion, Response, Wave
from app.questionnaires.rules.sheets import STANDARD, from_data
from tests.factories.people import a_person
from tests.factories.programmes import a_coach_of, a_member, a_member_of_staff, a_team
from tests.factories.questionnaires import a_round, answered, closed, whole
from tests.factories.registration import a_registration
from tests.questionnaires.conftest import AT
from tests.visitor import Visitor

SKILLS = "/organise/together/skills"
EDITOR = f"{SKILLS}/questionnaire"
ROUND = "/organise/together/events/summit/skills"


def people_of(team, *events, number):
    """People of a team who are booked at these events."""
    people = [a_person(f"{team.name} {n}") for n in range(number)]
    for person in people:
        a_member(team, person)
        for event in events:
            a_registration(event, person, team)
    return people


@pytest.fixture
def teams(programme):
    return [a_team(programme, name) for name in ("North", "South", "Small", "Hidden")]


@pytest.fixture
def two_rounds(teams, launch, summit, now):
    """North 7, South 6, Small 3 and Hidden 2 people; all answer the launch, all but five the summit."""
    numbers = (7, 6, 3, 2)
    people = [
        people_of(team, launch, summit, number=number)
        for team, number in zip(teams, numbers, strict=True)
    ]
    first, second = a_round(launch), a_round(summit)
    for team, members in enumerate(people):
        for person in members:
            answered(first, person, whole(1 + team))
    closed(first)
    for team, members in enumerate(people):
        for person in members if team in (0, 1) else []:
            answered(second, person, whole(2 + team))
    now.move_to(second.closes_at + timedelta(minutes=1))
    return first, closed(second)


def words_on_paper(response):
    paper = pypdfium2.PdfDocument(response.data)
    words = [page.get_textpage().get_text_range() for page in paper]
    return " ".join(" ".join(words).split())


def test_the_same_figures_stand_on_page_wall_paper_and_in_files(lead, two_rounds):
    page = lead.open(SKILLS)
    paper = words_on_paper(lead.open(f"{SKILLS}/skills.pdf").response)
    table = read_table(lead.open(f"{SKILLS}/skills.csv").response.data, filename="skills.csv")
    data = json.loads(lead.open(f"{SKILLS}/skills.json").response.data)
    wall = lead.open(f"{SKILLS}/present?rounds=2")

    rows = [dict(zip(table.headers, row.cells, strict=True)) for row in table.rows]
    same = [r for r in rows if r["Report"].endswith("the same people") and r["Kind"] == "area"]
    report = next(r for r in data["reports"] if r["title"].endswith("the same people"))
    areas = [one for one in report["figures"] if one["kind"] == "area"]
    assert len(same) == len(areas) == 8
    for row, one in zip(same, areas, strict=True):
        assert [row["Area or statement"], row["Round"], row["People"], row["Mean"]] == [
            one["part"],
            one["round"],
            str(one["people"]),
            one["mean"],
        ]
        spread = f"median {one['median']}, quartiles {one['lower_quartile']}"
        said = f"{one['mean']} {spread} and {one['upper_quartile']}, {one['people']} people"
        assert said in page.text
        assert said in paper
        if one["round"].startswith("Summit"):
            assert one["mean"] in wall.text
    # North moved from 1 to 2 and South from 2 to 3; who did not answer again changes nothing.
    assert [(one["people"], one["mean"]) for one in report["change"]] == [(13, "+1.00")] * 4
    assert page.text.count("+1.00") == 4
    assert paper.count("+1.00") == 4
    for place in (page.text, paper):
        assert "Launch: 18 of 18; Summit: 13 of 18." in place


def test_what_is_not_shown_is_shown_nowhere(lead, two_rounds):
    table = read_table(lead.open(f"{SKILLS}/skills.csv").response.data, filename="skills.csv")
    data = json.loads(lead.open(f"{SKILLS}/skills.json").response.data)
    rows = [dict(zip(table.headers, row.cells, strict=True)) for row in table.rows]

    for team in ("Small", "Hidden"):
        page = lead.open(f"/organise/together/teams/{team.lower()}/skills")
        assert "Nothing to show of this team" in page.text
        assert "Launch is not shown: fewer than 5 answered." in page.text
        paper = words_on_paper(
            lead.open(f"/organise/together/teams/{team.lower()}/skills.pdf").response
        )
        assert "Launch is not shown: fewer than 5 answered." in paper
        assert "median" not in paper
        assert {r["People"] for r in rows if r["Report"] == f"Skills of {team}"} <= {""}
        report = next(r for r in data["reports"] if r["title"] == f"Skills of {team}")
        assert {one["note"] for one in report["figures"]} == {"not shown"}
        assert not any("mean" in one for one in report["figures"])
    north = next(r for r in data["reports"] if r["title"] == "Skills of North")
    assert [one["mean"] for one in north["figures"][:2]] == ["1.00", "2.00"]
    assert [one["mean"] for one in north["change"]] == ["+1.00"] * 4
    paper = words_on_paper(lead.open("/organise/together/teams/north/skills.pdf").response)
    assert "2.00 median 2.00, quartiles 2.00 and 2.00, 7 people" in paper
    assert paper.count("+1.00") == 4


def test_while_a_round_is_open_only_the_response_rate_is_known(lead, summit, teams):
    people = people_of(teams[0], summit, number=9)
    wave = a_round(summit)
    for person in people[:8]:
        answered(wave, person, whole(5))

    assert "8 of 9 people have answered" in lead.open(ROUND).text
    page = lead.open(SKILLS)
    assert "No figures yet" in page.text
    assert "5.00" not in page.text
    assert json.loads(lead.open(f"{SKILLS}/skills.json").response.data) == {"reports": []}


def test_a_round_is_planned_changed_and_closed_once(lead, summit):
    assert (
        "The round is planned."
        in lead.fill_in(ROUND, action=ROUND, days_open="2", asks_then="y").text
    )
    assert "Saved." in lead.fill_in(ROUND, action=ROUND, days_open="4").text
    wave = db.session.query(Wave).one()
    assert (wave.days_open, wave.asks_then) == (4, True)

    page = lead.fill_in(f"{ROUND}/end")

    assert "its figures are published" in page.text
    assert db.session.query(Wave).one().closed_at == AT
    assert "Closed" in lead.open(ROUND).text
    assert lead.send(ROUND, data={"days_open": "9"}).status in {400, 409}


def test_a_round_closes_by_its_rule(summit, teams, now):
    wave = a_round(summit)
    for person in people_of(teams[0], summit, number=6):
        answered(wave, person, whole(4))
    ends_at = summit.ends_at + timedelta(days=1)

    run_due(lambda: AT)
    db.session.rollback()
    assert db.session.query(Wave).one().figures is None
    now.move_to(ends_at)
    run_due(lambda: ends_at)

    db.session.rollback()
    wave = db.session.query(Wave).one()
    assert wave.closed_at == ends_at
    assert wave.figures["answered"] == 6
    assert wave.figures["cohort"]["data"] == [6, 4.0, 4.0, 4.0, 4.0]


def test_answers_are_forgotten_a_year_after_the_programme_and_figures_stay(
    programme, summit, teams, now
):
    wave = a_round(summit)
    for person in people_of(teams[0], summit, number=6):
        answered(wave, person, whole(4))
    closed(wave)
    due = wave.closes_at + timedelta(days=365)

    for days, left in ((0, 6), (10, 0)):
        now.move_to(due + timedelta(days=days))
        run_due(lambda days=days: due + timedelta(days=days))
        db.session.rollback()
        assert db.session.query(Response).count() == left
    assert db.session.query(Wave).one().figures["answered"] == 6


def test_a_reminder_goes_to_those_who_have_not_answered_and_to_nobody_twice(lead, summit, teams):
    done, silent = people_of(teams[0], summit, number=2)
    wave = a_round(summit)
    answered(wave, done)

    for _ in range(2):
        page = lead.submit(lead.open(ROUND), ROUND, action="/reminders")
        assert "A reminder goes to everybody who has not answered" in page.text
        run_due(lambda: AT)
        db.session.rollback()

    (letter,) = db.session.query(Letter).filter(Letter.subject.contains("skills")).all()
    assert letter.to_address == silent.email
    assert "/skills" in letter.text
    assert silent.name not in page.text


def test_the_link_of_a_reminder_leads_to_the_questionnaire(app, lead, summit, teams):
    people_of(teams[0], summit, number=1)
    a_round(summit)
    lead.submit(lead.open(ROUND), ROUND, action="/reminders")
    run_due(lambda: AT)
    db.session.rollback()
    letter = db.session.query(Letter).filter(Letter.subject.contains("skills")).one()
    link = next(word for word in letter.text.split() if word.startswith("http"))

    page = Visitor(app).fill_in(link.removeprefix("http://localhost"))

    assert "Choose once, before you begin" in page.text


def test_a_coach_sees_their_own_teams_and_the_cohort(app, programme, teams, two_rounds):
    account = a_member_of_staff(programme, Role.COACH, "Asha Patel")
    a_coach_of(teams[0], account.person)
    asha = Visitor(app).sign_in(account)

    page = asha.open(SKILLS)
    files = asha.open(f"{SKILLS}/skills.json").text

    assert "North" in page.text
    assert "South" not in page.text
    assert "Skills of South" not in files
    assert asha.open("/organise/together/teams/north/skills").status == 200
    assert asha.open("/organise/together/teams/south/skills").status == 404
    assert asha.open(ROUND).status == 403


def test_the_wall_steps_through_the_rounds(lead, two_rounds):
    first = lead.open(f"{SKILLS}/present")
    second = lead.open(f"{SKILLS}/present?rounds=2")

    assert "Round 1 of 2" in first.text
    assert "Next round" in first.text
    assert "Summit" not in first.text
    assert "Round 2 of 2" in second.text
    assert "+1.00" in second.text


# The editor


def press(lead, act, **words):
    page = lead.open(EDITOR)
    form = next(f for f in page.forms if "scale" in f.names)
    data = {**form.values, **words, "do": act}
    return lead.send(EDITOR, data=data)


def draft():
    db.session.rollback()
    return from_data(db.session.query(Questionnaire).one().draft)


def test_the_lead_edits_moves_adds_and_removes_by_buttons(lead, programme):
    press(lead, "up:data", **{"words-data": "Data and measures"})
    press(lead, "down:plan-aim")
    press(lead, "remove:data-chart")
    press(lead, "add-item:data")

    sheet = draft()
    assert [area.id for area in sheet.areas] == ["planning", "methodology", "data", "testing"]
    assert sheet.areas[0].items[1].id == "plan-aim"
    assert sheet.area("data").title == "Data and measures"
    assert [item.text for item in sheet.area("data").items][-1] == ""
    assert "data-chart" not in {item.id for item in sheet.items}


def test_a_draft_that_cannot_be_asked_is_kept_and_says_what_to_mend(lead, programme):
    page = press(lead, "use", **{"words-plan-aim": ""})

    assert page.status == 422
    assert "A statement in “Planning an improvement project” is empty." in page.text


def test_a_statement_put_anew_is_not_comparable_with_the_rounds_before(
    app, programme, teams, launch, summit, now
):
    people = people_of(teams[0], launch, summit, number=6)
    first = a_round(launch)
    for person in people:
        answered(first, person, whole(2))
    closed(first)
    now.move_to(summit.check_in_opens_at - timedelta(days=2))
    second = a_round(summit)
    lead = Visitor(app).sign_in(a_member_of_staff(programme))

    press(lead, "use", **{"words-data-chart": "I can teach a colleague to read a run chart."})
    page = lead.fill_in(f"{EDITOR}/use")
    assert "Version 2 is in use" in page.text
    assert db.session.query(QuestionnaireVersion).count() == 2

    now.move_to(summit.starts_at)
    for person in people:
        answered(second, person, whole(4))
    now.move_to(second.closes_at)
    closed(second)
    lead = Visitor(app).sign_in(a_member_of_staff(programme))
    page = lead.open(SKILLS)

    data = next(
        line
        for line in json.loads(lead.open(f"{SKILLS}/skills.json").response.data)["reports"][0][
            "figures"
        ]
        if line["part"] == "Data" and line["round"].startswith("Launch")
    )
    assert data["note"] == "not comparable"
    assert "not comparable" in page.text
    assert page.text.count("+2.00") == 3


def test_a_spelling_put_right_stays_comparable_when_the_lead_says_so(lead, programme, summit):
    a_round(summit)
    with_words = {"words-data-chart": "I can draw a run chart, and read it."}
    db.session.rollback()

    press(lead, "use", **with_words)
    lead.fill_in(f"{EDITOR}/use", same="data-chart")

    db.session.rollback()
    versions = db.session.query(QuestionnaireVersion).order_by(QuestionnaireVersion.number).all()
    # The round has opened already, so it keeps the words it began with.
    assert db.session.query(Wave).one().version_id == versions[0].id
    assert versions[1].sheet.asks_the_same(STANDARD, "data")


def test_the_smallest_group_stands_once_figures_were_published(lead, programme, two_rounds):
    assert "The number stands" in lead.open(EDITOR).text
    page = lead.open(EDITOR)
    token = page.forms[-1].values["csrf_token"]

    answer = lead.send(f"{SKILLS}/privacy", data={"smallest": "3", "csrf_token": token})

    assert answer.status == 409
    assert db.session.query(Questionnaire).one().smallest_group == 5


@pytest.mark.parametrize(("number", "kept"), [("8", 8), ("2", 5), ("x", 5)])
def test_the_smallest_group_is_set_before(lead, programme, summit, number, kept):
    a_round(summit)

    lead.fill_in(EDITOR, action="/privacy", smallest=number)

    db.session.rollback()
    assert db.session.query(Questionnaire).one().smallest_group == kept
