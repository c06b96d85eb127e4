import pytest

from app.kernel.actor import Actor
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.posters.actions.moderating import NotShownAnyway, hide_words, report, show
from app.posters.models import ContributionReport
from app.posters.queries.asking import exchanges_for_team, exchanges_shown
from app.posters.queries.moderating import WordsState, contributions_at
from app.posters.queries.posters import marketplace_of
from app.posters.rules import Attribution
from tests.factories.people import a_person
from tests.factories.posters import a_poster
from tests.factories.programmes import a_team
from tests.factories.voices import a_question, a_reflection
from tests.posters.conftest import AT
from tests.statements import count_statements

HELEN = Actor("staff", None, "Helen Shaw")


def states(summit):
    return [one.state for one in contributions_at(summit)]


def test_what_waits_is_shown_by_an_organiser(summit, poster):
    with transaction():
        marketplace_of(summit).is_moderated = True
    asked = a_question(poster, a_person(), at=AT)
    assert states(summit) == [WordsState.WAITING]

    with transaction():
        show(asked, by=HELEN, at=AT)

    assert states(summit) == [WordsState.SHOWN]
    assert len(exchanges_shown(poster, most=9)) == 1


def test_what_is_hidden_is_seen_by_nobody_and_its_words_are_in_no_record(summit, poster):
    asked = a_question(poster, a_person(), at=AT, text="Are you daft?")

    with transaction():
        hide_words(asked, reason="Rude", by=HELEN, at=AT)

    assert not exchanges_shown(poster, most=9)
    assert not exchanges_for_team(poster)
    line = db.session.query(AuditEntry).filter_by(verb="hid").one()
    assert line.reason == "Rude"
    assert "daft" not in f"{line.before}{line.after}"


def test_a_report_waits_for_an_organiser_and_their_decision_answers_it(summit, poster):
    asked = a_question(poster, a_person(), at=AT)
    with transaction():
        report(asked, reason="Names a patient", reported_by="A visitor", at=AT)
        report(asked, reason="Names a patient", reported_by="A visitor", at=AT)
    assert states(summit) == [WordsState.REPORTED]

    with transaction():
        hide_words(asked, reason="Names a patient", by=HELEN, at=AT)

    row = db.session.query(ContributionReport).one()
    assert (row.decided_at, row.decision) == (AT, "Hidden: Names a patient")
    with pytest.raises(NotShownAnyway), transaction():
        report(asked, reason="Again", reported_by="A visitor", at=AT)


def test_a_report_that_is_left_alone_is_decided_too(summit, poster):
    asked = a_question(poster, a_person(), at=AT)
    with transaction():
        report(asked, reason="I disagree", reported_by="A visitor", at=AT)
    with transaction():
        show(asked, by=HELEN, at=AT)

    assert states(summit) == [WordsState.SHOWN]


def test_organisers_read_no_name_where_none_is_given(summit, poster):
    gwen = a_person("Gwen Price")
    a_question(poster, gwen, at=AT, is_named=False)
    a_reflection(poster, gwen, at=AT, attribution=Attribution.ANONYMOUS)

    assert "Gwen Price" not in {one.author for one in contributions_at(summit)}


def test_the_list_asks_as_much_for_six_as_for_two(summit, poster):
    def ask_all():
        db.session.rollback()
        with count_statements() as asked:
            for one in contributions_at(summit):
                assert one.author
                assert one.words.poster.team.name
        return len(asked)

    a_question(poster, a_person(), at=AT)
    a_reflection(poster, a_person(), at=AT)
    few = ask_all()
    other = a_poster(a_team(summit.programme, "Beacon"), summit)
    for number in range(2):
        a_question(other, a_person(f"Ed {number}"), at=AT, text=f"Why {number}?")
        a_reflection(other, a_person(f"Jo {number}"), at=AT)

    assert ask_all() == few
