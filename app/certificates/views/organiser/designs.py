"""Trying every design before issuing: on the longest name, and on letters from far away."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.certificates.queries.completion import longest_names_in, names_in
from app.certificates.views.organiser.blueprint import pages
from app.certificates.views.wording import pdf_answer
from app.kernel.permission import Permission, needs
from app.plumbing.database import db
from app.plumbing.pdf import CannotDraw, certificate_pdf, designs, sample, unprintable
from app.programmes.models import Programme
from app.programmes.queries import Staff

STRANGE = "Łukasz Wróbel, Αγγελική Π., 李小龙"
"""What a design must be able to print, whoever takes part."""


@dataclass(frozen=True)
class Trial:
    """One design, tried on one name."""

    design: str
    title: str
    why: str
    name: str
    refusal: str


@pages.get("/<programme_slug>/certificates/check")
@needs(Permission.SEE_CERTIFICATES)
def template_check(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """Try every design on the longest real names and on strange ones, and say how it went."""
    trials = [
        (design, why, dict(_fields(programme, design, name)), name)
        for design in designs()
        for why, name in _names(programme, design).items()
        if name
    ]
    strange = {
        name: "".join(sorted(letters))
        for name in names_in(programme)
        if (letters := unprintable(name))
    }
    db.session.rollback()  # the database need not wait for the drawing
    return render_template(
        "certificates/organiser/template_check.html",
        programme=programme,
        staff=staff,
        trials=[
            Trial(design, designs()[design].title, why, name, _refusal(design, fields))
            for design, why, fields, name in trials
        ],
        strange=strange,
    )


@pages.get("/<programme_slug>/certificates/check/<design>/<why>.pdf")
@needs(Permission.SEE_CERTIFICATES)
def template_preview(
    staff: Staff,
    programme: Programme,
    design: str,
    why: str,
) -> ResponseReturnValue:
    """Draw one design with one of the names it is tried on."""
    name = _names(programme, design).get(why) if design in designs() else None
    fields = _fields(programme, design, name or abort(404))
    db.session.rollback()
    return pdf_answer(certificate_pdf(design, fields), f"{design}-{why}.pdf")


def _names(programme: Programme, design: str) -> Mapping[str, str]:
    person, team = longest_names_in(programme)
    return {"longest": team if design == "team" else person, "strange": STRANGE}


def _fields(programme: Programme, design: str, name: str) -> Mapping[str, object]:
    """Return the design's sample with this programme's own words and the name to try."""
    return {
        **sample(design),
        "recipient": name,
        "programme": programme.title,
        "host": programme.host_organisation,
        "commissioner": programme.commissioner,
        "aims": programme.aims,
        "signatory_name": programme.signatory_name,
        "signatory_role": programme.signatory_role,
    }


def _refusal(design: str, fields: Mapping[str, object]) -> str:
    try:
        certificate_pdf(design, fields)
    except CannotDraw as refusal:
        return str(refusal)
    return ""
