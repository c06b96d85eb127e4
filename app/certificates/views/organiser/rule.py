"""What the programme asks of people and of teams."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.certificates import forms
from app.certificates.actions import granting
from app.certificates.queries.completion import rule_rows_of, rules_of
from app.certificates.rules import Holder, rule_sentence
from app.certificates.views.organiser.blueprint import pages
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.programmes.models import Programme
from app.programmes.queries import Staff

BLANKS = 1
"""Empty parts at the end of the form, to be filled in; saving brings the next."""


@pages.route("/<programme_slug>/completion/rule/<holder>", methods=["GET", "POST"])
@needs(Permission.EDIT_PROGRAMME)
def rule(staff: Staff, programme: Programme, holder: str) -> ResponseReturnValue:
    """Show a rule in words and as a form, and change it."""
    whose = next((one for one in Holder if one.value == holder), None) or abort(404)
    form = forms.Rule(data={"parts": _parts_now(programme, whose)})
    if not form.validate_on_submit():
        page = render_template(
            "certificates/organiser/rule.html",
            programme=programme,
            staff=staff,
            form=form,
            holder=whose,
            sentence=rule_sentence(rules_of(programme)[whose]),
        )
        return page, 422 if form.errors else 200

    with transaction():
        granting.set_rule(programme, whose, form.parts_given, by=staff.actor, at=now())
    flash("The rule is changed. What was issued before stays as it is.", "success")
    return redirect(url_for(".standings", programme_slug=programme.slug))


def _parts_now(programme: Programme, holder: Holder) -> list[dict[str, object]]:
    row = rule_rows_of(programme).get(holder)
    standing = [forms.fields_of(part) for part in row.criteria] if row else []
    return [*standing, *({} for _ in range(BLANKS))]
