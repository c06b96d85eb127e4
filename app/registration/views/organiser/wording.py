"""The words in which organisers read about registrations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.people.queries import names_of_accounts
from app.plumbing.audit import AuditEntry
from app.registration.models import Source, Status

STATUSES: Mapping[Status, tuple[str, str]] = {
    Status.CONFIRMED: ("Booked", "good"),
    Status.INVITED: ("Invited", "warn"),
    Status.DECLINED: ("Declined", "quiet"),
    Status.CANCELLED: ("Cancelled", "quiet"),
}
"""Each status as the screen says it, with the tone of its tag."""

SOURCES: Mapping[Source, str] = {
    Source.SELF: "Registered by themselves",
    Source.INVITATION: "Invited",
    Source.ORGANISER: "Booked by an organiser",
    Source.WALK_IN: "Walk-in",
}

VERBS: Mapping[str, str] = {
    "booked": "Booked",
    "invited": "Invited",
    "declined": "Declined",
    "changed": "Changed",
    "cancelled": "Cancelled",
    "wrote again": "Letter sent again",
    "said what they need": "Told us about diet or access",
    "took back what they need": "Diet and access needs deleted",
    "called": "Called",
    "corrected": "Name or address put right",
    "replaced": "New pass; the old one stopped working",
    "changed name on certificate": "Name on certificate changed",
}

_ACTORS = {
    "attendee": "the person",
    "team": "the team, by its link",
    "public": "the person, by the public form",
    "door": "a volunteer at the door",
    "system": "Hooray",
}


@dataclass(frozen=True)
class Line:
    """One line of a registration's history, in words."""

    at: datetime
    what: str
    who: str
    reason: str


def history(entries: Sequence[AuditEntry]) -> list[Line]:
    """Say what was done, by whom and why; the newest first."""
    names = names_of_accounts(_staff(entries))
    return [
        Line(
            at=entry.at,
            what=VERBS.get(entry.verb) or _plain(entry.verb),
            who=_who(entry, names),
            reason=entry.reason or "",
        )
        for entry in entries
    ]


def _plain(verb: str) -> str:
    """Return the verb of another room as a person reads it."""
    return verb.replace("_", " ").replace(".", " ").capitalize()


def _staff(entries: Iterable[AuditEntry]) -> set[UUID]:
    return {e.actor_id for e in entries if e.actor_kind == "staff" and e.actor_id is not None}


def _who(entry: AuditEntry, names: Mapping[UUID, str]) -> str:
    if entry.actor_kind == "staff" and entry.actor_id is not None:
        return names.get(entry.actor_id, "a member of staff")
    return _ACTORS.get(entry.actor_kind, "a member of staff")
