import pytest
import time_machine

from app.certificates.actions import ending, issuing
from app.certificates.rules import Holder
from app.events.models import EventKind
from app.plumbing.database import transaction
from app.plumbing.queue import run_due
from tests.factories.certificates import (
    AFTER_THE_SUMMIT,
    HELEN,
    a_certificate,
    a_complete_person,
    a_presence,
    a_rule,
    the_events_of_the_fixture,
    the_rules_of_the_fixture,
)
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member, a_programme, a_team


@pytest.fixture(autouse=True)
def after_the_summit():
    with time_machine.travel(AFTER_THE_SUMMIT, tick=False):
        yield


def as_visitor(visitor, person):
    return visitor.carry(visit=a_visit_of(person, at=AFTER_THE_SUMMIT))


def test_each_part_is_ticked_or_not_in_words(visitor):
    programme = a_programme()
    the_rules_of_the_fixture(programme)
    launch, first, *_, summit = the_events_of_the_fixture(programme)
    team, person = a_team(programme), a_person("Gwen Price")
    a_member(team, person)
    for event in (launch, first, summit):
        a_presence(person, event, team)

    page = as_visitor(visitor, person).open("/my/certificates")

    assert "Met: Launch attended" in page.text
    assert "1 of 3 learning sessions (2 needed); can no longer be met" in page.text
    assert "Met: Summit: 6 hours" in page.text
    assert "You can no longer complete the programme." in page.text
    assert "they can grant an exception" in page.text
    assert "Learning session 1, 12 June 2025: attended" in page.text
    assert "Learning session 2, 18 September 2025: not attended" in page.text


def test_ones_own_pdf_is_the_one_that_was_issued(visitor):
    issue = a_certificate("Gwen Price", drawn=True)
    issue_id = issue.id

    page = as_visitor(visitor, issue.person).open(f"/my/certificates/{issue_id}/file")

    assert page.response.mimetype == "application/pdf"
    assert page.response.data.startswith(b"%PDF-1.7")
    assert issue.number in page.response.headers["Content-Disposition"]


def test_somebody_elses_pdf_is_not_there(visitor):
    issue = a_certificate("Gwen Price", drawn=True)
    path = f"/my/certificates/{issue.id}/file"

    assert visitor.open(path).status == 401
    assert as_visitor(visitor, a_person("Zoe Carter")).open(path).status == 404


def test_members_see_their_teams_certificate(visitor):
    programme = a_programme()
    a_rule(programme, Holder.TEAM, {"event_kind": EventKind.SUMMIT})
    team = a_team(programme)
    member = a_complete_person("Gwen Price", team=team)
    with transaction():
        (issue,) = issuing.issue_completions(
            programme, expected=1, batch="b", by=HELEN, at=AFTER_THE_SUMMIT
        )
        path = f"/my/certificates/{issue.id}/file"
    run_due(lambda: AFTER_THE_SUMMIT)

    gwen = as_visitor(visitor, member)

    assert "Certificate of completion for Hill Top Practice" in gwen.open("/my/certificates").text
    assert gwen.open(path).status == 200


def test_a_replaced_certificate_gives_way_to_the_newer(visitor):
    issue = a_certificate("Ed Marsh")
    old_number, person = issue.number, issue.person
    with transaction():
        number = ending.replace(
            issue, recipient="Edward Marsh", reason="Asked", by=HELEN, at=AFTER_THE_SUMMIT
        ).number

    page = as_visitor(visitor, person).open("/my/certificates")

    assert number in page.text
    assert old_number not in page.text


def test_nobody_in_no_programme_is_told_when_certificates_appear(visitor):
    page = as_visitor(visitor, a_person("Zoe Carter")).open("/my/certificates")

    assert "No certificates yet" in page.text
