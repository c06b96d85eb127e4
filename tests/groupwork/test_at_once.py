"""Two at the same moment: phones of one table, facilitators, and a reveal while cards arrive."""

from uuid import uuid4

import pytest

from app.groupwork.actions.agreeing import Proposal, consent, propose
from app.groupwork.actions.leading import MovedOn, move, undo
from app.groupwork.actions.preparing import seat_all
from app.groupwork.actions.tables import take_pen
from app.groupwork.actions.voting import vote
from app.groupwork.actions.writing import TimeIsUp, Written, write_card
from app.groupwork.models import Agreement, Card, Dots, GroupWork, Scribe, Seat, Step, Table
from app.groupwork.rules.stages import Move, Stage
from app.groupwork.rules.words import Source
from app.people.models import Person
from app.plumbing.database import db
from tests.factories.groupwork import MARCUS, a_theme, an_agreement, led_on
from tests.factories.people import a_person
from tests.factories.registration import a_registration
from tests.groupwork.conftest import AT
from tests.together import at_once


def the(model, row_id):
    return db.session.get_one(model, row_id)


def all_of(model):
    db.session.rollback()
    return db.session.query(model).all()


def test_a_card_that_two_answers_lost_is_one_card(app, work, table):
    led_on(work, Move.START, at=AT)
    written = Written(text="Signposting", question=0, form_id=uuid4())
    ids = work.id, table.id

    def write():
        write_card(
            the(GroupWork, ids[0]),
            written,
            source=Source.SCRIBE,
            table=the(Table, ids[1]),
            at=AT,
        )

    assert at_once(app, write, write, write) == []
    assert len(all_of(Card)) == 1


@pytest.mark.parametrize("try_number", range(3))
def test_two_facilitators_who_press_the_same_make_one_move(app, work, try_number):
    work_id = work.id

    def start():
        move(the(GroupWork, work_id), Move.START, seen=0, by=MARCUS, at=AT)

    assert at_once(app, start, start) == []
    assert [(step.number, step.move) for step in all_of(Step)] == [(1, "start")]


def test_two_facilitators_who_press_different_things_are_told(app, work):
    led_on(work, Move.START, Move.TIME, at=AT)
    work_id = work.id

    def press(which):
        return lambda: move(the(GroupWork, work_id), which, seen=2, by=MARCUS, at=AT)

    refused = at_once(app, press(Move.REVEAL), press(Move.MORE_TIME))

    assert [type(why) for why in refused] == [MovedOn]
    assert all_of(GroupWork)[0].steps == 3


def test_a_move_taken_back_twice_is_taken_back_once(app, work):
    led_on(work, Move.START, Move.TIME, at=AT)
    work_id = work.id

    def take_back():
        undo(the(GroupWork, work_id), seen=2, by=MARCUS, at=AT)

    assert at_once(app, take_back, take_back) == []
    assert all_of(GroupWork)[0].stage is Stage.WRITING


def test_cards_that_arrive_with_the_reveal_are_in_it_or_refused(app, work, table):
    led_on(work, Move.START, Move.TIME, at=AT)
    work_id, table_id = work.id, table.id

    def write():
        write_card(
            the(GroupWork, work_id),
            Written(text="Just in time", question=0, form_id=uuid4()),
            source=Source.SCRIBE,
            table=the(Table, table_id),
            at=AT,
        )

    def reveal():
        move(the(GroupWork, work_id), Move.REVEAL, seen=2, by=MARCUS, at=AT)

    refused = at_once(app, write, write, reveal, write)

    assert all(isinstance(why, TimeIsUp) for why in refused)
    assert len(all_of(Card)) == 3 - len(refused)


def test_one_of_two_phones_holds_the_pen(app, work, table):
    table_id = table.id

    def take():
        take_pen(the(Table, table_id), at=AT)

    assert at_once(app, take, take, take) == []
    assert sum(scribe.ended_at is None for scribe in all_of(Scribe)) == 1


def test_a_table_that_votes_on_two_phones_has_one_vote(app, work, table):
    led_on(work, Move.START, Move.TIME, Move.REVEAL, at=AT)
    themes = [a_theme(work, "Reception").id, a_theme(work, "Rotas").id]
    led_on(work, Move.VOTE, at=AT)
    work_id, table_id = work.id, table.id

    def spend(theme_id):
        return lambda: vote(the(GroupWork, work_id), {theme_id: 3}, table=the(Table, table_id))

    assert at_once(app, *map(spend, themes)) == []
    assert sum(dots.number for dots in all_of(Dots)) == 3


def test_the_last_agreement_that_is_allowed_sent_twice_is_one(app, work, table, gwen):
    led_on(work, Move.START, Move.TIME, Move.REVEAL, Move.AGREE, at=AT)
    for number in (1, 2):
        an_agreement(table, gwen, number=number)
    work_id, table_id, form_id = work.id, table.id, uuid4()
    facts = Proposal(
        text="Ring back",
        owner=str(gwen.id),
        owner_name="",
        due_on=AT.date(),
        strength=None,
        form_id=form_id,
    )

    def agree():
        propose(the(GroupWork, work_id), the(Table, table_id), facts, is_paper=False, at=AT)

    assert at_once(app, agree, agree) == []
    assert sorted(one.number for one in all_of(Agreement)) == [1, 2, 3]


def test_tables_that_agree_at_once_each_get_a_number(app, work, table, gwen):
    led_on(work, Move.START, Move.TIME, Move.REVEAL, Move.AGREE, at=AT)
    work_id, table_id, owner = work.id, table.id, str(gwen.id)

    def agree(form_id):
        return lambda: propose(
            the(GroupWork, work_id),
            the(Table, table_id),
            Proposal(
                text="Pilot signposting",
                owner=owner,
                owner_name="",
                due_on=AT.date(),
                strength=None,
                form_id=form_id,
            ),
            is_paper=False,
            at=AT,
        )

    twice = uuid4()
    assert at_once(app, agree(uuid4()), agree(twice), agree(twice)) == []
    assert sorted(one.number for one in all_of(Agreement)) == [1, 2]


def test_seats_given_out_by_two_at_once_are_given_once(app, work, summit):
    for name in ("Ed Marsh", "Nora Bell", "Jo Lund"):
        a_registration(summit, a_person(name))
    work_id = work.id

    def seat():
        seat_all(the(GroupWork, work_id))

    assert at_once(app, seat, seat) == []
    assert len(all_of(Seat)) == 4


def test_owners_who_say_yes_at_once_are_both_seen_on_the_wall(app, work, table, gwen):
    agreements = [an_agreement(table, gwen, number=number).id for number in (1, 2)]
    before, person_id = work.revision, gwen.person_id

    def agree(agreement_id):
        return lambda: consent(
            the(Agreement, agreement_id), the(Person, person_id), says_yes=True, at=AT
        )

    assert at_once(app, *map(agree, agreements)) == []
    assert all_of(GroupWork)[0].revision == before + 2
