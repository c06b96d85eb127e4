"""The verbs of registration; none of them commits."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.kernel.codes import derived_code, digest, random_code
from app.plumbing.database import db
from app.plumbing.keys import key_for
from app.registration.models import PersonalCode

SHORT_CODE_LENGTH = 6


def pass_code(code: PersonalCode) -> str:
    """Return the 26 characters in a pass's QR; they can be made again but are not kept."""
    return derived_code(key_for("pass"), str(code.id))


def live_code(person_id: UUID, programme_id: UUID) -> PersonalCode | None:
    """Return the code that opens doors for somebody in a programme now."""
    return db.session.scalar(
        select(PersonalCode).where(
            PersonalCode.person_id == person_id,
            PersonalCode.programme_id == programme_id,
            PersonalCode.revoked_at.is_(None),
        )
    )


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


def replace_code(code: PersonalCode, *, at: datetime) -> PersonalCode:
    """Make a pass worthless and return the one that takes its place."""
    code.revoked_at = at
    db.session.flush()
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
