from sqlalchemy import select

from app.certificates.actions.trying import try_designs
from app.certificates.models import DesignTrial
from app.plumbing.database import db, transaction
from app.plumbing.queue import Job, run_due
from tests.factories.people import LONG_AGO as AT
from tests.factories.programmes import a_programme


def the_work():
    return db.session.scalars(select(Job).where(Job.name == "certificates.try_designs")).all()


def test_asking_again_while_designs_are_being_tried_changes_nothing(app):
    programme = a_programme()

    for _ in range(2):
        with transaction():
            try_designs(programme, at=AT)

    assert len(the_work()) == 1


def test_asking_again_afterwards_tries_every_design_anew(app):
    programme = a_programme()
    with transaction():
        try_designs(programme, at=AT)
    run_due(lambda: AT)
    first = set(db.session.scalars(select(DesignTrial.id)))

    with transaction():
        try_designs(programme, at=AT)
    run_due(lambda: AT)
    second = set(db.session.scalars(select(DesignTrial.id)))

    assert first
    assert len(second) == len(first)
    assert not first & second
    assert [work.progress_total for work in the_work()] == [len(first)] * 2
