from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.groupwork.models import GroupWork
from app.groupwork.rules.agreeing import Outcome
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.network.actions.asking import send_interest
from app.network.actions.forgetting import MEMORY, forget
from app.network.models import ContactExchange, NetworkMember, NetworkTopic, TeamRequest
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.plumbing.queue import Job, run_due
from app.posters.actions.signalling import give_signal
from app.posters.queries.signalling import Giver
from app.posters.rules import SignalKind
from app.programmes.rules import Role
from tests.factories.events import an_event
from tests.factories.groupwork import a_group_work, a_table, an_agreement
from tests.factories.network import a_member_of_the_network, badge_of
from tests.factories.people import a_person
from tests.factories.posters import a_marketplace, a_poster
from tests.factories.programmes import a_member_of_staff
from tests.network.conftest import AT
from tests.visitor import Visitor

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
HELEN = Actor("staff", None, "Helen Shaw")


def letters(about: str) -> list[Letter]:
    return [row for row in db.session.query(Letter) if row.about.startswith(about)]


def test_the_digest_goes_out_on_the_first_with_dates_and_new_members(
    now, programme, gwen, ed, summit
):
    an_event(programme, "reunion", title="Reunion", starts_at=AT + timedelta(days=60))
    a_member_of_the_network(programme, gwen, at=AT)
    a_member_of_the_network(programme, ed, at=AT, topics=["Letters"], gets_digest=False)
    run_due_at(now, AT)
    assert letters("network-digest") == []

    run_due_at(now, AT + timedelta(days=7))

    (letter,) = letters("network-digest")
    assert letter.to_address == gwen.email
    assert "Reunion" in letter.text
    assert "Ed Marsh, Old Mill (Letters)" in letter.text
    run_due_at(now, AT + timedelta(days=8))
    assert len(letters("network-digest")) == 1
    run_due_at(now, AT + timedelta(days=36))
    assert len(letters("network-digest")) == 2


def run_due_at(clock, moment) -> None:
    clock.move_to(moment)
    for _ in range(3):
        run_due(now)


def test_the_letters_link_leaves_the_network_after_one_press(app, now, programme, gwen, summit):
    an_event(programme, "reunion", title="Reunion", starts_at=AT + timedelta(days=60))
    a_member_of_the_network(programme, gwen, at=AT)
    run_due_at(now, AT + timedelta(days=7))
    (letter,) = letters("network-digest")
    path = letter.text.partition("Leave it with one tap: ")[2].split()[0]
    path = "/" + path.split("/", 3)[3]
    stranger = Visitor(app)

    shown = stranger.open(path)
    assert "Leave the network?" in shown.text
    assert db.session.query(NetworkMember).count() == 1

    left = stranger.fill_in(path)
    assert "You have left the network" in left.text
    assert db.session.query(NetworkMember).count() == 0
    assert stranger.open(path).status == 404


def test_mail_programs_leave_the_network_at_one_press_of_their_reader(
    app, now, programme, gwen, ed, summit
):
    an_event(programme, "reunion", title="Reunion", starts_at=AT + timedelta(days=60))
    a_member_of_the_network(programme, gwen, at=AT)
    a_member_of_the_network(programme, ed, at=AT, gets_digest=False)
    run_due_at(now, AT + timedelta(days=7))
    (letter,) = letters("network-digest")
    path = letter.leave_url.removeprefix("http://localhost")
    program = Visitor(app)

    assert "Leave the network?" in program.open(path).text
    assert program.send(path, data={}).status == 400
    assert program.send(path.replace("leave/", "leave/0"), data=ONE_CLICK).status == 404
    assert db.session.query(NetworkMember).count() == 2

    assert [program.send(path, data=ONE_CLICK).status for _ in range(2)] == [204, 204]
    db.session.rollback()
    assert [member.person_id for member in db.session.query(NetworkMember)] == [ed.id]


@pytest.mark.parametrize("token", ["nonsense", f"{'0' * 32}-abc", "x-y-z"])
def test_a_made_up_link_leads_nowhere(app, token):
    assert Visitor(app).open(f"/network/leave/{token}").status == 404


def test_each_team_is_told_once_who_wants_to_hear_from_it(
    app, programme, gwen, ed, summit, hill_top
):
    a_marketplace(summit)
    poster = a_poster(hill_top, summit, title="Fewer missed calls")
    with transaction():
        give_signal(
            poster,
            SignalKind.COULD_USE,
            Giver(person=db.session.get(Person, ed.id)),
            agrees_to_contact=True,
            at=AT,
        )
    organiser = Visitor(app).sign_in(a_member_of_staff(programme, Role.ORGANISER))
    assert "Hill Top Fewer missed calls 1" in organiser.open("/organise/together/network").text

    page = organiser.fill_in("/organise/together/network")

    assert "1 letter on the way" in page.text
    assert "No team is waiting to be told" in page.text
    (letter,) = [row for row in db.session.query(Letter) if row.to_address == gwen.email]
    assert ed.email in letter.text
    assert "we could use this" in letter.text
    with transaction():
        assert send_interest(programme, by=HELEN, at=AT + timedelta(hours=1)) == 0


def test_what_was_asked_is_deleted_a_year_after_the_programme(
    gwens_phone, eds_phone, programme, gwen, ed
):
    a_member_of_the_network(programme, gwen)
    gwens_phone.fill_in("/my/network/together/teams/old-mill", text="How?", gives_address="no")
    gwens_phone.fill_in("/my/contacts", code=badge_of(ed).short_code)
    assert db.session.query(Job).filter_by(name="network.forget").count() == 1

    with transaction():
        wait = forget(programme, at=AT)
    assert wait is not None and wait > timedelta(days=360)
    with transaction():
        assert forget(programme, at=AT + wait + timedelta(minutes=1)) is None

    assert db.session.query(TeamRequest).count() == 0
    assert db.session.query(ContactExchange).count() == 0


def test_who_is_deleted_leaves_nothing_in_the_network(programme, ed, hill_top):
    person = a_person("Ann Lee")
    a_member_of_the_network(programme, person, topics=["Letters"])
    with transaction():
        db.session.add_all(
            [
                TeamRequest(
                    team_id=hill_top.id,
                    person_id=person.id,
                    text="How?",
                    gives_address=True,
                    asked_at=AT,
                ),
                ContactExchange(
                    asker_id=ed.id, asked_id=person.id, programme_id=programme.id, asked_at=AT
                ),
            ]
        )

    with transaction():
        db.session.execute(delete(Person).where(Person.id == person.id))

    tables = (NetworkMember, NetworkTopic, TeamRequest, ContactExchange)
    assert [db.session.query(table).count() for table in tables] == [0, 0, 0, 0]


def test_the_wall_shows_where_to_join(app, programme):
    organiser = Visitor(app).sign_in(a_member_of_staff(programme, Role.ORGANISER))

    page = organiser.open("/organise/together/network/wall")

    assert "localhost/my/network" in page.text


def test_the_digest_tells_what_became_of_the_agreements_and_teams_who_is_interested(
    now, programme, gwen, ed, summit, hill_top
):
    an_event(programme, "reunion", title="Reunion", starts_at=AT + timedelta(days=60))
    a_member_of_the_network(programme, gwen, at=AT)
    work = a_group_work(summit, at=AT)
    an_agreement(a_table(work), outcome=Outcome.DONE)
    an_agreement(a_table(work), number=2)
    a_marketplace(summit)
    poster = a_poster(hill_top, summit)
    with transaction():
        db.session.get_one(GroupWork, work.id).shared_at = AT
        giver = Giver(person=db.session.get(Person, ed.id))
        give_signal(poster, SignalKind.TELL_ME_MORE, giver, agrees_to_contact=True, at=AT)

    run_due_at(now, AT + timedelta(days=7))

    (letter,) = letters("network-digest")
    assert "What became of our agreements: 1 of 2 done" in letter.text
    (interest,) = letters("poster:")
    assert ed.email in interest.text


def test_members_read_what_became_of_the_agreements(gwens_phone, programme, gwen, summit):
    a_member_of_the_network(programme, gwen)
    work = a_group_work(summit, at=AT)
    an_agreement(a_table(work), outcome=Outcome.DONE)
    assert "What became of our agreements" not in gwens_phone.open("/my/network/together").text
    with transaction():
        db.session.get_one(GroupWork, work.id).shared_at = AT

    assert "1 of 1 agreement is done" in gwens_phone.open("/my/network/together").text


def test_erasing_somebody_tells_and_deletes_what_the_network_knows(
    gwens_phone, programme, gwen, ed
):
    a_member_of_the_network(programme, gwen, topics=["Letters"])
    gwens_phone.fill_in("/my/contacts", code=badge_of(ed).short_code)

    told = MEMORY.traces(gwen)
    with transaction():
        MEMORY.forget(db.session.get_one(Person, gwen.id), HELEN, AT)

    assert told.goes == ["Their place in the network", "1 exchange of contact details"]
    assert MEMORY.traces(gwen).goes == []
