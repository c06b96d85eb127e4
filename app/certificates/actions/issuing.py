"""Issuing: a place in the register, a number without gaps, frozen words, and a drawing for later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.certificates.actions import wording
from app.certificates.models import CertificateIssue, CertificateRegister
from app.certificates.queries.completion import (
    PersonStanding,
    TeamStanding,
    open_head_counts,
    presences_at,
    standings_in,
)
from app.certificates.queries.register import COMPLETION, holders_with
from app.certificates.rules import CITATION_LENGTH, CertificateKind, Holder
from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import clock_words, day_words
from app.kernel.codes import check_character, new_secret
from app.kernel.refusal import Refusal
from app.kernel.text import counted
from app.people.models import Person
from app.plumbing.audit import record
from app.plumbing.database import db
from app.plumbing.pdf import designs
from app.plumbing.queue import enqueue
from app.programmes.models import Programme, Team


class NothingToIssue(Refusal):
    """Everybody who may have one has it already."""


class ListHasChanged(Refusal):
    """Since the page was opened, others have become complete, or no longer are."""


class PresenceUnresolved(Refusal):
    """A head count differs from the list, and nobody has said why."""


class EventNotOver(Refusal):
    """A certificate of attendance would speak of something that still goes on."""


class GivesNone(Refusal):
    """Whoever set the event up has said that its people get no certificate of attendance."""


class CannotPrint(Refusal):
    """The print fonts lack a character of what would be printed."""


class WrongCitation(Refusal):
    """The citation is too short to say something, or too long to be set well."""


class AlreadyIssued(Refusal):
    """Somebody has just entered the same award into the register."""


@dataclass(frozen=True, kw_only=True)
class Award:
    """What somebody is to be given, before it has a number."""

    kind: CertificateKind
    holder: Holder
    holder_id: UUID
    award: str
    design: str
    fields: wording.Fields
    event_id: UUID | None = None
    team_id: UUID | None = None
    by_exception: bool = False
    revision: int = 1

    @property
    def person_id(self) -> UUID | None:
        """Return the person who holds it, if it is one."""
        return self.holder_id if self.holder is Holder.PERSON else None


@dataclass(frozen=True, kw_only=True)
class Ready:
    """What can be issued now, and who has to wait because their name cannot be printed."""

    awards: Sequence[Award]
    held: Sequence["Held"]


@dataclass(frozen=True, kw_only=True)
class Held:
    """Somebody whose certificate waits, because the print fonts lack these characters."""

    holder: Holder
    holder_id: UUID
    name: str
    letters: str


def sorted_out(awards: Sequence[Award]) -> Ready:
    """Part what can be printed from what would come out as empty boxes."""
    strange = [(award, wording.strange_letters(award.fields)) for award in awards]
    return Ready(
        awards=[award for award, letters in strange if not letters],
        held=[
            Held(
                holder=award.holder,
                holder_id=award.holder_id,
                name=award.fields["recipient"],
                letters=letters,
            )
            for award, letters in strange
            if letters
        ],
    )


def completions_ready(programme: Programme, *, at: datetime) -> Ready:
    """Put together the certificates of everybody who is complete and has none: teams first."""
    lines = standings_in(programme, at=at).to_issue()
    return sorted_out([_completion(line, programme) for line in lines])


def issue_completions(
    programme: Programme, *, expected: int, batch: str, by: Actor, at: datetime
) -> Sequence[CertificateIssue]:
    """Issue certificates to all teams and people who are complete, as many as were confirmed."""
    register = locked_register(programme)
    refuse_unresolved_counts(programme)
    awards = completions_ready(programme, at=at).awards
    if not awards:
        raise NothingToIssue(_who_was_first(programme, COMPLETION))
    if len(awards) != expected:
        raise ListHasChanged(
            f"Since you opened this page the list has changed: it was {expected}, "
            f"now it is {len(awards)}. Look at it again, then issue."
        )

    return enter(register, programme, awards, batch=batch, by=by, at=at)


def issue_completion(
    programme: Programme, line: PersonStanding | TeamStanding, *, by: Actor, at: datetime
) -> CertificateIssue:
    """Issue one certificate of completion."""
    register = locked_register(programme)
    refuse_unresolved_counts(programme)
    if not line.completion.is_met:
        missing = "; ".join(part.words for part in line.completion.missing)
        raise NotComplete(f"{line.name} has not completed the programme: {missing}.")
    if line.id in holders_with(programme, COMPLETION):
        raise AlreadyIssued(f"{line.name} has a certificate of completion already.")

    award = _completion(line, programme)
    refuse_unprintable(award.fields)
    (issue,) = enter(register, programme, [award], batch=str(uuid4()), by=by, at=at)
    return issue


class NotComplete(Refusal):
    """A part of the rule is not met, and no exception was granted."""


def attendances_ready(event: Event) -> Ready:
    """Put together the certificates of everybody who was at an event and has none of it."""
    award = attendance_award(event)
    have = holders_with(event.programme, award)
    awards = [
        Award(
            kind=CertificateKind.ATTENDANCE,
            holder=Holder.PERSON,
            holder_id=place.person_id,
            award=award,
            design="attendance",
            fields=wording.for_attendance(
                event, recipient=place.person.name_on_certificate, team=place.team
            ),
            event_id=event.id,
            team_id=place.team_id,
        )
        for place in presences_at(event)
        if place.person_id not in have
    ]
    return sorted_out(awards)


def attendance_award(event: Event) -> str:
    """Return the award of whoever attended this event."""
    return f"attendance:{event.id}"


def issue_attendances(
    event: Event, *, expected: int, batch: str, by: Actor, at: datetime
) -> Sequence[CertificateIssue]:
    """Issue certificates of attendance to everybody who was at an event."""
    register = locked_register(event.programme)
    if not event.gives_certificates:
        raise GivesNone(
            f"{event.title} gives no certificates of attendance. "
            "Change that in its settings, then issue."
        )
    if at < event.ends_at:
        raise EventNotOver(
            f"{event.title} goes on until {clock_words(event.ends_at)} on "
            f"{day_words(event.ends_at)}. Issue certificates of attendance after that."
        )
    refuse_unresolved_counts(event.programme, event)
    awards = attendances_ready(event).awards
    if not awards:
        raise NothingToIssue(_who_was_first(event.programme, attendance_award(event)))
    if len(awards) != expected:
        raise ListHasChanged(
            f"Since you opened this page the list has changed: it was {expected}, "
            f"now it is {len(awards)}. Look at it again, then issue."
        )

    return enter(register, event.programme, awards, batch=batch, by=by, at=at)


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """Whom the programme lead singles out: a team, or a person with their team."""

    holder: Holder
    holder_id: UUID
    name: str
    team: Team | None


def team_to_recognise(team: Team) -> Recognised:
    """Return a team as one that can be recognised."""
    return Recognised(holder=Holder.TEAM, holder_id=team.id, name=team.name, team=team)


def person_to_recognise(person: Person, team: Team | None) -> Recognised:
    """Return a person as one who can be recognised."""
    return Recognised(
        holder=Holder.PERSON, holder_id=person.id, name=person.name_on_certificate, team=team
    )


def recognition_fields(event: Event, whom: Recognised, citation: str) -> wording.Fields:
    """Return what special recognition would say, or refuse its citation."""
    said = " ".join(citation.split())
    shortest, longest = CITATION_LENGTH
    if not shortest <= len(said) <= longest:
        raise WrongCitation(
            f"The citation has {counted(len(said), 'character')}. "
            f"Write between {shortest} and {longest}."
        )
    team = whom.team if whom.holder is Holder.PERSON else None
    fields = wording.for_recognition(event, recipient=whom.name, team=team, citation=said)
    refuse_unprintable(fields)
    return fields


def award_recognition(
    event: Event, whom: Recognised, *, citation: str, recognition: UUID, by: Actor, at: datetime
) -> CertificateIssue:
    """Give special recognition; the same recognition sent twice is one."""
    register = locked_register(event.programme)
    award = f"recognition:{recognition}"
    standing = db.session.scalar(
        select(CertificateIssue).where(
            CertificateIssue.programme_id == event.programme_id, CertificateIssue.award == award
        )
    )
    if standing is not None:
        return standing

    given = Award(
        kind=CertificateKind.RECOGNITION,
        holder=whom.holder,
        holder_id=whom.holder_id,
        award=award,
        design="recognition",
        fields=recognition_fields(event, whom, citation),
        event_id=event.id,
        team_id=whom.team.id if whom.team else None,
    )
    (issue,) = enter(register, event.programme, [given], batch=award, by=by, at=at)
    return issue


def locked_register(programme: Programme) -> CertificateRegister:
    """Return a programme's register for this transaction alone; others wait for their turn."""
    mine = (
        select(CertificateRegister)
        .where(CertificateRegister.programme_id == programme.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    standing = db.session.scalar(mine)
    if standing is not None:
        return standing
    try:
        with db.session.begin_nested():
            db.session.add(CertificateRegister(programme_id=programme.id, last_serial=0))
    except IntegrityError:
        pass  # somebody else has just opened it
    return db.session.scalars(mine).one()


def enter(
    register: CertificateRegister,
    programme: Programme,
    awards: Sequence[Award],
    *,
    batch: str,
    by: Actor,
    at: datetime,
) -> Sequence[CertificateIssue]:
    """Enter awards into the locked register, each with the next number, and let them be drawn."""
    issues = [
        add_to_register(register, programme, award, batch=batch, by=by, at=at) for award in awards
    ]
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise AlreadyIssued(
            "One of these certificates has just been issued. Open the register to see it."
        ) from twice
    for issue in issues:
        enqueue("certificates.draw", due_at=at, batch=batch, issue_id=str(issue.id))
        record(
            "issue",
            issue,
            by=by,
            at=at,
            programme_id=programme.id,
            after={"number": issue.number, "award": issue.award, "holder": issue.holder_id},
        )
    return issues


def add_to_register(
    register: CertificateRegister,
    programme: Programme,
    award: Award,
    *,
    batch: str,
    by: Actor,
    at: datetime,
) -> CertificateIssue:
    """Write one line into the locked register, under the next number."""
    register.last_serial += 1
    number = certificate_number(programme, register.last_serial)
    code = new_secret()
    issue = CertificateIssue(
        id=uuid4(),
        programme_id=programme.id,
        event_id=award.event_id,
        kind=award.kind,
        holder=award.holder,
        holder_id=award.holder_id,
        person_id=award.person_id,
        team_id=award.team_id,
        award=award.award,
        revision=award.revision,
        serial=register.last_serial,
        number=number,
        code=code,
        design=award.design,
        design_version=design_version(award.design),
        fields=wording.numbered(award.fields, number=number, code=code, at=at),
        issued_at=at,
        issued_by=by.label,
        batch=batch,
        by_exception=award.by_exception,
    )
    db.session.add(issue)
    return issue


def certificate_number(programme: Programme, serial: int) -> str:
    """Return the number that a person reads: prefix, serial, check character."""
    plain = f"{programme.certificate_prefix}-{serial:04d}"
    return f"{plain}-{check_character(plain)}"


def next_numbers(programme: Programme, how_many: int) -> tuple[str, str]:
    """Return the first and last number that would be given now; only a promise until then."""
    last = (
        db.session.scalar(
            select(CertificateRegister.last_serial).where(
                CertificateRegister.programme_id == programme.id
            )
        )
        or 0
    )
    return (
        certificate_number(programme, last + 1),
        certificate_number(programme, last + max(how_many, 1)),
    )


def design_version(design: str) -> str:
    """Return which version of a design stands in the folder now."""
    return str(designs()[design].version)


def refuse_unresolved_counts(programme: Programme, event: Event | None = None) -> None:
    """Refuse while a head count differs from the list and nobody has said why."""
    for where, count in open_head_counts(programme):
        if event is None or where.id == event.id:
            raise PresenceUnresolved(
                f"{where.title}: {counted(count.counted, 'person', 'people')} counted, "
                f"{count.here} on the list. Resolve the difference or waive it with a reason, "
                "then issue."
            )


def refuse_unprintable(fields: wording.Fields) -> None:
    """Refuse words that would be printed as empty boxes."""
    strange = wording.strange_letters(fields)
    if strange:
        raise CannotPrint(
            f"{fields['recipient']}: our print fonts have no “{'”, “'.join(strange)}”. "
            "Change it, then issue."
        )


def _completion(line: PersonStanding | TeamStanding, programme: Programme) -> Award:
    if isinstance(line, PersonStanding):
        design, fields = "completion", wording.for_person(line, programme)
    else:
        design, fields = "team", wording.for_team(line, programme)
    return Award(
        kind=CertificateKind.COMPLETION,
        holder=line.holder,
        holder_id=line.id,
        award=COMPLETION,
        design=design,
        fields=fields,
        team_id=line.team.id,
        by_exception=line.completion.is_by_exception,
    )


def _who_was_first(programme: Programme, award: str) -> str:
    first = db.session.scalar(
        select(CertificateIssue)
        .where(CertificateIssue.programme_id == programme.id, CertificateIssue.award == award)
        .order_by(CertificateIssue.issued_at.desc())
        .limit(1)
    )
    if first is None:
        return "There is nobody to issue a certificate to yet."
    day, clock = day_words(first.issued_at), clock_words(first.issued_at)
    return f"Nobody is left to issue to: {first.issued_by} did so on {day} at {clock}."


def note_drawn(
    issue: CertificateIssue, *, file_key: str, pdf_sha256: str, version: str, at: datetime
) -> None:
    """Keep where a certificate's PDF lies and its fingerprint; the first drawing stands."""
    if issue.drawn_at is not None:
        return
    issue.file_key, issue.pdf_sha256, issue.drawn_at = file_key, pdf_sha256, at
    issue.design_version = version


def pdf_key(issue_id: UUID) -> str:
    """Return under which key a certificate's PDF is kept."""
    return f"certificates/{issue_id}.pdf"
