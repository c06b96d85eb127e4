"""What somebody writes for themselves stands on their own pages and on no other (GRP-21)."""

import subprocess
from uuid import UUID

from sqlalchemy import update

from app.groupwork.actions.noting import keep_note
from app.groupwork.models import GroupWork
from app.plumbing.database import db, transaction
from app.plumbing.limits import limiter
from app.registration.models import Registration
from tests.house.world import AT, OWN, all_rows, methods_of

NOTE = "Overheard: the quiet ones knew"
ITS_WRITERS = {"attendee.groupwork.note", "attendee.reports.appraisal_pack"}
ITS_PAPER = "attendee.reports.appraisal_file"

ASKED = ("attendee", "another attendee", "steward", "facilitator", "organiser", "administrator")


def said_by(answer) -> str:
    """What is on a page, or can be read out of a paper; files that the world made up say nothing."""
    plain = answer.data.decode(errors="replace")
    if answer.mimetype != "application/pdf":
        return plain
    read = subprocess.run(["pdftotext", "-", "-"], input=answer.data, capture_output=True)
    return plain + " ".join(read.stdout.decode().split())


def test_a_note_stands_on_its_writers_pages_and_no_other(world):
    limiter.reset()
    with transaction():
        place = db.session.get_one(Registration, UUID(world.corners[OWN]["registration_id"]))
        keep_note(place, NOTE, at=AT)
    shown = {}
    with transaction():
        db.session.execute(update(GroupWork).values(shared_at=AT))
    for caller in (world.caller(name) for name in ASKED):
        for rule in world.app.url_map.iter_rules():
            if "GET" not in methods_of(rule) or rule.endpoint in {"static", "security.logout"}:
                continue
            if NOTE in said_by(world.ask(caller, rule)):
                shown.setdefault(caller.name, set()).add(rule.endpoint)
    kept = {name for name, rows in all_rows().items() if NOTE in repr(rows)}
    world.rebuild()

    assert shown == {"attendee": {*ITS_WRITERS, ITS_PAPER}}
    assert kept == {"group_note"}
