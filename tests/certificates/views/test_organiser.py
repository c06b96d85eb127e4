import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from uuid import uuid4

import pikepdf
import pytest
import time_machine

from app.certificates.models import CertificateIssue, Exception_, RuleCriterion
from app.certificates.rules import CertificateKind, CriterionKind, Holder
from app.checkin.models import HeadCount
from app.plumbing.database import db, transaction
from app.plumbing.queue import run_due
from app.programmes.rules import Role
from tests.factories.certificates import (
    AFTER_THE_SUMMIT,
    a_certificate,
    a_complete_person,
    a_presence,
    a_rule,
    some_visits,
)
from tests.factories.events import an_event
from tests.factories.people import a_person
from tests.factories.programmes import (
    a_coach_of,
    a_member,
    a_member_of_staff,
    a_programme,
    a_team,
)
from tests.statements import count_statements

AT = "/organise/together"


@pytest.fixture(autouse=True)
def after_the_summit():
    with time_machine.travel(AFTER_THE_SUMMIT, tick=False):
        yield


@pytest.fixture
def programme(app):
    programme = a_programme()
    a_rule(programme, Holder.PERSON)
    return programme


@pytest.fixture
def lead(visitor, programme):
    return visitor.sign_in(a_member_of_staff(programme, Role.LEAD, "Helen Shaw"))


def work():
    run_due(lambda: AFTER_THE_SUMMIT)
    db.session.rollback()


def test_completion_shows_everybody_and_where_they_stand(lead, programme):
    a_complete_person("Gwen Price", programme=programme)

    page = lead.open(f"{AT}/completion")

    assert "1 person complete" in page.text
    assert "Gwen Price" in page.text
    assert "Met: 1 of 1 event" in page.text


def test_completion_can_be_narrowed(lead, programme):
    a_complete_person("Gwen Price", programme=programme)
    a_member(a_team(programme, "The Limes"), a_person("Zoe Carter"))

    complete = lead.open(f"{AT}/completion?show=complete")
    not_yet = lead.open(f"{AT}/completion?show=not")

    assert "Gwen Price" in complete.text
    assert "Zoe Carter" not in complete.text
    assert "Zoe Carter" in not_yet.text
    assert "Gwen Price" not in not_yet.text


@pytest.mark.parametrize("page", ["completion", "certificates", "certificates/send"])
def test_more_people_ask_the_database_no_more(lead, programme, page):
    def statements():
        db.session.rollback()
        with count_statements() as asked:
            lead.open(f"{AT}/{page}")
        return len(asked)

    a_certificate("Gwen Price", programme=programme)
    with_one = statements()
    for name in ("Mark Adams", "Zoe Carter"):
        a_certificate(name, programme=programme)

    assert statements() == with_one


def test_everybody_who_is_complete_gets_one(lead, programme):
    a_complete_person("Gwen Price", programme=programme)

    page = lead.fill_in(f"{AT}/certificates/issue")

    assert "1 certificate issued" in page.text
    assert "0 of 1 certificate drawn" in page.text
    run_due(lambda: AFTER_THE_SUMMIT)
    issue = db.session.query(CertificateIssue).one()
    part = f"{AT}/certificates/batches/{issue.batch.partition(':')[2]}?part=1"
    fresh = lead.client.get(part)
    assert "1 of 1 certificate drawn: all are ready" in fresh.text
    assert (
        lead.client.get(part, headers={"If-None-Match": fresh.headers["ETag"]}).status_code == 304
    )


def test_the_same_press_sent_twice_issues_once(lead, programme):
    a_complete_person("Gwen Price", programme=programme)
    page = lead.open(f"{AT}/certificates/issue")

    first = lead.submit(page, f"{AT}/certificates/issue")
    again = lead.submit(page, f"{AT}/certificates/issue")

    assert first.text == again.text
    assert db.session.query(CertificateIssue).count() == 1


def test_a_second_organiser_is_told_who_was_first(lead, programme):
    a_complete_person("Gwen Price", programme=programme)
    page, also = lead.open(f"{AT}/certificates/issue"), lead.open(f"{AT}/certificates/issue")
    lead.submit(page, f"{AT}/certificates/issue")

    late = lead.submit(also, f"{AT}/certificates/issue")

    assert late.status == 409
    assert "Helen Shaw did so" in late.text


def test_nothing_is_issued_while_a_head_count_differs(lead, programme):
    a_complete_person("Gwen Price", programme=programme)
    event = an_event(programme, "launch", title="Launch")
    page = lead.open(f"{AT}/certificates/issue")
    with transaction():
        db.session.add(
            HeadCount(
                event_id=event.id, counted=1, here=2, counted_at=AFTER_THE_SUMMIT, counted_by="Desk"
            )
        )

    assert "Launch: 1 person counted, 2 on the list" in lead.open(f"{AT}/completion").text
    assert [f for f in lead.open(f"{AT}/certificates/issue").forms if "expected" in f.names] == []
    assert lead.submit(page, f"{AT}/certificates/issue").status == 409


def test_names_that_cannot_be_printed_are_listed_before_issuing(lead, programme):
    a_complete_person("Anna \U00013000", programme=programme)

    page = lead.open(f"{AT}/certificates/issue")

    assert "1 left out: our fonts cannot print every letter" in page.text
    assert any(words == "Anna \U00013000" for words, _ in page.links())


def test_an_exception_needs_a_reason_and_lets_somebody_complete(lead, programme):
    team, jo = a_team(programme), a_person("Jo Lund")
    a_member(team, jo)
    criterion = str(db.session.query(RuleCriterion).one().id)
    path = f"{AT}/completion/people/{jo.id}"

    assert lead.fill_in(f"{path}/exception", criterion=criterion, reason="").status == 422
    page = lead.fill_in(f"{path}/exception", criterion=criterion, reason="Did the make-up")

    assert "Has completed the programme." in page.text
    assert "Did the make-up" in page.text
    issued = lead.submit(page, path, action="/certificate")
    assert "Exception" in issued.text
    assert "Did the make-up" in issued.text
    issue = db.session.query(CertificateIssue).one()
    assert issue.by_exception
    assert "Did the make-up" not in str(issue.fields)
    assert "Did the make-up" not in lead.open(f"/v/{issue.code}").text


def test_an_exception_can_be_taken_back(lead, programme):
    team, jo = a_team(programme), a_person("Jo Lund")
    a_member(team, jo)
    criterion = str(db.session.query(RuleCriterion).one().id)
    path = f"{AT}/completion/people/{jo.id}"
    lead.fill_in(f"{path}/exception", criterion=criterion, reason="Did the make-up")

    page = lead.fill_in(path, action="/end")

    assert "Not yet" in page.text
    assert db.session.query(Exception_).one().withdrawn_at is not None


def test_a_team_page_shows_its_members(lead, programme):
    a_rule(programme, Holder.TEAM)
    a_complete_person("Gwen Price", programme=programme)

    page = lead.open(f"{AT}/completion/teams/hill-top-practice")

    assert "Has completed the programme." in page.text
    assert "Met: Gwen Price" in page.text
    assert "is issued" in lead.submit(page, "", action="/certificate").text


def test_the_rule_can_be_changed(lead, programme):
    old = db.session.query(RuleCriterion).one().id

    page = lead.fill_in(
        f"{AT}/completion/rule/person",
        **{"parts-0-what": "learning_session", "parts-0-needed": "2", "parts-1-what": "poster"},
    )

    assert "at least 2 learning sessions and a poster submitted." in page.text
    db.session.rollback()
    assert db.session.query(RuleCriterion).order_by(RuleCriterion.position).first().id == old


def test_a_part_that_an_exception_rests_on_stays(lead, programme):
    jo = a_person("Jo Lund")
    a_member(a_team(programme), jo)
    criterion = str(db.session.query(RuleCriterion).one().id)
    path = f"{AT}/completion/people/{jo.id}/exception"
    lead.fill_in(path, criterion=criterion, reason="Did the make-up")

    page = lead.fill_in(f"{AT}/completion/rule/person", **{"parts-0-what": ""})

    assert page.status == 409
    assert "An exception was granted" in page.text


def test_the_register_finds_by_name_number_kind_and_state(lead, programme):
    number = a_certificate("Dr Siân O'Connor", programme=programme).number
    a_certificate("Gwen Price", programme=programme)

    for wanted in ("q=Connor", "q=sian", f"q={number[-6:]}"):
        page = lead.open(f"{AT}/certificates?{wanted}")
        assert "Dr Siân O'Connor" in page.text, wanted
        assert "Gwen Price" not in page.text, wanted
    assert "Nothing found" in lead.open(f"{AT}/certificates?kind=recognition").text
    assert "Gwen Price" in lead.open(f"{AT}/certificates?state=valid&kind=completion").text
    assert "Nothing found" in lead.open(f"{AT}/certificates?state=withdrawn").text
    assert lead.open(f"{AT}/certificates?page=99&kind=nonsense").status == 200


def test_the_register_downloads_as_a_list(lead, programme):
    issue = a_certificate("Gwen Price", programme=programme)
    number, code = issue.number, issue.code

    page = lead.open(f"{AT}/certificates.csv")

    (row,) = csv.DictReader(StringIO(page.response.get_data().decode("utf-8-sig")))
    assert (row["Number"], row["Recipient"], row["State"]) == (number, "Gwen Price", "valid")
    assert row["Issued by"] == "Helen Shaw"
    assert row["Check at"] == f"http://localhost/v/{code}"


def test_withdrawing_asks_why_and_restoring_undoes_it(lead, programme):
    issue = a_certificate("Gwen Price", programme=programme)
    path, number = f"{AT}/certificates/{issue.id}", issue.number

    assert lead.fill_in(f"{path}/withdrawal", reason="Typo in the name").status == 422
    page = lead.fill_in(f"{path}/withdrawal", category="facts_wrong", reason="Typo in the name")
    assert f"{number} is withdrawn." in page.text
    assert "Typo in the name" in page.text

    page = lead.fill_in(f"{path}/restoration", reason="The name was right")
    assert f"{number} is valid again." in page.text


def test_a_corrected_name_makes_a_new_certificate(lead, programme):
    issue = a_certificate("Ed Marsh", programme=programme)
    old_path, old = f"{AT}/certificates/{issue.id}", issue.number

    page = lead.fill_in(
        f"{old_path}/replacement", recipient="Edward Marsh", reason="He asked for it"
    )

    assert f"takes the place of {old}" in page.text
    assert "Edward Marsh" in page.text
    assert "Replaced on 26 March 2026" in lead.open(old_path).text


def test_recognition_is_previewed_and_given(lead, programme):
    event, team = an_event(programme), a_team(programme, "Old Mill Surgery")
    citation = "for applying the methodology, using every tool in the box"
    asked = {"whom": f"team:{team.id}", "event": str(event.id), "citation": citation}

    drawn = lead.open(f"{AT}/recognition/preview", query_string=asked)
    assert drawn.response.data.startswith(b"%PDF")
    assert drawn.response.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    short = lead.open(f"{AT}/recognition/preview", query_string={**asked, "citation": "for"})
    assert short.status == 409

    page = lead.fill_in(f"{AT}/recognition", **asked)
    assert "is issued to Old Mill Surgery" in page.text
    assert citation in lead.open(f"{AT}/recognition").text
    issue = db.session.query(CertificateIssue).one()
    assert issue.kind is CertificateKind.RECOGNITION
    assert citation in lead.open(f"/v/{issue.code}").text


def test_a_citation_too_short_keeps_what_was_typed(lead, programme):
    event, team = an_event(programme), a_team(programme)

    page = lead.fill_in(
        f"{AT}/recognition", whom=f"team:{team.id}", event=str(event.id), citation="for it"
    )

    assert page.status == 422
    assert "Write between 10 and 160 characters." in page.text
    assert "for it" in page.html


def test_one_file_for_the_printer_in_stage_order_with_a_blank_at_the_end(lead, programme):
    a_rule(programme, Holder.TEAM)
    second = a_team(programme, "Hill Top Practice", stage_order=2)
    first = a_team(programme, "The Limes", stage_order=1)
    a_complete_person("Gwen Price", team=second)
    a_complete_person("Mark Adams", team=second)
    a_complete_person("Zoe Carter", team=first)
    lead.fill_in(f"{AT}/certificates/issue")
    event = an_event(programme, "launch")
    lead.fill_in(
        f"{AT}/recognition",
        whom=f"team:{first.id}",
        event=str(event.id),
        citation="for transformational achievements",
    )

    page = lead.fill_in(f"{AT}/certificates/print")
    assert "Making the file: 6 + 1 pages" in page.text
    work()
    run_due(lambda: AFTER_THE_SUMMIT + timedelta(seconds=5))  # it waited for the drawings

    made = lead.open(f"{AT}/certificates/print")
    (ready,) = [href for words, href in made.links() if "26 March 2026" in words]
    assert "The file is ready: 6 + 1 pages." in lead.open(ready).text
    file = lead.open(f"{ready}/file").response
    assert "stage-2026-03-26-160000.pdf" in file.headers["Content-Disposition"]
    assert len(pikepdf.open(BytesIO(file.data)).pages) == 7


def test_letters_are_sent_apart_from_issuing(lead, programme):
    a_certificate("Gwen Price", programme=programme, drawn=True)

    page = lead.fill_in(f"{AT}/certificates/send")
    assert "1 letter on the way." in page.text
    assert "Queued" in page.text
    work()
    assert "Kept in the outbox here" in lead.open(f"{AT}/certificates/send").text


def test_who_has_no_address_is_told_apart(lead, programme):
    issue = a_certificate("Gwen Price", programme=programme, email=None)

    assert "No address" in lead.open(f"{AT}/certificates/send").text
    page = lead.open(f"{AT}/certificates/{issue.id}")
    assert "No address" in page.text


def test_attendance_is_issued_for_an_event(lead, programme):
    event = an_event(programme)
    a_presence(a_person("Gwen Price"), event, a_team(programme))

    page = lead.fill_in(f"{AT}/events/summit/certificates")

    assert "1 certificate issued" in page.text
    assert "Gwen Price" in lead.open(f"{AT}/events/summit/certificates").text


def test_an_event_that_gives_no_certificates_says_so_and_offers_none(lead, programme):
    event = an_event(programme, gives_certificates=False)
    a_presence(a_person("Gwen Price"), event, a_team(programme))

    page = lead.open(f"{AT}/events/summit/certificates")

    assert "Summit gives no certificates of attendance" in page.text
    assert "To be issued" not in page.text and "Issue 1 certificate" not in page.text
    assert ("Open the settings", f"{AT}/events/summit/settings") in page.links()


def test_every_design_is_tried_on_the_longest_and_the_strangest_names(lead, programme):
    a_complete_person("Dr Oluwaseun Temitope Adébáyọ̀-Wiśniewska", programme=programme)

    asked = lead.fill_in(f"{AT}/certificates/check")
    work()
    page = lead.open(f"{AT}/certificates/check")

    assert "Drawing: 0 of 8 tried" in asked.text
    assert "Every name of this programme can be printed" in page.text
    assert page.text.count("Ready:") == 8
    assert page.text.count("Needs you:") == 0
    see = [href for words, href in page.links() if words == "See it"]
    assert lead.open(see[0]).response.data.startswith(b"%PDF")
    assert lead.open(f"{AT}/certificates/check/nothing/longest.pdf").status == 404


def test_a_trial_speaks_only_of_the_words_that_were_tried(lead, programme):
    a_complete_person("Gwen Price", programme=programme)
    lead.fill_in(f"{AT}/certificates/check")
    work()

    a_complete_person("Oluwaseun Temitope Wiśniewska", programme=programme)
    page = lead.open(f"{AT}/certificates/check")

    assert "Not tried yet as things stand now" in page.text
    assert page.text.count("Not tried:") == 3  # every design for a person, with the longest name
    assert page.text.count("Ready:") == 5


def test_what_cannot_be_drawn_says_what_to_change(lead, programme):
    a_complete_person("Gwen 𓀀 Price", programme=programme)

    lead.fill_in(f"{AT}/certificates/check")
    work()
    page = lead.open(f"{AT}/certificates/check")

    assert "“𓀀” (U+13000) in “recipient” cannot be printed" in page.text
    assert page.text.count("Needs you:") == 3


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.ORGANISER, "completion", 200),
        (Role.ORGANISER, "certificates", 200),
        (Role.ORGANISER, "certificates/issue", 403),
        (Role.ORGANISER, "certificates/send", 403),
        (Role.ORGANISER, "recognition", 403),
        (Role.COACH, "certificates", 403),
    ],
)
def test_who_may_see_and_who_may_issue(visitor, programme, role, path, status):
    assert visitor.sign_in(a_member_of_staff(programme, role)).open(f"{AT}/{path}").status == status


def test_a_certificate_of_another_programme_is_not_there(lead):
    other = a_certificate("Gwen Price", programme=a_programme("elsewhere"))

    for page in ("", "/file", "/withdrawal", "/restoration", "/replacement"):
        assert lead.open(f"{AT}/certificates/{other.id}{page}").status == 404
    assert lead.open(f"{AT}/certificates/{uuid4()}").status == 404


def test_a_team_without_a_visit_leads_to_its_coach(lead, programme):
    a_rule(programme, Holder.TEAM, {"kind": CriterionKind.COACH_VISITS, "needed": 4})
    team, tom = a_team(programme, "Whitworth Health Centre"), a_person("Tom Leigh")
    a_coach_of(team, tom)
    some_visits(team, 3, next_visit_on=date(2026, 3, 3))

    page = lead.open(f"{AT}/completion/teams/whitworth-health-centre")

    assert "Not yet: 3 of 4 coach visits; still possible." in page.text
    assert "The visit of 3 March 2026 has no record" in page.text
    assert "Ask Tom Leigh to record it" in page.text


def test_somebody_flagged_leads_to_the_attendance_list(lead, programme):
    event, team, ed = an_event(programme), a_team(programme), a_person("Ed Marsh")
    a_member(team, ed)
    a_presence(ed, event, team, flag="same_device")

    page = lead.open(f"{AT}/completion/people/{ed.id}")

    assert "Waits for a check: 0 of 1 event; waits for a check" in page.text
    assert "Presence at Summit waits for a check" in page.text


def test_a_long_list_of_standings_comes_in_pages(lead, programme):
    team = a_team(programme)
    for number in range(101):
        a_member(team, a_person(f"Person {number:03}"))

    first, second = (lead.open(f"{AT}/completion?page={page}") for page in (1, 2))

    assert "1 to 100 of 101 people" in first.text
    assert first.text.count("Person 0") == 100
    assert "Person 100" not in first.text
    assert "Person 100" in second.text
