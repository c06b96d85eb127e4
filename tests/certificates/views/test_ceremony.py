"""The ceremony on the projector."""

from datetime import UTC, datetime

from app.certificates.models import CertificateIssue
from app.certificates.rules import CertificateKind, Holder
from app.plumbing.database import db, transaction
from app.programmes.rules import Role
from tests.factories.programmes import a_member_of_staff, a_programme, a_team
from tests.visitor import Visitor

CEREMONY = "/organise/together/recognition/ceremony"


def given_to(team, kind: CertificateKind, serial: int, **fields: str) -> None:
    award = "completion" if kind is CertificateKind.COMPLETION else f"recognition:{serial}"
    with transaction():
        db.session.add(
            CertificateIssue(
                programme_id=team.programme_id,
                kind=kind,
                holder=Holder.TEAM,
                holder_id=team.id,
                team_id=team.id,
                award=award,
                serial=serial,
                number=f"PIT-{serial}",
                code=f"{serial:026}",
                design="team",
                design_version="1",
                fields={"recipient": team.name, **fields},
                issued_at=datetime(2026, 3, 26, tzinfo=UTC),
                issued_by="Helen Shaw",
                batch="x",
            )
        )


def test_a_slide_for_each_team_in_stage_order_with_its_citation(app):
    programme = a_programme()
    last = a_team(programme, "Abbey Practice", stage_order=2)
    first = a_team(programme, "Zion Practice", stage_order=1)
    a_team(programme, "No Certificate", stage_order=0)
    for serial, team in enumerate((last, first), 1):
        given_to(team, CertificateKind.COMPLETION, serial)
    given_to(last, CertificateKind.RECOGNITION, 3, citation="For patience.")
    lead = Visitor(app).sign_in(a_member_of_staff(programme, Role.LEAD))

    page = lead.open(CEREMONY)
    assert "Zion Practice" in page.text
    assert "1 of 2" in page.text
    page = lead.open(dict(page.links())["Next team"])

    assert "Abbey Practice" in page.text
    assert "For patience." in page.text
    assert "Next team" not in page.text


def test_without_certificates_it_says_so(app):
    lead = Visitor(app).sign_in(a_member_of_staff(a_programme(), Role.LEAD))

    assert "No certificates yet" in lead.open(CEREMONY).text
