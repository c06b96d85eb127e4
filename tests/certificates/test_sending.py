import re
from datetime import datetime

import pytest
import time_machine

from app.certificates.actions import issuing, sending
from app.certificates.actions.sending import NobodyToSendTo
from app.certificates.jobs import tell_recipient
from app.certificates.queries.handing_out import sending_lines
from app.certificates.rules import Holder
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter, LetterState
from app.plumbing.queue import run_due
from app.programmes.models import MemberRole
from tests.factories.certificates import (
    AFTER_THE_SUMMIT,
    HELEN,
    a_certificate,
    a_complete_person,
    a_rule,
)
from tests.factories.people import a_person
from tests.factories.programmes import a_member, a_programme, a_team


@pytest.fixture(autouse=True)
def after_the_summit():
    with time_machine.travel(AFTER_THE_SUMMIT, tick=False):
        yield


def send_all(programme) -> int:
    with transaction():
        return len(sending.send_all(programme, by=HELEN, at=AFTER_THE_SUMMIT))


def work() -> None:
    run_due(lambda: AFTER_THE_SUMMIT)
    db.session.rollback()


def letters() -> list[Letter]:
    db.session.rollback()
    return db.session.query(Letter).all()


def test_a_letter_holds_a_link_and_no_file(app):
    issue = a_certificate("Siân O'Connor", email="sian@riverside.example")
    send_all(issue.programme)
    work()

    (letter,) = letters()
    assert letter.to_address == "sian@riverside.example"
    assert letter.subject == "Your certificate of completion: Practices Improving Together 2025–26"
    assert re.search(r"http://localhost/l/\w{26}/certificates\n", letter.text)
    assert f"http://localhost/v/{issue.code}" in letter.text
    assert issue.number in letter.text
    assert re.search(r'href="http://localhost/l/\w{26}/certificates"', letter.html)
    assert letter.enclosures == []


def test_pressing_twice_sends_once(app):
    issue = a_certificate()
    programme = issue.programme
    assert send_all(programme) == 1
    with pytest.raises(NobodyToSendTo):
        send_all(programme)
    work()
    with pytest.raises(NobodyToSendTo):
        send_all(programme)

    assert len(letters()) == 1


def test_resending_is_a_letter_of_its_own_but_a_double_press_is_not(app):
    issue = a_certificate()
    send_all(issue.programme)
    work()
    later = AFTER_THE_SUMMIT.replace(minute=5)
    with time_machine.travel(later, tick=False):
        for _ in range(2):
            with transaction():
                sending.send_again(issue, by=HELEN, at=later)
        run_due(lambda: later)

    assert len(letters()) == 2


def test_a_job_done_twice_writes_one_letter(app):
    issue = a_certificate()
    since = datetime.min.replace(tzinfo=AFTER_THE_SUMMIT.tzinfo, year=2026).isoformat()

    tell_recipient(str(issue.id), "issued", since)
    tell_recipient(str(issue.id), "issued", since)

    assert len(letters()) == 1


def test_the_state_of_each_letter_is_shown(app):
    issue = a_certificate("Gwen Price")
    programme = issue.programme
    a_certificate("Mark Adams", programme=programme, email=None)

    def states():
        lines = sending_lines(programme, at=AFTER_THE_SUMMIT)
        return [
            (
                line.issue.fields["recipient"],
                line.can_be_sent,
                line.is_waiting,
                line.letter and line.letter.state,
            )
            for line in lines
        ]

    assert states() == [("Gwen Price", True, False, None), ("Mark Adams", False, False, None)]
    send_all(programme)
    assert states()[0] == ("Gwen Price", False, True, None)
    work()
    assert states()[0] == ("Gwen Price", False, False, LetterState.KEPT)


def test_a_team_certificate_goes_to_its_lead(app):
    programme = a_programme()
    a_rule(programme, Holder.TEAM)
    team = a_team(programme)
    a_complete_person("Ann Adams", team=team)
    a_member(team, a_person("Zoe Carter", email="zoe@hilltop.example"), role=MemberRole.LEAD)
    with transaction():
        issuing.issue_completions(programme, expected=1, batch="b", by=HELEN, at=AFTER_THE_SUMMIT)
    send_all(programme)
    work()

    (letter,) = letters()
    assert letter.to_address == "zoe@hilltop.example"
    assert "of Hill Top Practice is ready" in letter.text
