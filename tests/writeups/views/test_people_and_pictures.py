import io
import re

import pytest

from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content
from app.plumbing.mail import Letter
from app.plumbing.queue import run_due
from app.registration.queries import registration_of
from app.writeups.models import WriteUpPicture
from tests.factories.people import a_person, a_visit_of
from tests.factories.posters import a_png
from tests.factories.registration import a_registration
from tests.factories.writeups import a_picture, a_published_write_up, a_write_up
from tests.visitor import Visitor

DESK = "/organise/together/events/summit/write-up"
STORY = "/events/together/summit/write-up"
MINE = "/my/together/summit/write-up"


@pytest.fixture
def gwen(summit):
    person = a_person("Gwen Price", email="gwen@hilltop.example")
    a_registration(summit, person)
    return person


def letters_to(address: str) -> list[Letter]:
    db.session.rollback()
    return list(db.session.query(Letter).filter_by(to_address=address))


def test_named_people_get_a_preview_and_decide(app, organiser, visitor, summit, gwen):
    a_published_write_up(summit, "Thank you, Gwen Price.")
    assert "Not asked" in organiser.open(f"{DESK}/people").text

    page = organiser.fill_in(f"{DESK}/people", action="/asking")
    assert "Asked: 1." in page.text
    (letter,) = letters_to("gwen@hilltop.example")
    link = re.search(r"http://localhost(/l/\S+/story)", letter.text)[1]

    phone = Visitor(app)
    page = phone.fill_in(link)
    assert "Thank you, Gwen Price." in page.text
    assert "Not answered" in page.text
    assert "Thank you, a colleague." in visitor.open(STORY).text

    phone.fill_in(MINE, answer="yes")
    assert "Thank you, Gwen Price." in visitor.open(STORY).text
    assert "Yes" in organiser.open(f"{DESK}/people").text

    phone.fill_in(MINE, answer="no")
    assert "Thank you, a colleague." in visitor.open(STORY).text


def test_nobody_is_asked_twice(organiser, summit, gwen):
    a_write_up(summit, "Thank you, Gwen Price.")
    first = organiser.open(f"{DESK}/people")
    for _ in range(2):
        organiser.submit(first, f"{DESK}/people", action="/asking")

    assert len(letters_to("gwen@hilltop.example")) == 1


def test_who_was_not_asked_finds_nothing(app, summit, gwen):
    a_write_up(summit)

    assert Visitor(app).carry(visit=a_visit_of(gwen, at=now())).open(MINE).status == 404


def upload(organiser: Visitor, content: bytes, name: str = "table.png", **fields):
    page = organiser.open(f"{DESK}/pictures")
    (form,) = [f for f in page.forms if "alt" in f.names]
    data = {
        **form.values,
        "alt": "Four people around a table",
        "all_agree": "y",
        "file": (io.BytesIO(content), name),
        **fields,
    }
    return organiser.send(f"{DESK}/pictures", data=data, content_type="multipart/form-data")


def test_a_picture_is_made_anew_and_shown_where_the_text_names_it(organiser, visitor, summit):
    a_published_write_up(summit, "![](picture:1)")
    assert "<img" not in visitor.open(STORY).html.partition("<article")[2]

    page = upload(organiser, a_png(40, 30))
    assert "Picture 1 has arrived." in page.text
    run_due(now)

    story = visitor.open(STORY)
    assert f'src="{STORY}/pictures/1" alt="Four people around a table"' in story.html
    assert f'og:image" content="http://localhost{STORY}/pictures/1"' in story.html
    answer = visitor.client.get(f"{STORY}/pictures/1")
    assert answer.mimetype == "image/webp"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    etag = answer.headers["ETag"]
    assert (
        visitor.client.get(f"{STORY}/pictures/1", headers={"If-None-Match": etag}).status_code
        == 304
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"alt": ""}, "Say what the picture shows"),
        ({"all_agree": ""}, "a picture is shown only if everybody in it has agreed"),
    ],
)
def test_a_picture_needs_words_and_consent(organiser, summit, fields, sentence):
    a_write_up(summit)

    page = upload(organiser, a_png(8, 8), **fields)

    assert page.status == 422
    assert sentence in page.text


def test_what_is_no_picture_is_refused(organiser, summit):
    a_write_up(summit)

    assert "not a PDF, PNG or JPEG" in upload(organiser, b"GIF89a").text
    assert upload(organiser, b"%PDF-1.7\n%%EOF", "x.pdf").status == 422
    assert db.session.query(WriteUpPicture).count() == 0


def test_who_said_no_to_photos_is_named_as_not_to_be_shown(organiser, summit, gwen):
    ann = a_person("Ann Lee")
    a_registration(summit, ann, photo_consent=True)
    a_write_up(summit)

    page = organiser.open(f"{DESK}/pictures")

    assert "Gwen Price said no to photos." in page.text
    (form,) = [f for f in page.forms if "alt" in f.names]
    assert "people" in form.names
    assert str(gwen.id) not in page.html


def test_a_picture_goes_when_somebody_in_it_takes_their_yes_back(organiser, visitor, summit, gwen):
    write_up = a_published_write_up(summit, "![](picture:1)")
    a_picture(write_up, gwen)
    assert visitor.client.get(f"{STORY}/pictures/1").status_code == 200

    with transaction():
        registration_of(gwen.id, summit.id).photo_consent = False

    assert visitor.client.get(f"{STORY}/pictures/1").status_code == 404
    assert "Somebody in it has said no since." in organiser.open(f"{DESK}/pictures").text


def test_a_picture_that_is_removed_is_gone(organiser, visitor, summit):
    write_up = a_published_write_up(summit, "![](picture:1)")
    a_picture(write_up)

    organiser.fill_in(f"{DESK}/pictures", action="/1/removal")

    assert visitor.client.get(f"{STORY}/pictures/1").status_code == 404
    run_due(now)
    assert file_content(f"writeups/{write_up.id}/1.webp") is None
    assert "/pictures/1" not in visitor.open(STORY).html


def test_pictures_of_a_draft_are_for_its_editors(organiser, visitor, summit):
    a_picture(a_write_up(summit, "![](picture:1)"))

    assert visitor.client.get(f"{STORY}/pictures/1").status_code == 404
    assert organiser.open(f"{DESK}/pictures/1").status == 200
    assert f'src="{DESK}/pictures/1"' in organiser.open(DESK).html
