from datetime import timedelta

import pytest

from app.programmes.rules import Role
from tests.factories.people import a_person
from tests.factories.programmes import a_member, a_member_of_staff, a_team
from tests.factories.registration import a_registration
from tests.factories.writeups import a_published_write_up, a_write_up
from tests.visitor import Visitor

DESK = "/organise/together/events/summit/write-up"
STORY = "/events/together/summit/write-up"
CHANGES = "/organise/together/changes"


@pytest.fixture
def helen(app, summit) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.LEAD, "Helen Shaw"))


def test_a_first_draft_says_what_is_left_out_and_why(organiser):
    page = organiser.open(DESK)

    assert "Who came" in page.text
    assert "Fewer than 5 people are recorded as here" in page.text
    assert "No poster is handed in." in page.text


def test_a_write_up_is_begun_saved_published_and_withdrawn(organiser, visitor, helen):
    page = organiser.fill_in(DESK, action="/write-up")
    assert "Your first draft is here" in page.text
    assert visitor.open(STORY).status == 404

    page = organiser.fill_in(DESK, action="/text", title="A day of calls", text="It was **good**.")
    assert "Saved." in page.text
    page = organiser.fill_in(f"{DESK}/publication")
    assert "Published." in page.text

    story = visitor.open(STORY)
    assert story.status == 200
    assert "A day of calls" in story.text
    assert "<strong>good</strong>" in story.html

    page = organiser.fill_in(f"{DESK}/withdrawal", reason="A figure was wrong")
    assert "Withdrawn." in page.text
    gone = visitor.open(STORY)
    assert gone.status == 410
    assert "It was" not in gone.text
    assert "This write-up was withdrawn" in gone.text
    assert "A figure was wrong" not in gone.text
    assert "A figure was wrong" in helen.open(CHANGES).text


def test_what_is_saved_after_publishing_is_read_only_once_it_is_published(
    organiser, visitor, summit
):
    a_published_write_up(summit, "The first text.")

    page = organiser.fill_in(DESK, action="/text", text="The second text.")

    assert "without the changes since" in page.text
    assert "The first text." in visitor.open(STORY).text
    organiser.fill_in(f"{DESK}/publication")
    assert "The second text." in visitor.open(STORY).text


def test_a_facilitator_writes_but_does_not_publish(facilitator):
    facilitator.fill_in(DESK, action="/write-up")
    page = facilitator.fill_in(DESK, action="/text", text="My draft.")

    assert "Saved." in page.text
    assert "Look and publish" not in page.text
    assert facilitator.open(f"{DESK}/publication").status == 403


def test_an_editor_in_two_tabs_loses_nothing_and_is_told(organiser, helen, summit):
    a_write_up(summit, "As it was.")
    mine = organiser.open(DESK)
    helen.fill_in(DESK, action="/text", text="What Helen wrote.")

    page = organiser.submit(mine, DESK, action="/text", text="What Priya wrote.")

    assert page.status == 409
    assert "Helen Shaw saved another text at 10 am" in page.text
    assert "What Helen wrote." in page.text
    assert "What Priya wrote." in page.html
    assert "Put aside" in organiser.open(f"{DESK}/versions").text

    page = organiser.submit(page, DESK, action="/text")
    assert "Saved." in page.text
    versions = organiser.open(f"{DESK}/versions")
    texts = [organiser.open(at).html for _, at in versions.links() if "/versions/" in at]
    assert any("What Helen wrote." in text for text in texts)
    assert "What Priya wrote." in organiser.open(DESK).html


def test_autosave_says_what_came_of_it(organiser, helen, summit):
    a_write_up(summit, "As it was.")
    form = {"title": "Calls", "summary": "", "text": "Typed so far.", "edit": "1"}
    token = token_on(organiser.open(DESK))

    saved = organiser.send(f"{DESK}/draft", data={**form, "csrf_token": token})
    assert saved.json == {"edit": 2, "said": "Saved at 10 am"}

    helen.fill_in(DESK, action="/text", text="What Helen wrote.")
    late = organiser.send(
        f"{DESK}/draft", data={**form, "csrf_token": token, "edit": "2", "text": "More."}
    )
    assert late.status == 409
    assert "Helen Shaw saved another text at 10 am." in late.json["error"]
    assert "More." in organiser.open(f"{DESK}/versions/4").html

    wrong = organiser.send(f"{DESK}/draft", data={**form, "csrf_token": token, "title": ""})
    assert wrong.status == 422
    assert wrong.json == {"error": "Not saved. Enter a title."}


def test_one_sitting_is_one_version(organiser, summit, clock):
    a_write_up(summit)
    for text in ("one", "one two", "one two three"):
        organiser.fill_in(DESK, action="/text", text=text)
        clock.shift(timedelta(minutes=2))
    assert len(versions_listed(organiser)) == 2

    clock.shift(timedelta(minutes=10))
    organiser.fill_in(DESK, action="/text", text="later")
    assert len(versions_listed(organiser)) == 3


def test_an_earlier_version_is_taken_back(organiser, summit, clock):
    a_write_up(summit, "The old text.")
    organiser.fill_in(DESK, action="/text", text="The new text.")

    page = organiser.fill_in(f"{DESK}/versions/1", action="/restoration")
    assert "Version 1 is the newest again" in page.text
    organiser.fill_in(f"{DESK}/versions/2", action="/restoration")

    assert "The new text." in organiser.open(DESK).html


def test_a_preview_saves_nothing_and_runs_nothing(organiser, summit):
    a_write_up(summit, "As it was.")
    token = token_on(organiser.open(DESK))
    typed = {"title": "T", "text": "<script>alert(1)</script> **new**", "csrf_token": token}

    part = organiser.client.post(f"{DESK}/preview", data=typed).get_data(as_text=True)

    assert "<strong>new</strong>" in part
    assert "<script" not in part
    assert "As it was." in organiser.open(DESK).html


def test_whoever_has_not_agreed_is_not_named(organiser, visitor, summit):
    gwen = a_person("Gwen Price")
    a_registration(summit, gwen)
    a_member(a_team(summit.programme), a_person("Siân O'Connor"))
    a_write_up(summit, "Gwen Price and Siân O'Connor answered calls.")

    page = organiser.open(f"{DESK}/publication")
    assert "“a colleague” stands for Siân O'Connor, Gwen Price" in page.text
    organiser.fill_in(f"{DESK}/publication")

    story = visitor.open(STORY)
    assert "a colleague and a colleague answered calls." in story.text
    assert "Gwen" not in story.html


def test_a_text_may_be_long_and_in_any_letters(organiser, summit):
    a_write_up(summit)

    page = organiser.fill_in(DESK, action="/text", text="漢" * 39_000)
    assert "Saved." in page.text

    page = organiser.fill_in(DESK, action="/text", text="x" * 40_001)
    assert page.status == 422
    assert "Shorten this to 40000 characters or fewer." in page.text


def versions_listed(organiser: Visitor) -> list[str]:
    return [at for _, at in organiser.open(f"{DESK}/versions").links() if "/versions/" in at]


def token_on(page) -> str:
    form = next(f for f in page.forms if f.action.endswith("/text"))
    return form.values["csrf_token"][0]
