import hashlib
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from app.certificates import jobs
from app.certificates.actions.granting import RulePart, set_rule
from app.certificates.jobs import draw
from app.certificates.models import CertificateIssue
from app.certificates.queries.completion import rules_of
from app.certificates.rules import CriterionKind, Holder
from app.kernel.actor import SYSTEM
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content
from app.plumbing.limits import limiter
from tests.factories.certificates import a_certificate
from tests.factories.people import LONG_AGO as AT
from tests.factories.programmes import a_programme


@pytest.fixture(autouse=True)
def a_patient_door(app):
    limiter.reset()


def the_pdf(issue: CertificateIssue) -> bytes:
    content = file_content(f"certificates/{issue.id}.pdf")
    assert content is not None
    return content


def what_the_code_says(pdf: bytes) -> str:
    page = pypdfium2.PdfDocument(pdf)[0]
    (code,) = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    return code.text


def test_a_certificate_is_drawn_once_and_kept_with_its_fingerprint(app):
    issue = a_certificate("Łukasz Wróbel", drawn=True)

    pdf = the_pdf(issue)
    assert issue.pdf_sha256 == hashlib.sha256(pdf).hexdigest()
    assert len(pikepdf.open(BytesIO(pdf)).pages) == 1

    draw(str(issue.id))
    assert the_pdf(issue) == pdf


def test_its_qr_code_leads_to_its_page(visitor):
    issue = a_certificate(drawn=True)
    code = issue.code

    address = what_the_code_says(the_pdf(issue))

    assert address == f"HTTP://LOCALHOST/V/{code}"
    page = visitor.open(address.removeprefix("HTTP://LOCALHOST"))
    assert "Valid" in page.text
    assert "Gwen Price" in page.text


def test_a_drawing_cut_off_before_it_was_noted_is_taken_up(app):
    issue = a_certificate(drawn=True)
    pdf, fingerprint = the_pdf(issue), issue.pdf_sha256
    with transaction():
        lost = db.session.get(CertificateIssue, issue.id)
        lost.drawn_at = lost.file_key = lost.pdf_sha256 = None

    draw(str(issue.id))

    db.session.rollback()
    assert the_pdf(issue) == pdf
    assert issue.pdf_sha256 == fingerprint


def test_a_later_rename_leaves_the_issued_one_alone(visitor):
    issue = a_certificate("Ed Marsh", drawn=True)
    pdf = the_pdf(issue)
    with transaction():
        issue.person.name = issue.person.certificate_name = "Edward Marsh"

    draw(str(issue.id))

    assert the_pdf(issue) == pdf
    assert "Ed Marsh" in visitor.open(f"/v/{issue.code}").text


def test_a_new_programme_gets_the_usual_rules_and_keeps_its_own(app):
    programme = a_programme()
    with transaction():
        set_rule(programme, Holder.TEAM, [RulePart(kind=CriterionKind.POSTER)], by=SYSTEM, at=AT)
    jobs.set_usual_rules(str(programme.id))
    other = a_programme("another")
    jobs.set_usual_rules(str(other.id))
    jobs.set_usual_rules(str(other.id))

    assert {h: len(parts) for h, parts in rules_of(programme).items()} == {
        Holder.PERSON: 0,
        Holder.TEAM: 1,
    }
    assert {h: len(parts) for h, parts in rules_of(other).items()} == {
        Holder.PERSON: 3,
        Holder.TEAM: 3,
    }
