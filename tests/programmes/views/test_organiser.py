import pytest

from app.plumbing.database import db
from app.programmes.models import Programme
from app.programmes.rules import Role
from tests.factories.people import a_person, an_account
from tests.factories.programmes import a_coach_of, a_member, a_member_of_staff, a_programme, a_team
from tests.statements import count_statements
from tests.visitor import Visitor

ANSWERS = {
    "title": "Healthy Hearts 2027",
    "starts_on": "2027-01-10",
    "ends_on": "2027-12-01",
    "commissioner": "Northvale Health Board",
    "host_organisation": "Northvale Improvement",
    "aims": "Fewer strokes.",
    "contact_email": "hearts@northvale.example",
    "signatory_name": "Helen Shaw",
    "signatory_role": "Programme Director",
    "certificate_prefix": "HH-2027",
}


@pytest.fixture
def programme(app) -> Programme:
    return a_programme()


@pytest.fixture
def lead(app, programme) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(programme, Role.LEAD))


@pytest.fixture
def coach(app, programme) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(programme, Role.COACH, "Tom Leigh"))


@pytest.fixture
def administrator(app) -> Visitor:
    return Visitor(app).sign_in(an_account("Sam Ortiz", is_administrator=True))


def test_programmes_shows_only_those_one_works_on(lead):
    a_programme("other", title="Somebody else's")

    page = lead.open("/organise/")

    assert "Practices Improving Together" in page.text
    assert "Somebody else's" not in page.text
    assert "Create a programme" not in page.text


def test_an_administrator_creates_a_programme_and_is_asked_who_leads_it(administrator):
    page = administrator.fill_in("/organise/programmes/new", **ANSWERS)

    assert "Healthy Hearts 2027 is created. Now say who leads it." in page.text
    assert "Nobody works on this programme yet" in page.text


def test_a_wrong_form_keeps_what_was_typed_and_says_everything_at_once(administrator):
    wrong = {**ANSWERS, "title": "", "ends_on": "2026-01-01", "certificate_prefix": "hh 27"}

    page = administrator.fill_in("/organise/programmes/new", **wrong)

    assert page.status == 422
    assert "Enter the title of the programme." in page.text
    assert "The end lies before the start." in page.text
    assert "Use capital letters, digits and hyphens." in page.text
    assert 'value="hh 27"' in page.html


def test_an_administrator_gives_the_first_role_but_does_not_look_inside(administrator, programme):
    account = an_account("Helen Shaw")

    page = administrator.fill_in(
        "/organise/together/staff", email=account.email.upper(), role="lead"
    )

    assert "Helen Shaw has the role." in page.text
    assert administrator.open("/organise/together").status == 404


def test_a_role_for_a_stranger_is_refused_in_words(lead):
    page = lead.fill_in(
        "/organise/together/staff", action="/staff", email="nobody@x.example", role="coach"
    )

    assert page.status == 422
    assert "Nobody has an account with this address" in page.text


def test_the_last_lead_cannot_be_removed(lead):
    page = lead.open("/organise/together/staff")
    (form,) = [f for f in page.forms if f.action.endswith("/removal")]

    refused = lead.submit(page, "/organise/together/staff", action="/removal")

    assert form
    assert refused.status == 409
    assert "is the only lead of this programme" in refused.text


def test_settings_change_the_programme(lead, programme):
    page = lead.fill_in("/organise/together/settings", title="Together 2026")

    assert "Saved." in page.text
    assert db.session.get(Programme, programme.id).title == "Together 2026"


def test_a_team_is_added_with_a_member_and_a_coach(lead):
    page = lead.fill_in("/organise/together/teams/new", name="Whitworth Health Centre")
    assert "Whitworth Health Centre is added." in page.text

    team = "/organise/together/teams/whitworth-health-centre"
    page = lead.fill_in(
        f"{team}/members/new", name="Jo Lund", email="jo@whitworth.example", role="lead"
    )
    assert "Jo Lund is a member of Whitworth Health Centre." in page.text

    page = lead.fill_in(f"{team}/coaches/new", name="Tom Leigh", email="tom@northvale.example")
    assert "Tom Leigh coaches Whitworth Health Centre." in page.text

    page = lead.open("/organise/together/teams")
    assert "Jo Lund" in page.text
    assert "Tom Leigh" in page.text


def test_a_member_leaves_and_stays_on_the_page_with_dates(lead, programme):
    team = a_team(programme)
    membership = a_member(team, a_person("Ed Marsh"))

    page = lead.fill_in(
        f"/organise/together/teams/{team.slug}/members/{membership.id}", left_on="2026-01-31"
    )

    assert "Ed Marsh" in page.text
    assert "1 April 2025 to 31 January 2026" in page.text


def test_a_member_is_found_only_within_their_team(lead, programme):
    other = a_team(a_programme("other"))
    membership = a_member(other, a_person())
    team = a_team(programme, "The Limes")

    page = lead.open(f"/organise/together/teams/{team.slug}/members/{membership.id}")

    assert page.status == 404


def test_coaching_ends_with_a_last_day(lead, programme):
    team = a_team(programme)
    assignment = a_coach_of(team, a_person("Tom Leigh"))

    page = lead.fill_in(
        f"/organise/together/teams/{team.slug}/coaches/{assignment.id}", to_on="2025-12-31"
    )

    assert "1 April to 31 December 2025" in page.text


def test_a_team_moves_on_the_stage(lead, programme):
    team = a_team(programme)

    page = lead.fill_in(f"/organise/together/teams/{team.slug}/settings", stage_order="4")

    assert "Saved." in page.text
    assert db.session.get(type(team), team.id).stage_order == 4


def test_a_coach_sees_own_teams_only_and_cannot_edit(coach, programme, app):
    mine, other = a_team(programme, "The Limes"), a_team(programme, "Old Mill Surgery")
    account = a_member_of_staff(programme, Role.COACH)
    a_coach_of(mine, account.person)
    visitor = Visitor(app).sign_in(account)

    page = visitor.open("/organise/together/teams")

    assert "The Limes" in page.text
    assert "Old Mill Surgery" not in page.text
    assert visitor.open("/organise/together/teams/new").status == 403
    assert visitor.open(f"/organise/together/teams/{other.slug}").status == 404


@pytest.mark.parametrize("page", ["teams", "staff", "visits"])
def test_lists_ask_the_database_as_often_for_three_rows_as_for_one(lead, programme, page):
    def statements_for(more: int) -> int:
        for number in range(more):
            team = a_team(programme, f"Team {number} of {more}")
            a_member(team, a_person())
            a_coach_of(team, a_member_of_staff(programme, Role.COACH).person)
        with count_statements() as asked:
            lead.open(f"/organise/together/{page}")
        return len(asked)

    assert statements_for(1) == statements_for(2)
