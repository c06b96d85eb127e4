from app.plumbing.database import db, transaction
from app.posters.actions.signalling import give_signal, take_signal_back
from app.posters.models import Signal
from app.posters.queries.signalling import Contact, Giver, contacts_of, signal_counts
from app.posters.rules import SignalKind
from tests.factories.people import a_person
from tests.posters.conftest import AT

USE = SignalKind.COULD_USE


def give(poster, giver, kind=USE, *, agrees=False):
    with transaction():
        give_signal(poster, kind, giver, agrees_to_contact=agrees, at=AT)


def test_a_quick_word_counts_once_however_often_it_is_pressed(poster):
    gwen = Giver(person=a_person())

    give(poster, gwen)
    give(poster, gwen)

    assert signal_counts(poster)[USE] == 1


def test_only_who_agrees_comes_into_the_contact_list(poster):
    gwen, ed = a_person("Gwen Price"), a_person("Ed Marsh")

    give(poster, Giver(person=gwen), agrees=True)
    give(poster, Giver(person=gwen), SignalKind.WELL_MEASURED, agrees=True)
    give(poster, Giver(person=ed))

    both = [SignalKind.COULD_USE, SignalKind.WELL_MEASURED]
    (found,) = contacts_of(poster)
    assert (found.name, found.email, sorted(found.kinds)) == (gwen.name, gwen.email, both)
    assert isinstance(found, Contact)


def test_consent_taken_back_takes_the_address_with_it(poster):
    gwen = Giver(person=a_person())
    give(poster, gwen, agrees=True)

    give(poster, gwen, agrees=False)

    row = db.session.query(Signal).one()
    assert (row.agrees_to_contact, row.contact_name, row.contact_email) == (False, "", "")


def test_a_quick_word_is_taken_back(poster):
    gwen = Giver(person=a_person())
    give(poster, gwen)

    with transaction():
        take_signal_back(poster, USE, gwen)

    assert signal_counts(poster)[USE] == 0
