"""Who works on a programme."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.queries import account_with_email
from app.plumbing.database import transaction
from app.programmes import actions, forms
from app.programmes.models import Programme
from app.programmes.queries import Staff, role_held_at, staff_of
from app.programmes.views.organiser.blueprint import pages

PAGE = "programmes/organiser/staff.html"
STRANGER = (
    "Nobody has an account with this address. An administrator creates accounts; "
    "ask one, then come back."
)


@pages.route("/<programme_slug>/staff", methods=["GET", "POST"])
@needs(Permission.GIVE_ROLES)
def staff(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Show who works on a programme, and give roles."""
    form = forms.StaffRole()
    if not form.validate_on_submit():
        return _staff_page(programme, staff, form), 422 if form.errors else 200
    account = account_with_email(form.address)
    if account is None:
        form.email.errors = [STRANGER]
        return _staff_page(programme, staff, form), 422

    with transaction():
        actions.give_role(programme, account, form.chosen_role, by=staff.actor, at=now())
    flash(f"{account.person.name} has the role.", "success")
    return redirect(url_for(".staff", programme_slug=programme.slug))


def _staff_page(programme: Programme, staff: Staff, form: forms.StaffRole) -> str:
    return render_template(
        PAGE,
        programme=programme,
        staff=staff,
        held=staff_of(programme),
        form=form,
        words=forms.ROLE_WORDS,
        hints=forms.ROLE_HINTS,
    )


@pages.post("/<programme_slug>/staff/<uuid:role_id>/removal")
@needs(Permission.GIVE_ROLES)
def remove_role(programme: Programme, role_id: UUID, staff: Staff) -> ResponseReturnValue:
    """End a role."""
    held = role_held_at(programme, role_id) or abort(404)
    name = held.account.person.name
    with transaction():
        still_held = role_held_at(programme, role_id)  # unless the button was pressed twice
        if still_held is not None:
            actions.take_role(still_held, by=staff.actor, at=now())
    flash(f"{name} no longer has the role.", "success")
    return redirect(url_for(".staff", programme_slug=programme.slug))
