"""Questions about those who look after an event's posters."""

from collections.abc import Sequence

from app.events.models import Event
from app.kernel.permission import Permission
from app.people.models import Account
from app.programmes.queries import staff_of
from app.programmes.rules import allowed


def organisers_of(event: Event) -> Sequence[Account]:
    """Return who is written to about an event's posters."""
    accounts = {
        row.account.id: row.account
        for row in staff_of(event.programme)
        if row.account.active and Permission.MANAGE_POSTERS in allowed(frozenset({row.role}))
    }
    return list(accounts.values())
