"""A table's own page, for the phone that holds its pen: no account, the code on the table's card."""

from datetime import timedelta
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.groupwork import forms
from app.groupwork.actions import agreeing, tables, voting, writing
from app.groupwork.actions.papers import code_address
from app.groupwork.models import Scribe, Table
from app.groupwork.queries.agreements import agreement_at
from app.groupwork.queries.cards import card_at
from app.groupwork.queries.sessions import scene_word, standing_of
from app.groupwork.queries.tables import scribe_of, scribe_with_key, table_with_code
from app.groupwork.queries.themes import themes_of
from app.groupwork.rules.words import Source
from app.groupwork.views.public.blueprint import pages
from app.groupwork.views.tables import own_table, scene_at
from app.kernel.actor import Actor
from app.kernel.clock import london_day, now
from app.kernel.codes import normal_code
from app.kernel.permission import Permission, needs
from app.kernel.refusal import HasEnded, NotThere, Refusal
from app.plumbing.answers import part_answer_at
from app.plumbing.browser import SCRIBE_COOKIE, lead_in, read_cookie
from app.plumbing.database import transaction
from app.plumbing.limits import counting_misses, limiter
from app.plumbing.qr import qr_svg

OPEN_AFTER = timedelta(hours=12)
"""So long after the event's end a table's code opens its page."""


@pages.route("/g", methods=["GET", "POST"])
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit("120 per minute", methods=["POST"])
def join() -> ResponseReturnValue:
    """Ask for the code on the table's card, and lead to the table."""
    form = forms.TableCode()
    if not form.validate_on_submit():
        page = render_template("groupwork/public/join.html", form=form)
        return page, 422 if request.method == "POST" else 200
    code = normal_code(form.code_given)
    if table_with_code(code) is None:
        form.code.errors = ["No table has this code. Look at each character on the card again."]
        return render_template("groupwork/public/join.html", form=form), 422
    return redirect(url_for(".table", code=code))


@pages.get("/g/<code>")
@pages.get("/G/<code>", endpoint="table_in_capitals")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def table(code: str) -> ResponseReturnValue:
    """Show the table's page to the phone that holds the pen, and to others how to take it."""
    found = _table(code)
    if not _holds_pen(found):
        return _pen_page(found)
    return _page(found, forms.Card(formdata=None))


@pages.get("/g/<code>/now")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def table_now(code: str) -> ResponseReturnValue:
    """Give a table's page its state of this moment, or say that nothing is new."""
    found = _table(code)
    at, is_pen_here = now(), _holds_pen(found)
    return part_answer_at(
        f"{scene_word(found.group_work, at=at)}-{is_pen_here}",
        lambda: render_template(
            "groupwork/public/_table_now.html",
            **scene_at(found.group_work, at=at),
            is_pen_here=is_pen_here,
        ),
    )


@pages.post("/g/<code>/pen")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def take_pen(code: str) -> ResponseReturnValue:
    """Let this phone write for the table; the one before is told, and loses nothing."""
    found = _table(code)
    if _holds_pen(found):
        return redirect(url_for(".table", code=found.code))
    at = now()
    with transaction():
        key = tables.take_pen(found, at=at)
    lasts = found.group_work.event.ends_at + OPEN_AFTER - at
    return lead_in(url_for(".table", code=found.code), SCRIBE_COOKIE, key, lasts=lasts)


@pages.post("/g/<code>/cards")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def write(code: str) -> ResponseReturnValue:
    """Take a card from the table's scribe."""
    found = _table(code)
    form = forms.Card()
    if not _holds_pen(found):
        return _pen_page(found, form), 409
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        with transaction():
            writing.write_card(
                found.group_work, form.written, source=Source.SCRIBE, table=found, at=now()
            )
    except Refusal as why:
        form.form_errors = [str(why)]
        return _page(found, form), 409
    return _back(found)


@pages.post("/g/<code>/cards/<uuid:card_id>/withdrawal")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def take_back(code: str, card_id: UUID) -> ResponseReturnValue:
    """Take a card of the table back."""
    found = _table(code)
    card = card_at(found.group_work, card_id) or abort(404)
    if card.table_id != found.writes_for.id or card.source is not Source.SCRIBE:
        abort(404)
    if not _holds_pen(found):
        return _pen_page(found), 409
    with transaction():
        writing.withdraw_card(found.group_work, card, at=now())
    flash("The card is taken back.", "success")
    return _back(found)


@pages.post("/g/<code>/vote")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def vote(code: str) -> ResponseReturnValue:
    """Keep a table's dots."""
    found = _table(code)
    form, card = forms.Vote(), forms.Card(formdata=None)
    if not _holds_pen(found):
        return _pen_page(found), 409
    if not form.validate_on_submit():
        abort(400)
    standing = standing_of(found.group_work, at=now())
    dots = form.dots_on(themes_of(standing.prompt))
    try:
        with transaction():
            voting.vote(found.group_work, dots, table=found)
    except Refusal as why:
        card.form_errors = [str(why)]
        return _page(found, card), 409
    flash("Your dots are in. Nobody sees them before the vote closes.", "success")
    return _back(found)


@pages.route("/g/<code>/agreement", methods=["GET", "POST"])
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def propose(code: str) -> ResponseReturnValue:
    """Take an agreement from the table's scribe."""
    found, at = _table(code), now()
    if not _holds_pen(found):
        return _pen_page(found), 409
    form = forms.Proposal().offer(found, on=london_day(at))
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            with transaction():
                agreeing.propose(found.group_work, found, form.proposed, is_paper=False, at=at)
        except Refusal as why:
            form.form_errors, status = [str(why)], 409
        else:
            flash("It is on the list. Its owner says yes on their own phone.", "success")
            return _back(found)
    page = render_template(
        "groupwork/public/propose.html",
        table=found,
        event=found.group_work.event,
        form=form,
    )
    return page, status


@pages.post("/g/<code>/agreements/<uuid:agreement_id>/withdrawal")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def take_agreement_back(code: str, agreement_id: UUID) -> ResponseReturnValue:
    """Take an agreement of the table back."""
    found = _table(code)
    agreement = agreement_at(found.group_work, agreement_id) or abort(404)
    if agreement.table_id != found.writes_for.id:
        abort(404)
    if not _holds_pen(found):
        return _pen_page(found), 409
    by = Actor("public", found.id, found.name)
    with transaction():
        agreeing.withdraw_agreement(found.group_work, agreement, by=by, at=now())
    flash("The agreement is taken back.", "success")
    return _back(found)


def _table(code: str) -> Table:
    found = table_with_code(code.upper())
    if found is None:
        raise NotThere
    if now() > found.group_work.event.ends_at + OPEN_AFTER:
        raise HasEnded
    return found


def _holds_pen(table: Table) -> bool:
    scribe = _our_scribe()
    return scribe is not None and scribe.table_id == table.id and scribe.ended_at is None


def _our_scribe() -> Scribe | None:
    key = read_cookie(request, SCRIBE_COOKIE)
    return scribe_with_key(key) if key else None


def _page(table: Table, form: forms.Card) -> str:
    at = now()
    if form.question.data in (None, ""):
        form.question.data = str(table.group_work.question)
    return render_template(
        "groupwork/public/table.html",
        form=form,
        is_pen_here=True,
        handover=qr_svg(code_address(table), title=f"Write for {table.name}"),
        **own_table(table, at=at),
    )


def _pen_page(table: Table, form: forms.Card | None = None) -> str:
    ours = _our_scribe()
    return render_template(
        "groupwork/public/pen.html",
        table=table,
        event=table.group_work.event,
        scribe=scribe_of(table),
        lost_at=ours.ended_at if ours and ours.table_id == table.id else None,
        words=form.text.data if form else None,
        form=form or forms.Nothing(formdata=None),
    )


def _back(table: Table) -> Response:
    return redirect(url_for(".table", code=table.code))
