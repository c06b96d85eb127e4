"""A real server, a real Chromium at two sizes, and nothing allowed to go wrong in silence."""

import dataclasses
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress.server
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from app.plumbing.database import db
from app.plumbing.mail import mail_settings, set_up_mail
from app.web.commands import start_worker
from app.web.factory import create_app
from app.web.settings import Settings
from tests.conftest import sweep

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
STANDS = """() => Promise.all(
  document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime < Infinity)
    .map(one => one.finished.catch(() => null))
).then(() => null)"""
"""What fades in is judged once it stands: halfway its colours are nobody's choice."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium() -> str | None:
    """Return the Chromium that ./test found; without one Playwright looks for its own."""
    return os.environ.get("HOORAY_CHROMIUM") or shutil.which("chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, film):
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    }


@pytest.fixture(scope="session")
def film(tmp_path_factory) -> Path:
    """The film that the fake camera plays; a test that scans makes its own before it opens a door."""
    return tmp_path_factory.mktemp("camera") / "film.mjpeg"


class LiveHouse:
    """The product behind a real port, with its worker beside it."""

    def __init__(self, app: Flask, address: str) -> None:
        self.app, self.address = app, address


# For the browser's tests alone: its worker would take later work from the tests that follow, and
# its letters carry its own address.
@pytest.fixture(scope="package")
def _served(house: Flask, settings: Settings) -> Iterator[LiveHouse]:
    before = mail_settings()
    server = waitress.server.create_server(lambda *_: [], host="127.0.0.1", port=0, threads=8)
    address = f"http://localhost:{server.effective_port}"
    app = create_app(dataclasses.replace(settings, base_url=address))
    server.application = app
    thread = threading.Thread(target=server.run, name="server", daemon=True)
    thread.start()
    stop = start_worker(app)
    yield LiveHouse(app, address)
    set_up_mail(before)
    stop.set()
    for worker in (thread for thread in threading.enumerate() if thread.name == "work"):
        worker.join(30)
    server.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def live(_served: LiveHouse) -> Iterator[LiveHouse]:
    """The product on a real port, with empty tables."""
    with _served.app.app_context():
        yield _served
        db.session.rollback()
        sweep()


@pytest.fixture
def base_url(live: LiveHouse) -> str:
    return live.address


class Watched:
    """A browser context whose every complaint is kept."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.complaints: list[str] = []
        self.allowed: list[str] = []
        context.on("console", self._on_console)
        context.on("weberror", lambda e: self.complaints.append(f"script: {e.error}"))
        context.on("request", self._on_request)

    def _on_console(self, message) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _on_request(self, request) -> None:
        url = request.url
        if not url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"a request left the machine: {url}")

    def unexpected(self) -> list[str]:
        return [c for c in self.complaints if not any(a in c for a in self.allowed)]


class Windows:
    """Opens browser windows, each with cookies of its own, and closes the day with a check."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.watched: list[Watched] = []

    def open(
        self, size: dict[str, int], *, scripts: bool = True, allow: tuple[str, ...] = ()
    ) -> Page:
        """Open a window; `allow` names complaints that belong to the test, such as a 422 answer."""
        context = self.browser.new_context(
            viewport=size,
            base_url=self.address,
            java_script_enabled=scripts,
            permissions=["camera"],
            locale="en-GB",
            timezone_id="Europe/London",
        )
        watched = Watched(context, self.address)
        watched.allowed.extend(allow)
        self.watched.append(watched)
        return context.new_page()

    def close(self) -> None:
        complaints = [c for w in self.watched for c in w.unexpected()]
        for watched in self.watched:
            watched.context.close()
        assert not complaints, complaints


@pytest.fixture
def windows(browser: Browser, live: LiveHouse) -> Iterator[Windows]:
    opened = Windows(browser, live.address)
    yield opened
    opened.close()


@pytest.fixture
def phone(windows: Windows) -> Page:
    return windows.open(PHONE)


@pytest.fixture
def laptop(windows: Windows) -> Page:
    return windows.open(LAPTOP)


def check_page(page: Page, *, picture: str | None = None) -> None:
    """Fail on any axe violation or sideways scroll; keep a picture where one is asked for."""
    page.evaluate(STANDS)
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    violations = [
        f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:160]}" for v in found["violations"]
    ]
    assert not violations, f"{page.url}: " + "\n".join(violations)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"
    folder = os.environ.get("HOORAY_PICTURES")
    if folder and picture:
        width = page.viewport_size["width"]
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{picture}-{width}.png", full_page=True)
