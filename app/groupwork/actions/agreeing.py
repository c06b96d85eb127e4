"""Tables propose agreements, owners say yes to them, and later tell what became of them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from app.groupwork.models import Agreement, FollowUp, GroupWork, Table
from app.groupwork.queries.agreements import agreement_sent_as, agreements_of_table
from app.groupwork.queries.sessions import standing_of
from app.groupwork.queries.tables import people_here
from app.groupwork.rules.agreeing import MOST_AT_A_TABLE, Outcome
from app.groupwork.rules.stages import Stage, takes_agreements
from app.kernel.actor import Actor
from app.kernel.names import sorting_name
from app.kernel.refusal import Refusal
from app.people.models import Person
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new
from app.programmes.models import Team
from app.programmes.queries import teams_of
from app.registration.models import Registration


class NoAgreementsNow(Refusal):
    """Agreements are proposed in their own part of the session."""


class EnoughAgreements(Refusal):
    """A table has proposed as many as it may."""


class NotHere(Refusal):
    """Somebody is to own an agreement who is not there to say yes."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What, who, by when, how sure."""

    text: str
    owner: str
    """The id of a place or of a team, as the form offers it."""
    owner_name: str
    """Or the name of somebody else who is here."""
    due_on: date
    strength: int | None
    form_id: UUID


def propose(
    work: GroupWork, table: Table, proposal: Proposal, *, is_paper: bool, at: datetime
) -> Agreement:
    """Keep what a table undertakes; the same form sent again is the same agreement."""
    # The same form at the same moment waits here, and then finds what the first one wrote.
    hold(work)
    standing = agreement_sent_as(proposal.form_id)
    if standing is not None:
        return standing
    if not takes_agreements(standing_of(work, at=at).stage):
        raise NoAgreementsNow("Agreements are not collected now. Your words are kept here.")
    if len(agreements_of_table(table)) >= MOST_AT_A_TABLE:
        raise EnoughAgreements(
            f"{table.writes_for.name} has {MOST_AT_A_TABLE} agreements. Take one back to add another."
        )
    place, team = owner_of(work, proposal)
    newest = db.session.scalar(
        select(func.max(Agreement.number)).where(Agreement.group_work_id == work.id)
    )
    agreement = Agreement(
        id=uuid4(),
        group_work_id=work.id,
        table_id=table.writes_for.id,
        number=(newest or 0) + 1,
        text=proposal.text,
        owner_id=place.id if place else None,
        owner_team_id=team.id if team else None,
        due_on=proposal.due_on,
        strength=proposal.strength,
        is_paper=is_paper,
        submission_id=proposal.form_id,
        written_at=at,
    )
    insert_new(agreement)
    work.revision += 1
    kept = agreement_sent_as(proposal.form_id)
    assert kept is not None, "it is there: we or the same form a moment ago wrote it"
    return kept


def owner_of(work: GroupWork, proposal: Proposal) -> tuple[Registration | None, Team | None]:
    """Return the person who is here, or the team, that an agreement names; refuse anybody else."""
    here = people_here(work.event)
    if proposal.owner_name:
        wanted = sorting_name(proposal.owner_name)
        found = [one for one in here if one.person.sorting_name == wanted]
        if len(found) == 1:
            return found[0], None
        raise NotHere(
            f"Nobody called {proposal.owner_name} has checked in. "
            "Choose somebody who is here, or a team: an owner says yes themselves."
        )
    place = next((one for one in here if str(one.id) == proposal.owner), None)
    team = next(
        (one for one in teams_of(work.event.programme) if str(one.id) == proposal.owner), None
    )
    if place is None and team is None:
        raise NotHere("The owner is not here any more. Choose somebody who is here, or a team.")
    return place, team


def withdraw_agreement(work: GroupWork, agreement: Agreement, *, by: Actor, at: datetime) -> None:
    """Take an agreement back while agreements are collected."""
    hold(work)
    if work.stage is not Stage.AGREEMENTS:
        raise NoAgreementsNow("Agreements are not changed any more.")
    if agreement.withdrawn_at is None:
        agreement.withdrawn_at = at
        work.revision += 1
        record(
            "took an agreement back",
            agreement,
            by=by,
            at=at,
            programme_id=work.event.programme_id,
        )


def consent(agreement: Agreement, person: Person, *, says_yes: bool, at: datetime) -> None:
    """Write down whether its owner, or somebody of the team that owns it, agrees."""
    hold(agreement.group_work)
    hold(agreement)
    agreement.agreed_at = at if says_yes else None
    agreement.declined_at = None if says_yes else at
    agreement.agreed_by = person.id
    agreement.group_work.revision += 1
    record(
        "agreed to an agreement" if says_yes else "declined an agreement",
        agreement,
        by=Actor("attendee", person.id, person.name),
        at=at,
        programme_id=agreement.group_work.event.programme_id,
    )


def answer(
    follow_up: FollowUp, outcome: Outcome, *, words: str, ends_letters: bool, at: datetime
) -> None:
    """Write down what became of an agreement; a later answer to the same letter takes its place."""
    agreement = follow_up.agreement
    hold(agreement)
    follow_up.outcome, follow_up.words, follow_up.answered_at = outcome, words, at
    agreement.outcome, agreement.outcome_at = outcome, at
    if ends_letters:
        agreement.letters_end_at = at


def set_outcome(agreement: Agreement, outcome: Outcome, *, by: Actor, at: datetime) -> None:
    """Write down what became of an agreement, told in person."""
    hold(agreement)
    agreement.outcome, agreement.outcome_at = outcome, at
    record(
        "wrote down what became of an agreement",
        agreement,
        by=by,
        at=at,
        programme_id=agreement.group_work.event.programme_id,
        after={"outcome": outcome.value},
    )
