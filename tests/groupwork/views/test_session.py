from datetime import timedelta

from app.groupwork.actions.leading import turn_wall
from app.groupwork.models import Card, Scribe
from app.groupwork.rules.stages import Move, Stage
from app.plumbing.database import db, transaction
from app.programmes.rules import Role
from tests.factories.groupwork import a_card, a_pen, a_table, led_on
from tests.factories.programmes import a_member_of_staff
from tests.groupwork.conftest import AT
from tests.visitor import Visitor

HERE = "/organise/together/events/summit/groupwork"


def fresh(row):
    db.session.rollback()
    db.session.refresh(row)
    return row


def press(visitor, move):
    return visitor.fill_in(HERE, action=f"{HERE}/moves/{move.value}")


def test_a_facilitator_prepares_a_session_with_the_three_questions(facilitator, summit, gwen):
    page = facilitator.fill_in(f"{HERE}/settings")

    assert "The group work is prepared." in page.text
    assert "What do you plan to do next?" in page.text
    assert "Old Mill Surgery" in page.text
    assert "1 of 1 here" in page.text


def test_mixed_tables_are_laid_as_many_as_wanted(facilitator, summit, gwen):
    page = facilitator.fill_in(f"{HERE}/settings", seating="mixed", tables="4")

    assert "Table 4" in page.text
    assert "Table 5" not in page.text


def test_cards_wait_for_the_reveal_and_then_stand_on_the_wall(facilitator, scribe, work, table):
    press(facilitator, Move.START)
    scribe.fill_in(
        f"/g/{table.code}", action=f"/g/{table.code}/cards", text="Signposting <b>now</b>"
    )

    wall = facilitator.open(f"{HERE}/wall")
    assert "Signposting" not in wall.html
    assert "What do you plan to do next?" in wall.text
    assert "Signposting" not in facilitator.open(HERE).html
    press(facilitator, Move.TIME)
    press(facilitator, Move.REVEAL)
    wall = facilitator.open(f"{HERE}/wall")

    assert "Signposting <b>now</b>" in wall.text
    assert "Table 1" in wall.text


def test_two_facilitators_who_press_the_same_are_one_move(app, facilitator, work):
    second = Visitor(app).sign_in(a_member_of_staff(work.event.programme, Role.LEAD))
    seen = {"seen": "0"}
    press(facilitator, Move.START)

    page = second.send(f"{HERE}/moves/start", data={**seen, "csrf_token": token(second)})

    assert page.status == 200
    assert fresh(work).steps == 1
    late = second.send(f"{HERE}/moves/time", data={**seen, "csrf_token": token(second)})
    assert late.status == 409
    assert "led on from another phone" in late.text


def token(visitor):
    page = visitor.open(HERE)
    return next(form.values["csrf_token"][0] for form in page.forms if "csrf_token" in form.values)


def test_a_move_is_taken_back_for_a_minute_and_no_longer(facilitator, work, clock):
    press(facilitator, Move.START)
    clock.shift(timedelta(seconds=30))
    page = facilitator.fill_in(HERE, action=f"{HERE}/undo")
    assert "Nothing that was written is lost" in page.text
    assert fresh(work).stage is Stage.REHEARSAL

    press(facilitator, Move.START)
    clock.shift(timedelta(seconds=61))
    assert "Take back" not in facilitator.open(HERE).text


def test_what_was_written_before_a_move_was_taken_back_is_there_again(
    facilitator, scribe, work, table
):
    press(facilitator, Move.START)
    a_card(table, "Signposting", at=AT)
    facilitator.fill_in(HERE, action=f"{HERE}/undo")
    assert "Signposting" not in scribe.open(f"/g/{table.code}").text

    press(facilitator, Move.START)

    assert "Signposting" in scribe.open(f"/g/{table.code}").text


def test_a_card_after_time_is_refused_and_its_words_stay_in_the_box(
    facilitator, scribe, work, table, clock
):
    press(facilitator, Move.START)
    form = scribe.open(f"/g/{table.code}")
    clock.shift(timedelta(minutes=8, seconds=16))

    page = late(scribe, table, form, "Too late")

    assert page.status == 409
    assert "two more minutes" in page.text
    assert "Too late" in page.html
    assert db.session.query(Card).count() == 0
    press(facilitator, Move.MORE_TIME)
    again = late(scribe, table, form, "Too late")
    assert again.status == 200
    assert "Too late" in again.text


def late(scribe, table, page, text):
    form = next(one for one in page.forms if one.action.endswith("/cards"))
    values = {name: held[0] for name, held in form.values.items()}
    return scribe.send(form.action, data={**values, "text": text})


def test_a_card_in_the_grace_after_time_is_taken(facilitator, scribe, work, table, clock):
    press(facilitator, Move.START)
    form = scribe.open(f"/g/{table.code}")
    press(facilitator, Move.TIME)
    clock.shift(timedelta(seconds=14))

    assert late(scribe, table, form, "Just in time").status == 200


def test_a_card_sent_twice_exists_once(facilitator, scribe, work, table):
    press(facilitator, Move.START)
    form = scribe.open(f"/g/{table.code}")

    assert late(scribe, table, form, "Once").status == 200
    assert late(scribe, table, form, "Once").status == 200

    assert db.session.query(Card).count() == 1


def test_five_thousand_characters_are_refused_with_every_word_kept(
    facilitator, scribe, work, table
):
    press(facilitator, Move.START)
    page = late(scribe, table, scribe.open(f"/g/{table.code}"), "x" * 5000)

    assert page.status == 422
    assert "Shorten this to 240 characters or fewer." in page.text
    assert "x" * 5000 in page.html


def test_the_pen_moves_to_a_second_phone_and_the_first_is_told(
    app, facilitator, scribe, work, table
):
    press(facilitator, Move.START)
    form = scribe.open(f"/g/{table.code}")
    second = Visitor(app)
    assert "Another phone has written for Table 1" in second.open(f"/g/{table.code}").text

    page = second.fill_in(f"/g/{table.code}", action=f"/g/{table.code}/pen")

    assert "You are the scribe" in page.text
    refused = late(scribe, table, form, "Half a thought")
    assert refused.status == 409
    assert "The pen is on another phone since 11 am" in refused.text
    assert "Half a thought" in refused.text
    db.session.rollback()
    assert db.session.query(Scribe).filter(Scribe.ended_at.is_(None)).count() == 1


def test_a_table_takes_a_card_back_while_there_is_time(facilitator, scribe, work, table):
    press(facilitator, Move.START)
    card = a_card(table, "A mistake", at=AT)

    page = scribe.fill_in(f"/g/{table.code}", action=f"/g/{table.code}/cards/{card.id}/withdrawal")

    assert "A mistake" not in page.text.replace("The card is taken back.", "")


def test_no_table_takes_back_what_another_wrote(app, work, table, clock):
    led_on(work, Move.START, at=AT)
    card = a_card(table, "Ours", at=AT)
    other = a_table(work, 2)
    phone = Visitor(app).carry(scribe=a_pen(other, at=AT))
    form = next(f for f in phone.open(f"/g/{other.code}").forms if f.action.endswith("/cards"))
    csrf = form.values["csrf_token"][0]

    for code, answer in ((table.code, 409), (other.code, 404)):
        page = phone.send(f"/g/{code}/cards/{card.id}/withdrawal", data={"csrf_token": csrf})
        assert page.status == answer
    assert fresh(card).withdrawn_at is None


def test_a_table_without_a_card_after_three_minutes_is_marked(facilitator, work, table, clock):
    press(facilitator, Move.START)
    a_card(table, "We have begun", at=AT)
    clock.shift(timedelta(minutes=3))

    page = facilitator.open(HERE)

    assert page.text.count("No card yet") == 2


def test_more_time_does_not_hide_that_a_table_is_quiet(facilitator, work, table, clock):
    press(facilitator, Move.START)
    clock.shift(timedelta(minutes=2))
    press(facilitator, Move.MORE_TIME)
    clock.shift(timedelta(minutes=1))

    assert facilitator.open(HERE).text.count("No card yet") == 3


def test_the_mark_comes_by_time_alone_though_the_wall_stands_still(facilitator, work, table, clock):
    press(facilitator, Move.START)
    with transaction():
        turn_wall(db.session.merge(work), to=0, is_paused=True, at=AT)
    again = {"If-None-Match": facilitator.client.get(f"{HERE}/now").headers["ETag"]}
    assert facilitator.client.get(f"{HERE}/now", headers=again).status_code == 304
    clock.shift(timedelta(minutes=3))

    answer = facilitator.client.get(f"{HERE}/now", headers=again)

    assert answer.get_data(as_text=True).count("No card yet") == 3


def test_a_live_part_is_sent_again_only_when_something_changed(facilitator, work, table):
    part = f"{HERE}/wall/now"
    again = {"If-None-Match": facilitator.client.get(part).headers["ETag"]}
    assert facilitator.client.get(part, headers=again).status_code == 304

    a_pen(table, at=AT)

    assert facilitator.client.get(part, headers=again).status_code == 200


def test_a_typed_code_leads_to_its_table(app, table):
    page = Visitor(app).fill_in("/g", code=f" {table.code.lower()} ")
    assert "Write for Table 1" in page.text

    wrong = Visitor(app).fill_in("/g", code="nope")
    assert wrong.status == 422
    assert "No table has this code." in wrong.text


def test_a_code_opens_nothing_the_day_after(app, table, clock):
    clock.shift(timedelta(days=1))

    assert Visitor(app).open(f"/g/{table.code}").status == 410
