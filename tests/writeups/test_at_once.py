"""Two at the same moment: a link that is pressed twice, and two of the team who decide about a comment."""

import threading
from contextlib import suppress
from uuid import uuid4

import pytest

from app.kernel.actor import Actor
from app.kernel.refusal import HasEnded, NotThere
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.programmes.rules import Role
from app.writeups.actions import commenting, moderating
from app.writeups.actions.commenting import Said, own_comment
from app.writeups.actions.moderating import DecidedMeanwhile
from app.writeups.models import Comment, ModerationLink, WriteUp
from app.writeups.queries.comments import token_of
from app.writeups.rules.commenting import CommentStatus
from tests.factories.programmes import a_member_of_staff
from tests.factories.writeups import a_comment, a_moderation_token, a_published_write_up
from tests.together import at_once
from tests.writeups.conftest import AT

HELEN = Actor("staff", uuid4(), "Helen Shaw")
PRIYA = Actor("staff", uuid4(), "Priya Nair")
WAITING, APPROVED, SPAM = CommentStatus.WAITING, CommentStatus.APPROVED, CommentStatus.SPAM


@pytest.fixture
def story(summit):
    return a_published_write_up(summit, at=AT)


@pytest.fixture
def helen(summit):
    """Somebody of the team to whom letters about comments go."""
    return a_member_of_staff(summit.programme, Role.LEAD, "Helen Shaw")


def the(comment_id) -> Comment:
    return db.session.get_one(Comment, comment_id)


def letters(about: str) -> list[Letter]:
    db.session.rollback()
    return [row for row in db.session.query(Letter) if row.about.startswith(about)]


def noted(verb: str) -> int:
    db.session.rollback()
    return db.session.query(AuditEntry).filter_by(verb=verb).count()


def deciding(comment_id, status: CommentStatus, by: Actor):
    return lambda: moderating.decide(the(comment_id), status, seen=WAITING, by=by, at=AT)


def test_a_comment_that_two_answers_lost_is_one_comment_with_one_letter(app, story):
    story_id = story.id
    said = Said(
        name="Nia Pugh",
        email="nia@practice.example",
        text="Well told.",
        wants_word=True,
        wants_others=False,
        held_because="",
        form_id=uuid4(),
    )

    def send():
        commenting.comment(db.session.get_one(WriteUp, story_id), said, at=AT)

    assert at_once(app, send, send, send) == []
    assert db.session.query(Comment).count() == 1
    assert len(letters("comment:")) == 1


def test_a_link_pressed_twice_confirms_once_and_writes_to_the_team_once(app, story, helen):
    token = token_of(a_comment(story, at=AT, is_confirmed=False).id)

    def press():
        commenting.confirm(own_comment(token), at=AT)

    assert at_once(app, press, press, press) == []
    assert noted("confirmed a comment") == 1
    assert len(letters("moderation:")) == 1
    assert db.session.query(ModerationLink).count() == 1


def test_one_whose_comments_pass_is_told_once_though_the_link_is_pressed_twice(app, story, helen):
    before = a_comment(story, at=AT, wants_word=False).id
    with transaction():
        deciding(before, APPROVED, HELEN)()
    token = token_of(a_comment(story, at=AT, is_confirmed=False).id)

    def press():
        commenting.confirm(own_comment(token), at=AT)

    assert at_once(app, press, press) == []
    assert [one.subject for one in letters("comment:")].count(
        "Your comment on Summit is published"
    ) == 1


@pytest.mark.parametrize("status", [APPROVED, SPAM])
def test_two_of_the_team_who_decide_the_same_decide_once(app, story, status):
    comment_id = a_comment(story, at=AT).id
    sent = len(letters("comment:"))

    refused = at_once(app, deciding(comment_id, status, HELEN), deciding(comment_id, status, PRIYA))

    assert refused == []
    assert the(comment_id).status is status
    assert noted(moderating.VERBS[status]) == 1
    assert len(letters("comment:")) - sent == (status is APPROVED)


@pytest.mark.parametrize("try_number", range(3))
def test_of_two_who_decide_differently_the_second_is_told(app, story, try_number):
    comment_id = a_comment(story, at=AT).id

    (why,) = at_once(app, deciding(comment_id, APPROVED, HELEN), deciding(comment_id, SPAM, PRIYA))

    db.session.rollback()
    decided = the(comment_id)
    assert isinstance(why, DecidedMeanwhile)
    assert str(why).startswith(decided.decided_by)
    assert {APPROVED: "Helen Shaw", SPAM: "Priya Nair"}[decided.status] == decided.decided_by
    assert noted("published a comment") + noted("marked a comment as spam") == 1


def test_a_letters_link_pressed_twice_decides_once(app, story, helen):
    comment = a_comment(story, at=AT)
    token, comment_id = a_moderation_token(comment, helen, at=AT), comment.id

    def press(status):
        return lambda: moderating.decide_by_link(token, status, seen=WAITING, at=AT)

    refused = at_once(app, press(APPROVED), press(APPROVED))

    assert [type(why) for why in refused] == [HasEnded]
    assert the(comment_id).status is APPROVED
    assert noted("published a comment") == 1


def test_letters_end_at_two_presses_and_each_comment_is_deleted_once(app, story):
    comment = a_comment(story, at=AT)
    token, comment_id = token_of(comment.id), comment.id
    with transaction():
        deciding(comment_id, APPROVED, HELEN)()

    def stop():
        commenting.stop_letters(own_comment(token))

    def take_back():
        commenting.take_back(own_comment(token), at=AT)

    assert at_once(app, stop, stop) == []
    assert not the(comment_id).wants_others
    refused = at_once(app, take_back, take_back)
    assert all(isinstance(why, NotThere) for why in refused)
    assert db.session.query(Comment).count() == 0
    assert noted("took back a comment") == 1


def test_comments_published_at_once_are_both_seen_by_who_keeps_the_page(app, story):
    ids = [a_comment(story, at=AT, email=f"{one}@practice.example").id for one in ("nia", "ann")]
    before, story_id = story.revision, story.id
    both_have_read = threading.Barrier(2)

    def publish(comment_id):
        def act():
            assert the(comment_id).write_up.revision >= before
            with suppress(threading.BrokenBarrierError):  # SQLite lets one after the other in
                both_have_read.wait(0.5)
            deciding(comment_id, APPROVED, HELEN)()

        return act

    assert at_once(app, *map(publish, ids)) == []
    db.session.rollback()
    assert db.session.get_one(WriteUp, story_id).revision == before + 2
