"""What a session leaves: one page for everybody, exports, and papers for the tables."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.groupwork.actions import following_up, papers
from app.groupwork.models import GroupWork
from app.groupwork.queries.agreements import agreements_of
from app.groupwork.queries.letters import harvests_sent, who_came
from app.groupwork.queries.papers import flip_chart_at
from app.groupwork.queries.sessions import prompts_of, standing_of
from app.groupwork.queries.themes import board_of
from app.groupwork.views.finding import work_at
from app.groupwork.views.organiser.blueprint import HERE, pages
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import pdf_answer
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content
from app.plumbing.spreadsheets import csv_export
from app.programmes.queries import Staff

HEADER = (
    "Kind",
    "Question",
    "Theme",
    "Dots",
    "Text",
    "Table",
    "Owner",
    "By when",
    "How sure",
    "Outcome",
)


@pages.get(f"{HERE}/harvest")
@needs(Permission.LEAD_GROUP_WORK)
def harvest(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show what the room found and agreed, with everything to print, send and take along."""
    work = work_at(event)
    return render_template(
        "groupwork/organiser/harvest.html",
        event=event,
        work=work,
        standing=standing_of(work, at=now()),
        boards=[(prompt, board_of(prompt)) for prompt in prompts_of(work)],
        agreements=agreements_of(work),
        sent=harvests_sent(work),
        to_send=sum(place.person.email is not None for place in who_came(work)),
    )


@pages.post(f"{HERE}/harvest/letters")
@needs(Permission.LEAD_GROUP_WORK)
def send_harvest(event: Event, staff: Staff) -> ResponseReturnValue:
    """Send the page to everybody who was there."""
    work = work_at(event)
    with transaction():
        following_up.send_harvest(work, by=staff.actor, at=now())
    flash("On its way to everybody who was here.", "success")
    return redirect(url_for(".harvest", programme_slug=event.programme.slug, event_slug=event.slug))


@pages.get(f"{HERE}/papers/<paper>.pdf")
@needs(Permission.LEAD_GROUP_WORK)
def paper(event: Event, staff: Staff, paper: str) -> ResponseReturnValue:
    """Hand out a paper to print."""
    drawn = _paper(work_at(event), paper, at=now())
    db.session.rollback()  # no database transaction stays open while we draw
    return pdf_answer(drawn.drawn(), f"{paper}-{event.slug}.pdf")


def _paper(work: GroupWork, name: str, *, at: datetime) -> papers.Paper:
    if name == "harvest":
        return papers.harvest(work, at=at)
    made = {
        "table-cards": papers.table_cards,
        "table-sheets": papers.table_sheets,
        "cards": papers.cards_to_cut,
    }
    return made[name](work) if name in made else abort(404)


@pages.get(f"{HERE}/export.csv")
@needs(Permission.LEAD_GROUP_WORK)
def export_csv(event: Event, staff: Staff) -> ResponseReturnValue:
    """Hand out every card that the room has read and every agreement, as a table."""
    content = csv_export(HEADER, _rows(work_at(event)))
    return _file(content, "text/csv", f"group-work-{event.slug}.csv")


def _rows(work: GroupWork) -> Iterator[tuple[str | int | None, ...]]:
    for prompt in prompts_of(work):
        board = board_of(prompt)
        themed = [
            (sheet.theme.name, sheet.dots, card) for sheet in board.sheets for card in sheet.cards
        ]
        for theme, dots, card in (*themed, *(("", None, card) for card in board.loose)):
            table = card.table.name if card.table else "Anonymous"
            yield "Card", prompt.text, theme, dots, card.text, table, "", "", None, ""
    for one in agreements_of(work):
        outcome = one.outcome.value if one.outcome else ""
        yield (
            *("Agreement", "", "", None, one.text, one.table.name, one.owner_name),
            *(one.due_on.isoformat(), one.strength, outcome),
        )


@pages.get(f"{HERE}/export.txt")
@needs(Permission.LEAD_GROUP_WORK)
def export_text(event: Event, staff: Staff) -> ResponseReturnValue:
    """Hand out the same as plain text, to paste anywhere."""
    work = work_at(event)
    text = render_template(
        "groupwork/organiser/export.txt",
        event=event,
        boards=[(prompt, board_of(prompt)) for prompt in prompts_of(work)],
        agreements=agreements_of(work),
    )
    return _file(text.encode(), "text/plain", f"group-work-{event.slug}.txt")


@pages.get(f"{HERE}/charts/<uuid:chart_id>")
@needs(Permission.LEAD_GROUP_WORK)
def flip_chart(event: Event, staff: Staff, chart_id: UUID) -> ResponseReturnValue:
    """Hand out the photo of a flip chart, cleaned."""
    chart = flip_chart_at(work_at(event), chart_id) or abort(404)
    content = file_content(chart.file_key) if chart.file_key else None
    return Response(content or abort(404), mimetype="image/jpeg")


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
