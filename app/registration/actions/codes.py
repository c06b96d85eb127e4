"""Passes: giving somebody their code, and replacing one that was lost."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.kernel.actor import Actor
from app.kernel.codes import digest, random_code
from app.plumbing.audit import record
from app.plumbing.database import db
from app.registration.models import PersonalCode
from app.registration.queries import live_code, pass_code

SHORT_CODE_LENGTH = 6


def give_code(
    person_id: UUID, programme_id: UUID, *, at: datetime, version: int = 1
) -> PersonalCode:
    """Return somebody's code for a programme, making one if there is none."""
    standing = live_code(person_id, programme_id)
    if standing is not None:
        return standing
    code = PersonalCode(
        id=uuid4(),
        person_id=person_id,
        programme_id=programme_id,
        short_code=_free_short_code(programme_id),
        version=version,
        created_at=at,
    )
    code.code_hash = digest(pass_code(code))
    db.session.add(code)
    db.session.flush()
    return code


def replace_code(code: PersonalCode, *, by: Actor, at: datetime) -> PersonalCode:
    """Make a pass worthless and return the one that takes its place."""
    code.revoked_at = at
    db.session.flush()
    record("replaced", code, by=by, at=at, programme_id=code.programme_id)
    return give_code(code.person_id, code.programme_id, at=at, version=code.version + 1)


def _free_short_code(programme_id: UUID) -> str:
    while True:
        short = random_code(SHORT_CODE_LENGTH)
        taken = db.session.scalar(
            select(PersonalCode.id).where(
                PersonalCode.programme_id == programme_id, PersonalCode.short_code == short
            )
        )
        if taken is None:
            return short
