"""Writing to those who have not answered, without anybody learning who that is."""

from datetime import datetime, timedelta
from uuid import UUID

from app.kernel.actor import Actor
from app.people.actions import mint_link
from app.plumbing.database import db, hold
from app.plumbing.mail import letters_about
from app.plumbing.queue import enqueue
from app.questionnaires import messages
from app.questionnaires.actions.rounds import RoundIsNotOpen, note
from app.questionnaires.models import Wave
from app.questionnaires.queries.answers import silent_at
from app.questionnaires.rules.timing import RoundState
from app.registration.rules.places import link_ends_at

REMIND_AGAIN_AFTER = timedelta(hours=20)


def plan_reminders(wave: Wave, *, by: Actor, at: datetime) -> None:
    """Have everybody reminded who has not answered; nobody learns who that is."""
    if wave.state(at) is not RoundState.OPEN:
        raise RoundIsNotOpen("This round is not open. Reminders go out while it is.")
    enqueue("questionnaires.remind", due_at=at, wave_id=str(wave.id))
    note("reminded", wave, by, at)


def remind_some(wave_id: UUID, *, most: int, at: datetime) -> int:
    """Write to some of those who have not answered, by their own link; return how many that were."""
    wave = db.session.get_one(Wave, wave_id)
    hold(wave)
    if wave.state(at) is not RoundState.OPEN:
        return 0
    silent = silent_at(wave)
    written = letters_about(*(_about(wave, place.person_id) for place in silent))
    due = [
        place
        for place in silent
        if (last := written.get(_about(wave, place.person_id))) is None
        or last.created_at <= at - REMIND_AGAIN_AFTER
    ][:most]
    for place in due:
        ends_at = link_ends_at(wave.event.ends_at)
        token = mint_link(place.person, at=at, expires_at=ends_at)
        about = _about(wave, place.person_id)
        messages.reminder(wave, place.person, token, about=about, at=at)
    return len(due)


def _about(wave: Wave, person_id: UUID) -> str:
    return f"skills:{wave.id}:{person_id}"
