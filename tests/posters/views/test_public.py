from datetime import timedelta

import pytest

from app.plumbing.database import transaction
from app.posters.rules import Visibility
from tests.factories.posters import a_poster, a_version
from tests.factories.programmes import a_team
from tests.posters.conftest import AT
from tests.statements import count_statements
from tests.visitor import Visitor

MARKETPLACE = "/events/together/summit/posters"


def shown_to(poster, visibility: Visibility, **facts) -> None:
    with transaction():
        poster.visibility = visibility
        for name, value in facts.items():
            setattr(poster, name, value)


def posters_on(page) -> list[str]:
    return [words for words, href in page.links() if href.startswith("/p/")]


def test_a_poster_opens_with_its_picture_and_its_words(attendee, poster):
    a_version(poster)
    shown_to(poster, Visibility.ATTENDEES, stand=4, aim="Answer at once.", findings="74 to 21 s.")

    page = attendee.open(f"/p/{poster.code}")

    assert "Stand 4" in page.text
    assert "Aim Answer at once. What the data show 74 to 21 s." in page.text
    assert ("Open enlarged in a new tab", f"/p/{poster.code}/enlarged") in page.links()
    assert attendee.open(f"/p/{poster.code.lower()}").status == 200
    assert attendee.open(f"/P/{poster.code}").status == 200


@pytest.mark.parametrize(
    ("visibility", "facts", "stranger", "booked", "own"),
    [
        (Visibility.PUBLIC, {}, 200, 200, 200),
        (Visibility.ATTENDEES, {}, 401, 200, 200),
        (Visibility.TEAM, {}, 404, 404, 200),
        (Visibility.PUBLIC, {"hidden_at": AT}, 404, 404, 200),
        (Visibility.PUBLIC, {"withdrawn_at": AT}, 404, 404, 200),
        (Visibility.PUBLIC, {"visible_from": AT + timedelta(days=1)}, 401, 200, 200),
    ],
)
def test_a_poster_and_its_files_open_to_those_it_is_for(
    visitor, attendee, at_the_stand, poster, visibility, facts, stranger, booked, own
):
    a_version(poster)
    shown_to(poster, visibility, **facts)

    for address in ("", "/enlarged", "/1/small", "/1/tiles/0/0", "/1/original"):
        found = [
            who.open(f"/p/{poster.code}{address}") for who in (visitor, attendee, at_the_stand)
        ]
        assert [page.status for page in found] == [stranger, booked, own], address


def test_before_the_marketplace_opens_a_stand_card_says_when(attendee, poster, clock):
    clock.move_to(AT - timedelta(hours=1))

    page = attendee.open(f"/p/{poster.code}")

    assert page.status == 403
    assert "Posters are shown from 9.30 am on 26 March." in page.text


def test_nothing_can_run_in_what_is_handed_out(attendee, poster):
    a_version(poster)

    for address in ("1/original", "1/small", "1/tiles/0/0"):
        said = attendee.open(f"/p/{poster.code}/{address}").response.headers
        assert said["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert said["X-Content-Type-Options"] == "nosniff"
        assert said["Cache-Control"].startswith("private")
    disposition = attendee.open(f"/p/{poster.code}/1/original").response.headers
    assert disposition["Content-Disposition"] == 'inline; filename="hill-top-practice-poster.png"'


def test_a_picture_that_a_phone_has_is_not_sent_again(attendee, poster):
    a_version(poster)
    tag = attendee.open(f"/p/{poster.code}/1/small").response.headers["ETag"]

    again = attendee.open(f"/p/{poster.code}/1/small", headers={"If-None-Match": tag})

    assert (again.status, again.response.data) == (304, b"")


def test_an_earlier_file_is_for_its_team_alone(attendee, at_the_stand, poster):
    a_version(poster)
    a_version(poster)

    assert attendee.open(f"/p/{poster.code}/1/original").status == 404
    assert at_the_stand.open(f"/p/{poster.code}/1/original").status == 200


def test_the_marketplace_shows_each_visitor_what_they_may_see(
    app, summit, visitor, attendee, organiser, poster
):
    shown_to(poster, Visibility.TEAM)
    for name, visibility in (("Limes", Visibility.PUBLIC), ("Parkgate", Visibility.ATTENDEES)):
        a_poster(a_team(summit.programme, name), summit, title=name, visibility=visibility)

    assert posters_on(visitor.open(MARKETPLACE)) == ["Limes"]
    assert sorted(posters_on(attendee.open(MARKETPLACE))) == ["Limes", "Parkgate"]
    assert len(posters_on(organiser.open(MARKETPLACE))) == 3


def test_posters_are_found_by_theme_and_by_word(summit, attendee, poster):
    shown_to(poster, Visibility.ATTENDEES, theme="Getting through", stand=2)
    other = a_team(summit.programme, "The Limes")
    a_poster(other, summit, title="Café round", theme="Paperwork", stand=1)

    assert posters_on(attendee.open(f"{MARKETPLACE}?theme=Paperwork")) == ["Café round"]
    assert posters_on(attendee.open(f"{MARKETPLACE}?q=cafe")) == ["Café round"]
    assert posters_on(attendee.open(f"{MARKETPLACE}?order=stand")) == [
        "Café round",
        "Fewer missed calls",
    ]
    nothing = attendee.open(f"{MARKETPLACE}?q=nothing")
    assert "No poster fits" in nothing.text


def test_the_order_is_a_visitors_own_and_stays(app, summit):
    for number in range(9):
        a_poster(
            a_team(summit.programme, f"Team {number}"),
            summit,
            title=f"Poster {number}",
            visibility=Visibility.PUBLIC,
        )
    one, other = Visitor(app), Visitor(app)

    first = posters_on(one.open(MARKETPLACE))

    assert posters_on(one.open(MARKETPLACE)) == first
    assert posters_on(other.open(MARKETPLACE)) != first
    assert sorted(posters_on(other.open(MARKETPLACE))) == sorted(first)


def test_a_longer_marketplace_asks_the_database_no_more(summit, attendee, poster):
    a_version(poster)
    attendee.open(MARKETPLACE)
    with count_statements() as one:
        attendee.open(MARKETPLACE)
    for name in ("Limes", "Parkgate"):
        a_version(a_poster(a_team(summit.programme, name), summit))
    with count_statements() as three:
        attendee.open(MARKETPLACE)

    assert len(three) == len(one)


def test_after_the_event_other_teams_can_be_asked(visitor, attendee, poster, sian, clock):
    ask = f"/my/network/together/teams/{poster.team.slug}"
    shown_to(poster, Visibility.PUBLIC)
    assert ask not in attendee.open(f"/p/{poster.code}").html

    clock.shift(timedelta(hours=6))

    for who in (attendee, visitor):
        assert ("Ask this team", ask) in who.open(f"/p/{poster.code}").links()
    assert "Open your personal link" in visitor.open(ask).text


def test_an_event_without_posters_has_no_marketplace(visitor, summit):
    with transaction():
        summit.shows_posters = False

    assert visitor.open(MARKETPLACE).status == 404
