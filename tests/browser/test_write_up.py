"""The story of an event: drafted, edited beside its preview, published, commented on, and read by all."""

import re

import pytest
from sqlalchemy import select

from app.kernel.clock import now
from app.people.models import Account
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.web.sample.cast import PASSWORD, SLUG
from app.web.sample.loading import load_sample
from tests.browser.conftest import LAPTOP, PHONE, check_page

pytestmark = pytest.mark.browser

DESK = f"/organise/{SLUG}/events/ls1/write-up"
STORY = f"/events/{SLUG}/ls1/write-up"


@pytest.fixture
def sample(live):
    with transaction():
        load_sample(at=now())


def sign_in(page, name: str) -> None:
    email = db.session.scalar(select(Account.email).where(Account.email.like(f"{name}%")))
    db.session.rollback()
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(re.compile("/organise"))


def link_to(address: str, way: str) -> str:
    db.session.rollback()
    letters = db.session.scalars(
        select(Letter).where(Letter.to_address == address).order_by(Letter.created_at.desc())
    )
    link = next(
        found[1] for letter in letters if (found := re.search(rf"(/{way}/\w+)", letter.text or ""))
    )
    db.session.rollback()
    return link


def test_a_story_is_told_and_answered(sample, windows):
    desk, phone = windows.open(LAPTOP), windows.open(PHONE)
    sign_in(desk, "priya")

    desk.goto(DESK)
    check_page(desk, picture="write-up-blocks")
    desk.get_by_role("button", name="Begin with these blocks").click()
    desk.get_by_text("Your first draft is here").wait_for()
    text = desk.locator("textarea[name=text]")
    assert "[[skills]]" in text.input_value()
    check_page(desk, picture="write-up-editor")

    desk.get_by_label("Title").fill("What we brought home")
    text.press("Control+End")
    text.press_sequentially("\n\n## Next\n\nCount **first**.")
    preview = desk.get_by_role("region", name="How it will look")
    preview.get_by_role("heading", name="Next").wait_for()
    desk.get_by_text(re.compile("^Saved at")).wait_for()

    desk.get_by_role("link", name="Look and publish").click()
    check_page(desk, picture="write-up-publication")
    desk.get_by_role("button", name="Publish").click()
    desk.get_by_text("Everybody with the address can read it now").wait_for()

    phone.goto(STORY)
    phone.get_by_role("heading", name="What we brought home").wait_for()
    phone.get_by_text("The numbers, and how they were counted").click()
    check_page(phone, picture="write-up-story")

    phone.get_by_role("link", name="Write a comment").click()
    phone.get_by_label("Your name").fill("Nia Pugh")
    phone.get_by_label("Your e-mail address").fill("nia@practice.example")
    phone.get_by_label("Your comment").fill("We will count too.")
    check_page(phone, picture="write-up-comment")
    phone.get_by_role("button", name="Send").click()
    phone.get_by_role("heading", name="One more step").wait_for()

    phone.goto(link_to("nia@practice.example", "c"))
    check_page(phone, picture="write-up-confirm")
    phone.get_by_role("button", name="Yes, send my comment").click()
    phone.get_by_text("Somebody from the team reads it before others do").wait_for()
    check_page(phone, picture="write-up-own-comment")

    desk.goto(f"{DESK}/comments")
    desk.get_by_text("We will count too.").wait_for()
    check_page(desk, picture="write-up-comments")
    desk.get_by_role("button", name=re.compile("^Publish it")).click()
    desk.get_by_text("The comment is published.").wait_for()

    phone.goto(STORY)
    phone.get_by_text("We will count too.").wait_for()
    check_page(phone)
    assert "nia@practice.example" not in phone.content()


def test_two_editors_lose_nothing(sample, windows):
    first, second = (
        windows.open(LAPTOP, allow=("409 (CONFLICT)",)),
        windows.open(PHONE, allow=("409 (CONFLICT)",)),
    )
    at = f"/organise/{SLUG}/events/ls2/write-up"
    sign_in(first, "priya")
    sign_in(second, "helen")
    for page in (first, second):
        page.goto(at)
    check_page(second, picture="write-up-editor")

    first.locator("textarea[name=text]").fill("What Priya wrote.")
    first.get_by_text(re.compile("^Saved at")).wait_for()
    second.locator("textarea[name=text]").fill("What Helen wrote.")
    second.get_by_text(re.compile("Press Save to see both")).wait_for()
    second.get_by_role("button", name="Save").click()

    second.get_by_text("Read what Priya Nair saved").click()
    second.get_by_text("What Priya wrote.").wait_for()
    assert second.locator("textarea[name=text]").input_value() == "What Helen wrote."
    check_page(second, picture="write-up-both")
