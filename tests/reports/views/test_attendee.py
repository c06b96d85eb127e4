from datetime import timedelta

import pytest
import time_machine

from app.certificates.rules import Holder
from app.groupwork.actions.noting import keep_note
from app.groupwork.rules.agreeing import Outcome
from app.plumbing.database import db, transaction
from app.posters.rules import Attribution
from app.programmes.rules import Role
from app.registration.models import Registration
from tests.factories.certificates import AFTER_THE_SUMMIT, a_certificate, a_presence, a_rule
from tests.factories.coaching import a_handed_in_poster
from tests.factories.events import an_event
from tests.factories.groupwork import a_group_work, a_table, an_agreement
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member, a_member_of_staff, a_programme, a_team
from tests.factories.questionnaires import a_round, answered, whole
from tests.factories.voices import a_reflection
from tests.posters.papers import findings_in, words_in
from tests.statements import count_statements
from tests.visitor import Visitor

PAGE = "/my/appraisal-pack"
FILE = "/my/appraisal-pack/appraisal-pack.pdf"
NOTE = "I interrupt patients sooner than I thought"


@pytest.fixture(autouse=True)
def after_the_summit():
    with time_machine.travel(AFTER_THE_SUMMIT, tick=False):
        yield


@pytest.fixture
def programme(app):
    return a_programme(aims="Time back for patients")


@pytest.fixture
def summit(programme):
    return an_event(programme, shows_posters=True)


@pytest.fixture
def gwen(programme, summit):
    """Somebody with a team who was at the summit until three."""
    a_rule(programme, Holder.PERSON)
    team, person = a_team(programme, "Old Mill Surgery"), a_person("Gwen Price")
    a_member(team, person)
    left_at = summit.starts_at + timedelta(hours=5, minutes=30)
    a_presence(person, summit, team, status="left", left_at=left_at)
    return person


def as_(app, person) -> Visitor:
    return Visitor(app).carry(visit=a_visit_of(person, at=AFTER_THE_SUMMIT))


def place_of(person, event) -> Registration:
    return db.session.query(Registration).filter_by(person_id=person.id, event_id=event.id).one()


def noted(person, event, text=NOTE) -> None:
    place = place_of(person, event)
    with transaction():
        keep_note(place, text, at=AFTER_THE_SUMMIT)


def shared(event):
    work = a_group_work(event, at=event.starts_at)
    with transaction():
        work.shared_at = AFTER_THE_SUMMIT
    return work


def test_the_pack_tells_hours_of_presence_and_claims_no_more(app, gwen):
    page = as_(app, gwen).open(PAGE)

    assert "Summit 26 March 2026 9.30 am to 3 pm 5 hours 30 minutes" in page.text
    assert "5 hours 30 minutes in all. As recorded at the door, breaks included" in page.text
    assert "You have completed the programme." in page.text
    assert "Time back for patients" in page.text


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"status": "made_up", "arrived_at": None}, "made up later"),
        ({"flag": "same_device"}, "waits for a check"),
    ],
)
def test_what_was_not_seen_at_the_door_adds_no_hours(app, programme, summit, facts, words):
    person = a_person("Ed Marsh")
    a_presence(person, summit, **facts)

    page = as_(app, person).open(PAGE)

    assert words in page.text
    assert "in all" not in page.text


def test_the_paper_holds_everything_that_an_appraiser_asks_for(app, programme, summit, gwen):
    team = place_of(gwen, summit).team
    answered(a_round(summit), gwen, whole(4))
    poster = a_handed_in_poster(team, summit)
    with transaction():
        poster.title, poster.aim = "Fewer missed calls", "Answer within two minutes"
    work = shared(summit)
    an_agreement(a_table(work), place_of(gwen, summit), agreed_at=AFTER_THE_SUMMIT)
    an_agreement(
        a_table(work, 2),
        number=2,
        text="Count calls by the hour",
        owner_team_id=team.id,
        agreed_at=AFTER_THE_SUMMIT,
        outcome=Outcome.PARTLY,
        outcome_at=AFTER_THE_SUMMIT,
    )
    noted(gwen, summit)
    issue = a_certificate("Ann Hill", programme=programme)
    with transaction():
        issue.person_id = gwen.id
    number = issue.number

    answer = as_(app, gwen).client.get(FILE)
    words = words_in(answer.data)

    assert answer.headers["Cache-Control"] == "no-store"
    # The engine marks what heads a column by its place alone: the checker remarks on it, no more.
    assert {finding.rule_id for finding in findings_in(answer.data)} <= {"UA-15-003"}
    for said in (
        "Gwen Price",
        "Summit 26 March 2026 9.30 am to 3 pm 5 hours 30 minutes",
        f"{number} 26 March 2026",
        "Skills, as rated by myself from 1 to 5",
        "Fewer missed calls",
        "Answer within two minutes",
        "Riverside will pilot signposting by reception",
        "Count calls by the hour Old Mill Surgery 30 April 2026 Partly, said on 26 March 2026",
        NOTE,
        "could tell who a patient is",
    ):
        assert said in words


def test_nobody_elses_words_answers_or_agreements_are_in_it(app, programme, summit, gwen):
    ed = a_person("Ed Marsh")
    a_presence(ed, summit, a_team(programme, "Hill Top"))
    poster = a_handed_in_poster(place_of(gwen, summit).team, summit)
    answered(a_round(summit), gwen)
    an_agreement(a_table(shared(summit)), place_of(gwen, summit))
    noted(gwen, summit)
    a_reflection(poster, gwen, at=AFTER_THE_SUMMIT, data="Show the run chart")
    a_reflection(
        poster, gwen, at=AFTER_THE_SUMMIT, attribution=Attribution.ANONYMOUS, data="Too small"
    )

    own, other = as_(app, gwen).open(PAGE).text, as_(app, ed).open(PAGE).text

    for said in (NOTE, "Riverside will pilot", "My skills", "Show the run chart"):
        assert said in own.replace("My skills My progress", "")
        assert said not in other.replace("My skills My progress", "")
    assert "Too small" not in own + other


def test_what_is_not_settled_is_not_told_as_ones_own(app, summit, gwen):
    work = a_group_work(summit, at=summit.starts_at)
    place = place_of(gwen, summit)
    an_agreement(a_table(work), place)
    me = as_(app, gwen)

    assert "Riverside will pilot" not in me.open(PAGE).text

    with transaction():
        db.session.merge(work).shared_at = AFTER_THE_SUMMIT
    an_agreement(a_table(work), place, number=2, text="I said no", declined_at=AFTER_THE_SUMMIT)
    page = me.open(PAGE)

    assert "Riverside will pilot" in page.text
    assert "Not agreed to yet" in page.text
    assert "I said no" not in page.text


def test_a_withdrawn_certificate_is_no_evidence(app, programme, gwen):
    issue = a_certificate("Ann Hill", programme=programme)
    number = issue.number
    with transaction():
        issue.person_id = gwen.id
    assert number in as_(app, gwen).open(PAGE).text

    with transaction():
        db.session.merge(issue).revoked_at = AFTER_THE_SUMMIT

    assert number not in as_(app, gwen).open(PAGE).text


def test_who_has_done_nothing_yet_is_told_how_it_fills(app):
    me = as_(app, a_person("Lee Chan"))

    assert "The pack fills itself" in me.open(PAGE).text
    assert me.client.get(FILE).status_code == 404


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.ORGANISER, Role.LEAD])
def test_staff_reach_no_pack(app, programme, summit, gwen, role):
    noted(gwen, summit)
    staff = Visitor(app).sign_in(a_member_of_staff(programme, role))

    for address in (PAGE, FILE):
        answer = staff.client.get(address)

        assert answer.status_code == 401
        assert NOTE.encode() not in answer.data


def test_the_way_to_it_stands_where_people_look(app, summit, gwen):
    me = as_(app, gwen)

    for page in ("/my", "/my/certificates", "/my/together/summit/note"):
        assert f'href="{PAGE}"' in me.open(page).html


def test_the_page_asks_as_often_for_five_events_as_for_one(app, programme, summit, gwen):
    me = as_(app, gwen)
    me.open(PAGE)
    with count_statements() as few:
        me.open(PAGE)
    for number in range(4):
        event = an_event(programme, f"more-{number}", title=f"More {number}")
        a_presence(gwen, event, place_of(gwen, summit).team)
        noted(gwen, event, f"Note {number}")
        an_agreement(a_table(shared(event)), place_of(gwen, event))
    with count_statements() as many:
        page = me.open(PAGE)

    assert "Note 3" in page.text
    assert len(many) == len(few)
