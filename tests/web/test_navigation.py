import pytest
from flask import g, request

from app.web.navigation import (
    ATTENDEE,
    EVENT,
    FOOTER,
    PROGRAMME,
    STAFF,
    Link,
    Place,
    links_for,
    places_for,
)

PLACES = (Place("Overview", "overview"), Place("Teams", "teams"), Place("Mail", "mail"))
ADDRESSES = {"overview": "/organise/pit", "teams": "/organise/pit/teams"}


@pytest.mark.parametrize(
    ("blueprint", "known", "expected"),
    [
        ("organiser.programmes", frozenset(), STAFF),
        ("organiser.programmes", frozenset({"programme_slug"}), PROGRAMME),
        ("organiser.checkin", frozenset({"programme_slug", "event_slug"}), EVENT),
        ("attendee.registration", frozenset(), ATTENDEE),
        ("volunteer.checkin", frozenset(), ()),
        (None, frozenset(), ()),
    ],
)
def test_places_follow_the_entrance_and_the_address(blueprint, known, expected):
    assert places_for(blueprint, known) == expected


def test_links_leave_out_what_is_not_there_and_mark_where_we_are():
    links = links_for(PLACES, address_of=ADDRESSES.get, here="/organise/pit/teams/riverside")

    assert links == [
        Link("Overview", "/organise/pit", current=False),
        Link("Teams", "/organise/pit/teams", current=True),
    ]


def test_links_do_not_take_a_longer_word_for_a_deeper_page():
    links = links_for(PLACES, address_of=ADDRESSES.get, here="/organise/pit/teams-of-last-year")

    assert [link.text for link in links if link.current] == ["Overview"]


@pytest.mark.parametrize(
    ("here", "current"), [("/my", ["My page"]), ("/my/pit/summit/skills/2", []), ("/my/data", [])]
)
def test_a_place_that_stands_alone_is_marked_nowhere_else(here, current):
    places = (Place("My page", "mine", stands_alone=True),)

    links = links_for(places, address_of={"mine": "/my"}.get, here=here)

    assert [link.text for link in links if link.current] == current


def test_a_page_outside_marks_nothing():
    links = links_for(PLACES, address_of=ADDRESSES.get, here="/sign-in")

    assert not any(link.current for link in links)


def test_every_page_says_whose_product_it_is(visitor):
    page = visitor.open("/no-such-page")

    assert page.status == 404
    assert "Northvale Improvement" in page.text
    assert "We can't find that page" in page.text


def test_after_a_mistake_of_ours_the_frame_asks_for_nothing(house):
    with house.test_request_context("/"):
        request.view_args = {"event": NothingLeft(), "staff": NothingLeft()}
        g.frame_is_bare = True
        words = {}
        house.update_template_context(words)

    assert words["navigation"] == []
    assert words["signed_in_as"] is None


class NothingLeft:
    """A row whose database is away: whatever is asked of it fails."""

    def __getattr__(self, name):
        raise AssertionError(f"asked for {name}")


def test_every_place_in_a_menu_is_there(house):
    listed = {
        place.endpoint for menu in (PROGRAMME, EVENT, STAFF, ATTENDEE, FOOTER) for place in menu
    }

    assert listed - house.view_functions.keys() == set()
