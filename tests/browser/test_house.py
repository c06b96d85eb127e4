import pytest

from tests.browser.conftest import LAPTOP, PHONE, check_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_first_page_is_open_to_everybody(windows, size):
    page = windows.open(size)

    page.goto("/")

    check_page(page, picture="first-page")
