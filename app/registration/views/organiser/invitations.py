"""Who was invited, who has not answered, and the ways to invite more people."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.programmes.queries import Staff
from app.registration.actions import invitations
from app.registration.models import Status
from app.registration.queries import counts_by_status, lists_of, people_to_remind
from app.registration.views.organiser.blueprint import pages


@pages.get("/<programme_slug>/events/<event_slug>/invitations")
@needs(Permission.IMPORT_PEOPLE)
def invite(staff: Staff, event: Event) -> ResponseReturnValue:
    """Show how the invitations stand, the lists that were uploaded, and how to invite more."""
    counts = counts_by_status(event)
    return render_template(
        "registration/organiser/invite.html",
        staff=staff,
        event=event,
        lists=lists_of(event),
        silent=counts.get(Status.INVITED, 0),
        booked=counts.get(Status.CONFIRMED, 0),
        declined=counts.get(Status.DECLINED, 0),
        to_remind=len(people_to_remind(event, at=now())),
    )


@pages.post("/<programme_slug>/events/<event_slug>/invitations/reminder")
@needs(Permission.MAIL_ATTENDEES)
def remind(staff: Staff, event: Event) -> ResponseReturnValue:
    """Write to everybody who has not answered, each at most once a day."""
    at = now()
    count = len(people_to_remind(event, at=at))
    if count:
        with transaction():
            invitations.plan_reminders(event, by=staff.actor, at=at)
    flash(*_said(count))
    return redirect(url_for(".invite", programme_slug=event.programme.slug, event_slug=event.slug))


def _said(count: int) -> tuple[str, str]:
    if not count:
        return "Everybody who has not answered had a letter in the last 24 hours.", "info"
    return f"{count:,} {'reminder is' if count == 1 else 'reminders are'} on the way.", "success"
