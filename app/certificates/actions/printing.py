"""One file for the printer, made by later work."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.certificates.actions.issuing import design_version, locked_register
from app.certificates.models import CertificateIssue, PrintFile
from app.certificates.queries.handing_out import in_print_order, print_in_the_making
from app.certificates.rules import PrintOrder
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.database import db
from app.plumbing.queue import enqueue
from app.programmes.models import Programme


class NothingToPrint(Refusal):
    """There is no valid certificate."""


def ask_for_print(programme: Programme, *, order: PrintOrder, by: Actor, at: datetime) -> PrintFile:
    """Let one file be made with every valid certificate in this order, and a blank one at the end.

    While such a file is being made, asking again leads to it.
    """
    locked_register(programme)
    certificates = in_print_order(programme, order)
    if not certificates:
        raise NothingToPrint("There are no certificates to print. Issue them first.")
    refuse_redesigned(certificates)
    in_the_making = print_in_the_making(programme, order)
    if in_the_making is not None:
        return in_the_making

    file = PrintFile(
        programme_id=programme.id,
        order=order,
        pages=len(certificates) + 1,
        asked_at=at,
        asked_by=by.label,
    )
    db.session.add(file)
    db.session.flush()
    enqueue("certificates.print_file", due_at=at, batch=f"print:{file.id}", print_id=str(file.id))
    return file


def note_printed(file: PrintFile, *, file_key: str, pages: int, at: datetime) -> None:
    """Keep where the file lies."""
    file.file_key, file.pages, file.made_at = file_key, pages, at


def refuse_redesigned(issues: Sequence[CertificateIssue]) -> None:
    """Refuse to print what would not look as it was issued."""
    for issue in issues:
        if issue.design_version != design_version(issue.design):
            raise Redesigned(
                f"The design of {issue.number} has changed since it was issued. "
                "Open it in the register and print its own file."
            )


class Redesigned(Refusal):
    """A design has a new version; certificates issued in the old one keep their looks."""


def print_key(print_id: UUID) -> str:
    """Return under which key a file for the printer is kept."""
    return f"prints/{print_id}.pdf"
