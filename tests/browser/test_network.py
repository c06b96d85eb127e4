"""The network on a phone: joined with one tick, a team asked, details exchanged, left with one tap."""

import pytest

from app.web.sample import cast
from tests.browser.conftest import LAPTOP, PHONE, check_page
from tests.browser.test_journey_2 import SAMPLE, sample, sian, staff

__all__ = ["sample"]

pytestmark = pytest.mark.browser

HOME = f"/my/network/{cast.SLUG}"


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_somebody_joins_asks_a_team_answers_a_request_and_leaves(windows, sample, size):
    page = sian(windows)
    page.set_viewport_size(size)
    page.goto("/my/network")
    check_page(page, picture="network-join")
    page.get_by_label("Yes, keep me in touch").check()
    page.get_by_role("button", name="Join").click()

    page.get_by_role("heading", name="What others see of you").wait_for()
    check_page(page, picture="network-shown")
    page.get_by_label("My e-mail address").check()
    page.get_by_label("Your topics").fill("Telephones, front desk")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("This is what the others see of you").wait_for()
    check_page(page, picture="network")

    page.get_by_role("link", name="Members").click()
    page.get_by_role("link", name="Front desk 3").click()
    page.get_by_role("heading", name=cast.GWEN).wait_for()
    assert page.get_by_role("heading", name=cast.JO).count() == 0
    check_page(page, picture="network-members")

    page.goto(f"{HOME}/teams")
    check_page(page, picture="network-teams")
    page.get_by_role("link", name="Ask this team Hill Top Practice").click()
    page.get_by_label("What would you like to know").fill("How did you sort them?")
    page.get_by_label("Yes, so that they can answer me").check()
    check_page(page, picture="network-ask")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your question is on its way to Hill Top Practice").wait_for()

    page.goto("/my/contacts")
    check_page(page, picture="contacts-asked")
    page.get_by_role("button", name=f"Yes, exchange details with {cast.GWEN}").click()
    page.get_by_role("link", name="@").first.wait_for()
    check_page(page, picture="contacts")

    page.goto(HOME)
    page.get_by_role("button", name="Leave the network").click()
    page.get_by_text("You have left the network").wait_for()


def test_staff_show_the_way_in_and_make_the_commissioner_report(windows, sample):
    page = staff(windows)
    page.goto(f"{SAMPLE}/network")
    check_page(page, picture="network-staff")
    page.get_by_role("link", name="Show the way in on the projector").click()
    page.get_by_role("heading", name="Stay in touch").wait_for()
    check_page(page, picture="network-wall")

    page.goto(f"{SAMPLE}/commissioner-report")
    page.get_by_role("button", name="Make the report").click()
    page.get_by_role("link", name="Open the PDF").wait_for(timeout=60_000)
    check_page(page, picture="commissioner-report")
