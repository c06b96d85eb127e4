"""Who does something, as the record of changes keeps it."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Kind = Literal["staff", "attendee", "team", "door", "public", "system"]


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of staff, an attendee, a team by its own link, a door device, a stranger, or the system itself.

    `id` is the account, person, team or device; `label` is a name for logs seen by staff only.
    """

    kind: Kind
    id: UUID | None = None
    label: str = ""


SYSTEM = Actor("system", label="Hooray")
STRANGER = Actor("public", label="Somebody without an account")
