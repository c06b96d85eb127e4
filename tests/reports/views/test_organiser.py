from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.checkin.models import Attendance
from app.checkin.rules.presence import Presence
from app.events.models import EventKind
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter, LetterState
from app.plumbing.queue import run_due
from app.programmes.rules import Role
from tests.factories.coaching import a_coach_visit, a_handed_in_poster
from tests.factories.events import SUMMIT_STARTS, an_event
from tests.factories.people import LONG_AGO, a_person
from tests.factories.programmes import a_coach_of, a_member, a_member_of_staff, a_programme, a_team
from tests.factories.registration import a_registration
from tests.statements import count_statements
from tests.visitor import Visitor

SIX_WEEKS_BEFORE = SUMMIT_STARTS - timedelta(weeks=6)


@pytest.fixture(autouse=True)
def six_weeks_before():
    with time_machine.travel(SIX_WEEKS_BEFORE, tick=False):
        yield


@pytest.fixture
def programme(app):
    return a_programme()


@pytest.fixture
def summit(programme):
    return an_event(programme, shows_posters=True)


@pytest.fixture
def lead(app, programme) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(programme, Role.LEAD))


def a_launch(programme):
    return an_event(
        programme,
        "launch",
        title="Launch",
        kind=EventKind.LAUNCH,
        starts_at=datetime(2025, 4, 10, 8, 30, tzinfo=UTC),
    )


def was_there(registration) -> None:
    with transaction():
        db.session.add(
            Attendance(
                registration_id=registration.id,
                event_id=registration.event_id,
                status=Presence.LEFT,
                changed_at=LONG_AGO,
            )
        )


def test_the_overview_says_what_is_to_do_and_how_each_team_stands(lead, programme, summit):
    launch = a_launch(programme)
    hill_top = a_team(programme)
    a_team(programme, "The Limes")
    was_there(a_registration(launch, team=hill_top))
    a_coach_visit(hill_top, a_person("Tom Leigh"), private_notes="Tension")
    a_handed_in_poster(hill_top, summit)
    a_registration(summit, team=hill_top)

    page = lead.open("/organise/together")

    assert "Summit in 6 weeks: 4 things to do" in page.text
    assert "Collect posters: 1 of 2 are handed in" in page.text
    assert "1 came" in page.text
    assert "At 1 of 1 event so far 1 coach visit Poster handed in" in page.text
    assert "At 0 of 1 event so far 0 coach visits No poster yet" in page.text
    assert "Tension" not in page.html


def test_the_overview_of_an_empty_programme_says_how_to_begin(lead):
    page = lead.open("/organise/together")

    assert "No events yet" in page.text
    assert "No teams yet" in page.text


def test_a_coach_sees_own_teams_and_no_list_of_things_to_do(app, programme, summit):
    mine = a_team(programme, "Whitworth")
    a_team(programme, "The Limes")
    tom = a_member_of_staff(programme, Role.COACH, "Tom Leigh")
    a_coach_of(mine, tom.person)

    page = Visitor(app).sign_in(tom).open("/organise/together")

    assert "Whitworth" in page.text
    assert "The Limes" not in page.text
    assert "to do" not in page.text


def test_the_overview_asks_the_database_as_often_for_three_teams_as_for_one(lead, programme):
    def statements_for(more: int) -> int:
        for number in range(more):
            team = a_team(programme, f"Team {number} of {more}")
            a_member(team, a_person())
        with count_statements() as asked:
            lead.open("/organise/together")
        return len(asked)

    a_launch(programme)

    assert statements_for(1) == statements_for(2)


def test_a_team_reads_on_one_line(lead, programme, summit):
    launch = a_launch(programme)
    team = a_team(programme)
    was_there(a_registration(launch, team=team))
    a_coach_visit(team, a_person("Tom Leigh"), next_step="Pilot signposting")
    a_handed_in_poster(team, summit, "Fewer missed calls")

    page = lead.open(f"/organise/together/teams/{team.slug}")

    line = [page.text.index(word) for word in ("Launch", "Poster handed in", "Visit by Tom Leigh")]
    assert line == sorted(line)
    assert "1 member came" in page.text
    assert "Pilot signposting" in page.text


def test_the_event_page_counts_and_leads_on(lead, programme, summit):
    a_registration(summit)

    page = lead.open("/organise/together/events/summit")

    assert "1 booked of 60 places" in page.text
    assert "What to do next" in page.text
    assert "Event-day check" in page.text


def test_a_facilitator_sees_the_event_without_what_is_to_do(app, programme, summit):
    visitor = Visitor(app).sign_in(a_member_of_staff(programme, Role.FACILITATOR))

    page = visitor.open("/organise/together/events/summit")

    assert "What to do next" not in page.text
    assert "Change the event" not in page.text


def test_the_event_day_check_names_who_bounced_and_what_is_missing(lead, programme, summit):
    person = a_person("Lee Adams", email="lee@limes.example")
    a_registration(summit, person)
    a_team(programme)
    with transaction():
        db.session.add(
            Letter(
                to_name=person.name,
                to_address=person.email,
                subject="You're booked",
                enclosures=[],
                message_id="<1@x>",
                state=LetterState.REFUSED,
                created_at=LONG_AGO,
                about="registration:1",
            )
        )

    untried = lead.open("/organise/together/events/summit/event-day-check")
    lead.fill_in("/organise/together/certificates/check")
    run_due(now)
    page = lead.open("/organise/together/events/summit/event-day-check")

    assert "longest name has not been tried Lee Adams Try it" in untried.text
    assert "1 pass bounced Lee Adams" in page.text
    assert "There is no door link" in page.text
    assert "There is no room code" in page.text
    assert "0 of 1 posters are in" in page.text
    assert "Certificates can be drawn Tried with the longest name: Lee Adams" in page.text


def test_the_event_day_check_of_a_past_event_asks_for_nothing(lead, programme, summit):
    before = lead.open("/organise/together/events/summit/event-day-check")
    with transaction():
        summit.starts_at, summit.ends_at = LONG_AGO, LONG_AGO

    after = lead.open("/organise/together/events/summit/event-day-check")

    assert "you before the event" in before.text
    assert "you before the event" not in after.text
    assert "This event is over. This is how things stand now." in after.text


def test_the_event_day_check_is_for_those_who_run_the_event(app, programme, summit):
    visitor = Visitor(app).sign_in(a_member_of_staff(programme, Role.FACILITATOR))

    assert visitor.open("/organise/together/events/summit/event-day-check").status == 403


def test_a_cancelled_event_leaves_the_timeline(lead, programme):
    an_event(programme, cancelled_at=LONG_AGO)

    assert "No events yet" in lead.open("/organise/together").text
    assert "This event is cancelled" in lead.open("/organise/together/events/summit").text


def test_changes_say_who_did_what_and_why(lead, programme, summit):
    lead.fill_in("/organise/together/events/summit/cancellation", reason="=Snow")
    lead.fill_in("/organise/together/teams/new", name="The Limes")

    page = lead.open("/organise/together/changes")
    only_events = lead.open("/organise/together/changes?about=event")
    file = lead.client.get("/organise/together/changes.csv")

    assert "Event Summit: cancelled" in page.text
    assert "Team The Limes: created" in page.text
    assert "Team The Limes" not in only_events.text
    assert "Lead" in page.text
    assert "'=Snow" in file.get_data().decode("utf-8-sig")


def test_the_record_of_changes_is_for_leads(app, programme):
    visitor = Visitor(app).sign_in(a_member_of_staff(programme, Role.ORGANISER))

    assert visitor.open("/organise/together/changes").status == 403
    assert visitor.open("/organise/together/changes.csv").status == 403
