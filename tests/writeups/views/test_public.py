from datetime import timedelta
from xml.etree import ElementTree

from app.plumbing.database import transaction
from app.posters.rules import Visibility
from app.programmes.rules import Role
from tests.factories.people import a_person
from tests.factories.posters import a_marketplace, a_poster, a_version
from tests.factories.programmes import a_member, a_member_of_staff, a_team
from tests.factories.writeups import a_published_write_up, a_write_up
from tests.statements import count_statements
from tests.visitor import Visitor
from tests.writeups.conftest import AT

STORY = "/events/together/summit/write-up"
FEED = "/events/together/write-ups.atom"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_everybody_gets_the_same_page_and_may_keep_it(app, visitor, summit):
    a_published_write_up(summit)
    lead = Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.LEAD))

    theirs, mine = visitor.open(STORY), lead.open(STORY)

    assert theirs.html == mine.html
    for page in (theirs, mine):
        headers = page.response.headers
        assert headers["Cache-Control"] == "public, no-cache"
        assert "Cookie" not in headers.get("Vary", "")
        assert "Set-Cookie" not in headers
    again = visitor.open(STORY, headers={"If-None-Match": theirs.response.headers["ETag"]})
    assert again.status == 304


def test_what_was_said_to_somebody_waits_for_a_page_of_their_own(app, summit):
    a_published_write_up(summit)
    lead = Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.LEAD))
    lead.fill_in(
        "/organise/together/events/summit/write-up", action="/text", text="Changed.", follow=False
    )

    assert "Saved." not in lead.open(STORY).text
    assert "Saved." in lead.open("/organise/together/events/summit/write-up").text


def test_the_page_is_found_again_with_one_question(app, visitor, summit):
    a_published_write_up(summit)
    visitor.open(STORY)

    with count_statements() as statements:
        visitor.open(STORY)

    assert len(statements) == 1


def test_the_page_says_what_it_is_to_whoever_shares_it(visitor, summit):
    a_published_write_up(summit)

    html = visitor.open(STORY).html

    assert '<meta property="og:title" content="What we learnt">' in html
    assert '<meta property="og:description" content="Calls, calls, calls.">' in html
    assert (
        '<meta property="og:url" content="http://localhost/events/together/summit/write-up">'
        in html
    )
    assert '<link rel="canonical" href="http://localhost/events/together/summit/write-up">' in html


def test_only_posters_that_everybody_may_see_stand_in_it(visitor, summit, clock):
    a_marketplace(summit)
    shown = a_poster(
        a_team(summit.programme, "Old Mill"), summit, title="Shown", visibility=Visibility.PUBLIC
    )
    a_version(shown)
    a_poster(a_team(summit.programme), summit, title="Not shown", visibility=Visibility.ATTENDEES)
    a_published_write_up(summit, "[[posters]]")

    story = visitor.open(STORY)
    assert f"/p/{shown.code}" in story.html
    assert "Not shown" not in story.text
    assert "Ask this team" not in story.text

    with transaction():
        shown.hidden_at = AT
    clock.shift(timedelta(minutes=2))
    assert f"/p/{shown.code}" not in visitor.open(STORY).html


def test_a_team_with_a_poster_can_be_asked_from_the_story(visitor, summit):
    a_marketplace(summit)
    team = a_team(summit.programme, "Old Mill")
    a_member(team, a_person("Ed Marsh"))
    a_poster(team, summit, visibility=Visibility.PUBLIC)
    a_published_write_up(summit, "[[posters]]")

    story = visitor.open(STORY)

    assert "Ask this team" in story.text
    assert "/my/network/together/teams/old-mill" in story.html


def test_a_draft_is_nobodys_to_read(visitor, summit):
    a_write_up(summit)

    assert visitor.open(STORY).status == 404
    assert visitor.open(FEED).status == 404


def test_the_feed_tells_of_what_is_published(visitor, summit):
    a_published_write_up(summit)

    answer = visitor.open(FEED)

    assert answer.response.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.response.get_data())
    (entry,) = feed.findall("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "What we learnt"
    assert entry.find("a:link", ATOM).get("href") == f"http://localhost{STORY}"
    again = visitor.open(FEED, headers={"If-None-Match": answer.response.headers["ETag"]})
    assert again.status == 304


def test_stories_are_found_from_the_list_of_events(visitor, summit):
    write_up = a_published_write_up(summit)
    assert STORY in [at for _, at in visitor.open("/events").links()]
    assert STORY in [at for _, at in visitor.open("/events/together/summit").links()]

    with transaction():
        write_up.withdrawn_at = AT
    assert STORY not in [at for _, at in visitor.open("/events").links()]
    assert STORY not in [at for _, at in visitor.open("/events/together/summit").links()]
