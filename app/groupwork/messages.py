"""What we write about group work: the harvest of the day, and after months what became of it."""

from datetime import datetime

from app.groupwork.models import Agreement, FollowUp, GroupWork
from app.groupwork.rules.agreeing import Outcome
from app.kernel.codes import derived_code
from app.people.models import Person
from app.plumbing.addresses import address_of
from app.plumbing.keys import key_for
from app.plumbing.mail import Enclosure, mail_settings, post
from app.plumbing.stationery import written
from app.programmes.models import MemberRole, Team
from app.programmes.queries import memberships_of


def answer_token(follow_up: FollowUp) -> str:
    """Return the secret in a letter's addresses; it can be made again but is not kept."""
    return derived_code(key_for("agreement"), str(follow_up.id))


def owner_person(agreement: Agreement) -> Person | None:
    """Return who answers for an agreement: its owner, whoever said yes for the team, or its lead."""
    if agreement.owner is not None:
        return agreement.owner.person
    return _contact(agreement.owner_team) if agreement.owner_team is not None else None


def _contact(team: Team) -> Person | None:
    reached = [row for row in memberships_of(team) if row.left_on is None and row.person.email]
    leads = [row for row in reached if row.role is MemberRole.LEAD]
    return next((row.person for row in (*leads, *reached)), None)


def ask_after(follow_up: FollowUp, *, at: datetime) -> bool:
    """Ask the owner what became of an agreement; say whether there was an address to write to."""
    agreement = follow_up.agreement
    person = owner_person(agreement)
    if person is None or person.email is None:
        return False
    event = agreement.group_work.event
    token = answer_token(follow_up)
    words = written(
        "groupwork/email/ask_after",
        person=person,
        agreement=agreement,
        event=event,
        months=follow_up.months,
        link=address_of("public.groupwork.tell", follow_up_id=follow_up.id, token=token),
        ways=[
            (
                text,
                f"{address_of('public.groupwork.tell', follow_up_id=follow_up.id, token=token)}?say={outcome.value}",
            )
            for outcome, text in (
                (Outcome.DONE, "Done"),
                (Outcome.PARTLY, "Partly"),
                (Outcome.NOT_YET, "Not yet"),
            )
        ],
        organisation=mail_settings().sender_name,
    )
    post(
        words,
        to_name=person.name,
        to_address=person.email,
        at=at,
        about=f"agreement:{agreement.id}",
        programme_id=event.programme_id,
    )
    return True


def harvest(work: GroupWork, person: Person, paper: bytes, *, at: datetime) -> None:
    """Send somebody who was there what the room wrote and agreed, as a PDF."""
    assert person.email is not None, "who has no address gets no letter"
    event = work.event
    words = written(
        "groupwork/email/harvest",
        person=person,
        event=event,
        organisation=mail_settings().sender_name,
    )
    post(
        words,
        to_name=person.name,
        to_address=person.email,
        at=at,
        about=f"group-work:{work.id}",
        programme_id=event.programme_id,
        enclosures=[Enclosure(f"harvest-{event.slug}.pdf", "application/pdf", paper)],
    )
