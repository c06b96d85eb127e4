import pytest

from app.certificates.actions import printing
from app.certificates.actions.printing import NothingToPrint, Redesigned
from app.certificates.models import PrintFile
from app.certificates.queries.handing_out import in_print_order
from app.certificates.rules import PrintOrder
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content
from tests.factories.certificates import AFTER_THE_SUMMIT, HELEN, a_certificate
from tests.factories.programmes import a_programme, a_team


def ask(programme, order=PrintOrder.STAGE):
    with transaction():
        return printing.ask_for_print(programme, order=order, by=HELEN, at=AFTER_THE_SUMMIT).id


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (PrintOrder.STAGE, ["Zoe Adams", "Gwen Price", "Ann Young"]),
        (PrintOrder.TEAM, ["Gwen Price", "Ann Young", "Zoe Adams"]),
        (PrintOrder.SURNAME, ["Zoe Adams", "Gwen Price", "Ann Young"]),
    ],
)
def test_each_order_is_what_it_says(app, order, expected):
    programme = a_programme()
    last = a_team(programme, "Canal Street", stage_order=2)
    first = a_team(programme, "The Limes", stage_order=1)
    for name, team in (("Ann Young", last), ("Gwen Price", last), ("Zoe Adams", first)):
        a_certificate(name, programme=programme, team=team)

    printed = [issue.fields["recipient"] for issue in in_print_order(programme, order)]

    assert printed == expected


def test_asking_again_leads_to_the_file_in_the_making(app):
    programme = a_certificate("Gwen Price").programme

    assert ask(programme) == ask(programme)
    assert ask(programme, PrintOrder.SURNAME) != ask(programme)
    assert db.session.query(PrintFile).count() == 2


def test_without_certificates_there_is_nothing_to_print(app):
    with pytest.raises(NothingToPrint):
        ask(a_programme())


def test_a_new_design_leaves_issued_ones_as_they_are(app):
    issue = a_certificate("Gwen Price", drawn=True)
    pdf, programme = file_content(issue.file_key), issue.programme
    with transaction():
        issue.design_version = "0"  # as if the design had moved on since

    with pytest.raises(Redesigned, match="print its own file"):
        ask(programme)
    assert file_content(issue.file_key) == pdf
