from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.plumbing.mail import Enclosure, Letter, Words, mail_settings, post, set_up_mail
from app.plumbing.queue import Job
from app.programmes.rules import Role
from app.web.engine_room import as_shown
from tests.factories.people import an_account
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.statements import count_statements
from tests.visitor import Visitor

AT = datetime(2026, 2, 12, 10, tzinfo=UTC)
PICTURE = Enclosure("pass.png", "image/png", b"\x89PNG", cid="pass")
CALENDAR = Enclosure("summit.ics", "text/calendar; method=PUBLISH", b"BEGIN:VCALENDAR")


def a_letter(programme=None, **values: object) -> Letter:
    facts: dict[str, object] = {
        "to_name": "Gwen Price",
        "to_address": "gwen@hilltop.example",
        "subject": "You're booked",
        "text": "Your pass: KX4-7PQ",
        "html": '<html><head></head><body><h1>Booked</h1><img src="cid:pass"></body></html>',
        "at": AT,
        "about": "registration:1",
        "enclosures": [PICTURE, CALENDAR],
        "programme_id": programme.id if programme else None,
    }
    facts |= values
    words = Words(*(facts.pop(part) for part in ("subject", "text", "html")))
    with transaction():
        return post(words, **facts)


@pytest.fixture
def programme(app):
    return a_programme()


@pytest.fixture
def organiser(app, programme) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(programme, Role.ORGANISER))


@pytest.fixture
def administrator(app) -> Visitor:
    return Visitor(app).sign_in(an_account("Sam Ortiz", is_administrator=True))


@pytest.fixture
def mail_server():
    """A mail server is set, so that letters are not kept to be read."""
    before = mail_settings()
    set_up_mail(
        type(before)(
            smtp_url="smtp://127.0.0.1:1",
            sender=before.sender,
            sender_name=before.sender_name,
        )
    )
    yield
    set_up_mail(before)


def test_the_outbox_shows_a_programmes_letters_and_no_others(organiser, programme):
    a_letter(programme)
    a_letter(a_programme("other"), subject="Not for you")

    page = organiser.open("/organise/together/mail")

    assert "You're booked" in page.text
    assert "gwen@hilltop.example" in page.text
    assert "Not for you" not in page.text


def test_letters_are_found_by_name_and_state(organiser, programme):
    a_letter(programme)
    a_letter(programme, to_name="Lee Adams", to_address="lee@limes.example")

    assert "Gwen" not in organiser.open("/organise/together/mail?q=LEE").text
    assert "No letters like this" in organiser.open("/organise/together/mail?state=refused").text
    assert "Gwen Price" in organiser.open("/organise/together/mail?state=queued").text


def test_a_kept_letter_is_read_with_its_picture_inside_a_sealed_frame(organiser, programme):
    letter = a_letter(programme)
    address = f"/organise/together/mail/{letter.id}"

    page = organiser.open(address)
    words = organiser.client.get(f"{address}/words")

    assert "Your pass: KX4-7PQ" in page.text
    assert 'sandbox="allow-popups' in page.html
    assert "summit.ics" in page.text
    assert "pass.png" not in page.text
    assert "data:image/png;base64,iVBORw==" in words.text
    policy = words.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


def test_an_enclosure_is_handed_out_and_never_shown(organiser, programme):
    letter = a_letter(programme)

    answer = organiser.client.get(f"/organise/together/mail/{letter.id}/enclosures/1")

    assert answer.data == b"BEGIN:VCALENDAR"
    assert answer.headers["Content-Disposition"] == "attachment; filename=summit.ics"
    assert organiser.open(f"/organise/together/mail/{letter.id}/enclosures/7").status == 404


def test_words_are_not_shown_where_letters_go_out(organiser, programme, mail_server):
    letter = a_letter(programme)
    address = f"/organise/together/mail/{letter.id}"

    page = organiser.open(address)

    assert "KX4-7PQ" not in page.html
    assert "hold personal links and are not shown here" in page.text
    assert organiser.open(f"{address}/words").status == 404
    assert organiser.open(f"{address}/enclosures/1").status == 404


def test_a_letter_of_another_programme_is_not_here(organiser):
    letter = a_letter(a_programme("other"))

    assert organiser.open(f"/organise/together/mail/{letter.id}").status == 404
    assert organiser.open(f"/organise/mail/{letter.id}").status == 403


def test_an_administrator_sees_all_mail(administrator):
    letter = a_letter(subject="Choose a password")

    assert "Choose a password" in administrator.open("/organise/mail").text
    assert "Your pass" in administrator.open(f"/organise/mail/{letter.id}").text


def test_a_picture_that_is_not_there_stays_a_gap():
    assert 'src="cid:gone"' in as_shown('<img src="cid:gone">', [PICTURE])


def a_failed_job() -> Job:
    job = Job(
        name="mail.deliver",
        arguments={},
        due_at=AT + timedelta(days=365),
        created_at=AT,
        attempts=3,
        last_error="ConnectionRefusedError: no answer",
    )
    with transaction():
        db.session.add(job)
    return job


def test_a_failed_job_says_why_and_runs_again(administrator):
    job = a_failed_job()

    page = administrator.open("/organise/jobs")
    assert "Failed 3 times" in page.text
    assert "no answer" in page.text

    page = administrator.submit(page, "/organise/jobs", action="/repeat")
    assert "It is tried again now." in page.text
    assert db.session.get(Job, job.id).attempts == 0


def test_a_job_is_taken_off_the_list(administrator):
    a_failed_job()

    page = administrator.open("/organise/jobs")
    page = administrator.submit(page, "/organise/jobs", action="/cancellation")

    assert "Nothing waits" in page.text


def test_health_says_how_everything_is(administrator):
    a_failed_job()

    page = administrator.open("/organise/health")

    assert "The database answers" in page.text
    assert "1 job failed and will be tried again" in page.text
    assert "GB of disk space are free" in page.text
    assert ("SQLite" in page.text) or ("PostgreSQL" in page.text)


def test_what_was_changed_outside_every_programme_is_kept(administrator, programme):
    administrator.fill_in(
        "/organise/accounts/new", name="Marcus Obi", email="marcus@northvale.example"
    )

    page = administrator.open("/organise/changes")

    assert "Account Marcus Obi: account opened" in page.text
    assert "Sam Ortiz" in page.text


@pytest.mark.parametrize("page", ["health", "jobs", "mail", "accounts", "accounts/new", "changes"])
def test_the_engine_room_is_for_administrators(organiser, page):
    assert organiser.open(f"/organise/{page}").status == 403


def test_the_outbox_asks_the_database_as_often_for_three_letters_as_for_one(organiser, programme):
    def statements_for(more: int) -> int:
        for _ in range(more):
            a_letter(programme)
        with count_statements() as asked:
            organiser.open("/organise/together/mail")
        return len(asked)

    assert statements_for(1) == statements_for(2)


def test_a_job_that_is_taken_off_twice_is_written_down_once(administrator):
    a_failed_job()
    page = administrator.open("/organise/jobs")

    for _ in range(2):
        administrator.submit(page, "/organise/jobs", action="/cancellation")

    lines = db.session.scalars(select(AuditEntry.verb)).all()
    assert lines.count("cancelled") == 1
