"""The world through which the tests of the house's walls walk."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.conftest import sweep
from tests.house.world import AT, World, a_world


@pytest.fixture(scope="module")
def world(house: Flask) -> Iterator[World]:
    """Everything in it three times over, while time stands still; built once for a file of tests."""
    with time_machine.travel(AT, tick=False), house.app_context():
        yield a_world(house)
        sweep()
