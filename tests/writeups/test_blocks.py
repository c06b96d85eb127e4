from datetime import timedelta
from uuid import uuid4

import pytest

from app.certificates.models import CertificateIssue
from app.certificates.rules import CertificateKind, Holder
from app.groupwork.rules.agreeing import Outcome
from app.plumbing.database import db, transaction
from app.writeups.queries.blocks import blocks_of
from tests.factories.certificates import a_presence
from tests.factories.groupwork import a_group_work, a_table, a_theme, an_agreement
from tests.factories.people import a_person
from tests.factories.programmes import a_member, a_team
from tests.factories.writeups import a_mention, a_write_up
from tests.writeups.conftest import AT


def block(event, key: str, *, at=AT):
    return {one.key: one for one in blocks_of(event, at=at)}[key]


def some_people(summit, number: int) -> None:
    team = a_team(summit.programme)
    for _ in range(number):
        person = a_person()
        a_member(team, person)
        a_presence(person, summit)


@pytest.mark.parametrize(("number", "text"), [(4, ""), (5, "5 people")])
def test_who_came_is_told_from_five_people_on(summit, number, text):
    some_people(summit, number)

    assert text in block(summit, "came").text
    assert bool(block(summit, "came").text) is bool(text)


def test_an_event_to_come_tells_nothing(summit):
    blocks = blocks_of(summit, at=summit.starts_at - timedelta(days=1))

    assert [one.key for one in blocks if not one.is_empty] == []
    assert all(one.notes for one in blocks)


def test_people_are_recognised_in_public_only_if_they_agree(summit):
    gwen, team = a_person("Gwen Price"), a_team(summit.programme)
    given_to(summit, Holder.TEAM, team.id, "Hill Top Practice", "For patience.")
    given_to(summit, Holder.PERSON, gwen.id, "Gwen Price", "For *courage*.")

    silent = block(summit, "recognition")
    assert silent.text == "## Special recognition\n\n**Hill Top Practice**: For patience\\."
    assert silent.notes == ("1 person left out: not asked yet, or rather not named.",)

    a_mention(a_write_up(summit), gwen, agrees=True)
    assert "**Gwen Price**: For \\*courage\\*\\." in block(summit, "recognition").text


def given_to(event, holder, holder_id, name: str, citation: str) -> None:
    with transaction():
        db.session.add(
            CertificateIssue(
                programme_id=event.programme_id,
                event_id=event.id,
                kind=CertificateKind.RECOGNITION,
                holder=holder,
                holder_id=holder_id,
                award=f"recognition:{uuid4()}",
                serial=uuid4().int % 100_000,
                number=uuid4().hex,
                code=uuid4().hex[:26],
                design="recognition",
                design_version="1",
                fields={"recipient": name, "citation": citation},
                issued_at=AT - timedelta(hours=1),
                issued_by="Helen Shaw",
                batch="recognition",
            )
        )


def test_themes_and_agreements_are_told_once_they_are_shared(summit):
    work = a_group_work(summit, at=AT - timedelta(days=1))
    team = a_team(summit.programme, "Riverside")
    a_theme(work, "Signposting *early*")
    table = a_table(work)
    yes = {"agreed_at": AT - timedelta(hours=9), "owner_team_id": team.id}
    an_agreement(table, text="Riverside pilots a sign", **yes)
    an_agreement(table, number=2, text="Nobody said yes")
    assert (block(summit, "themes").text, block(summit, "agreements").text) == ("", "")

    with transaction():
        work.shared_at = AT - timedelta(hours=8)

    assert "- Signposting \\*early\\*" in block(summit, "themes").text
    told = block(summit, "agreements")
    assert told.text == "## What we agreed\n\n- Riverside pilots a sign (Riverside)"
    assert told.notes == ("1 agreement left out: nobody has said yes to it yet.",)


def test_what_became_of_agreements_is_told_six_months_on(summit):
    work = a_group_work(summit, at=AT - timedelta(days=1))
    assert block(summit, "six-months-on").notes == (
        "Group work has not been shared with those who took part.",
    )
    table, team = a_table(work), a_team(summit.programme, "Riverside")
    outcomes = [Outcome.DONE, Outcome.DONE, Outcome.PARTLY, Outcome.DROPPED, None]
    for number, outcome in enumerate(outcomes, 1):
        agreed(table, number, outcome, owner_team_id=team.id)
    an_agreement(table, number=6, text="Nobody said yes", outcome=Outcome.DONE)
    with transaction():
        work.shared_at = AT - timedelta(hours=8)

    early, half_a_year = block(summit, "six-months-on"), AT + timedelta(days=185)
    assert early.text == ""
    assert early.notes == ("Told from 27 September 2026 on: six months after the event.",)
    few = block(summit, "six-months-on", at=half_a_year)
    assert (few.text, few.notes) == (
        "",
        ("Fewer than 5 agreements have an answer, which is too few to tell.",),
    )

    agreed(table, 7, Outcome.NOT_YET, owner_team_id=team.id)
    assert block(summit, "six-months-on", at=half_a_year).text == (
        "## Six months on\n\nOf 6 agreements, 2 are done, 1 is partly done, 1 is not done yet and "
        "1 is not wanted any more. We have not heard about 1.\n\nDone:\n\n"
        "- Number 1 is tried (Riverside)\n- Number 2 is tried (Riverside)"
    )


def agreed(table, number: int, outcome: Outcome | None, **facts) -> None:
    text = f"Number {number} is tried"
    yes = {"agreed_at": AT - timedelta(hours=9), "outcome": outcome, **facts}
    an_agreement(table, number=number, text=text, **yes)
