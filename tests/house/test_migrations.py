from datetime import UTC, datetime

import time_machine
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import Enum, String, delete, inspect, select

from app.groupwork.actions.noting import keep_note
from app.groupwork.models import Note
from app.kernel.clock import now
from app.plumbing.database import Model, db, guests_may_write, transaction
from app.plumbing.queue import Job, run_due
from tests.conftest import sweep
from tests.factories.events import an_event
from tests.factories.groupwork import a_group_work
from tests.factories.people import a_person
from tests.factories.programmes import a_programme
from tests.factories.registration import a_registration

AT = datetime(2026, 3, 26, 11, tzinfo=UTC)


def revisions(app):
    config = app.extensions["migrate"].migrate.get_config()
    return ScriptDirectory.from_config(config)


def is_different(_context, _inspected, _metadata, inspected_type, metadata_type):
    if isinstance(metadata_type, Enum):
        return not isinstance(inspected_type, String)
    return None


def test_there_is_one_newest_migration(app):
    assert len(revisions(app).get_heads()) == 1


def test_migrations_are_numbered_without_gaps(app):
    numbers = sorted(int(r.revision) for r in revisions(app).walk_revisions())

    assert numbers == list(range(1, len(numbers) + 1))


def test_the_models_have_nothing_to_add(app):
    with guests_may_write(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": is_different})
        assert compare_metadata(context, Model.metadata) == []


def test_migrations_run_down_and_up_again(app):
    sweep()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

    upgrade()

    assert "certificate_issue" in inspect(db.engine).get_table_names()


def test_group_work_from_before_it_was_forgotten_is_forgotten_too(app):
    worked, noted, planned = (
        an_event(a_programme(slug)) for slug in ("worked", "noted", "planned")
    )
    an_event(a_programme("idle"))
    place = a_registration(noted, a_person())
    a_group_work(worked, at=AT)
    with transaction():
        keep_note(place, "I talk too much", at=AT)
        db.session.execute(delete(Job))
    a_group_work(planned, at=AT)
    known = [str(event.programme_id) for event in (worked, noted, planned)]
    db.session.rollback()

    downgrade(revision="0027")
    upgrade()

    plans = db.session.scalars(select(Job).where(Job.name == "groupwork.forget")).all()
    assert sorted(plan.arguments["programme_id"] for plan in plans) == sorted(known)
    with time_machine.travel(max(plan.due_at for plan in plans), tick=False):
        run_due(now)
    assert db.session.scalars(select(Note)).all() == []
