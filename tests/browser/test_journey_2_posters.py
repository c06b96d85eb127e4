"""Journey 2, steps 8 to 11: in the marketplace an attendee looks, reflects, asks and votes."""

import re
from datetime import timedelta

import pytest

from app.kernel.actor import Actor
from app.kernel.clock import clock_words, now
from app.plumbing.database import db, transaction
from app.posters.actions.ways_in import mint_link
from app.posters.models import Marketplace, Poster, PosterVersion, Reflection
from app.posters.rules import VersionState
from app.programmes.models import Team
from app.web.sample import cast
from app.web.sample.loading import load_sample
from tests.browser.conftest import PHONE, check_page
from tests.browser.test_journey_2 import place_of, sian
from tests.factories.voices import here
from tests.posters.files import a_pdf

pytestmark = pytest.mark.browser

OLD_MILL = "Old Mill Surgery"
A0 = (2384, 3370)
FIRST_PICTURE = 300_000
"""The most bytes of the first picture that a phone is sent."""
PATIENCE = 90_000
"""Milliseconds until a poster's pictures are made, on a machine that does other things as well."""


@pytest.fixture
def sample(live):
    """The sample programme in the middle of its summit, with the vote open."""
    at = now()
    with transaction():
        load_sample(at=at)
    with transaction():
        market = db.session.query(Marketplace).one()
        market.ballot_opens_at = at - timedelta(minutes=5)
        market.ballot_closes_at = at + timedelta(hours=1)
    return live


def poster_of(name):
    found = db.session.query(Poster).join(Team).filter(Team.name == name).one()
    code = found.code
    db.session.rollback()
    return code


def team_token(name):
    with transaction():
        poster = db.session.query(Poster).join(Team).filter(Team.name == name).one()
        return mint_link(poster, sent_to=name, by=Actor("staff", None, "Helen"), at=now())


def newest_state(code):
    db.session.rollback()
    newest = (
        db.session.query(PosterVersion)
        .join(Poster)
        .filter(Poster.code == code)
        .order_by(PosterVersion.number.desc())
        .first()
    )
    state = newest.state if newest else None
    db.session.rollback()
    return state


def wait_until(page, is_so, *, seconds):
    for _ in range(seconds * 2):
        if is_so():
            return
        page.wait_for_timeout(500)
    raise AssertionError("it never came")


def is_drawn(picture):
    picture.scroll_into_view_if_needed()
    return picture.evaluate("img => img.decode().then(() => img.naturalWidth > 1)")


def the_team_hands_in(windows, token):
    """Upload a poster through the team's own link, and watch it arrive."""
    phone = windows.open(PHONE)
    phone.goto(f"/t/{token}")
    phone.get_by_role("button", name="Open our poster page").click()
    phone.get_by_role("link", name=re.compile("Upload the poster|Replace the file")).click()
    check_page(phone, picture="poster-upload")
    poster = {
        "name": "old-mill.pdf",
        "mimeType": "application/pdf",
        "buffer": a_pdf(size=A0, words="Old Mill", letters=300),
    }
    phone.locator("input[type=file]").set_input_files(poster)
    said = phone.locator("[data-upload-said]")
    with phone.expect_request(lambda request: request.method == "POST") as sent:
        phone.get_by_role("button", name="Upload").click()
        said.wait_for()
    assert sent.value.resource_type in {"xhr", "fetch"}, "the script did not send it"
    phone.get_by_text("Your poster has arrived. We are making its pictures.").wait_for()
    return phone


def test_journey_2_in_the_marketplace(windows, sample):
    code = poster_of(OLD_MILL)
    here(place_of(cast.SIAN), at=now())
    team = the_team_hands_in(windows, team_token(OLD_MILL))
    wait_until(team, lambda: newest_state(code) is VersionState.READY, seconds=PATIENCE // 1000)
    team.goto("/team/")
    assert is_drawn(team.locator(".own-poster img"))
    check_page(team, picture="team-poster")
    team.goto("/team/questions")

    phone = sian(windows)
    she_looks(phone, code)
    she_reflects(phone, code)
    she_asks(phone, team)
    she_votes(phone)


def she_looks(phone, code):
    """Step 8: she scans the stand card; the picture comes first and is light, words are beside it."""
    phone.goto(f"/P/{code}")
    picture = phone.locator("img.poster-picture")
    assert is_drawn(picture)
    first = phone.request.get(picture.get_attribute("src"))
    assert len(first.body()) <= FIRST_PICTURE
    assert "immutable" in first.headers["cache-control"]
    for heading in ("Aim", "What we changed", "What the data show", "What we would do differently"):
        phone.get_by_role("heading", name=heading, exact=True).wait_for()
    check_page(phone, picture="poster")

    with phone.context.expect_page() as opened:
        phone.get_by_role("link", name="Open enlarged in a new tab").click()
    enlarged = opened.value
    assert is_drawn(enlarged.locator("img.enlarged__picture"))
    check_page(enlarged, picture="poster-enlarged")
    enlarged.get_by_role("link", name="Read it close up").click()
    tiles = enlarged.locator("img.tiles__tile")
    assert tiles.count() > 1
    assert is_drawn(tiles.first) and is_drawn(tiles.last)
    check_page(enlarged, picture="poster-close-up")
    enlarged.close()


def she_reflects(phone, code):
    """Step 9: a reflection that only the team reads; one box stays empty."""
    phone.get_by_role("link", name="Reflect").click()
    phone.get_by_label("The changes").fill("You changed one thing at a time.")
    phone.get_by_label("The data").fill("The run chart says it all.")
    phone.get_by_label("The team only, with my name").check()
    check_page(phone, picture="poster-reflect")
    phone.get_by_role("button", name="Send").click()
    phone.get_by_text(
        f"Thank you. Only {OLD_MILL} and the organisers can see this, with your name."
    ).wait_for()
    db.session.rollback()
    kept = db.session.query(Reflection).join(Poster).filter(Poster.code == code)
    assert kept.filter(Reflection.text == "The run chart says it all.").one().person is not None
    db.session.rollback()
    assert phone.get_by_text("The run chart says it all.").count() == 0


def she_asks(phone, team):
    """Step 10: a question, and the team's phone shows it by itself."""
    phone.get_by_role("link", name="Ask a question").click()
    phone.get_by_label(re.compile("question", re.I)).first.fill("Who answers the phone at lunch?")
    check_page(phone, picture="poster-ask")
    phone.get_by_role("button", name=f"Send to {OLD_MILL}").click()
    phone.get_by_text(f"Sent to {OLD_MILL}. We'll e-mail you the answer.").wait_for()
    team.get_by_text("Who answers the phone at lunch?").first.wait_for(timeout=10_000)
    team.wait_for_timeout(1_000)  # what is new fades in
    check_page(team, picture="team-questions")


def she_votes(phone):
    """Step 11: her vote, never for her own team."""
    db.session.rollback()
    market = db.session.query(Marketplace).one()
    until = clock_words(market.ballot_closes_at)
    own = place_of(cast.SIAN).team.name
    db.session.rollback()
    phone.goto(f"/events/{cast.SLUG}/summit/posters")
    check_page(phone, picture="marketplace")
    phone.get_by_role("link", name="Vote for the people's choice").click()
    mine = phone.get_by_label(re.compile(re.escape(own)))
    assert mine.is_disabled()
    phone.get_by_text("You can't vote for your own team").wait_for()
    phone.get_by_label(re.compile(OLD_MILL)).check()
    phone.get_by_role("button", name="Vote").click()
    phone.get_by_text(f"You voted for {OLD_MILL}. You can change this until {until}.").wait_for()
    assert "1 vote" not in phone.locator("main").inner_text()
    check_page(phone, picture="poster-vote")


def test_journey_2_a_poster_opens_without_scripts(windows, sample):
    code = poster_of(OLD_MILL)
    phone = sian(windows, scripts=False)
    wait_until(phone, lambda: newest_state(code) is VersionState.READY, seconds=PATIENCE // 1000)

    phone.goto(f"/p/{code}")

    assert is_drawn(phone.locator("img.poster-picture"))
    phone.get_by_role("link", name="Ask a question").click()
    phone.get_by_role("button", name=f"Send to {OLD_MILL}").wait_for()
    phone.goto(f"/p/{code}/enlarged")
    assert is_drawn(phone.locator("img.enlarged__picture"))
