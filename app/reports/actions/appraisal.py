"""Somebody's own appraisal pack: set in print and drawn when they ask for it, and kept nowhere."""

from collections.abc import Sequence
from datetime import datetime

from app.groupwork.rules.agreeing import OUTCOME_WORDS
from app.people.models import Person
from app.plumbing.addresses import short_address_of
from app.plumbing.pdf import document_pdf
from app.plumbing.stationery import set_in_print
from app.posters.actions.papers import ASPECTS
from app.questionnaires.rules.drawing import shown
from app.reports.queries.appraisal import Chapter

FEW_PAGES = 10
SIGNS_A_PAGE = 6000


def title_of(me: Person) -> str:
    """Return what the pack is called."""
    return f"Appraisal pack: {me.name_on_certificate}"


def in_print(me: Person, chapters: Sequence[Chapter], *, at: datetime) -> str:
    """Set the pack in print; what it shows it brings along, so that it is drawn without the database."""
    return set_in_print(
        "reports/paper/appraisal_pack",
        me=me,
        chapters=[(chapter, shown(chapter.skills)) for chapter in chapters],
        addresses={
            issue.id: short_address_of("public.certificates.certificate", code=issue.code)
            for chapter in chapters
            for issue in chapter.certificates
        },
        poster_addresses={
            chapter.poster.id: short_address_of("public.posters.poster", code=chapter.poster.code)
            for chapter in chapters
            if chapter.poster
        },
        aspects=ASPECTS,
        outcomes=OUTCOME_WORDS,
        title=title_of(me),
        at=at,
    )


def drawn(html: str, *, title: str) -> bytes:
    """Return the pack as PDF."""
    return document_pdf(html, title=title, pages=FEW_PAGES + len(html) // SIGNS_A_PAGE)
