from datetime import timedelta
from uuid import uuid4

import pytest

from app.groupwork.models import Card, Dots, ThemeCard
from app.groupwork.queries.sessions import prompt_at
from app.groupwork.queries.themes import board_of
from app.groupwork.queries.voting import votes_by_theme
from app.groupwork.rules.stages import Move
from app.groupwork.rules.voting import Voters
from app.plumbing.database import db
from tests.factories.groupwork import a_card, a_group_work, a_pen, a_table, a_theme, led_on
from tests.groupwork.conftest import AT
from tests.statements import count_statements
from tests.visitor import Visitor

HERE = "/organise/together/events/summit/groupwork"
TO_READ = (Move.START, Move.TIME, Move.REVEAL)


@pytest.fixture
def cards(work, table):
    """Three cards on the wall."""
    led_on(work, Move.START, at=AT)
    texts = ("Signposting", "A rota", "A text")
    written = [a_card(table, text, at=AT + timedelta(seconds=n)) for n, text in enumerate(texts)]
    led_on(work, Move.TIME, Move.REVEAL, at=AT)
    return written


def chosen(visitor, *cards, to, **values):
    """Send the themes form with these cards ticked, by the button that says where to."""
    page = visitor.open(f"{HERE}/themes")
    form = next(form for form in page.forms if form.action.endswith("/themes"))
    data = {"csrf_token": form.values["csrf_token"], "card": list(cards), "to": to, **values}
    return visitor.send(f"{HERE}/themes", data=data)


def names(work):
    db.session.rollback()
    board = board_of(prompt_at(work, work.question))
    return {sheet.theme.name: [card.text for card in sheet.cards] for sheet in board.sheets}


def test_chosen_cards_become_a_theme_in_their_own_words(facilitator, work, cards):
    first, second, _ = cards
    page = chosen(facilitator, first.id, second.id, to="new", name="Reception")

    assert "Reception 2 cards" in page.text
    assert names(work) == {"Reception": ["Signposting", "A rota"]}
    wall = facilitator.open(f"{HERE}/wall")
    assert "Signposting" in wall.text


def test_a_card_lies_in_two_themes_and_not_in_three(facilitator, work, cards):
    first = cards[0]
    for name in ("Reception", "Rotas"):
        chosen(facilitator, first.id, to="new", name=name)

    page = chosen(facilitator, first.id, to="new", name="Texts")

    assert page.status == 409
    assert "“Signposting” is in two themes already." in page.text
    assert names(work) == {"Reception": ["Signposting"], "Rotas": ["Signposting"]}


def test_a_dragged_card_leaves_the_theme_it_lay_in(facilitator, work, cards):
    first = cards[0]
    old, new = a_theme(work, "Reception", first), a_theme(work, "Rotas")

    chosen(facilitator, f"{first.id}@{old.id}", to=str(new.id), moved="1")

    assert names(work) == {"Reception": [], "Rotas": ["Signposting"]}


def test_a_card_is_taken_out_of_the_theme_in_which_it_was_ticked(facilitator, work, cards):
    first = cards[0]
    one = a_theme(work, "Reception", first)
    a_theme(work, "Rotas", first)

    chosen(facilitator, f"{first.id}@{one.id}", to="out")

    assert names(work) == {"Reception": [], "Rotas": ["Signposting"]}


def test_a_change_of_themes_is_taken_back_for_a_minute(facilitator, work, cards, clock):
    chosen(facilitator, cards[0].id, to="new", name="Reception")
    chosen(facilitator, cards[1].id, to="new", name="Rotas")

    facilitator.fill_in(f"{HERE}/themes", action="/themes/undo")

    assert names(work) == {"Reception": ["Signposting"]}
    clock.shift(timedelta(seconds=61))
    assert "Take the last change back" not in facilitator.open(f"{HERE}/themes").text


def test_a_theme_given_the_name_of_another_takes_its_cards_along(facilitator, work, cards):
    a_theme(work, "Reception", cards[0])
    twin = a_theme(work, "Front desk", cards[1])

    facilitator.fill_in(f"{HERE}/themes/{twin.id}", action=str(twin.id), name="reception")

    assert names(work) == {"Reception": ["Signposting", "A rota"]}


def test_a_removed_theme_leaves_its_cards(facilitator, work, cards):
    theme = a_theme(work, "Reception", cards[0])

    facilitator.fill_in(f"{HERE}/themes/{theme.id}", action="/removal")

    db.session.rollback()
    assert db.session.query(ThemeCard).count() == 0
    assert db.session.query(Card).count() == 3


def test_themes_ask_for_cards_and_a_name(facilitator, work, cards):
    assert "Choose one card or more first." in chosen(facilitator, to="new", name="X").text
    assert "Give the new theme a name" in chosen(facilitator, cards[0].id, to="new").text
    assert chosen(facilitator, cards[0].id, to="nonsense").status == 404
    assert names(work) == {}


def test_the_themes_page_asks_the_same_questions_for_many_cards(facilitator, work, cards, table):
    with count_statements() as few:
        facilitator.open(f"{HERE}/themes")
    for number in range(4):
        a_theme(work, f"Theme {number}", *cards[:1] if number < 2 else ())

    with count_statements() as many:
        facilitator.open(f"{HERE}/themes")

    assert len(many) == len(few)


# Votes.


@pytest.fixture
def vote(work, cards):
    themes = [a_theme(work, "Reception", cards[0]), a_theme(work, "Rotas", cards[1])]
    led_on(work, Move.VOTE, at=AT)
    return themes


def spend(visitor, table, dots):
    page = visitor.open(f"/g/{table.code}")
    form = next(form for form in page.forms if form.action.endswith("/vote"))
    data = {"csrf_token": form.values["csrf_token"][0]}
    return visitor.send(
        f"/g/{table.code}/vote",
        data={**data, **{f"dots-{theme.id}": number for theme, number in dots.items()}},
    )


def test_dots_are_counted_only_once_the_vote_is_closed(facilitator, scribe, work, table, vote):
    reception, rotas = vote
    page = spend(scribe, table, {reception: 2, rotas: 1})
    assert "Your dots are in." in page.text

    db.session.rollback()
    prompt = prompt_at(work, 0)
    assert votes_by_theme(prompt) == {}
    for path in ("", "/wall", "/themes", "/harvest", f"/tables/{table.id}", "/export.txt"):
        assert "2 dots" not in facilitator.open(f"{HERE}{path}").html
    assert "1 of 3 tables voted" in facilitator.open(f"{HERE}/wall").text
    led_on(work, Move.COUNT, at=AT)
    assert "2 dots" in facilitator.open(f"{HERE}/wall").text
    assert "2 dots" in facilitator.open(f"{HERE}/export.txt").text


def test_an_opened_vote_hides_its_counts_again(facilitator, scribe, work, table, vote):
    spend(scribe, table, {vote[0]: 3})
    led_on(work, Move.COUNT, at=AT)

    facilitator.fill_in(HERE, action="/undo")

    assert "3 dots" not in facilitator.open(f"{HERE}/wall").text
    db.session.rollback()
    assert votes_by_theme(prompt_at(work, 0)) == {}


def test_a_vote_beyond_the_budget_is_refused_whole(scribe, work, table, vote):
    spend(scribe, table, {vote[0]: 1})

    page = spend(scribe, table, {vote[0]: 3, vote[1]: 3})

    assert page.status == 409
    assert "You spent 6 dots and have 3." in page.text
    db.session.rollback()
    assert [dots.number for dots in db.session.query(Dots)] == [1]


def test_a_changed_vote_takes_the_place_of_the_first(scribe, work, table, vote):
    spend(scribe, table, {vote[0]: 3})
    spend(scribe, table, {vote[1]: 2})

    db.session.rollback()
    assert [(d.theme_id, d.number) for d in db.session.query(Dots)] == [(vote[1].id, 2)]


def test_a_table_that_joined_another_has_no_vote_of_its_own(app, facilitator, work, cards):
    a_theme(work, "Reception", cards[0])
    second = a_table(work, 2)
    phone = Visitor(app).carry(scribe=a_pen(second, at=AT))
    facilitator.fill_in(
        f"{HERE}/tables/{second.id}", action="/joining", table=str(a_table(work, 1).id)
    )
    led_on(work, Move.VOTE, at=AT)

    page = phone.open(f"/g/{second.code}")

    assert "has joined Table 1" in page.text
    assert not [form for form in page.forms if form.action.endswith("/vote")]


def test_there_is_no_vote_without_a_theme(facilitator, work, cards):
    page = facilitator.fill_in(HERE, action="/moves/vote")

    assert page.status == 409
    assert "Put some cards into a theme first." in page.text


def test_each_person_votes_where_people_have_the_votes(facilitator, attendee, summit, gwen):
    work = a_group_work(summit, at=AT, voters=Voters.PEOPLE)
    led_on(work, *TO_READ, at=AT)
    theme = a_theme(work, "Reception")
    led_on(work, Move.VOTE, at=AT)

    page = attendee.fill_in(
        "/my/together/summit/table", action="/vote", **{f"dots-{theme.id}": "3"}
    )

    assert "Nobody sees how you spent them" in page.text
    assert "1 of 1 people voted" in facilitator.open(f"{HERE}/wall").text


# Moderating.


def test_a_card_waits_for_the_facilitator_where_cards_are_read_first(facilitator, summit, gwen):
    work = a_group_work(summit, at=AT, is_moderated=True)
    led_on(work, Move.START, at=AT)
    rude, kind = (a_card(a_table(work), text, at=AT) for text in ("Rude words", "Kind words"))
    assert "Rude words" not in facilitator.open(f"{HERE}/cards").text
    led_on(work, Move.TIME, at=AT)
    assert "Read 2 cards first" in facilitator.open(HERE).text
    facilitator.fill_in(f"{HERE}/cards", action=f"{rude.id}/hiding")
    facilitator.fill_in(f"{HERE}/cards", action=f"{kind.id}/showing")
    led_on(work, Move.REVEAL, at=AT)

    wall = facilitator.open(f"{HERE}/wall").text

    assert "Kind words" in wall
    assert "Rude words" not in wall


def test_all_that_waits_is_let_through_at_once(facilitator, summit, gwen):
    work = a_group_work(summit, at=AT, is_moderated=True)
    led_on(work, Move.START, at=AT)
    a_card(a_table(work), "Kind words", at=AT)
    led_on(work, Move.TIME, at=AT)
    facilitator.fill_in(f"{HERE}/cards", action="/clearing")
    led_on(work, Move.REVEAL, at=AT)

    assert "Kind words" in facilitator.open(f"{HERE}/wall").text


# The wall.


def test_the_wall_shows_six_turns_and_stands_still(facilitator, work, table, clock):
    led_on(work, Move.START, at=AT)
    for number in range(8):
        a_card(table, f"Thought {number}", at=AT + timedelta(seconds=number))
    led_on(work, Move.TIME, Move.REVEAL, at=AT)

    assert shown(facilitator) == {0, 1, 2, 3, 4, 5}
    clock.shift(timedelta(seconds=12))
    assert shown(facilitator) == {6, 7}
    turn(facilitator, "pause")
    clock.shift(timedelta(seconds=60))
    assert shown(facilitator) == {6, 7}
    turn(facilitator, "next")
    assert shown(facilitator) == {0, 1, 2, 3, 4, 5}


def turn(facilitator, to):
    page = facilitator.open(HERE)
    form = next(form for form in page.forms if form.values.get("to") == [to])
    data = {name: held[0] for name, held in form.values.items()}
    assert facilitator.send(form.action, data=data).status == 200


def shown(facilitator):
    text = facilitator.open(f"{HERE}/wall").text
    return {number for number in range(8) if f"Thought {number}" in text}


# Anonymous cards.


def test_an_anonymous_card_has_no_author_and_no_table_anywhere(attendee, facilitator, work, gwen):
    led_on(work, Move.START, at=AT)
    page = attendee.fill_in(
        "/my/together/summit/table",
        action="/cards",
        text="What nobody dares to say",
        source="anonymous",
    )
    assert "neither your name nor your table is kept" in page.text

    db.session.rollback()
    card = db.session.query(Card).one()
    assert (card.person_id, card.table_id) == (None, None)
    assert card.written_at.minute == 0
    known = {str(gwen.id), str(gwen.person_id), gwen.person_id.hex, gwen.id.hex}
    assert not known & {str(value) for value in vars(card).values()}
    led_on(work, Move.TIME, Move.REVEAL, at=AT)
    for path in ("/wall", "/cards", "/themes", "/harvest", "/export.csv", "/export.txt"):
        answer = facilitator.client.get(f"{HERE}{path}")
        text = answer.get_data(as_text=True)
        assert "What nobody dares to say" in text
        assert "Gwen" not in text


def test_nothing_is_recorded_about_an_anonymous_card(attendee, work, gwen):
    led_on(work, Move.START, at=AT)
    before = rows()
    attendee.fill_in("/my/together/summit/table", action="/cards", text="Quiet", source="anonymous")

    changed = {name for name, number in rows().items() if number != before[name]}

    assert changed == {"group_card"}


def rows():
    db.session.rollback()
    return {
        table.name: db.session.execute(db.select(db.func.count()).select_from(table)).scalar_one()
        for table in db.metadata.sorted_tables
    }


def test_a_card_of_ones_own_stands_for_the_table_and_only_its_writer_knows(
    attendee, facilitator, work, gwen
):
    led_on(work, Move.START, at=AT)
    attendee.fill_in("/my/together/summit/table", action="/cards", text="Mine")
    assert "Mine" in attendee.open("/my/together/summit/table").text
    led_on(work, Move.TIME, Move.REVEAL, at=AT)

    wall = facilitator.open(f"{HERE}/wall").text

    assert "Mine Table" in wall
    assert "Gwen" not in wall


def test_a_form_id_that_is_none_counts_as_new(attendee, work, gwen):
    led_on(work, Move.START, at=AT)
    attendee.fill_in(
        "/my/together/summit/table", action="/cards", text="Mine", submission=str(uuid4())[:5]
    )

    db.session.rollback()
    assert db.session.query(Card).count() == 1
