"""The house opened and swept; nothing here belongs to one feature."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from psycopg.errors import DeadlockDetected
from sqlalchemy import delete, text
from sqlalchemy.exc import OperationalError

from app.plumbing.database import Model, db, guests_may_write
from app.posters.views.visits import TALLY
from app.web.factory import create_app
from app.web.settings import Settings
from tests.postgres import a_postgres_server
from tests.visitor import Visitor, watch_for_lost_changes

# Time says little on a busy machine; and what is checked before a change is taken tries the same
# examples each time, so that a change is never refused for a fault that was there before it.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
hypothesis.settings.load_profile("house")

SECRET = "a-secret-key-for-tests-only-0123456789"


def engine_under_test() -> str:
    """Return which database this run is about."""
    return os.environ.get("HOORAY_TEST_DATABASE", "sqlite")


@pytest.fixture(scope="session")
def data_folder() -> Iterator[Path]:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        prefix="hooray", dir=memory if memory.is_dir() else None
    ) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def database_url(data_folder: Path) -> Iterator[str]:
    if engine_under_test() == "sqlite":
        yield f"sqlite:///{data_folder / 'test.sqlite'}"
        return
    with a_postgres_server() as url:
        yield url.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(scope="session")
def settings(database_url: str, data_folder: Path) -> Settings:
    return Settings(
        base_url="http://localhost",
        secret_key=SECRET,
        data_folder=data_folder,
        database_url=database_url,
        organisation="Northvale Improvement",
        second_factor_required=False,
    )


@pytest.fixture(scope="session")
def house(settings: Settings) -> Iterator[Flask]:
    """The application over a migrated database, once for the whole run."""
    app = create_app(settings)
    hash_fast(app)
    watch_for_lost_changes(app)
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


def hash_fast(app: Flask) -> None:
    """Let passwords be hashed as in production, but without its effort, which tests nothing here."""
    app.extensions["security"].pwd_context.update(argon2__memory_cost=32, argon2__time_cost=1)


@pytest.fixture
def app(house: Flask) -> Iterator[Flask]:
    """The application with empty tables, and a session for the test itself."""
    with house.app_context():
        yield house
        db.session.rollback()
        TALLY.write()  # or it is written into the next test's tables
        sweep()


def sweep() -> None:
    """Empty all tables; where later work of the test before still writes, it or we begin again."""
    for _ in range(5):
        try:
            return _sweep()
        except OperationalError as error:
            if not isinstance(error.orig, DeadlockDetected):
                raise
    raise AssertionError("the tables could not be emptied")


def _sweep() -> None:
    with guests_may_write(), db.engine.begin() as connection:
        if db.engine.dialect.name == "postgresql":
            tables = ", ".join(f'"{table.name}"' for table in Model.metadata.sorted_tables)
            connection.execute(text(f"TRUNCATE {tables} CASCADE"))
            return
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in reversed(Model.metadata.sorted_tables):
            connection.execute(delete(table))


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A stranger with a browser."""
    return Visitor(app)
