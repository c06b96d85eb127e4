"""Questions to the register of certificates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, not_, or_, select
from sqlalchemy.orm import joinedload

from app.certificates.models import (
    CertificateIssue,
)
from app.certificates.rules import (
    CertificateKind,
    Holder,
)
from app.kernel.codes import normal_code
from app.kernel.names import sorting_name
from app.people.models import Person
from app.plumbing.database import db
from app.programmes.models import Programme, TeamMembership

COMPLETION = "completion"
"""The award of whoever completes the programme."""


def issue_at(programme: Programme, issue_id: UUID) -> CertificateIssue | None:
    """Return this certificate, if it was issued in this programme."""
    return db.session.scalar(
        select(CertificateIssue).where(
            CertificateIssue.id == issue_id, CertificateIssue.programme_id == programme.id
        )
    )


def issue_with_id(issue_id: UUID) -> CertificateIssue | None:
    """Return a certificate for later work, which has no programme at hand."""
    return db.session.get(CertificateIssue, issue_id)


def issue_with_code(typed: str) -> CertificateIssue | None:
    """Return the certificate that carries this check code, however it was typed."""
    return db.session.scalar(
        select(CertificateIssue)
        .options(joinedload(CertificateIssue.programme), joinedload(CertificateIssue.team))
        .where(CertificateIssue.code == normal_code(typed))
    )


def replacement_of(issue: CertificateIssue) -> CertificateIssue | None:
    """Return the certificate that took this one's place."""
    if issue.superseded_by_id is None:
        return None
    return db.session.get(CertificateIssue, issue.superseded_by_id)


def replaced_by(issue: CertificateIssue) -> CertificateIssue | None:
    """Return the certificate whose place this one took."""
    return db.session.scalar(
        select(CertificateIssue).where(CertificateIssue.superseded_by_id == issue.id)
    )


def holders_with(programme: Programme, award: str) -> frozenset[UUID]:
    """Return who has been issued this award, whatever became of it."""
    return frozenset(
        db.session.scalars(
            select(CertificateIssue.holder_id).where(
                CertificateIssue.programme_id == programme.id, CertificateIssue.award == award
            )
        )
    )


def issue_with_number(typed: str, *, word: str) -> CertificateIssue | None:
    """Return the certificate of this number, if a word of the name on it is given too.

    Numbers follow each other, so a number alone would let anybody read the whole register.
    """
    issue = db.session.scalar(
        select(CertificateIssue).where(_as_typed(CertificateIssue.number) == normal_code(typed))
    )
    if issue is None:
        return None
    known = set(sorting_name(str(issue.fields["recipient"])).split())
    return issue if known & set(sorting_name(word).split()) else None


def _as_typed(number: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
    """Return a number as `normal_code` would leave it: no hyphens, look-alikes forgiven."""
    for sign, forgiven in (("-", ""), ("I", "1"), ("L", "1"), ("O", "0"), ("U", "V")):
        number = func.replace(number, sign, forgiven)
    return number


def issues_in_batch(programme: Programme, batch: str) -> Sequence[CertificateIssue]:
    """Return the certificates that were issued with one press of a button, in their order."""
    return db.session.scalars(
        select(CertificateIssue)
        .where(CertificateIssue.programme_id == programme.id, CertificateIssue.batch == batch)
        .order_by(CertificateIssue.serial)
    ).all()


PAGE_SIZE = 50


class State(StrEnum):
    """What became of a certificate."""

    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


def state_of(issue: CertificateIssue) -> State:
    """Return what became of a certificate."""
    if issue.revoked_at is not None:
        return State.WITHDRAWN
    return State.REPLACED if issue.superseded_at is not None else State.VALID


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the register."""

    kind: CertificateKind | None = None
    state: State | None = None
    words: str = ""
    page: int = 1


@dataclass(frozen=True)
class RegisterPage:
    """One page of what was looked for, and how many there are of each sort in all."""

    issues: Sequence[CertificateIssue]
    total: int
    page: int
    of_kind: Mapping[CertificateKind, int]
    in_state: Mapping[State, int]


def register_page(programme: Programme, wanted: Wanted) -> RegisterPage:
    """Return one page of a programme's register, the newest number first."""
    found = _wanted(programme, wanted)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    page = min(wanted.page, max((total + PAGE_SIZE - 1) // PAGE_SIZE, 1))
    issues = db.session.scalars(
        found.order_by(CertificateIssue.serial.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    of_kind, in_state = _sorts_in(programme)
    return RegisterPage(issues, total, page, of_kind, in_state)


def register_in_full(programme: Programme, wanted: Wanted) -> Sequence[CertificateIssue]:
    """Return everything in a programme's register that was looked for, in number order."""
    return db.session.scalars(_wanted(programme, wanted).order_by(CertificateIssue.serial)).all()


def _wanted(programme: Programme, wanted: Wanted) -> Select[CertificateIssue]:
    found = select(CertificateIssue).where(CertificateIssue.programme_id == programme.id)
    if wanted.kind is not None:
        found = found.where(CertificateIssue.kind == wanted.kind)
    if wanted.state is not None:
        found = found.where(stands_as(wanted.state))
    return found.where(_with_words(wanted.words)) if wanted.words.strip() else found


def stands_as(state: State) -> ColumnElement[bool]:
    """Return the condition under which a certificate is in this state."""
    withdrawn = CertificateIssue.revoked_at.is_not(None)
    replaced = CertificateIssue.superseded_at.is_not(None)
    match state:
        case State.WITHDRAWN:
            return withdrawn
        case State.REPLACED:
            return and_(not_(withdrawn), replaced)
        case State.VALID:
            return and_(not_(withdrawn), not_(replaced))


def _with_words(words: str) -> ColumnElement[bool]:
    """Find by number, by the name as printed, or by the person's name without its accents."""
    printed = CertificateIssue.fields["recipient"].as_string()
    plain = sorting_name(words) or words
    return or_(
        CertificateIssue.number.icontains(words.strip(), autoescape=True),
        printed.icontains(words.strip(), autoescape=True),
        CertificateIssue.person_id.in_(
            select(Person.id).where(Person.sorting_name.contains(plain, autoescape=True))
        ),
    )


def _sorts_in(
    programme: Programme,
) -> tuple[Mapping[CertificateKind, int], Mapping[State, int]]:
    of_kind, in_state = dict.fromkeys(CertificateKind, 0), dict.fromkeys(State, 0)
    withdrawn = CertificateIssue.revoked_at.is_not(None)
    replaced = CertificateIssue.superseded_at.is_not(None)
    rows = db.session.execute(
        select(CertificateIssue.kind, withdrawn, replaced, func.count())
        .where(CertificateIssue.programme_id == programme.id)
        .group_by(CertificateIssue.kind, withdrawn, replaced)
    )
    for kind, is_withdrawn, is_replaced, number in rows:
        of_kind[kind] += number
        state = State.REPLACED if is_replaced else State.VALID
        in_state[State.WITHDRAWN if is_withdrawn else state] += number
    return of_kind, in_state


def certificates_of(person: Person, *, at: datetime) -> Sequence[CertificateIssue]:
    """Return somebody's own certificates and those of the teams they are or were in."""
    teams = select(TeamMembership.team_id).where(TeamMembership.person_id == person.id)
    return db.session.scalars(
        select(CertificateIssue)
        .options(joinedload(CertificateIssue.programme))
        .where(
            or_(
                CertificateIssue.person_id == person.id,
                (CertificateIssue.holder == Holder.TEAM) & CertificateIssue.holder_id.in_(teams),
            ),
            CertificateIssue.superseded_at.is_(None),
            CertificateIssue.issued_at <= at,
        )
        .order_by(CertificateIssue.holder, CertificateIssue.serial.desc())
    ).all()


def issues_of_award(programme: Programme, award: str) -> Sequence[CertificateIssue]:
    """Return every certificate of one award, in number order."""
    return db.session.scalars(
        select(CertificateIssue)
        .where(CertificateIssue.programme_id == programme.id, CertificateIssue.award == award)
        .order_by(CertificateIssue.serial)
    ).all()
