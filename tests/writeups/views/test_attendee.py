import json

import pytest

from app.plumbing.database import db, transaction
from app.writeups.actions.erasing import MEMORY
from app.writeups.actions.moderating import decide
from app.writeups.models import Comment
from app.writeups.rules.commenting import CommentStatus
from tests.factories.people import a_person, a_visit_of
from tests.factories.registration import a_registration
from tests.factories.writeups import (
    PRIYA,
    a_comment,
    a_mention,
    a_picture,
    a_published_write_up,
)
from tests.visitor import Visitor
from tests.writeups.conftest import AT


@pytest.fixture
def gwen(summit):
    person = a_person("Gwen Price", email="gwen@hilltop.example")
    a_registration(summit, person)
    return person


@pytest.fixture
def phone(app, gwen, clock) -> Visitor:
    return Visitor(app).carry(visit=a_visit_of(gwen, at=AT))


def test_my_data_holds_what_write_ups_keep_and_nobody_elses(phone, summit, gwen):
    assert "In write-ups" in phone.open("/my/data").text
    write_up = a_published_write_up(summit, at=AT)
    a_mention(write_up, gwen, agrees=False)
    a_picture(write_up, gwen, alt="Gwen at the flip chart")
    said = {"name": "G. Price", "email": gwen.email, "wants_others": True}
    shown = a_comment(write_up, at=AT, text="Well told.", **said)
    with transaction():
        decide(
            db.session.get_one(Comment, shown.id),
            CommentStatus.APPROVED,
            seen=CommentStatus.WAITING,
            by=PRIYA,
            at=AT,
        )
    a_comment(write_up, at=AT, is_confirmed=False, text="Not mine, perhaps.", **said)
    a_comment(write_up, at=AT, text="Somebody else's.")

    page = phone.open("/my/data")
    data = json.loads(phone.open("/my/write-ups/data.json").response.data)

    assert "whether you may be named, you’d rather not" in page.text
    assert "“Gwen at the flip chart”" in page.text
    assert "published: Well told." in page.text
    assert "Not mine, perhaps." not in page.text
    assert "Somebody else's." not in page.text
    assert [one["agrees"] for one in data["asked_to_be_named"]] == [False]
    assert [one["shows"] for one in data["pictures"]] == ["Gwen at the flip chart"]
    assert [(one["name"], one["status"]) for one in data["comments"]] == [("G. Price", "approved")]
    assert data["comments"][0]["letters_about_others"]


def test_what_goes_with_somebody_is_told_before(phone, summit, gwen):
    write_up = a_published_write_up(summit, at=AT)
    a_mention(write_up, gwen, agrees=True)
    a_picture(write_up, gwen)
    a_comment(write_up, at=AT, email=gwen.email)

    assert MEMORY.traces(gwen).goes == [
        "1 comment on a write-up",
        "1 answer whether a write-up may name them",
        "1 picture of a write-up that shows them",
    ]
