"""The list of programmes, and what each says about itself."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.programmes import actions, forms
from app.programmes.models import Programme
from app.programmes.queries import Staff, all_programmes, programmes_of
from app.programmes.views.organiser.blueprint import pages


@pages.get("/")
@needs(Permission.SEE_OWN_PROGRAMMES)
def programmes(staff: Staff) -> ResponseReturnValue:
    """Show the programmes that somebody works on, and to administrators which there are."""
    mine = programmes_of(staff)
    others = all_programmes() if staff.may(Permission.RUN_THE_SERVER) else []
    return render_template(
        "programmes/organiser/programmes.html",
        staff=staff,
        programmes=mine,
        others=[programme for programme in others if programme not in mine],
        may_create=staff.may(Permission.RUN_THE_SERVER),
        second_factor_is_off=not current_app.config["SECURITY_TWO_FACTOR_REQUIRED"],
    )


@pages.route("/programmes/new", methods=["GET", "POST"])
@needs(Permission.RUN_THE_SERVER)
def new_programme(staff: Staff) -> ResponseReturnValue:
    """Begin a programme."""
    form = forms.Programme()
    if not form.validate_on_submit():
        page = render_template("programmes/organiser/new_programme.html", form=form)
        return page, 422 if form.errors else 200

    with transaction():
        programme = actions.create_programme(form.facts, by=staff.actor, at=now())
    flash(f"{programme.title} is created. Now say who leads it.", "success")
    return redirect(url_for(".staff", programme_slug=programme.slug))


@pages.route("/<programme_slug>/settings", methods=["GET", "POST"])
@needs(Permission.EDIT_PROGRAMME)
def settings(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Change what a programme says about itself."""
    form = forms.Programme(obj=programme)
    if not form.validate_on_submit():
        page = render_template("programmes/organiser/settings.html", programme=programme, form=form)
        return page, 422 if form.errors else 200

    with transaction():
        actions.change_programme(programme, form.facts, by=staff.actor, at=now())
    flash("Saved.", "success")
    return redirect(url_for("organiser.reports.programme", programme_slug=programme.slug))
