"""What people are told when a drawing has failed for good."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content, keep_file
from app.plumbing.mail import Letter
from app.plumbing.queue import MOST_ATTEMPTS, Job, enqueue, run_due, try_again
from app.posters.models import PosterVersion
from app.posters.rules import FileKind, VersionState
from app.programmes.rules import Role
from tests.factories.people import a_person
from tests.factories.posters import a_poster, a_version
from tests.factories.programmes import a_member, a_member_of_staff, a_team
from tests.posters.files import a_picture

POSTERS = "/organise/together/events/summit/posters"
OFTEN = "however often it tried"


@pytest.fixture
def no_room(app, monkeypatch):
    """Let no file be kept."""
    monkeypatch.setitem(app.config, "DATA_FOLDER", "/dev/null")


def fail_once_and_for_all():
    """Run what is due once, and once more as if it had failed ever since."""
    run_due(now)
    with transaction():
        for job in db.session.query(Job).filter(Job.name.like("posters.%")):
            try_again(job, at=now())
            job.attempts = MOST_ATTEMPTS - 1
    run_due(now)


def letters():
    db.session.rollback()
    return db.session.query(Letter).all()


def make_reports(organiser):
    page = f"{POSTERS}/reports"
    return organiser.submit(organiser.open(page), page, action="/reports")


def test_organisers_hear_once_that_reports_could_not_be_made(summit, organiser, poster, no_room):
    a_poster(a_team(summit.programme, "Riverside"), summit)
    a_member_of_staff(summit.programme, Role.COACH)
    make_reports(organiser)

    run_due(now)
    assert (
        "2 reports did not work at once and are tried" in organiser.open(f"{POSTERS}/reports").text
    )
    assert letters() == []
    fail_once_and_for_all()

    page = organiser.open(f"{POSTERS}/reports").text
    assert "0 of 2 reports made. Try the others again" in page
    assert OFTEN in page and "Try again" in page
    (letter,) = letters()
    assert letter.subject == "Feedback reports for Summit could not be made"
    assert OFTEN in letter.text and f"{POSTERS}/reports" in letter.text


def test_reports_that_failed_are_made_when_they_are_asked_for_again(
    clock, organiser, poster, no_room, monkeypatch
):
    make_reports(organiser)
    fail_once_and_for_all()
    monkeypatch.undo()
    clock.shift(timedelta(minutes=1))

    assert "1 report on the way." in make_reports(organiser).text
    run_due(now)

    assert "1 of 1 report made." in organiser.open(f"{POSTERS}/reports").text


def test_a_report_that_is_made_after_all_has_no_problem(
    app, organiser, poster, no_room, monkeypatch
):
    make_reports(organiser)
    fail_once_and_for_all()
    monkeypatch.undo()
    with transaction():
        try_again(db.session.query(Job).filter_by(name="posters.draw_report").one(), at=now())

    run_due(now)

    assert "1 of 1 report made." in organiser.open(f"{POSTERS}/reports").text


def test_organisers_hear_that_cards_could_not_be_made(organiser, poster, no_room):
    cards = f"{POSTERS}/cards"
    organiser.submit(organiser.open(cards), cards, action="/cards/a5")

    run_due(now)
    assert "is tried again by itself" in organiser.open(cards).text
    fail_once_and_for_all()

    page = organiser.open(cards).text
    assert OFTEN in page and "Try again with “Make all on A5”." in page
    (letter,) = letters()
    assert letter.subject == "Stand cards for Summit could not be made"
    assert OFTEN in letter.text and cards in letter.text


def test_a_team_hears_that_its_pictures_could_not_be_made(app, poster, team):
    a_member(team, a_person("Gwen Price", email="gwen@hilltop.example"))
    raw_key = f"posters/{poster.id}/upload.raw"
    keep_file(raw_key, a_picture())
    version = a_version(
        poster, state=VersionState.WAITING, raw_key=raw_key, kind=FileKind.PNG, filename="a.png"
    )
    # Something else lies where its pictures would.
    pictures = Path(app.config["DATA_FOLDER"], "files", "posters", str(poster.id), "1")
    shutil.rmtree(pictures)
    pictures.touch()
    with transaction():
        enqueue("posters.prepare", due_at=now(), version_id=str(version.id))

    fail_once_and_for_all()

    (letter,) = letters()
    assert letter.to_address == "gwen@hilltop.example"
    assert OFTEN in letter.text
    assert db.session.get_one(PosterVersion, version.id).state is VersionState.REFUSED
    assert file_content(raw_key) is None
