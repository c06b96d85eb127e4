import json

import pytest

from app.network.models import ContactExchange, NetworkMember, TeamRequest
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db
from app.plumbing.mail import Letter
from app.registration.queries import pass_code
from tests.factories.network import a_guest, a_member_of_the_network, badge_of
from tests.factories.posters import a_marketplace, a_poster
from tests.factories.programmes import a_programme
from tests.statements import count_statements

HOME = "/my/network/together"


def letters_to(person) -> list[Letter]:
    return db.session.query(Letter).filter_by(to_address=person.email).all()


def test_one_tick_lets_somebody_in_with_name_and_practice_alone(gwens_phone, gwen):
    page = gwens_phone.fill_in(f"{HOME}/joining", joins="y")

    assert "Choose what the others see of you" in page.text
    member = db.session.query(NetworkMember).one()
    assert (member.shows_team, member.shows_role, member.shows_email) == (True, False, False)
    members = gwens_phone.open(f"{HOME}/members")
    assert "Gwen Price Hill Top" in members.text
    assert gwen.email not in members.html


def test_without_the_tick_nobody_joins(gwens_phone):
    page = gwens_phone.fill_in(f"{HOME}/joining", joins=None)

    assert (page.status, "Tick the box to join" in page.text) == (422, True)
    assert db.session.query(NetworkMember).count() == 0


def test_one_press_on_my_page_is_enough(gwens_phone):
    gwens_phone.fill_in("/my", action="/joining")

    assert db.session.query(NetworkMember).count() == 1
    assert "Keep me in touch" not in gwens_phone.open("/my").text


def test_each_item_is_shown_only_if_it_was_ticked(gwens_phone, eds_phone, programme, gwen, ed):
    a_member_of_the_network(programme, gwen)
    a_member_of_the_network(programme, ed)

    page = gwens_phone.fill_in(
        f"{HOME}/shown",
        shows_team=None,
        shows_role="y",
        shows_email="y",
        about="Ask me about letters.",
        topics="Letters, front desk",
    )

    assert "This is what the others see of you" in page.text
    seen = eds_phone.open(f"{HOME}/members")
    assert "Gwen Price Nurse Ask me about letters. front desk, Letters" in seen.text
    assert gwen.email in seen.html
    assert "Hill Top" not in seen.text


def test_too_many_or_too_long_topics_are_refused(gwens_phone, programme, gwen):
    a_member_of_the_network(programme, gwen)

    many = gwens_phone.fill_in(f"{HOME}/shown", topics="a, b, c, d, e, f")
    long = gwens_phone.fill_in(f"{HOME}/shown", topics="x" * 41)

    assert "Choose the 5 topics that matter most" in many.text
    assert "Shorten each topic to 40 characters" in long.text


def test_members_are_found_by_topic(gwens_phone, programme, gwen, ed):
    a_member_of_the_network(programme, gwen, topics=["Front desk"])
    a_member_of_the_network(programme, ed, topics=["Letters"])

    page = gwens_phone.open(f"{HOME}/members?topic=letters")

    assert "Ed Marsh" in page.text
    assert "Front desk 1" in page.text
    assert page.text.count("Gwen Price") == 1  # who is signed in, and no card


@pytest.mark.parametrize("path", ["members", "teams", "shown"])
def test_what_members_show_each_other_is_for_members(gwens_phone, path):
    page = gwens_phone.open(f"{HOME}/{path}")

    assert (page.status, "for members of the network" in page.text) == (409, True)


def test_whoever_wants_to_ask_a_team_joins_first_and_then_asks(gwens_phone, eds_phone, ed):
    first = gwens_phone.open(f"{HOME}/teams/old-mill", follow=True)
    assert "Then ask Old Mill how they did it" in first.text

    page = gwens_phone.fill_in(f"{HOME}/joining?team=old-mill", joins="y")

    assert "You are in the network" in page.text
    assert "Ask Old Mill" in page.text


def test_a_programme_without_a_place_in_it_has_no_network_for_them(gwens_phone):
    a_programme("other")

    assert gwens_phone.open("/my/network/other").status == 404


def test_leaving_takes_one_tap_and_deletes_what_was_shown_and_asked(
    gwens_phone, programme, gwen, ed
):
    a_member_of_the_network(programme, gwen, topics=["Letters"])

    gwens_phone.fill_in(f"{HOME}/teams/old-mill", text="How?", gives_address="no")

    page = gwens_phone.fill_in(HOME, action="/leaving")

    assert "You have left the network" in page.text
    assert db.session.query(TeamRequest).count() == 0
    assert db.session.query(NetworkMember).count() == 0
    verbs = [line.verb for line in db.session.query(AuditEntry).order_by(AuditEntry.at)]
    assert "left the network" in verbs


def test_a_team_is_asked_by_a_letter_to_its_lead_with_the_address_if_it_was_given(
    gwens_phone, programme, gwen, ed, summit
):
    a_member_of_the_network(programme, gwen)

    page = gwens_phone.fill_in(
        f"{HOME}/teams/old-mill", text="How did you begin?", gives_address="yes"
    )

    assert "on its way to Old Mill" in page.text
    (letter,) = letters_to(ed)
    assert "How did you begin?" in letter.text
    assert "Gwen Price of Hill Top" in letter.text
    assert gwen.email in letter.text
    assert letter.programme_id is None


def test_without_consent_the_team_learns_neither_name_nor_address(gwens_phone, programme, gwen, ed):
    a_member_of_the_network(programme, gwen)

    gwens_phone.fill_in(f"{HOME}/teams/old-mill", text="Well done.", gives_address="no")

    (letter,) = letters_to(ed)
    assert "A member of the network from Hill Top asks" in letter.text
    assert gwen.email not in letter.text + letter.html
    assert "Gwen" not in letter.text + letter.html


def test_somebody_asks_five_teams_a_day_and_no_more(gwens_phone, programme, gwen, ed):
    a_member_of_the_network(programme, gwen)
    for number in range(5):
        gwens_phone.fill_in(f"{HOME}/teams/old-mill", text=f"And {number}?", gives_address="no")

    page = gwens_phone.fill_in(f"{HOME}/teams/old-mill", text="And?", gives_address="no")

    assert (page.status, "You asked 5 teams today" in page.text) == (409, True)
    assert db.session.query(TeamRequest).count() == 5


def test_teams_are_shown_with_the_posters_that_members_may_see(
    gwens_phone, programme, gwen, ed, hill_top, summit
):
    a_member_of_the_network(programme, gwen)
    a_marketplace(summit)
    a_poster(hill_top, summit, title="Fewer missed calls")

    assert "Fewer missed calls" in gwens_phone.open(f"{HOME}/teams").text


def test_details_are_exchanged_once_both_have_said_yes(gwens_phone, eds_phone, gwen, ed):
    asked = gwens_phone.fill_in("/my/contacts", code=badge_of(ed).short_code)
    assert "Once they say yes" in asked.text
    assert "Ed Marsh" not in asked.text
    assert ed.email not in asked.html
    (letter,) = letters_to(ed)
    assert "Gwen Price entered the code on your badge" in letter.text

    answered = eds_phone.fill_in("/my/contacts", action="/yes")

    assert gwen.email in answered.html
    assert ed.email in gwens_phone.open("/my/contacts").html


def test_two_who_ask_each_other_have_both_agreed(gwens_phone, eds_phone, gwen, ed):
    gwens_phone.fill_in("/my/contacts", code=badge_of(ed).short_code)
    page = eds_phone.fill_in("/my/contacts", action="/contacts", code=badge_of(gwen).short_code)

    assert gwen.email in page.html
    assert db.session.query(ContactExchange).one().confirmed_at is not None


def test_a_no_looks_like_no_answer_and_is_not_asked_again(gwens_phone, eds_phone, gwen, ed):
    gwens_phone.fill_in("/my/contacts", code=badge_of(ed).short_code)
    eds_phone.fill_in("/my/contacts", action="/no")

    page = gwens_phone.fill_in("/my/contacts", code=badge_of(ed).short_code)

    assert "You wait for 1 answer" in page.text
    assert "asks for your details" not in eds_phone.open("/my/contacts").text
    assert len(letters_to(ed)) == 1


def test_either_ends_an_exchange_for_both(gwens_phone, eds_phone, gwen, ed):
    gwens_phone.fill_in("/my/contacts", code=badge_of(ed).short_code)
    eds_phone.fill_in("/my/contacts", action="/yes")

    eds_phone.fill_in("/my/contacts", action="/removal")

    assert ed.email not in gwens_phone.open("/my/contacts").html


@pytest.mark.parametrize(
    ("code", "sentence"), [("ZZZ-ZZZ", "on no badge"), ("hello there you", "on no badge")]
)
def test_a_code_that_is_on_no_badge_is_refused(gwens_phone, code, sentence):
    page = gwens_phone.fill_in("/my/contacts", code=code)

    assert (page.status, sentence in page.text) == (422, True)


def test_the_code_of_ones_own_badge_is_refused(gwens_phone, gwen):
    page = gwens_phone.fill_in("/my/contacts", code=badge_of(gwen).short_code)

    assert (page.status, "your own badge" in page.text) == (422, True)


def test_guessing_codes_comes_to_an_end(gwens_phone):
    pages = [gwens_phone.fill_in("/my/contacts", code=f"ZZZ-ZZ{n % 10}") for n in range(16)]

    assert [page.status for page in pages[:15]] == [422] * 15
    assert pages[15].status == 429


def test_the_badges_own_address_leads_to_asking(gwens_phone, ed):
    secret = pass_code(badge_of(ed))

    page = gwens_phone.open(f"/k/{secret.lower()}")
    (way,) = [href for text, href in page.links() if "exchange contact details" in text]
    gwens_phone.fill_in(way)

    assert db.session.query(ContactExchange).one().asked_id == ed.id


def test_my_data_holds_all_of_it(gwens_phone, programme, gwen, ed):
    a_member_of_the_network(programme, gwen, topics=["Letters"])
    gwens_phone.fill_in(f"{HOME}/teams/old-mill", text="How?", gives_address="yes")
    gwens_phone.fill_in("/my/contacts", code=badge_of(ed).short_code)

    page = gwens_phone.open("/my/data")
    known = json.loads(gwens_phone.open("/my/network/data.json").response.data)

    assert "members see Gwen Price, Hill Top, Letters" in page.text
    assert "You asked Old Mill" in page.text
    assert known["questions_to_teams"][0]["text"] == "How?"
    assert known["networks"][0]["topics"] == ["Letters"]
    assert [one["with"] for one in known["contact_exchanges"]] == [None]
    assert known["networks"][0]["others_see"] == ["Gwen Price", "Hill Top", "Letters"]
    assert known["contact_exchanges"][0]["asked_by_me"] is True


def test_members_cost_as_many_statements_for_three_as_for_one(
    gwens_phone, programme, gwen, summit, hill_top
):
    def statements() -> int:
        with count_statements() as asked:
            gwens_phone.open(f"{HOME}/members")
        return len(asked)

    a_member_of_the_network(programme, gwen, topics=["Letters"])
    one = statements()
    for name in ("Ann Lee", "Bo Day"):
        person = a_guest(summit, hill_top, name)
        a_member_of_the_network(programme, person, topics=["Letters"])

    assert statements() == one
