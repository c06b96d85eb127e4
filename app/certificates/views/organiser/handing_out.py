"""Handing certificates out: one file for the printer, and letters to their recipients."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates import forms
from app.certificates.actions import printing, sending
from app.certificates.queries.handing_out import in_print_order, print_at, prints_of, sending_lines
from app.certificates.rules import PrintOrder
from app.certificates.views.organiser.blueprint import pages
from app.kernel.clock import london, now
from app.kernel.permission import Permission, needs
from app.kernel.text import counted
from app.plumbing.answers import part_answer, pdf_answer
from app.plumbing.database import transaction
from app.plumbing.files import file_content
from app.plumbing.queue import batch_progress
from app.programmes.models import Programme
from app.programmes.queries import Staff


@pages.route("/<programme_slug>/certificates/print", methods=["GET", "POST"])
@needs(Permission.ISSUE_CERTIFICATES)
def print_all(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """Choose an order, and let one file for the printer be made."""
    form = forms.Print()
    if not form.validate_on_submit():
        page = render_template(
            "certificates/organiser/print_all.html",
            programme=programme,
            staff=staff,
            form=form,
            number=len(in_print_order(programme, PrintOrder.STAGE)),
            files=prints_of(programme),
        )
        return page, 422 if form.errors else 200

    with transaction():
        file = printing.ask_for_print(programme, order=form.order_chosen, by=staff.actor, at=now())
        print_id = file.id
    return redirect(url_for(".printed", programme_slug=programme.slug, print_id=print_id))


@pages.get("/<programme_slug>/certificates/print/<uuid:print_id>")
@needs(Permission.ISSUE_CERTIFICATES)
def printed(staff: Staff, programme: Programme, print_id: UUID) -> ResponseReturnValue:
    """Show how far a file for the printer is, then hand it out."""
    file = print_at(programme, print_id) or abort(404)
    _, _, stuck = batch_progress(f"print:{file.id}")
    is_part = bool(request.args.get("part"))
    page = render_template(
        PRINTED[is_part], programme=programme, staff=staff, file=file, stuck=stuck
    )
    return part_answer(page) if is_part else page


PRINTED = {
    True: "certificates/organiser/_printed.html",
    False: "certificates/organiser/printed.html",
}


@pages.get("/<programme_slug>/certificates/print/<uuid:print_id>/file")
@needs(Permission.ISSUE_CERTIFICATES)
def printed_file(
    staff: Staff,
    programme: Programme,
    print_id: UUID,
) -> ResponseReturnValue:
    """Hand out the file for the printer."""
    file = print_at(programme, print_id) or abort(404)
    content = file_content(file.file_key) if file.file_key else None
    if content is None:
        abort(404)
    # PDF viewers cache by name, so the name carries the order and the moment.
    made = london(file.asked_at)
    name = f"certificates-{programme.slug}-{file.order.value}-{made:%Y-%m-%d-%H%M%S}.pdf"
    return pdf_answer(content, name, as_download=True)


@pages.route("/<programme_slug>/certificates/send", methods=["GET", "POST"])
@needs(Permission.ISSUE_CERTIFICATES)
def send(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """Show how far each letter is, and send what was not sent yet."""
    form = forms.Press()
    if form.validate_on_submit():
        with transaction():
            sent = sending.send_all(programme, by=staff.actor, at=now())
        flash(f"{counted(len(sent), 'letter')} on the way.", "success")
        return redirect(url_for(".send", programme_slug=programme.slug))

    lines = sending_lines(programme, at=now())
    is_part = bool(request.args.get("part"))
    page = render_template(
        SENT[is_part],
        programme=programme,
        staff=staff,
        form=form,
        lines=lines,
        to_send=[line for line in lines if line.can_be_sent],
    )
    return part_answer(page) if is_part else page


SENT = {
    True: "certificates/organiser/_letters.html",
    False: "certificates/organiser/send.html",
}
