"""Somebody's own appraisal pack: a page that fills itself, and the same as a PDF to take along."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from app.groupwork.rules.agreeing import OUTCOME_WORDS
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.models import Person
from app.plumbing.answers import pdf_answer
from app.plumbing.database import db
from app.plumbing.limits import limiter, this_person
from app.posters.actions.papers import ASPECTS
from app.questionnaires.rules.drawing import shown
from app.reports.actions import appraisal
from app.reports.queries.appraisal import appraisal_pack as pack_of

pages = Blueprint("reports", __name__)


@pages.get("/appraisal-pack")
@needs(Permission.SEE_OWN_RECORD)
def appraisal_pack(me: Person) -> ResponseReturnValue:
    """Show somebody what they can bring to their appraisal."""
    return render_template(
        "reports/attendee/appraisal_pack.html",
        me=me,
        chapters=[(chapter, shown(chapter.skills)) for chapter in pack_of(me, at=now())],
        aspects=ASPECTS,
        outcomes=OUTCOME_WORDS,
    )


@pages.get("/appraisal-pack/appraisal-pack.pdf")
@needs(Permission.SEE_OWN_RECORD)
@limiter.limit("30 per hour", key_func=this_person)
def appraisal_file(me: Person) -> ResponseReturnValue:
    """Draw somebody's pack for them alone; nothing of it is kept."""
    at = now()
    chapters = pack_of(me, at=at) or abort(404)
    title, html = appraisal.title_of(me), appraisal.in_print(me, chapters, at=at)
    db.session.rollback()  # no database transaction stays open while we draw
    content = appraisal.drawn(html, title=title)
    return pdf_answer(content, "appraisal-pack.pdf", as_download=True)
