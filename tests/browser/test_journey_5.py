"""Journey 5: the programme lead issues, prints and sends the certificates, and a stranger checks one."""

import re
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select

from app.certificates.models import CertificateIssue
from app.certificates.rules import CertificateKind
from app.kernel.clock import london_day, now
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content
from app.plumbing.mail import Letter
from app.web.sample import cast
from app.web.sample.loading import sample_programme
from app.web.sample.story import skip_to_the_afternoon
from tests.browser.conftest import PHONE, check_page
from tests.browser.test_journey_2 import SAMPLE, SUMMIT, place_of, sample, staff

__all__ = ["sample"]

pytestmark = pytest.mark.browser

TOM = cast.STAFF[4]


@pytest.fixture
def afternoon(sample):
    """Ten past one on the day of the summit."""
    with transaction():
        skip_to_the_afternoon(sample_programme(), at=now())
    db.session.rollback()
    return sample


def person_called(name):
    found = db.session.scalars(select(Person).where(Person.name == name)).one()
    key = found.id
    db.session.rollback()
    return key


def issues(kind=None):
    db.session.rollback()
    rows = db.session.scalars(select(CertificateIssue).order_by(CertificateIssue.serial)).all()
    kept = [row for row in rows if kind is None or row.kind is kind]
    db.session.expunge_all()
    db.session.rollback()
    return kept


def test_journey_5_from_the_rule_to_a_certificate_that_anyone_can_check(windows, afternoon):
    lead = staff(windows, allow=("422",))
    the_numbers_are_those_of_the_story(lead)
    tom_is_asked_for_the_missing_visit(lead)
    tom_records_it_on_his_phone(windows)
    lead.goto(f"{SAMPLE}/completion")
    lead.get_by_text("8 of 8").first.wait_for()
    jo_gets_an_exception_with_a_reason(lead)
    the_head_count_is_settled(lead)
    old_mill_is_recognised(lead)
    everybody_who_is_complete_gets_a_certificate(lead)
    one_file_is_made_for_the_printer(lead)
    letters_go_out(lead)
    hers, peters = a_name_is_corrected_and_one_is_withdrawn(lead)
    a_stranger_checks_what_is_on_paper(windows, hers, peters)


def the_numbers_are_those_of_the_story(lead):
    """The numbers of the story."""
    lead.goto(f"{SAMPLE}/completion")
    for words in ("7 of 8", "31", "waiting for a check", "depend on today"):
        lead.get_by_text(words).first.wait_for()
    check_page(lead, picture="completion-afternoon")


def tom_is_asked_for_the_missing_visit(lead):
    """Whitworth lacks a visit; Tom is asked to record it."""
    lead.goto(f"{SAMPLE}/completion/teams/whitworth-health-centre")
    lead.get_by_text("3 of 4 coach visits; still possible").first.wait_for()
    check_page(lead, picture="standing-team")
    lead.get_by_role("link", name="Coach visits").click()
    check_page(lead, picture="visits")
    lead.get_by_role("button", name="Ask the coach to record one").click()
    lead.get_by_role("heading", level=1).wait_for()
    db.session.rollback()
    assert (
        db.session.scalar(select(Letter.to_address).where(Letter.to_name == TOM.name)) == TOM.email
    )
    db.session.rollback()


def tom_records_it_on_his_phone(windows):
    """Tom records it on his phone, and the team is complete at once."""
    tom = staff(windows, TOM, PHONE)
    tom.goto(f"{SAMPLE}/teams/whitworth-health-centre/visits/new")
    check_page(tom, picture="new-visit")
    tom.get_by_label("Day of the visit").fill(london_day(now()).isoformat())
    tom.get_by_label(re.compile("minutes", re.I)).fill("60")
    tom.get_by_role("button", name=re.compile("Save|Record", re.I)).click()
    tom.get_by_role("heading", level=1).wait_for()


def jo_gets_an_exception_with_a_reason(lead):
    """An exception for Jo, with a reason."""
    lead.goto(f"{SAMPLE}/completion/people/{person_called(cast.JO)}")
    lead.get_by_role("link", name="Grant an exception").click()
    check_page(lead, picture="exception")
    lead.get_by_role("button", name="Grant it").click()
    lead.get_by_text("There is a problem").wait_for()
    check_page(lead, picture="exception-wrong")
    lead.get_by_role("radio").first.check()
    lead.get_by_label(re.compile("reason|why", re.I)).fill("Make-up work handed in to the coach")
    lead.get_by_role("button", name="Grant it").click()
    lead.get_by_text("Has completed the programme.").wait_for()


def the_head_count_is_settled(lead):
    """Nothing is issued while the head count waits; Ed is confirmed, the count resolved."""
    lead.goto(f"{SAMPLE}/certificates/issue")
    lead.get_by_text("Nothing can be issued yet").wait_for()
    lead.goto(f"{SUMMIT}/attendance")
    check_page(lead, picture="attendance-afternoon")
    ed = place_of(cast.ED).id
    db.session.rollback()
    lead.goto(f"{SUMMIT}/attendance/{ed}/confirmation")
    lead.get_by_label(re.compile("reason|why|say", re.I)).fill("Seen at the desk")
    lead.get_by_role("button", name="Yes, they were seen").click()
    lead.get_by_role("heading", level=1).wait_for()
    lead.goto(f"{SUMMIT}/attendance")
    lead.get_by_role("link", name=re.compile("Resolve|resolve|waive", re.I)).first.click()
    lead.get_by_label(re.compile("reason|why|say", re.I)).fill("Ed had stepped out")
    lead.get_by_role("button", name="Keep the reason").click()
    lead.get_by_role("heading", level=1).wait_for()


def old_mill_is_recognised(lead):
    """Special recognition with a citation."""
    lead.goto(f"{SAMPLE}/recognition")
    check_page(lead, picture="recognition")
    old_mill = lead.locator("option", has_text="Old Mill Surgery").first.get_attribute("value")
    lead.get_by_label("Team or person").select_option(old_mill)
    lead.get_by_label(re.compile("Citation", re.I)).fill(
        "for applying the methodology, using every tool in the box"
    )
    lead.get_by_role("button", name="Give and issue").click()
    lead.get_by_role("heading", level=1).wait_for()

    # 8: the designs can print every name
    lead.goto(f"{SAMPLE}/certificates/check")
    check_page(lead, picture="template-check")


def everybody_who_is_complete_gets_a_certificate(lead):
    """Eight teams and thirty-three people, drawn by the worker."""
    lead.goto(f"{SAMPLE}/certificates/issue")
    check_page(lead, picture="issue-ready")
    lead.get_by_role("button", name="Issue 41 certificates").click()
    lead.get_by_text("41 of 41 certificates drawn: all are ready").first.wait_for(timeout=60_000)
    check_page(lead, picture="issue-progress")
    numbers = [issue.serial for issue in issues()]
    assert numbers == list(range(1, 43)), "numbers without gaps"
    assert len(issues(CertificateKind.COMPLETION)) == 41


def one_file_is_made_for_the_printer(lead):
    """One file for the printer, in stage order."""
    lead.goto(f"{SAMPLE}/certificates/print")
    check_page(lead, picture="print")
    lead.get_by_role("radio").first.check()
    lead.get_by_role("button", name="Make the file").click()
    link = lead.get_by_role("link", name=re.compile("Download|Open the file|print", re.I)).last
    link.wait_for(timeout=60_000)
    check_page(lead, picture="printed")


def letters_go_out(lead):
    """Letters go out, and each has its state."""
    lead.goto(f"{SAMPLE}/certificates/send")
    check_page(lead, picture="send")
    lead.get_by_role("button", name=re.compile("Send .* letters")).click()
    lead.get_by_role("heading", level=1).wait_for()


def a_name_is_corrected_and_one_is_withdrawn(lead):
    """Sian's name is corrected, another one is withdrawn."""
    hers = next(i for i in issues() if i.person_id == person_called(cast.SIAN))
    lead.goto(f"{SAMPLE}/certificates/{hers.id}/replacement")
    check_page(lead, picture="replace")
    lead.get_by_label(re.compile("name|read", re.I)).first.fill("Dr Siân Mair O'Connor")
    lead.get_by_label(re.compile("reason|why", re.I)).fill("Second name was missing")
    lead.get_by_role("button", name="Issue the corrected one").click()
    lead.get_by_text("Dr Siân Mair O'Connor").first.wait_for()
    peter = next(i for i in issues() if i.person_id == person_called("Peter Lloyd"))
    lead.goto(f"{SAMPLE}/certificates/{peter.id}/withdrawal")
    lead.get_by_role("radio").first.check()
    lead.get_by_role("textbox", name="Reason").fill("Issued to the wrong person")
    lead.get_by_role("button", name="Withdraw it").click()
    lead.get_by_text("Withdrawn").first.wait_for()
    lead.goto(f"{SAMPLE}/certificates")
    check_page(lead, picture="register")
    return hers, peter


def a_stranger_checks_what_is_on_paper(windows, hers, peter):
    """A stranger scans the code on the paper."""
    old_mill = next(
        i for i in issues(CertificateKind.COMPLETION) if i.fields["recipient"] == "Old Mill Surgery"
    )
    stranger = windows.open(PHONE)
    stranger.goto(address_on(old_mill))
    stranger.get_by_role("heading", name="Valid").wait_for()
    for words in (
        "Old Mill Surgery",
        "Jon Bell",
        "Learning session 2",
        "Helen Shaw",
        old_mill.number,
    ):
        stranger.get_by_text(words).first.wait_for()
    check_page(stranger, picture="check-valid")
    assert stranger.context.cookies() == []
    stranger.get_by_label("PDF of this certificate").set_input_files(
        {"name": "c.pdf", "mimeType": "application/pdf", "buffer": pdf_of(old_mill)}
    )
    stranger.get_by_text(re.compile("matches|same", re.I)).first.wait_for()
    stranger.get_by_label("PDF of this certificate").set_input_files(
        {"name": "c.pdf", "mimeType": "application/pdf", "buffer": pdf_of(old_mill) + b" "}
    )
    stranger.get_by_text(re.compile("altered|differs|not the", re.I)).first.wait_for()
    stranger.goto(f"/v/{hers.code}")
    stranger.get_by_role("heading", name="Replaced").wait_for()
    check_page(stranger, picture="check-replaced")
    stranger.goto(f"/v/{peter.code}")
    stranger.get_by_role("heading", name="Withdrawn").wait_for()
    check_page(stranger, picture="check-withdrawn")


def pdf_of(issue):
    content = file_content(issue.file_key)
    assert content is not None
    return content


def address_on(issue):
    """Read the address out of the code on the printed certificate, with another's reader."""
    content = pdf_of(issue)
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
    page = pypdfium2.PdfDocument(content)[0]
    found = zxingcpp.read_barcodes(page.render(scale=2.5).to_pil())
    assert len(found) == 1
    return found[0].text
