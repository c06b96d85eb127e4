"""Somebody's own pages."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
import zxingcpp
from flask import Flask
from icalendar import Calendar
from PIL import Image
from sqlalchemy import select

from app.people.models import Visit
from app.plumbing.database import db, transaction
from app.registration.actions.invitations import invite
from app.registration.models import AccessNeed, Registration, Status
from app.registration.queries import needs_of, pass_code
from tests.factories.events import an_event
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member, a_programme, a_team
from tests.factories.registration import a_registration, the_code_of
from tests.registration.test_booking import ORGANISER
from tests.visitor import Visitor

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
SUMMIT = "/my/together/summit"


@pytest.fixture(autouse=True)
def _ten_in_march():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def summit(app):
    programme = a_programme()
    return an_event(programme)


@pytest.fixture
def gwen(app):
    return a_person("Gwen Price", email="gwen@hilltop.example")


def as_(app: Flask, person, *, at=AT) -> Visitor:
    return Visitor(app).carry(visit=a_visit_of(person, at=at))


def test_without_a_link_nothing_opens_and_a_new_one_is_offered(visitor, summit):
    for path in ("/my", f"{SUMMIT}/pass", "/my/data"):
        page = visitor.open(path)
        assert page.status == 401
        assert ("Send me a new link", "/link") in page.links()


def test_my_page_tells_coming_from_past(app, summit, gwen):
    a_registration(summit, gwen)
    launch = an_event(
        summit.programme, "launch", title="Launch", starts_at=AT - timedelta(days=300)
    )
    a_registration(launch, gwen)
    later = an_event(summit.programme, "later", title="Follow-up day", starts_at=AT + timedelta(90))
    with transaction():
        invite(later, gwen, team=None, role="", by=ORGANISER, at=AT)

    page = as_(app, gwen).open("/my")

    assert "Booked" in page.text
    assert "Waiting for your answer" in page.text
    assert "Past events Launch" in page.text
    assert page.text.index("Summit") < page.text.index("Follow-up day") < page.text.index("Launch")


def test_the_pass_holds_all_that_the_door_needs(app, summit, gwen):
    team = a_team(summit.programme)
    registration = a_registration(summit, gwen, team)
    code = the_code_of(registration)

    page = as_(app, gwen).open(f"{SUMMIT}/pass")

    assert f"{code.short_code[:3]}-{code.short_code[3:]}" in page.text
    for words in (
        "Gwen Price",
        "Hill Top Practice",
        "Council Chamber",
        "Thursday 26 March 2026, 9.30 am to 3.30 pm",
        "You can change your answers until Monday 23 March 2026, 9.30 am.",
    ):
        assert words in page.text
    assert read(page.html) == f"HTTP://LOCALHOST/K/{pass_code(code)}"


def test_a_place_at_somebody_elses_event_is_not_there(app, summit, gwen):
    a_registration(summit)
    closed = an_event(summit.programme, "closed", is_open_to_all=False)
    visitor = as_(app, gwen)

    for way in ("pass", "change", "cancel", "decline", "event.ics"):
        assert visitor.open(f"{SUMMIT}/{way}").status == 404
    assert visitor.open(f"/my/together/{closed.slug}/place").status == 404


def test_an_invitation_opens_with_name_and_practice_and_is_accepted(app, summit, gwen):
    team = a_team(summit.programme)
    a_member(team, gwen)
    with transaction():
        invitation = invite(summit, gwen, team=team, role="Nurse", by=ORGANISER, at=AT)
    visitor = as_(app, gwen)

    page = visitor.open(f"{SUMMIT}/place")
    form = next(f for f in page.forms if "submission" in f.names)
    assert form.values["practice"] == ["hill-top-practice"]
    assert form.values["role"] == ["Nurse"]
    assert form.values["certificate_name"] == ["Gwen Price"]
    assert form.values["photo"] == ["no"]
    assert "deleted 14 days after the event" in page.text
    assert invitation.status is Status.INVITED

    done = visitor.submit(page, f"{SUMMIT}/place", certificate_name="Gwén Price", diet="vegan")

    assert "You're booked." in done.text
    assert "Your certificate will read Gwén Price" in done.text
    assert invitation.status is Status.CONFIRMED
    assert needs_of(invitation).diet == "vegan"
    again = visitor.submit(page, f"{SUMMIT}/place", certificate_name="Gwén Price")
    assert again.status == 200


def test_an_invitation_to_a_full_event_says_so(app, gwen):
    event = an_event(a_programme(), capacity=1)
    with transaction():
        invite(event, gwen, team=None, role="", by=ORGANISER, at=AT)
    visitor = as_(app, gwen)
    page = visitor.open(f"{SUMMIT}/place")
    a_registration(event)

    late = visitor.submit(page, f"{SUMMIT}/place", practice="none")

    assert late.status == 409
    assert "Summit is full" in late.text
    assert "All places are taken" in visitor.open(f"{SUMMIT}/place").text


def test_declining_asks_first_and_can_be_taken_back(app, summit, gwen):
    with transaction():
        invitation = invite(summit, gwen, team=None, role="", by=ORGANISER, at=AT)
    visitor = as_(app, gwen)

    page = visitor.open(f"{SUMMIT}/decline")
    assert invitation.status is Status.INVITED
    page = visitor.submit(page, f"{SUMMIT}/decline", reason="<script>alert(1)</script>")

    assert "You declined Summit." in page.text
    assert invitation.status is Status.DECLINED
    assert "You have answered already" in visitor.open(f"{SUMMIT}/decline").text
    page = visitor.fill_in(f"{SUMMIT}/place", practice="none")
    assert "You're booked" in page.text


def test_answers_change_until_changes_close(app, summit, gwen):
    registration = a_registration(summit, gwen)
    visitor = as_(app, gwen)

    page = visitor.fill_in(f"{SUMMIT}/change", diet="vegan", photo="yes")
    assert "Saved." in page.text
    assert registration.photo_consent is True
    page = visitor.fill_in(f"{SUMMIT}/change")
    assert "Nothing was different" in page.text

    form = visitor.open(f"{SUMMIT}/change")
    with time_machine.travel(summit.changes_close_at, tick=False):
        page = visitor.open(f"{SUMMIT}/change")
        assert "Changes closed on Monday 23 March 2026, 9.30 am" in page.text
        late = visitor.submit(form, f"{SUMMIT}/change", role="GP")
    assert late.status == 409
    assert "Write to team@northvale.example" in late.text


def test_a_wrong_change_keeps_what_was_typed(app, summit, gwen):
    a_registration(summit, gwen)

    page = as_(app, gwen).fill_in(f"{SUMMIT}/change", certificate_name="", role="GP")

    assert page.status == 422
    form = next(f for f in page.forms if "submission" in f.names)
    assert form.values["role"] == ["GP"]


def test_cancelling_asks_first_and_closes_the_pass(app, summit, gwen):
    registration = a_registration(summit, gwen)
    visitor = as_(app, gwen)

    page = visitor.open(f"{SUMMIT}/cancel")
    assert registration.status is Status.CONFIRMED
    done = visitor.submit(page, f"{SUMMIT}/cancel")

    assert "Your place at Summit is given back." in done.text
    assert registration.status is Status.CANCELLED
    assert "Your place was given back" in visitor.open(f"{SUMMIT}/pass").text
    assert visitor.submit(page, f"{SUMMIT}/cancel").status == 200


def test_the_calendar_file_is_ones_own(app, summit, gwen):
    a_registration(summit, gwen, calendar_sequence=3)

    answer = as_(app, gwen).open(f"{SUMMIT}/event.ics")

    assert Calendar.from_ical(answer.response.data).walk("VEVENT")[0]["SEQUENCE"] == 3


def test_the_name_on_certificates_is_confirmed(app, gwen):
    visitor = as_(app, gwen)

    assert "Check the name on your certificates" in visitor.open("/my").text
    page = visitor.fill_in("/my/name-on-certificate", name="  Gwén   Price ")

    assert "Your certificates will read Gwén Price." in page.text
    assert gwen.certificate_name_confirmed_at == AT
    assert visitor.fill_in("/my/name-on-certificate", name="").status == 422


def test_my_data_says_what_why_and_until_when(app, summit, gwen):
    registration = a_registration(summit, gwen, role="Nurse")
    with transaction():
        db.session.add(
            AccessNeed(
                registration_id=registration.id,
                diet="vegan",
                adjustments=["hearing_loop"],
                changed_at=AT,
            )
        )

    page = as_(app, gwen).open("/my/data")

    for words in (
        "gwen@hilltop.example",
        "Vegan; Hearing loop",
        "Deleted on 9 April 2026",
        "Nurse",
    ):
        assert words in page.text


def test_signing_out_ends_the_visit_on_this_device(app, gwen):
    visitor = as_(app, gwen)
    page = visitor.open("/my")
    token = next(f for f in page.forms if f.action == "/my/leave").values["csrf_token"]

    left = visitor.send("/my/leave", data={"csrf_token": token})

    assert "You have left your pages on this device." in left.text
    assert visitor.open("/my").status == 401
    assert all(visit.ended_at for visit in db.session.scalars(select(Visit)))


def test_a_visit_does_not_open_other_peoples_places(app, summit, gwen):
    other = a_registration(summit, a_person("Lee Adams"))
    visitor = as_(app, gwen)

    page = visitor.open(f"{SUMMIT}/place")

    assert "Lee" not in page.html
    assert db.session.get(Registration, other.id).status is Status.CONFIRMED


def read(html: str) -> str:
    """Read the QR on a page with a reader that is not ours."""
    side = int(html.split('viewBox="0 0 ')[1].split()[0]) if 'class="qr"' in html else 0
    path = html.split('fill="#000" d="')[1].split('"')[0]
    image = Image.new("L", (side, side), 255)
    for piece in path.split("M")[1:]:
        place, _, run = piece.partition("h")
        x, y = map(int, place.split())
        for step in range(int(run.split("v")[0])):
            image.putpixel((x + step, y), 0)
    return zxingcpp.read_barcode(image.resize((side * 6, side * 6), Image.Resampling.NEAREST)).text
