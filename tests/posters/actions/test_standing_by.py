from datetime import timedelta
from uuid import uuid4

import pytest

from app.kernel.actor import Actor
from app.plumbing.database import transaction
from app.posters.actions.standing_by import MOST_SLOTS, Slot, TooManySlots, add_slot
from app.posters.queries.standing_by import slots_of
from tests.posters.conftest import AT

TEAM = Actor("team", uuid4(), "Hill Top Practice")


def slot(minutes):
    start = AT + timedelta(minutes=minutes)
    return Slot(starts_at=start, ends_at=start + timedelta(minutes=20), who="Ruth")


def test_a_time_said_twice_is_one_time(poster):
    for _ in range(2):
        with transaction():
            add_slot(poster, slot(0), by=TEAM, at=AT)

    assert len(slots_of(poster)) == 1


def test_a_team_says_only_so_often_when_it_is_there(poster):
    with transaction():
        for number in range(MOST_SLOTS):
            add_slot(poster, slot(number), by=TEAM, at=AT)

    with pytest.raises(TooManySlots), transaction():
        add_slot(poster, slot(MOST_SLOTS), by=TEAM, at=AT)
