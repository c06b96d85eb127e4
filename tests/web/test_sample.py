"""The sample programme is the fixture of the stories, whatever the day."""

from collections import Counter
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from app.certificates.queries.completion import standings_in
from app.certificates.rules import Holder, Standing
from app.checkin.models import Attendance, AttendanceEvent
from app.checkin.rules.presence import Presence
from app.coaching.models import CoachVisit
from app.events.models import Event
from app.kernel.clock import london
from app.people.models import Account, Person
from app.plumbing.database import db, transaction
from app.posters.models import Poster
from app.programmes.models import Team, TeamMembership
from app.questionnaires.queries.demands import accreditors_of
from app.registration.models import Registration, Status
from app.web.sample.cast import FIRST
from app.web.sample.loading import RealDataHere, load_sample, sample_programme, summit_starts_at
from app.web.sample.skills import ACCREDITOR
from app.web.sample.story import skip_to_the_afternoon
from tests.factories.programmes import a_programme
from tests.visitor import Visitor

AT = datetime(2026, 3, 26, 8, 0, tzinfo=UTC)


@pytest.fixture
def sample(app):
    with transaction():
        load_sample(at=AT)
    return sample_programme()


def count(model, *where):
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_the_sample_has_eight_practices_of_five(sample):
    assert count(Team) == 8
    assert count(TeamMembership) == 40


def test_four_events_are_done_and_the_summit_is_today(sample):
    events = db.session.scalars(select(Event).order_by(Event.starts_at)).all()

    assert [e.title for e in events if e.ends_at < AT] == [
        "Launch",
        "Learning session 1",
        "Learning session 2",
        "Learning session 3",
    ]
    summit = events[-1]
    assert london(summit.starts_at).strftime("%A %-d %B, %H.%M") == "Thursday 26 March, 09.30"
    assert (summit.venue, summit.capacity) == ("Council Chamber", 60)


def test_37_are_booked_for_the_summit_and_nobody_is_here(sample):
    summit = db.session.scalar(select(Event).where(Event.slug == "summit"))
    statuses = Counter(
        db.session.scalars(select(Registration.status).where(Registration.event_id == summit.id))
    )

    assert statuses == {Status.CONFIRMED: 37, Status.DECLINED: 3}
    assert count(Attendance, Attendance.event_id == summit.id) == 0


def test_sian_made_up_for_the_learning_session_she_missed(sample):
    rows = db.session.execute(
        select(Event.slug, Attendance.status)
        .join(Attendance, Attendance.event_id == Event.id)
        .join(Registration, Attendance.registration_id == Registration.id)
        .join(Person, Registration.person_id == Person.id)
        .where(Person.name == "Dr Siân O'Connor")
    ).all()

    assert dict(rows) == {
        "launch": Presence.PRESENT,
        "ls1": Presence.PRESENT,
        "ls2": Presence.MADE_UP,
        "ls3": Presence.PRESENT,
    }


def test_whitworth_lacks_a_visit_and_everybody_has_a_poster(sample):
    visits = dict(
        db.session.execute(
            select(Team.name, func.count()).join(CoachVisit).group_by(Team.name)
        ).all()
    )

    assert visits.pop("Whitworth Health Centre") == 3
    assert min(visits.values()) == 4
    assert count(Poster) == 8


def test_loading_it_again_changes_nothing(sample):
    before = (count(Person), count(AttendanceEvent), count(Registration))

    with transaction():
        load_sample(at=AT)

    assert (count(Person), count(AttendanceEvent), count(Registration)) == before


def test_it_stays_out_of_a_database_with_real_data(app):
    a_programme("real")

    with pytest.raises(RealDataHere), transaction():
        load_sample(at=AT)

    assert count(Team) == 0


@pytest.mark.parametrize(
    ("loaded", "starts"),
    [
        (datetime(2026, 3, 26, 3, 11, tzinfo=UTC), datetime(2026, 3, 26, 9, 30, tzinfo=UTC)),
        (datetime(2026, 7, 1, 8, 0, tzinfo=UTC), datetime(2026, 7, 1, 8, 30, tzinfo=UTC)),
        (datetime(2026, 3, 26, 20, 47, tzinfo=UTC), datetime(2026, 3, 26, 20, 30, tzinfo=UTC)),
    ],
)
def test_the_summit_is_open_at_whatever_hour_the_sample_is_loaded(loaded, starts):
    assert summit_starts_at(loaded) == starts


@pytest.mark.parametrize("hour", [0, 4, 9, 18, 23])
def test_every_event_can_be_changed_at_whatever_hour_the_sample_is_tried(app, hour):
    at = AT.replace(hour=hour, minute=20)
    with time_machine.travel(at, tick=False):
        with transaction():
            load_sample(at=at)
        with transaction():
            skip_to_the_afternoon(sample_programme(), at=at)
        lead = Visitor(app).sign_in(
            db.session.query(Account).filter(Account.email.like("helen%")).one()
        )
        home = f"/organise/{sample_programme().slug}/events"
        for event in ("launch", "ls1", "ls2", "ls3", "summit"):
            page = lead.fill_in(f"{home}/{event}/settings", venue="Canal Works")
            assert page.status == 200, page.text


def test_the_afternoon_has_the_numbers_of_the_story(sample):
    """The table that journey 5 begins with, counted by hand from the cast.

    40 people; 3 declined, so 37 are here. Of those Ed came in on another's phone, Sunita and Bilal
    arrived with less than three hours done, Jo, Daniel and Zoe missed two learning sessions: Zoe is
    here too. So 31 are complete, 1 waits, 2 depend on the afternoon and 6 are not: three may still
    make up a learning session, three missed the summit itself.
    """
    with transaction():
        skip_to_the_afternoon(sample_programme(), at=AT.replace(hour=13, minute=10))

    standings = standings_in(sample_programme(), at=AT.replace(hour=13, minute=10))

    assert {k: n for k, n in standings.counts(Holder.PERSON).items() if n} == {
        Standing.MET: 31,
        Standing.CHECK: 1,
        Standing.TODAY: 2,
        Standing.OPEN: 3,
        Standing.LOST: 3,
    }
    assert standings.counts(Holder.TEAM)[Standing.MET] == 7


def test_the_first_page_shows_each_audience_its_next_step(visitor, sample):
    with time_machine.travel(AT, tick=False):
        page = visitor.open("/")

        assert "nobody has arrived" in page.text
        tries = dict(page.links())
        for act, words in (
            ("Start at the front door", "Front door"),
            ("Open her personal link", "Your own pages"),
            ("Check a certificate", "Check a certificate"),
            ("Open the programme", "Staff sign-in"),
        ):
            assert words in visitor.open(tries[act]).text


def test_the_afternoon_comes_with_one_button(visitor, sample):
    with time_machine.travel(AT.replace(hour=13, minute=10), tick=False):
        page = visitor.fill_in("/", action="/sample/afternoon")

    assert "37 people are here" in page.text
    assert "It is the afternoon of the summit" in page.text


def test_without_the_sample_the_first_page_leads_to_what_is_there(visitor, app):
    page = visitor.open("/")

    assert "No event is open for registration now." in page.text
    assert visitor.send("/sample/afternoon", data={}).status == 400


def test_the_first_learning_session_is_accredited(sample):
    events = db.session.scalars(select(Event)).all()

    slugs = {event.id: event.slug for event in events}
    named = {slugs[event_id]: name for event_id, name in accreditors_of(events).items()}
    assert named == {FIRST: ACCREDITOR}
