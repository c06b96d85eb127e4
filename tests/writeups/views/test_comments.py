import re
from datetime import timedelta

import pytest

from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.limits import limiter
from app.plumbing.mail import Letter
from app.plumbing.queue import run_due
from app.programmes.rules import Role
from app.writeups.models import Comment, ModerationLink
from app.writeups.rules.commenting import CommentStatus
from tests.factories.programmes import a_member_of_staff
from tests.factories.writeups import a_published_write_up
from tests.visitor import Visitor
from tests.writeups.conftest import AT

STORY = "/events/together/summit/write-up"
FORM = f"{STORY}/comment"
DESK = "/organise/together/events/summit/write-up"
NIA = {"name": "Nia Pugh", "email": "nia@practice.example", "text": "Well told. Thank you."}


@pytest.fixture(autouse=True)
def unlimited(app):
    limiter.reset()


@pytest.fixture
def story(summit):
    return a_published_write_up(summit, at=AT)


@pytest.fixture
def lead(app, summit) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.LEAD, "Helen Shaw"))


def letters_to(address: str) -> list[Letter]:
    db.session.rollback()
    return list(db.session.query(Letter).filter_by(to_address=address).order_by(Letter.created_at))


def link_in(letter: Letter, way: str) -> str:
    return re.search(rf"http://localhost(/{way}/\w+)", letter.text)[1]


def write(visitor: Visitor, clock, **said):
    """Open the form, think for a minute, and send it."""
    page = visitor.open(FORM)
    clock.shift(timedelta(minutes=1))
    return visitor.submit(page, FORM, **{**NIA, **said})


def confirmed(visitor: Visitor, clock, **said) -> Comment:
    write(visitor, clock, **said)
    letter = letters_to(said.get("email", NIA["email"]))[-1]
    visitor.fill_in(link_in(letter, "c"))
    return newest()


def newest() -> Comment:
    db.session.rollback()
    return db.session.query(Comment).order_by(Comment.written_at.desc()).first()


def test_the_form_says_that_the_address_is_never_published(visitor, story):
    page = visitor.open(FORM)

    assert "Never published." in page.text
    page = visitor.fill_in(FORM, name="", email="", text="")
    assert page.status == 422
    assert "Enter your name." in page.text
    assert "Enter your e-mail address." in page.text


def test_a_comment_is_confirmed_then_read_then_published(visitor, lead, story, clock):
    page = write(visitor, clock)
    assert "One more step" in page.text
    assert newest().status is CommentStatus.UNCONFIRMED
    assert "Well told" not in lead.open(f"{DESK}/comments").text

    (letter,) = letters_to(NIA["email"])
    page = visitor.fill_in(link_in(letter, "c"))
    assert "Somebody from the team reads it before others do" in page.text
    assert "Well told" not in visitor.open(STORY).text

    page = lead.open(f"{DESK}/comments")
    assert "Well told" in page.text
    assert "nia@practice.example" in page.text
    decide(lead, page, "approved")
    public = visitor.open(STORY)
    assert "Nia Pugh" in public.text
    assert "Well told. Thank you." in public.text
    assert "nia@practice.example" not in public.html
    assert letters_to(NIA["email"])[-1].subject == "Your comment on Summit is published"


def decide(staff: Visitor, page, status: str):
    form = next(f for f in page.forms if f.values.get("status") == [status])
    return staff.send(form.action, data=form.values)


def test_opening_the_link_confirms_nothing(visitor, story, clock):
    """Programs that read mail open every link in it, some of them twice."""
    write(visitor, clock)
    link = link_in(letters_to(NIA["email"])[0], "c")

    visitor.open(link)
    visitor.client.head(link)

    assert newest().status is CommentStatus.UNCONFIRMED
    visitor.fill_in(link)
    visitor.open(link)
    assert newest().status is CommentStatus.WAITING


@pytest.mark.parametrize(
    "status", [one for one in CommentStatus if one is not CommentStatus.APPROVED]
)
def test_nothing_shows_that_is_not_approved(visitor, story, clock, status):
    confirmed(visitor, clock)
    with transaction():
        newest().status = status
        story.revision += 1

    assert "Well told" not in visitor.open(STORY).text


def test_later_comments_of_a_known_address_show_once_confirmed(visitor, lead, story, clock):
    confirmed(visitor, clock)
    decide(lead, lead.open(f"{DESK}/comments"), "approved")

    write(visitor, clock, text="One more thing.", email="NIA@practice.example")
    assert "One more thing." not in visitor.open(STORY).text
    visitor.fill_in(link_in(letters_to(NIA["email"])[-1], "c"))

    assert "One more thing." in visitor.open(STORY).text


def test_a_listed_word_holds_back_even_a_known_address(visitor, lead, story, clock):
    confirmed(visitor, clock)
    decide(lead, lead.open(f"{DESK}/comments"), "approved")
    lead.fill_in(f"{DESK}/comment-settings", held_words="casino")

    confirmed(visitor, clock, text="My casino is good.")

    assert "casino" not in visitor.open(STORY).text
    assert "It contains “casino”." in lead.open(f"{DESK}/comments").text


def test_too_many_links_are_refused_and_the_text_stays(visitor, story, clock):
    page = write(visitor, clock, text="https://a.example/ " * 50)

    assert page.status == 422
    assert "Take some links out: a comment here may have 2 links." in page.text
    assert "https://a.example/" in page.html
    assert newest() is None


def test_what_a_program_fills_in_is_not_kept(visitor, story, clock):
    page = write(visitor, clock, website="https://spam.example")

    assert "One more step" in page.text
    assert newest() is None
    assert letters_to(NIA["email"]) == []


def test_what_comes_at_once_waits_even_from_a_known_address(visitor, lead, story, clock):
    confirmed(visitor, clock)
    decide(lead, lead.open(f"{DESK}/comments"), "approved")

    clock.shift(timedelta(minutes=1))
    visitor.fill_in(FORM, **{**NIA, "text": "So fast."})
    visitor.fill_in(link_in(letters_to(NIA["email"])[-1], "c"))

    assert newest().status is CommentStatus.WAITING
    assert "within seconds" in lead.open(f"{DESK}/comments").text


def test_a_flood_from_one_address_is_stopped(visitor, story, clock):
    page = visitor.open(FORM)
    answers = [
        visitor.submit(page, FORM, name="N", email=f"n{n}@x.example", text=f"Flood {n}.").status
        for n in range(25)
    ]

    assert answers[:3] == [200, 200, 200]
    assert answers[-1] == 429
    db.session.rollback()
    assert db.session.query(Comment).count() <= 20


def test_the_same_form_twice_is_one_comment(visitor, story, clock):
    page = visitor.open(FORM)
    for _ in range(2):
        visitor.submit(page, FORM, **NIA)

    assert db.session.query(Comment).count() == 1
    assert len(letters_to(NIA["email"])) == 1


def test_comments_close_and_what_was_written_is_not_lost(visitor, story, clock):
    with transaction():
        story.comment_days = 2
    page = visitor.open(FORM)
    clock.move_to(AT + timedelta(days=2))

    late = visitor.submit(page, FORM, **NIA)

    assert late.status == 409
    assert "Comments closed on" in late.text
    assert "Well told. Thank you." in late.text
    assert "Comments closed on" in visitor.open(FORM).text
    assert "Comments closed on" in visitor.open(STORY).text


def test_nobody_comments_on_what_is_withdrawn(visitor, lead, story, clock):
    page = visitor.open(FORM)
    lead.fill_in(f"{DESK}/withdrawal", reason="A figure was wrong")

    late = visitor.submit(page, FORM, **NIA)

    assert late.status == 409
    assert "This write-up is withdrawn." in late.text
    assert "Well told. Thank you." in late.text


def test_a_comment_written_before_the_withdrawal_is_kept(visitor, lead, story, clock):
    write(visitor, clock)
    lead.fill_in(f"{DESK}/withdrawal", reason="A figure was wrong")

    page = visitor.fill_in(link_in(letters_to(NIA["email"])[0], "c"))

    assert "Somebody from the team reads it" in page.text
    assert "Well told" in lead.open(f"{DESK}/comments").text


def test_a_letter_decides_once_and_not_by_being_opened(visitor, lead, story, clock):
    comment = confirmed(visitor, clock)
    (letter,) = [row for row in db.session.query(Letter) if row.about.startswith("moderation")]
    link = link_in(letter, "moderation")
    assert letter.programme_id is None  # who reads the programme's mail must not decide in her name

    assert "Well told" in visitor.open(link).text
    assert newest().status is CommentStatus.WAITING
    page = visitor.fill_in(link, status="approved")
    assert "The comment is published" in page.text
    assert "Well told" in visitor.open(STORY).text

    assert visitor.open(link).status == 410
    db.session.rollback()
    comment = db.session.get(Comment, comment.id)
    assert comment.decided_by == "Helen Shaw"


def test_a_letter_ends_after_two_weeks_and_with_its_account(visitor, lead, story, clock):
    confirmed(visitor, clock)
    (letter,) = [row for row in db.session.query(Letter) if row.about.startswith("moderation")]
    link = link_in(letter, "moderation")

    clock.shift(timedelta(days=14))
    assert visitor.open(link).status == 410

    clock.move_to(AT + timedelta(hours=1))
    with transaction():
        db.session.query(ModerationLink).one().account.active = False
    assert visitor.open(link).status == 410


def test_others_hear_of_it_only_once_it_is_published(visitor, lead, story, clock):
    confirmed(visitor, clock, wants_others="y")
    decide(lead, lead.open(f"{DESK}/comments"), "approved")
    before = len(letters_to(NIA["email"]))

    confirmed(visitor, clock, name="Ann Lee", email="ann@hilltop.example", text="I agree.")
    assert len(letters_to(NIA["email"])) == before
    decide(lead, lead.open(f"{DESK}/comments?state=waiting"), "approved")

    letter = letters_to(NIA["email"])[-1]
    assert letter.subject == "Ann Lee commented on Summit"
    assert "ann@hilltop.example" not in letter.text + letter.html
    visitor.fill_in(link_in(letter, "c"), action="/silence")
    confirmed(visitor, clock, name="Bea Low", email="bea@hilltop.example", text="Me too.")
    decide(lead, lead.open(f"{DESK}/comments?state=waiting"), "approved")
    assert letters_to(NIA["email"])[-1].subject == "Ann Lee commented on Summit"


def test_mail_programs_end_letters_about_others_at_one_press(visitor, lead, story, clock):
    confirmed(visitor, clock, wants_others="y")
    decide(lead, lead.open(f"{DESK}/comments"), "approved")
    confirmed(visitor, clock, name="Ann Lee", email="ann@hilltop.example", text="I agree.")
    decide(lead, lead.open(f"{DESK}/comments?state=waiting"), "approved")
    letter = letters_to(NIA["email"])[-1]
    path = letter.leave_url.removeprefix("http://localhost")

    assert "Well told" in visitor.open(path).text
    assert visitor.send(path, data={}).status == 400
    nias = db.session.query(Comment).filter_by(email=NIA["email"]).one()
    assert nias.wants_others

    press = {"List-Unsubscribe": "One-Click"}
    assert [visitor.send(path, data=press).status for _ in range(2)] == [204, 204]
    db.session.rollback()
    assert not db.session.query(Comment).filter_by(email=NIA["email"]).one().wants_others
    assert [one.leave_url for one in letters_to(NIA["email"])[:-1]] == [None] * 2


def test_its_writer_sees_what_is_held_and_deletes_it(visitor, lead, story, clock):
    confirmed(visitor, clock)
    decide(lead, lead.open(f"{DESK}/comments"), "approved")
    link = link_in(letters_to(NIA["email"])[0], "c")

    page = visitor.open(link)
    assert "nia@practice.example" in page.text
    page = visitor.fill_in(link, action="/taking-back")

    assert "Your comment is deleted" in page.text
    assert "Well told" not in visitor.open(STORY).text
    assert newest() is None
    assert visitor.open(link).status == 404


def test_what_was_not_confirmed_or_published_is_forgotten(visitor, lead, story, clock):
    write(visitor, clock)
    clock.shift(timedelta(days=8))
    run_due(lambda: AT + timedelta(days=9))
    assert newest() is None

    confirmed(visitor, clock)
    decide(lead, lead.open(f"{DESK}/comments"), "spam")
    clock.shift(timedelta(days=29))
    run_all(clock)
    assert newest().status is CommentStatus.SPAM
    clock.shift(timedelta(days=2))
    run_all(clock)
    assert newest() is None


def test_addresses_are_forgotten_a_month_after_comments_close(visitor, lead, story, clock):
    confirmed(visitor, clock, wants_others="y")
    decide(lead, lead.open(f"{DESK}/comments"), "approved")

    clock.move_to(AT + timedelta(days=89))
    run_all(clock)
    assert newest().email == NIA["email"]
    clock.move_to(AT + timedelta(days=91))
    run_all(clock)

    kept = newest()
    assert (kept.email, kept.wants_others, kept.name) == ("", False, "Nia Pugh")
    assert "Nia Pugh" in visitor.open(STORY).text


def run_all(clock):
    for _ in range(5):
        run_due(now)
