import re
from datetime import timedelta

import pytest

from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.posters.models import (
    Ballot,
    ContributionReport,
    PosterQuestion,
    Reflection,
    Signal,
)
from app.posters.queries.posters import marketplace_of
from app.posters.rules import Attribution
from app.programmes.rules import Role
from app.registration.models import Registration
from tests.factories.people import a_person, a_visit_of
from tests.factories.posters import a_poster, a_team_key
from tests.factories.programmes import a_member_of_staff, a_team
from tests.factories.registration import a_registration
from tests.factories.voices import a_ballot, a_question, a_reflection, here
from tests.posters.conftest import AT
from tests.statements import count_statements
from tests.visitor import Visitor

WORDS = "/organise/together/events/summit/posters/words"
CHOICE = "/organise/together/events/summit/posters/vote"
VOTE = "/events/together/summit/posters/vote"


def set_market(event, **facts):
    with transaction():
        market = marketplace_of(event)
        for name, value in facts.items():
            setattr(market, name, value)


@pytest.fixture
def vote(summit):
    set_market(
        summit,
        ballot_opens_at=AT - timedelta(minutes=5),
        ballot_closes_at=AT + timedelta(hours=3, minutes=15),
    )


def arrive(*names):
    """Let people with these names be checked in, or everybody."""
    db.session.rollback()
    for registration in db.session.query(Registration).all():
        if not names or registration.person.name in names:
            here(registration, at=AT)


# Asking and answering.


def test_an_attendee_asks_the_team_answers_and_the_answer_is_mailed(attendee, at_the_stand, poster):
    page = attendee.fill_in(f"/p/{poster.code}/question", text="How long did it take?")
    assert "Sent to Hill Top Practice. We'll e-mail you the answer." in page.text
    assert "How long did it take? Gwen Price" in page.text

    board = at_the_stand.open("/team/questions")
    assert "1 question waits for your answer." in board.text
    (path,) = {href for text, href in board.links() if text.startswith("Answer")}
    done = at_the_stand.fill_in(path, text="Nine months.", answered_by="Ruth")

    assert "Answered, and mailed to whoever asked." in done.text
    assert "Every question is answered." in done.text
    assert db.session.query(Letter).filter_by(to_name="Gwen Price").count() == 1
    assert (
        "Ruth, Hill Top Practice answered Nine months." in attendee.open(f"/p/{poster.code}").text
    )


def test_an_answer_is_bettered_afterwards(attendee, at_the_stand, poster, clock):
    question = a_question(poster, a_person(), at=AT)
    path = f"/team/questions/{question.id}"
    at_the_stand.fill_in(path, text="Nine months.")
    clock.shift(timedelta(days=40))

    page = at_the_stand.fill_in(path, text="Ten months.")

    assert "Your answer is saved." in page.text
    assert "Ten months." in page.text


def test_whoever_of_a_team_answers_second_keeps_what_they_wrote(app, at_the_stand, poster):
    question = a_question(poster, a_person(), at=AT)
    other = Visitor(app).carry(team=a_team_key(poster, at=AT))
    path = f"/team/questions/{question.id}"
    page = other.open(path)
    at_the_stand.fill_in(path, text="Nine months.")

    late = other.submit(page, path, text="A whole year.")

    assert late.status == 409
    assert "has just answered" in late.text
    assert "A whole year." in late.text
    assert "Nine months." in late.text


def test_the_phone_of_the_team_sees_a_question_with_its_next_look(attendee, at_the_stand, poster):
    def look(etag=""):
        db.session.rollback()
        with at_the_stand.app.app_context():
            return at_the_stand.client.get(
                "/team/questions/now", headers={"If-None-Match": etag} if etag else {}
            )

    first = look()
    same = look(first.headers["ETag"])
    attendee.fill_in(f"/p/{poster.code}/question", text="How long did it take?")
    fresh = look(first.headers["ETag"])

    assert (first.status_code, same.status_code, fresh.status_code) == (200, 304, 200)
    assert "How long did it take?" in fresh.get_data(as_text=True)
    assert 'data-live-seconds="2"' in at_the_stand.open("/team/questions").html


def test_a_team_cannot_answer_for_another(summit, at_the_stand, poster):
    other = a_poster(a_team(summit.programme, "Beacon"), summit)
    question = a_question(other, a_person(), at=AT)

    assert at_the_stand.open(f"/team/questions/{question.id}").status == 404


@pytest.mark.parametrize("length", [10_000, 1_501])
def test_a_question_that_is_too_long_is_refused_in_words_and_kept(attendee, poster, length):
    text = "q" * length
    page = attendee.fill_in(f"/p/{poster.code}/question", text=text)

    assert page.status == 422
    assert "Shorten this to 1500 characters or fewer." in page.text
    assert text in page.html
    assert db.session.query(PosterQuestion).count() == 0


def test_the_same_question_twice_is_refused_in_words_and_kept(attendee, poster):
    path = f"/p/{poster.code}/question"
    attendee.fill_in(path, text="How long did it take?")

    page = attendee.fill_in(path, text="How long did it take?")

    assert page.status == 409
    assert "You have asked this already." in page.text
    assert db.session.query(PosterQuestion).count() == 1


def test_a_form_that_a_phone_sends_twice_asks_once_and_is_answered_the_same(attendee, poster):
    path = f"/p/{poster.code}/question"
    page = attendee.open(path)

    first = attendee.submit(page, path, text="How long did it take?")
    second = attendee.submit(page, path, text="How long did it take?")

    assert first.status == second.status == 200
    assert "Sent to Hill Top Practice." in second.text
    assert db.session.query(PosterQuestion).count() == 1


def test_a_question_without_a_name_shows_none(attendee, at_the_stand, organiser, poster):
    attendee.fill_in(f"/p/{poster.code}/question", text="Why so late?", is_named=None)

    for page in (
        attendee.open(f"/p/{poster.code}"),
        at_the_stand.open("/team/questions"),
        organiser.open(WORDS),
    ):
        assert "Why so late? Somebody at the marketplace" in page.text
        assert "Gwen Price" not in page.text


def test_a_moderated_question_waits_and_its_asker_is_told(summit, attendee, organiser, poster):
    set_market(summit, is_moderated=True)

    page = attendee.fill_in(f"/p/{poster.code}/question", text="How long did it take?")
    assert "An organiser reads it before other visitors do." in page.text
    assert "How long did it take?" not in page.text
    board = organiser.open(WORDS)
    assert "To be read" in board.text
    organiser.submit(board, WORDS, action="/showing")

    assert "How long did it take?" in attendee.open(f"/p/{poster.code}").text


def test_a_stranger_is_shown_the_way_in_where_guests_may_not_write(app, summit, poster):
    with transaction():
        poster.visibility = "public"
    stranger = Visitor(app)

    page = stranger.open(f"/p/{poster.code}/question")

    assert page.status == 401
    assert "Open your personal link" in page.text


def test_a_guest_asks_with_a_name_and_an_address(app, summit, organiser, poster):
    with transaction():
        poster.visibility = "public"
    set_market(summit, guests_may_write=True)
    guest, path = Visitor(app), f"/p/{poster.code}/question"

    refused = guest.fill_in(path, text="How long did it take?")
    assert refused.status == 422
    assert "Enter the address to which the answer should come." in refused.text
    page = guest.fill_in(
        path, text="How long did it take?", name="Bob Field", email="bob@elsewhere.example"
    )

    assert "We'll e-mail you the answer. An organiser reads it before" in page.text
    row = db.session.query(PosterQuestion).one()
    assert (row.guest_name, row.guest_email, row.cleared_at) == (
        "Bob Field",
        "bob@elsewhere.example",
        None,
    )
    assert "Bob Field" in organiser.open(WORDS).text


# Reflecting.


def test_a_reflection_to_the_team_says_exactly_who_can_see_it(attendee, at_the_stand, poster):
    page = attendee.fill_in(
        f"/p/{poster.code}/reflection",
        changes="I would try this.",
        data="Clear charts.",
        attribution="team",
    )

    thanks = "Thank you. Only Hill Top Practice and the organisers can see this, with your name."
    assert thanks in page.text
    assert "Clear charts." not in page.text.replace(thanks, "")
    assert "Clear charts. Gwen Price" in at_the_stand.open("/team/reflections").text
    assert {row.aspect.value for row in db.session.query(Reflection)} == {"changes", "data"}


def test_an_anonymous_reflection_is_read_by_all_and_named_by_none(
    attendee, at_the_stand, organiser, poster
):
    page = attendee.fill_in(
        f"/p/{poster.code}/reflection", data="Clear charts.", attribution="anonymous"
    )

    assert "Your name is not stored with it" in page.text
    assert "Clear charts. Anonymous" in page.text
    assert "Clear charts. No name is stored" in organiser.open(WORDS).text
    assert "Gwen" not in at_the_stand.open("/team/reflections").text
    assert db.session.query(Reflection).one().person_id is None


def test_a_reflection_on_nothing_is_refused(attendee, poster):
    page = attendee.fill_in(f"/p/{poster.code}/reflection")

    assert page.status == 422
    assert "Write something in at least one of the three boxes." in page.text


@pytest.mark.parametrize("where", ["event", "poster"])
def test_feedback_that_is_switched_off_is_refused_in_words_and_nothing_is_lost(
    summit, attendee, poster, where
):
    path = f"/p/{poster.code}/reflection"
    page = attendee.open(path)
    if where == "event":
        set_market(summit, takes_feedback=False)
    else:
        with transaction():
            poster.takes_feedback = False

    late = attendee.submit(page, path, data="Clear charts.")

    assert late.status == 409
    assert "switched off" in late.text
    assert "Clear charts." in late.html
    assert db.session.query(Reflection).count() == 0
    assert "Questions and reflections are not open" in attendee.open(f"/p/{poster.code}").text


def test_nobody_writes_at_a_poster_that_is_not_shown(app, summit, poster, attendee):
    with transaction():
        poster.hidden_at = AT
    path = f"/p/{poster.code}/reflection"
    assert attendee.open(path).status == 404

    staff = Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.FACILITATOR))
    page = staff.open(path)

    assert page.status == 409
    assert "it is not shown to visitors" in page.text


# Quick words.


def press(visitor, poster, **values):
    page = visitor.open(f"/p/{poster.code}")
    (form,) = [form for form in page.forms if form.action.endswith("/signal")]
    token = {"csrf_token": form.values["csrf_token"][0]}
    return visitor.send(f"/p/{poster.code}/signal", data={**token, **values})


def test_a_quick_word_with_consent_puts_a_contact_on_the_list(attendee, at_the_stand, poster):
    page = press(attendee, poster, give="could_use", agrees="y")
    assert "sees your name and e-mail address" in page.text

    board = at_the_stand.open("/team/reflections")
    assert "1 “We could use this”" in board.text
    assert "Gwen Price: " in board.text


def test_a_quick_word_without_consent_names_nobody_and_is_taken_back(
    attendee, at_the_stand, poster
):
    page = press(attendee, poster, give="well_measured")
    assert "sees how many said so, not who" in page.text
    assert "Gwen" not in at_the_stand.open("/team/reflections").text

    press(attendee, poster, take="well_measured")
    assert db.session.query(Signal).count() == 0


# Reporting and moderating.


def test_a_report_reaches_the_organisers_who_hide_it_with_a_reason(
    attendee, organiser, at_the_stand, poster
):
    a_question(poster, a_person("Ed Marsh"), at=AT, text="Are you daft?")
    shown = attendee.open(f"/p/{poster.code}")
    (path,) = [href for text, href in shown.links() if text.startswith("Report")]
    attendee.fill_in(path, reason="Rude")
    board = organiser.open(WORDS)
    assert "Reported" in board.text
    assert "Somebody at the event: Rude" in board.text
    assert "Gwen" not in board.text

    (hide,) = [href for text, href in board.links() if text.startswith("Hide it")]
    page = organiser.fill_in(hide, reason="Rude")

    assert "It is hidden from visitors and from the team." in page.text
    assert "daft" not in attendee.open(f"/p/{poster.code}").text
    assert "daft" not in at_the_stand.open("/team/questions").text
    assert db.session.query(ContributionReport).one().decision == "Hidden: Rude"


def test_what_is_for_the_team_cannot_be_found_by_reporting_it(attendee, poster):
    (row,) = a_reflection(poster, a_person(), at=AT, attribution=Attribution.TEAM)

    assert attendee.open(f"/p/{poster.code}/reflection/{row.id}/report").status == 404


def test_a_page_shows_the_newest_words_and_all_when_asked(attendee, poster):
    at = [AT + timedelta(minutes=number) for number in range(12)]
    for number, moment in enumerate(at):
        a_question(poster, a_person(f"Asker {number}"), at=moment, text=f"Question {number}?")
        said = {"attribution": Attribution.NAMED, "data": f"Reflection {number}."}
        a_reflection(poster, a_person(f"Visitor {number}"), at=moment, **said)

    page = attendee.open(f"/p/{poster.code}")
    everything = attendee.open(f"/p/{poster.code}?words=all")

    assert "Question 11?" in page.text and "Question 1?" not in page.text
    assert "Reflection 11." in page.text and "Reflection 5." not in page.text
    assert "newest 10 of 12" in page.text and "newest 6 of 12" in page.text
    assert all(f"Question {number}?" in everything.text for number in range(12))
    assert all(f"Reflection {number}." in everything.text for number in range(12))
    assert "Read all questions" in page.text and "Read all questions" not in everything.text


def test_the_page_of_a_poster_asks_as_much_for_three_questions_as_for_one(attendee, poster):
    path = f"/p/{poster.code}"

    def asked():
        with count_statements() as statements:
            attendee.open(path)
        return len(statements)

    a_question(poster, a_person(), at=AT)
    a_reflection(poster, a_person(), at=AT, attribution=Attribution.NAMED)
    asked()
    few = asked()
    for number in range(2):
        a_question(poster, a_person(f"Ed {number}"), at=AT, text=f"Why {number}?")
        a_reflection(poster, a_person(f"Jo {number}"), at=AT, attribution=Attribution.NAMED)

    assert asked() == few


# The people's choice.


def test_an_attendee_votes_and_may_change_it(summit, vote, attendee, poster):
    other = a_poster(a_team(summit.programme, "Beacon"), summit)
    arrive("Gwen Price")

    page = attendee.fill_in(VOTE, poster=poster.code)
    assert "You voted for Hill Top Practice. You can change this until 1.15 pm." in page.text
    attendee.fill_in(VOTE, poster=other.code)

    assert db.session.query(Ballot).one().poster_id == other.id


def test_the_own_team_is_greyed_and_refused_when_sent_by_hand(summit, vote, attendee, poster):
    gwen = db.session.query(Registration).one()
    own = a_poster(gwen.team, summit)
    own_code = own.code
    arrive()

    page = attendee.open(VOTE)
    assert "You can't vote for your own team" in page.text
    (radio,) = re.findall(rf'<input[^>]*value="{own_code}"[^>]*>', page.html)
    assert "disabled" in radio
    refused = attendee.submit(page, VOTE, poster=own_code)

    assert refused.status == 409
    assert "You can't vote for your own team." in refused.text
    assert db.session.query(Ballot).count() == 0


def test_who_is_not_checked_in_is_told_to(vote, attendee, poster):
    assert "Check in first" in attendee.open(VOTE).text


def test_nobody_sees_counts_until_the_vote_is_closed_and_a_tie_is_a_tie(
    app, summit, vote, attendee, organiser, poster
):
    other = a_poster(a_team(summit.programme, "Beacon"), summit)
    for name, chosen in (("Ed Marsh", poster), ("Jo Lund", other)):
        a_ballot(here(a_registration(summit, a_person(name)), at=AT), chosen, at=AT)
    before = organiser.open(CHOICE)
    assert "2 have voted" in before.text
    assert "People's choice: a tie" not in before.text + attendee.open(VOTE).text

    organiser.submit(before, CHOICE, action="/closing")

    for page in (organiser.open(CHOICE), attendee.open(VOTE)):
        assert "People's choice: a tie" in page.text
        assert "1 vote each" in page.text
        assert "1= Beacon 1 vote" in re.sub(r"(1=)(?=\w)", r"\1 ", page.text)


def test_an_organiser_opens_the_vote(summit, organiser, attendee, poster):
    page = organiser.open(CHOICE)
    organiser.submit(page, CHOICE, action="/opening")
    arrive("Gwen Price")

    assert "Which poster do you vote for?" in attendee.open(VOTE).text


def test_somebody_without_a_place_is_shown_the_way_in_to_the_vote(app, summit, vote, poster):
    with transaction():
        summit.is_open_to_all = True
    nia = Visitor(app).carry(visit=a_visit_of(a_person("Nia Pugh"), at=AT))

    assert "Voting is for people at the event" in nia.open(VOTE).text


# At the stand.


def test_visitors_see_who_is_at_the_stand_now_and_later(attendee, at_the_stand, poster, clock):
    at_the_stand.fill_in("/team/stand", action="/presence", who="Ruth and Ed")
    page = at_the_stand.fill_in(
        "/team/stand", action="/times", starts="12:00", ends="12:30", who="Owen"
    )
    assert "Saved. Visitors see this at your poster." in page.text

    shown = attendee.open(f"/p/{poster.code}").text
    assert "At the stand now Ruth and Ed, since 10 am" in shown
    assert "Owen 12 noon to 12.30 pm" in shown

    clock.shift(timedelta(hours=2, minutes=31))
    assert "At the stand now" not in attendee.open(f"/p/{poster.code}").text


def test_a_time_at_the_stand_that_ends_before_it_starts_is_refused(at_the_stand):
    page = at_the_stand.fill_in(
        "/team/stand", action="/times", starts="12:30", ends="12:00", who="Owen"
    )

    assert page.status == 422
    assert "This must be later than the start." in page.text


def test_a_name_that_is_too_long_is_kept_though_a_colleague_is_at_the_stand_by_now(
    app, poster, at_the_stand
):
    colleague = Visitor(app).carry(team=a_team_key(poster, at=AT))
    page = at_the_stand.open("/team/stand")
    colleague.fill_in("/team/stand", action="/presence", who="Ruth")

    page = at_the_stand.submit(page, "/team/stand", action="/presence", who="Ed " * 40)

    assert page.status == 422
    assert f'value="{"Ed " * 10}' in page.html
