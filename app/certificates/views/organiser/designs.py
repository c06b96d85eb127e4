"""Trying every design before issuing: on the longest name, and on letters from far away."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates import forms
from app.certificates.actions import trying
from app.certificates.queries.completion import names_in
from app.certificates.queries.trials import Why, are_being_tried, trial_of, trials_of
from app.certificates.views.organiser.blueprint import pages
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import part_answer, pdf_answer
from app.plumbing.database import db, transaction
from app.plumbing.pdf import certificate_pdf, unprintable
from app.programmes.models import Programme
from app.programmes.queries import Staff


@pages.route("/<programme_slug>/certificates/check", methods=["GET", "POST"])
@needs(Permission.SEE_CERTIFICATES)
def template_check(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """Show how each design went with the longest real name and with strange ones; try them anew."""
    form = forms.Press()
    if form.validate_on_submit():
        with transaction():
            trying.try_designs(programme, at=now())
        return redirect(url_for(".template_check", programme_slug=programme.slug))

    is_part = bool(request.args.get("part"))
    page = render_template(
        CHECKED[is_part],
        programme=programme,
        staff=staff,
        form=form,
        trials=trials_of(programme),
        are_being_tried=are_being_tried(programme),
        strange={} if is_part else _unprintable_names(programme),
    )
    return part_answer(page) if is_part else (page, 422 if form.errors else 200)


CHECKED = {
    True: "certificates/organiser/_trials.html",
    False: "certificates/organiser/template_check.html",
}


def _unprintable_names(programme: Programme) -> dict[str, str]:
    """Return who has letters that no font of ours holds, and which."""
    return {
        name: "".join(sorted(letters))
        for name in names_in(programme)
        if (letters := unprintable(name))
    }


@pages.get("/<programme_slug>/certificates/check/<design>/<any(longest, strange):why>.pdf")
@needs(Permission.SEE_CERTIFICATES)
def template_preview(
    staff: Staff,
    programme: Programme,
    design: str,
    why: str,
) -> ResponseReturnValue:
    """Draw one design with one of the names it is tried on."""
    trial = trial_of(programme, design, Why(why)) or abort(404)
    db.session.rollback()  # the database need not wait for the drawing
    return pdf_answer(certificate_pdf(design, trial.fields), f"{design}-{why}.pdf", in_frames=True)
