from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import Enum, String, inspect

from app.plumbing.database import Model, db, guests_may_write
from tests.conftest import sweep


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
