from datetime import timedelta
from uuid import uuid4

import pytest

from app.certificates import jobs
from app.certificates.actions import issuing
from app.certificates.actions.issuing import (
    AlreadyIssued,
    CannotPrint,
    EventNotOver,
    GivesNone,
    ListHasChanged,
    NotComplete,
    NothingToIssue,
    PresenceUnresolved,
    WrongCitation,
    pdf_key,
)
from app.certificates.models import CertificateIssue, CertificateRegister
from app.certificates.queries.completion import standing_of_person, standing_of_team
from app.certificates.rules import CertificateKind, Holder
from app.checkin.models import HeadCount
from app.events.models import Event
from app.kernel.codes import has_right_check_character
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content
from app.plumbing.queue import Job
from app.posters.models import Poster
from app.programmes.models import Programme
from tests.factories.certificates import (
    AFTER_THE_SUMMIT,
    HELEN,
    a_certificate,
    a_complete_person,
    a_presence,
    a_rule,
)
from tests.factories.events import an_event
from tests.factories.people import a_person
from tests.factories.posters import a_poster
from tests.factories.programmes import a_member, a_programme, a_team
from tests.posters.papers import words_in
from tests.together import side_by_side


@pytest.fixture
def programme(app):
    programme = a_programme()
    a_rule(programme, Holder.PERSON)
    a_rule(programme, Holder.TEAM)
    return programme


@pytest.fixture
def team(programme):
    return a_team(programme)


def issue_all(programme, *, expected, batch="b"):
    with transaction():
        issues = issuing.issue_completions(
            programme, expected=expected, batch=batch, by=HELEN, at=AFTER_THE_SUMMIT
        )
        return [(issue.fields["recipient"], issue.number) for issue in issues]


def everything_issued():
    db.session.rollback()
    return db.session.query(CertificateIssue).order_by(CertificateIssue.serial).all()


def test_teams_come_first_then_people_by_surname(programme, team):
    a_complete_person("Gwen Price", team=team)
    a_complete_person("Mark Adams", team=team)

    issued = issue_all(programme, expected=3)

    assert [recipient for recipient, _ in issued] == [
        "Hill Top Practice",
        "Mark Adams",
        "Gwen Price",
    ]
    assert [number[:-1] for _, number in issued] == [f"PIT-2026-000{n}-" for n in (1, 2, 3)]
    assert all(has_right_check_character(number) for _, number in issued)


def test_every_certificate_is_frozen_drawn_later_and_on_record(programme, team):
    a_complete_person("Gwen Price", team=team, certificate_name="Dr Gwen Price")
    issue_all(programme, expected=2)

    of_team, of_person = everything_issued()

    assert of_person.fields["recipient"] == "Dr Gwen Price"
    assert of_person.fields["events"] == [{"title": "Summit", "date": "2026-03-26"}]
    assert of_person.fields["check_url"] == f"HTTP://LOCALHOST/V/{of_person.code}"
    assert of_team.fields["members"] == ["Dr Gwen Price"]
    assert of_team.design == "team"
    assert db.session.query(Job).filter_by(name="certificates.draw").count() == 2
    assert db.session.query(AuditEntry).filter_by(verb="issue").count() == 2


def test_a_teams_certificate_keeps_the_address_of_its_poster(programme, team):
    a_complete_person("Gwen Price", team=team)
    summit = db.session.query(Event).one()
    code = a_poster(team, summit).code
    issue_all(programme, expected=2)
    of_team, of_person = everything_issued()
    with transaction():
        db.session.query(Poster).one().withdrawn_at = AFTER_THE_SUMMIT

    jobs.draw(str(of_team.id))

    assert f"Its poster: localhost/p/{code}" in words_in(file_content(pdf_key(of_team.id)))
    assert "poster" not in of_person.fields


def test_a_team_that_showed_no_poster_and_one_of_before_name_none(programme, team):
    a_complete_person("Gwen Price", team=team)
    a_poster(team, db.session.query(Event).one(), hidden_at=AFTER_THE_SUMMIT)
    issue_all(programme, expected=2)
    of_team, _ = everything_issued()
    assert of_team.fields["poster"] == ""

    with transaction():
        frozen = {name: said for name, said in of_team.fields.items() if name != "poster"}
        db.session.get_one(CertificateIssue, of_team.id).fields = frozen
    jobs.draw(str(of_team.id))

    assert "poster" not in words_in(file_content(pdf_key(of_team.id)))


def test_who_has_one_gets_no_second(programme, team):
    a_complete_person("Gwen Price", team=team)
    issue_all(programme, expected=2)

    with pytest.raises(NothingToIssue, match="Helen Shaw did so on 26 March at 4 pm"):
        issue_all(programme, expected=2)

    assert len(everything_issued()) == 2


def test_nobody_complete_is_said_so(programme):
    with pytest.raises(NothingToIssue, match="nobody to issue"):
        issue_all(programme, expected=0)


def test_a_list_that_changed_is_looked_at_again_and_costs_no_number(programme, team):
    a_complete_person("Gwen Price", team=team)
    with pytest.raises(ListHasChanged, match="it was 1, now it is 2"):
        issue_all(programme, expected=1)

    issued = issue_all(programme, expected=2)

    assert issued[0][1].startswith("PIT-2026-0001-")


def test_a_late_one_gets_the_next_number(programme, team):
    a_complete_person("Gwen Price", team=team)
    issue_all(programme, expected=2)
    a_complete_person("Mark Adams", team=team)

    assert issue_all(programme, expected=1)[0][1].startswith("PIT-2026-0003-")


def a_head_count(event: Event, counted: int, here: int, **values: object) -> None:
    with transaction():
        db.session.add(
            HeadCount(
                event_id=event.id,
                counted=counted,
                here=here,
                counted_by="Desk",
                **{"counted_at": event.starts_at, **values},
            )
        )


def test_an_unresolved_head_count_stops_everything(programme, team):
    person = a_complete_person("Gwen Price", team=team)
    event = db.session.query(Event).one()
    a_head_count(event, 36, 37)

    with pytest.raises(PresenceUnresolved, match="Summit: 36 people counted, 37 on the list"):
        issue_all(programme, expected=2)
    with pytest.raises(PresenceUnresolved), transaction():
        line = standing_of_person(programme, person.id, at=AFTER_THE_SUMMIT)
        issuing.issue_completion(programme, line, by=HELEN, at=AFTER_THE_SUMMIT)


@pytest.mark.parametrize(
    ("counted", "values"),
    [(37, {}), (36, {"resolved_at": AFTER_THE_SUMMIT, "resolution": "Ed was seen"})],
)
def test_a_head_count_that_agrees_or_is_resolved_stops_nothing(programme, team, counted, values):
    a_complete_person("Gwen Price", team=team)
    a_head_count(db.session.query(Event).one(), counted, 37, **values)

    assert len(issue_all(programme, expected=2)) == 2


def test_a_newer_count_that_agrees_settles_an_older_one(programme, team):
    a_complete_person("Gwen Price", team=team)
    event = db.session.query(Event).one()
    a_head_count(event, 36, 37)
    a_head_count(event, 37, 37, counted_at=event.starts_at + timedelta(hours=1))

    assert len(issue_all(programme, expected=2)) == 2


def test_somebody_who_is_not_complete_gets_none(programme, team):
    a_complete_person("Gwen Price", team=team)
    absent = a_person("Zoe Carter")
    a_member(team, absent)

    with pytest.raises(NotComplete, match="Zoe Carter has not completed"), transaction():
        line = standing_of_person(programme, absent.id, at=AFTER_THE_SUMMIT)
        issuing.issue_completion(programme, line, by=HELEN, at=AFTER_THE_SUMMIT)


def test_one_person_gets_one_only(programme, team):
    person = a_complete_person("Gwen Price", team=team)

    def issue_one():
        with transaction():
            line = standing_of_person(programme, person.id, at=AFTER_THE_SUMMIT)
            return issuing.issue_completion(programme, line, by=HELEN, at=AFTER_THE_SUMMIT).number

    assert issue_one().startswith("PIT-2026-0001-")
    with pytest.raises(AlreadyIssued, match="Gwen Price has a certificate"):
        issue_one()


def test_a_name_the_fonts_lack_is_held_back_and_the_others_are_not(programme, team):
    a_complete_person("Gwen Price", team=team)
    strange = a_complete_person("Anna \U00013000", team=team)

    ready = issuing.completions_ready(programme, at=AFTER_THE_SUMMIT)

    assert [award.fields["recipient"] for award in ready.awards] == ["Gwen Price"]
    assert [(held.name, held.letters) for held in ready.held] == [
        ("Hill Top Practice", "\U00013000"),
        ("Anna \U00013000", "\U00013000"),
    ]
    with pytest.raises(CannotPrint), transaction():
        line = standing_of_person(programme, strange.id, at=AFTER_THE_SUMMIT)
        issuing.issue_completion(programme, line, by=HELEN, at=AFTER_THE_SUMMIT)


def test_a_team_certificate_names_who_completed(programme, team):
    a_complete_person("Gwen Price", team=team)
    a_member(team, a_person("Zoe Carter"))
    with transaction():
        line = standing_of_team(programme, team, at=AFTER_THE_SUMMIT)
        issue = issuing.issue_completion(programme, line, by=HELEN, at=AFTER_THE_SUMMIT)
        members = issue.fields["members"]

    assert members == ["Gwen Price"]


def attend(event, expected, at=AFTER_THE_SUMMIT):
    with transaction():
        issues = issuing.issue_attendances(event, expected=expected, batch="a", by=HELEN, at=at)
        return [(issue.kind, issue.fields["recipient"], issue.fields["event"]) for issue in issues]


def test_everybody_who_was_there_gets_attendance(programme, team):
    event = an_event(programme)
    a_presence(a_person("Gwen Price"), event, team)
    a_presence(a_person("Ed Marsh"), event, team, flag="same_device")

    assert attend(event, 1) == [(CertificateKind.ATTENDANCE, "Gwen Price", "Summit")]
    with pytest.raises(NothingToIssue):
        attend(event, 1)


def test_attendance_waits_for_the_end(programme, team):
    event = an_event(programme)
    a_presence(a_person("Gwen Price"), event, team)

    with pytest.raises(EventNotOver, match=r"Summit goes on until 3\.30 pm on"):
        attend(event, 1, at=event.starts_at)
    with pytest.raises(ListHasChanged):
        attend(event, 2)


def test_an_event_that_gives_no_certificates_issues_none(programme, team):
    event = an_event(programme, gives_certificates=False)
    a_presence(a_person("Gwen Price"), event, team)

    with pytest.raises(GivesNone, match="Summit gives no certificates of attendance"):
        attend(event, 1)


def recognise(event, whom, citation="for transformational achievements", recognition=None):
    with transaction():
        return issuing.award_recognition(
            event,
            whom,
            citation=citation,
            recognition=recognition or uuid4(),
            by=HELEN,
            at=AFTER_THE_SUMMIT,
        ).id


def test_recognition_carries_its_citation_and_is_given_once(programme, team):
    event, once = an_event(programme), uuid4()
    whom = issuing.team_to_recognise(team)

    first = recognise(event, whom, recognition=once)
    assert recognise(event, whom, recognition=once) == first

    (issue,) = everything_issued()
    assert issue.fields["citation"] == "for transformational achievements"
    assert (issue.kind, issue.holder_id) == (CertificateKind.RECOGNITION, team.id)


@pytest.mark.parametrize("citation", ["too short", "x" * 161, "   short    "])
def test_a_citation_says_something_and_fits(programme, team, citation):
    with pytest.raises(WrongCitation, match="Write between 10 and 160"):
        recognise(an_event(programme), issuing.team_to_recognise(team), citation=citation)


def test_two_organisers_pressing_at_once_issue_one_batch(app, programme, team):
    for number in range(6):
        a_complete_person(f"Person {number}", team=team)

    programme_id = programme.id

    def press():
        mine = db.session.get_one(Programme, programme_id)
        return issue_all(mine, expected=7, batch=str(uuid4()))

    came_of = side_by_side(app, press, press, press)

    refused = [type(came) for came in came_of if isinstance(came, Exception)]
    assert refused == [NothingToIssue, NothingToIssue]
    assert [issue.serial for issue in everything_issued()] == [1, 2, 3, 4, 5, 6, 7]
    assert db.session.query(CertificateRegister).one().last_serial == 7


def test_the_database_itself_refuses_the_same_award_twice(programme, team):
    """The lock makes it rare; this constraint makes it impossible."""
    person = a_complete_person("Gwen Price", team=team)
    issue_all(programme, expected=2)

    with pytest.raises(AlreadyIssued), transaction():
        register = issuing.locked_register(programme)
        line = standing_of_person(programme, person.id, at=AFTER_THE_SUMMIT)
        award = issuing._completion(line, programme)
        issuing.enter(register, programme, [award], batch="x", by=HELEN, at=AFTER_THE_SUMMIT)

    assert db.session.query(CertificateRegister).one().last_serial == 2


def test_numbers_belong_to_one_programme(app):
    first = a_certificate("Gwen Price")
    other = a_certificate(
        "Gareth Pugh", programme=a_programme("elsewhere", certificate_prefix="EL")
    )

    assert (first.serial, other.serial) == (1, 1)
    assert other.number.startswith("EL-0001-")
