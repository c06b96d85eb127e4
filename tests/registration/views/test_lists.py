"""Inviting from a list, as an organiser does it: upload, look, correct, send, watch."""

import csv
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.people.models import Account, Person
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.plumbing.queue import run_due
from app.plumbing.spreadsheets import MOST_BYTES, csv_export
from app.programmes.rules import Role
from app.registration.models import InvitationList, Registration, Status
from tests.factories.events import an_event
from tests.factories.people import a_person
from tests.factories.programmes import a_member_of_staff, a_programme, a_team
from tests.factories.registration import a_registration
from tests.hostile import EVERY, signs_of_evaluation
from tests.statements import count_statements
from tests.visitor import Visitor

FILES = Path(__file__).parents[1] / "files"
AT = datetime(2026, 2, 12, 10, tzinfo=UTC)
SUMMIT = "/organise/together/events/summit"
NEW = f"{SUMMIT}/invitations/lists/new"
PRACTICES = (
    "Riverside Surgery",
    "Hill Top Practice",
    "Canal Street Medical Centre",
    "Old Mill Surgery",
    "Parkgate Practice",
    "The Limes",
    "Station Road Surgery",
    "Whitworth Health Centre",
)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def programme(app):
    programme = a_programme()
    for name in PRACTICES:
        a_team(programme, name)
    return programme


@pytest.fixture
def summit(programme):
    return an_event(programme)


@pytest.fixture
def organiser(visitor, summit):
    return visitor.sign_in(a_member_of_staff(summit.programme, Role.ORGANISER, "Priya Nair"))


def upload(organiser, content, filename="people.csv", *, follow=True):
    """Choose a file on the page, as a browser sends it, and press the button."""
    token = organiser.open(NEW).forms[-1].values["csrf_token"][0]
    # Made here: the test client would leave a temporary file behind for a large upload.
    boundary, body = encode_multipart(
        {"csrf_token": token, "file": FileStorage(BytesIO(content), filename, "file")}
    )
    kind = f'multipart/form-data; boundary="{boundary}"'
    return organiser.send(NEW, data=body, content_type=kind, follow=follow)


def people_csv():
    return (FILES / "people.csv").read_bytes()


def a_list_of(*people):
    return csv_export(["Name", "E-mail", "Practice"], people)


def the_list():
    return db.session.scalars(select(InvitationList)).one()


def address_of_list():
    return f"{SUMMIT}/invitations/lists/{the_list().id}"


def press_send(organiser, page=None):
    where = address_of_list()
    return organiser.submit(page or organiser.open(where), where, action="/sending")


def work():
    run_due(lambda: datetime.now(UTC))


def numbers():
    """How many people, registrations and letters there are."""
    db.session.rollback()
    return tuple(
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Person, Registration, Letter)
    )


# Journey 1, steps 4 to 6


@pytest.fixture
def sian(app):
    """A member of Riverside Surgery, known since the launch."""
    return a_person("Siân O'Connor", email="sian.oconnor@riverside.example")


def test_the_list_of_journey_1_is_judged_before_anything_is_written(organiser, sian):
    before = numbers()

    page = upload(organiser, people_csv())

    assert page.status == 200
    assert "39 will be invited" in page.text
    assert "1 already known (will be linked)" in page.text
    assert "1 duplicate" in page.text
    assert "1 invalid" in page.text
    assert "Send 40 invitations" in page.text
    assert "Download rows that need fixing (2)" in page.text
    assert "separated by semicolons" in page.text
    assert "it has no @" in organiser.open(f"{address_of_list()}?show=invalid").text
    work()
    assert numbers() == before


def test_sending_the_list_of_journey_1_writes_to_each_person_once(organiser, sian):
    page = upload(organiser, people_csv())

    page = press_send(organiser, page)

    assert "40 queued" in page.text
    assert "Download rows that need fixing (2)" in page.text
    work()
    page = organiser.open(address_of_list())
    assert "0 queued 40 sent" in page.text
    assert "No mail server is set up" in page.text
    letters = db.session.scalars(select(Letter)).all()
    assert Counter(Counter(letter.to_address for letter in letters).values()) == {1: 40}
    assert {letter.subject for letter in letters} == {"Invitation: Summit, Thursday 26 March 2026"}
    assert all("ACCEPT" in letter.text and "DECLINE" in letter.text for letter in letters)
    assert all(letter.enclosures[0]["name"] == "event.ics" for letter in letters)
    assert db.session.get(Person, sian.id).name == "Siân O'Connor"
    teams = Counter(r.team.name for r in db.session.scalars(select(Registration)))
    assert set(teams) == set(PRACTICES)


def test_running_the_same_file_again_sends_nothing_twice(organiser, sian):
    press_send(organiser, upload(organiser, people_csv()))
    work()
    before = numbers()

    page = upload(organiser, people_csv())

    assert "40 on the list already" in page.text
    assert "Nobody on this list would get an invitation." in page.text
    assert not [form for form in page.forms if form.action.endswith("/sending")]
    work()
    assert numbers() == before


def test_two_lists_with_the_same_people_invite_them_once(organiser, sian):
    upload(organiser, people_csv())
    upload(organiser, people_csv())
    for listed in db.session.scalars(select(InvitationList.id)).all():
        where = f"{SUMMIT}/invitations/lists/{listed}"
        organiser.submit(organiser.open(where), where, action="/sending")

    work()

    assert numbers()[1:] == (40, 40)


def test_a_button_pressed_twice_has_one_effect(organiser, sian):
    page = upload(organiser, people_csv())

    first = press_send(organiser, page)
    second = press_send(organiser, page)

    assert "40 queued" in first.text
    assert first.text == second.text
    work()
    assert numbers()[2] == 40


def test_the_reminder_goes_to_those_who_have_not_answered_and_once_a_day(organiser, summit, clock):
    people = [(f"Person {n}", f"p{n}@hilltop.example", "") for n in range(1, 9)]
    press_send(organiser, upload(organiser, a_list_of(*people)))
    work()
    standing = db.session.scalars(select(Registration).order_by(Registration.created_at)).all()
    answered = {standing[0].id: Status.CONFIRMED, standing[1].id: Status.DECLINED}
    set_status(answered)

    assert "Remind the" not in organiser.open(f"{SUMMIT}/invitations").text
    clock.shift(timedelta(hours=25))
    organiser = signed_in_again(organiser)
    page = organiser.open(f"{SUMMIT}/invitations")
    assert "Remind the 6 who have not answered" in page.text
    page = organiser.submit(page, SUMMIT, action="/reminder")
    assert "6 reminders are on the way." in page.text
    organiser.submit(page, SUMMIT, action="/reminder")
    work()

    reminders = db.session.scalars(select(Letter).where(Letter.subject.startswith("Are you"))).all()
    silent = {r.person.email for r in standing if r.id not in answered}
    assert Counter(letter.to_address for letter in reminders) == dict.fromkeys(silent, 1)
    assert "You can remind them tomorrow" in organiser.open(f"{SUMMIT}/invitations").text


def signed_in_again(organiser):
    """The same organiser on another day: sign-ins end after some hours."""
    return Visitor(organiser.app).sign_in(db.session.scalars(select(Account)).one())


def set_status(answers):
    with transaction():
        for registration_id, status in answers.items():
            db.session.get_one(Registration, registration_id).status = status


# What people have


@pytest.mark.parametrize(
    ("filename", "says", "invited"),
    [
        ("eventbrite.csv", "This looks like an Eventbrite attendee report.", 3),
        ("excel-british.csv", "Windows, Western European, separated by commas", 4),
        ("excel-british-utf-8.csv", "UTF-8, separated by commas", 5),
        ("excel-central-european.csv", "Windows, Central European, separated by semicolons", 2),
        ("excel-continental.csv", "Windows, Western European, separated by semicolons", 2),
        ("excel-unicode-text.txt", "Unicode text, separated by tabs", 5),
        ("excel.xlsx", "Excel workbook, sheet", 2),
        ("indico.csv", "This looks like an Indico registration list.", 2),
        ("microsoft-forms-signed-in.xlsx", "This looks like a Microsoft Forms answer list.", 1),
        ("microsoft-forms.xlsx", "This looks like a Microsoft Forms answer list.", 2),
        ("people.csv", "UTF-8, separated by semicolons", 40),
        ("pretix-german.csv", "This looks like a pretix order list in German.", 1),
        ("pretix.csv", "This looks like a pretix order list.", 2),
    ],
)
def test_a_list_of_each_kind_is_recognised_and_shown(organiser, filename, says, invited):
    page = upload(organiser, (FILES / filename).read_bytes(), filename)

    assert page.status == 200
    assert says in page.text
    assert f"Send {invited} invitation" in page.text
    press_send(organiser, page)
    work()
    assert numbers()[2] == invited


def test_every_file_of_the_collection_is_tried():
    tried = next(mark for mark in test_a_list_of_each_kind_is_recognised_and_shown.pytestmark).args[
        1
    ]

    there = {path.name for path in FILES.iterdir() if path.suffix in {".csv", ".txt", ".xlsx"}}
    assert {case[0] for case in tried} == there


@pytest.mark.parametrize(
    ("content", "filename", "sentence"),
    [
        (b"", "empty.csv", "empty.csv is empty. Choose the file that holds the list."),
        (b"%PDF-1.7", "list.pdf", "list.pdf is a PDF. Upload the Excel workbook or CSV file"),
        (b"Name,E-mail\n", "head.csv", "head.csv has column names and no rows."),
        (b"PK\x03\x04 broken", "list.xlsx", "list.xlsx is damaged."),
        (b"x" * (MOST_BYTES + 1), "big.csv", "big.csv is larger than 5 MB."),
        (b"Name,E-mail\n" + b"A,a@b.example\n" * 10_001, "long.csv", "more than 10,000 rows"),
    ],
)
def test_a_wrong_file_gets_its_sentence_beside_the_field(organiser, content, filename, sentence):
    page = upload(organiser, content, filename)

    assert page.status == 422
    assert sentence in page.text
    assert 'id="file-error"' in page.html
    assert 'href="#file"' in page.html
    assert numbers()[1:] == (0, 0)


def test_no_file_at_all_is_said_so(organiser):
    page = organiser.fill_in(NEW, action="")

    assert page.status == 422
    assert "Choose the file that holds the list." in page.text


def test_a_file_far_too_large_is_refused_with_a_page(organiser):
    page = upload(organiser, b"x" * (MOST_BYTES + 2 * 1024 * 1024))

    assert page.status == 413
    assert "That file is too big" in page.text


def test_only_the_page_for_files_takes_more_than_a_form_needs(organiser, summit):
    page = organiser.send(
        f"{SUMMIT}/invitations/reminder", data={"file": (BytesIO(b"x" * 100_000), "x.csv")}
    )

    assert page.status == 413


def test_the_empty_list_can_be_filled_in_and_uploaded(organiser):
    template = organiser.open(f"{SUMMIT}/invitations/lists/template")

    assert template.response.mimetype == "text/csv"
    page = upload(organiser, template.response.get_data())
    assert "Send 1 invitation" in page.text
    columns = the_list().mapping
    assert [field for field, column in columns.items() if column is None] == [
        "given_name",
        "family_name",
        "status",
    ]


# Columns that we took for something else


def test_the_organiser_corrects_a_column_without_uploading_again(organiser):
    content = csv_export(
        ["Known as", "Contact", "Where"], [["Gwen Price", "gwen@hilltop.example", "The Limes"]]
    )
    page = upload(organiser, content)
    assert "Choose the column that holds the names." in page.text

    page = organiser.submit(
        page, address_of_list(), action="/columns", full_name="0", email="1", team="2"
    )

    assert "The list was checked again with these columns." in page.text
    assert "Send 1 invitation" in page.text
    assert "Gwen Price gwen@hilltop.example The Limes Will be invited" in page.text


def test_a_choice_without_addresses_is_refused_beside_the_field(organiser):
    page = upload(organiser, a_list_of(("Gwen Price", "gwen@hilltop.example", "")))

    page = organiser.submit(page, address_of_list(), action="/columns", email="", team="1")

    assert page.status == 422
    assert "Choose the column that holds the e-mail addresses." in page.text
    assert 'href="#email"' in page.html
    assert re.search(r'<select[^>]*id="team".*?value="1" selected', page.html, re.DOTALL)
    assert the_list().columns["email"] == 1


def test_a_choice_that_was_not_offered_is_refused(organiser):
    page = upload(organiser, a_list_of(("Gwen Price", "gwen@hilltop.example", "")))

    page = organiser.submit(page, address_of_list(), action="/columns", email="99")

    assert page.status == 422


# Rows


def test_an_unknown_practice_is_named_with_the_one_that_was_meant(organiser):
    page = upload(organiser, a_list_of(("Gwen Price", "g@hilltop.example", "Hill Top Practise")))

    assert "“Hill Top Practise” is not a practice of this programme." in page.text
    assert "Did you mean Hill Top Practice?" in page.text
    assert "Send" not in [form.action for form in page.forms]


def test_the_rows_that_need_fixing_come_with_their_reason_and_run_nothing(organiser):
    upload(
        organiser,
        a_list_of(
            ("=HYPERLINK(1)", "no address", "The Limes"),
            ("Gwen Price", "g@hilltop.example", ""),
            ("Gwen Price", "G@hilltop.example", ""),
        ),
    )

    answer = organiser.open(f"{address_of_list()}/fixing").response

    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert rows == [
        ["Name", "E-mail", "Practice", "Reason"],
        [
            "'=HYPERLINK(1)",
            "no address",
            "The Limes",
            "“no address” is not an e-mail address: it has no @.",
        ],
        ["Gwen Price", "G@hilltop.example", "", "Row 3 has the same e-mail address."],
    ]


def test_people_who_said_no_are_not_asked_again(organiser, summit):
    person = a_person(email="no@hilltop.example")
    a_registration(summit, person, status=Status.DECLINED)

    page = upload(organiser, a_list_of(("Gwen Price", "no@hilltop.example", "")))

    assert "1 said no before" in page.text
    assert "Nobody on this list would get an invitation." in page.text


def test_more_people_than_places_are_mentioned_and_not_refused(visitor, programme):
    event = an_event(programme, "small", capacity=1)
    organiser = visitor.sign_in(a_member_of_staff(programme, Role.ORGANISER))
    a_registration(event)
    token = organiser.open("/organise/together/events/small/invitations/lists/new").forms[-1].values
    content = a_list_of(("Gwen Price", "g@hilltop.example", ""))

    page = organiser.send(
        "/organise/together/events/small/invitations/lists/new",
        data={"csrf_token": token["csrf_token"][0], "file": (BytesIO(content), "people.csv")},
    )

    assert "1 more person would be booked or invited than the 1 place there are" in page.text
    assert "Send 1 invitation" in page.text


def test_nobody_is_invited_to_an_event_that_is_over(organiser, clock):
    upload(organiser, a_list_of(("Gwen Price", "g@hilltop.example", "")))
    clock.move_to(datetime(2026, 3, 26, 15, 29, tzinfo=UTC))
    organiser = signed_in_again(organiser)
    page = organiser.open(address_of_list())
    clock.move_to(datetime(2026, 3, 26, 15, 30, tzinfo=UTC))

    answer = press_send(organiser, page)

    assert answer.status == 409
    assert "Summit is over." in answer.text
    work()
    assert numbers()[1:] == (0, 0)


def test_a_list_that_changed_since_it_was_seen_is_shown_again(organiser, summit):
    page = upload(
        organiser, a_list_of(("A", "a@hilltop.example", ""), ("B", "b@hilltop.example", ""))
    )
    a_registration(summit, a_person(email="a@hilltop.example"))

    page = press_send(organiser, page)

    assert "The list has changed: 1 person would be invited now." in page.text
    assert "Send 1 invitation" in page.text
    work()
    assert numbers()[2] == 0


def test_a_sent_list_takes_no_other_columns(organiser):
    page = upload(organiser, a_list_of(("A", "a@hilltop.example", "")))
    press_send(organiser, page)

    answer = organiser.submit(page, address_of_list(), action="/columns", role="2")

    assert answer.status == 409
    assert "This list has been sent." in answer.text


def test_a_list_can_be_deleted_before_it_is_sent(organiser):
    page = upload(organiser, a_list_of(("A", "a@hilltop.example", "")))

    page = organiser.submit(page, address_of_list(), action="/removal")

    assert "The list is deleted. Nobody on it was invited." in page.text
    assert db.session.scalar(select(func.count()).select_from(InvitationList)) == 0


def test_the_progress_is_the_same_page_without_its_frame(organiser):
    upload(organiser, a_list_of(("A", "a@hilltop.example", "")))
    press_send(organiser)
    where = f"{address_of_list()}?part=1"

    first = organiser.client.get(where)
    again = organiser.client.get(where, headers={"If-None-Match": first.headers["ETag"]})
    work()
    later = organiser.client.get(where, headers={"If-None-Match": first.headers["ETag"]})

    assert b"<html" not in first.data
    assert (first.status_code, again.status_code, later.status_code) == (200, 304, 200)


def test_somebody_who_answered_is_shown_as_such(organiser):
    upload(organiser, a_list_of(("A", "a@hilltop.example", "")))
    press_send(organiser)
    work()
    set_status({db.session.scalars(select(Registration.id)).one(): Status.CONFIRMED})

    assert "Has booked." in organiser.open(address_of_list()).text


def test_a_long_list_is_shown_a_page_at_a_time(organiser):
    people = [(f"Person {n}", f"p{n}@hilltop.example", "") for n in range(120)]
    upload(organiser, a_list_of(*people))

    page = organiser.open(f"{address_of_list()}?show=new&page=3")

    assert "101 to 120 of 120 rows" in page.text
    assert "Person 119" in page.text
    assert "Person 99 " not in page.text


@pytest.mark.parametrize("query", ["?page=-1", "?page=99999999999999999999", "?show=x", "?page=x"])
def test_a_mangled_address_of_a_page_shows_something(organiser, query):
    upload(organiser, a_list_of(("A", "a@hilltop.example", "")))

    assert organiser.open(address_of_list() + query).status == 200


@pytest.mark.parametrize("is_sent", [False, True], ids=["preview", "sent"])
def test_a_longer_list_asks_no_more_of_the_database(organiser, is_sent):
    asked = []
    for length in (1, 3):
        people = [(f"P {length} {n}", f"p{length}{n}@hilltop.example", "") for n in range(length)]
        page = upload(organiser, a_list_of(*people))
        where = organiser_address(page)
        if is_sent:
            organiser.submit(page, where, action="/sending")
            work()
        with count_statements() as statements:
            organiser.open(where)
        asked.append(len(statements))

    assert asked[0] == asked[1]


def organiser_address(page):
    return next(f.action for f in page.forms if f.action.endswith("/sending")).removesuffix(
        "/sending"
    )


# Who may


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.COACH])
def test_lists_are_for_those_who_may_invite(organiser, visitor, programme, role):
    upload(organiser, a_list_of(("A", "a@hilltop.example", "")))
    where = address_of_list()
    visitor.sign_in(a_member_of_staff(programme, role))

    assert visitor.open(where).status == 403
    assert visitor.open(NEW).status == 403


def test_a_list_of_another_event_is_not_found(organiser, programme):
    an_event(programme, "launch")
    upload(organiser, a_list_of(("A", "a@hilltop.example", "")))

    other = address_of_list().replace("/summit/", "/launch/")

    assert organiser.open(other).status == 404
    assert organiser.open(f"{other}/fixing").status == 404


# Texts that have broken other people's pages


def test_hostile_texts_are_shown_as_they_are_and_run_nothing(organiser):
    texts = [text for text in EVERY if "\0" not in text]  # a file with those is no list
    rows = [(text, f"p{n}@hilltop.example", "") for n, text in enumerate(texts)]
    rows += [(f"Person {n}", text, text) for n, text in enumerate(texts)]
    page = upload(organiser, csv_export(["Name", "E-mail", "Practice"], rows), EVERY[0])
    assert page.status == 200
    where = address_of_list()

    for number in range(1, len(rows) // 50 + 2):
        page = organiser.open(f"{where}?page={number}")
        assert page.status == 200
        assert signs_of_evaluation(page.html) == []
        assert "<script>window" not in page.html
    press_send(organiser)
    work()
    for number in (1, len(rows) // 100 + 1):
        page = organiser.open(f"{where}?page={number}")
        assert page.status == 200
        assert signs_of_evaluation(page.html) == []
    invited = db.session.scalar(select(func.count()).select_from(Registration))
    written = db.session.scalar(select(func.count()).select_from(Letter))
    assert invited == written > 50


def test_hostile_column_names_are_offered_as_they_are(organiser):
    for start in range(0, len(EVERY), 50):
        # What cannot be a column's name at all is refused with a sentence of its own.
        texts = [text for text in EVERY[start : start + 50] if not set(text) & {"\0", "@"}]
        content = csv_export(["Name", "E-mail", *texts], [["Gwen Price", "g@b.example", *texts]])

        page = upload(organiser, content)

        assert page.status == 200
        assert signs_of_evaluation(page.html) == []
