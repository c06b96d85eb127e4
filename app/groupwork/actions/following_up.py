"""After the session: the harvest goes out, and owners are asked months later what became of it."""

from datetime import datetime
from uuid import uuid4

from app.groupwork import messages
from app.groupwork.models import Agreement, FollowUp, GroupWork
from app.groupwork.queries.agreements import agreements_of
from app.groupwork.queries.letters import who_came
from app.groupwork.rules.agreeing import ASKED_AFTER_MONTHS, is_open, months_later
from app.groupwork.rules.stages import Stage
from app.kernel.actor import Actor
from app.kernel.clock import from_london, london
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import hold, insert_new
from app.plumbing.queue import enqueue

MORNING = 9


class NotSharedYet(Refusal):
    """What is not finished is not sent."""


def plan_letters(work: GroupWork, *, at: datetime) -> None:
    """Plan the letters that ask what became of each agreement, once."""
    for agreement in agreements_of(work):
        for months in ASKED_AFTER_MONTHS:
            follow_up = FollowUp(
                id=uuid4(),
                agreement_id=agreement.id,
                months=months,
                due_at=due_at(at, months),
                words="",
            )
            if insert_new(follow_up):
                enqueue(
                    "groupwork.ask_after",
                    due_at=follow_up.due_at,
                    follow_up_id=str(follow_up.id),
                )


def due_at(shared_at: datetime, months: int) -> datetime:
    """Return the morning, so many months later, on which a letter goes out."""
    here = london(shared_at)
    day = months_later(here.date(), months)
    return from_london(datetime(day.year, day.month, day.day, MORNING))  # noqa: DTZ001 - a reading of British clocks


def ask_after(follow_up: FollowUp, *, at: datetime) -> None:
    """Write to the owner of an agreement, if they said yes to it and it is still to be done."""
    agreement = follow_up.agreement
    if follow_up.sent_at is not None or not wants_letter(agreement):
        return
    if messages.ask_after(follow_up, at=at):
        follow_up.sent_at = at


def wants_letter(agreement: Agreement) -> bool:
    """Say whether an owner is still to be asked: who never said yes is not, nor who wants no more."""
    return (
        agreement.group_work.stage is Stage.SHARED
        and agreement.withdrawn_at is None
        and agreement.agreed_at is not None
        and agreement.letters_end_at is None
        and is_open(agreement.outcome)
    )


def send_harvest(work: GroupWork, *, by: Actor, at: datetime) -> None:
    """Let the harvest go to everybody who was there, by a job of its own."""
    if work.stage is not Stage.SHARED:
        raise NotSharedYet("Finish the session first; then the page goes out as it is.")
    enqueue("groupwork.send_harvest", due_at=at, group_work_id=str(work.id))
    record("sent the harvest", work, by=by, at=at, programme_id=work.event.programme_id)


def send_some(work: GroupWork, paper: bytes, *, most: int, at: datetime) -> int:
    """Send the harvest to some of those who were there and have not had it; return to how many."""
    hold(work)
    missing = [place for place in who_came(work) if place.person.email][:most]
    for place in missing:
        messages.harvest(work, place.person, paper, at=at)
    return len(missing)
