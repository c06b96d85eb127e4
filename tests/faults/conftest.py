"""Faults are tried at a tenth of their size, or in full with HOORAY_FAULTS=full."""

import os
from collections.abc import Iterator

import pytest

from tests.conftest import engine_under_test
from tests.postgres import PostgresServer, a_breakable_postgres_server
from tests.running import Place, a_place


@pytest.fixture(scope="session")
def is_full() -> bool:
    """Whether the faults are tried in full, as trust.md counts them."""
    return os.environ.get("HOORAY_FAULTS") == "full"


@pytest.fixture(scope="session")
def breakable() -> Iterator[PostgresServer | None]:
    """A PostgreSQL server that keeps its promises in a crash; none where SQLite is tried."""
    if engine_under_test() == "sqlite":
        yield None
        return
    with a_breakable_postgres_server() as server:
        yield server


@pytest.fixture
def place(breakable: PostgresServer | None) -> Iterator[Place]:
    """A product of its own, on a real disk, whose processes may be killed."""
    with a_place(breakable.url if breakable else None) as made:
        yield made
