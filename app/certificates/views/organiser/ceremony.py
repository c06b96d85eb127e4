"""The ceremony on the projector: a slide for each team in stage order, then who was singled out."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates.models import CertificateIssue
from app.certificates.queries.register import State, Wanted, register_in_full
from app.certificates.rules import CertificateKind, Holder
from app.certificates.views.organiser.blueprint import pages
from app.kernel.permission import Permission, needs
from app.programmes.models import Programme
from app.programmes.queries import Staff, teams_of


@dataclass(frozen=True)
class Slide:
    """What the room sees at once: a team, what it completed, and what it is praised for."""

    name: str
    what: str
    citations: tuple[str, ...]


@pages.get("/<programme_slug>/recognition/ceremony")
@needs(Permission.SEE_CERTIFICATES)
def ceremony(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Fill the projector with one team, the next with a key or a press."""
    slides = slides_of(programme)
    number = max(1, min(request.args.get("slide", 1, type=int), max(len(slides), 1)))
    return render_template(
        "certificates/organiser/ceremony.html",
        programme=programme,
        slide=slides[number - 1] if slides else None,
        number=number,
        count=len(slides),
        back=_at(programme, number - 1) if number > 1 else None,
        on=_at(programme, number + 1) if number < len(slides) else None,
    )


def slides_of(programme: Programme) -> list[Slide]:
    """Return the slides: teams with a certificate in stage order, as they are printed.

    Nobody is shown by name who has not agreed to be, so people who are singled out are left out here:
    they are called up by whoever hands over their certificate.
    """
    found = _of_teams(programme, CertificateKind.COMPLETION)
    praised = _of_teams(programme, CertificateKind.RECOGNITION)
    slides = []
    for team in teams_of(programme):
        done = [one for one in found if one.holder_id == team.id]
        citations = [str(one.fields["citation"]) for one in praised if one.holder_id == team.id]
        if done or citations:
            what = f"has completed {programme.title}" if done else "Special recognition"
            slides.append(Slide(team.name, what, tuple(citations)))
    return slides


def _of_teams(programme: Programme, kind: CertificateKind) -> list[CertificateIssue]:
    rows = register_in_full(programme, Wanted(kind=kind, state=State.VALID))
    return [row for row in rows if row.holder is Holder.TEAM]


def _at(programme: Programme, number: int) -> str:
    return url_for(".ceremony", programme_slug=programme.slug, slide=number)
