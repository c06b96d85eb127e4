"""What every answer says to the browser, on every page there is (trust 7.9)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.plumbing.database import db
from app.plumbing.limits import limiter
from app.plumbing.mail import mail_settings, set_up_mail
from app.web.factory import create_app
from tests.house.world import Caller, World
from tests.visitor import Page

# A letter is shown as a mail program does: in a frame without scripts, with the letter's own styles.
LETTERS = {"organiser.house.letter_words", "organiser.house.any_letter_words"}
CAMERA = {"volunteer.checkin.door"}
WHO = {
    "public": ("stranger",),
    "security": ("stranger", "lead"),
    "attendee": ("attendee", "stranger"),
    "team": ("team", "stranger"),
    "volunteer": ("steward", "supervisor", "stranger"),
    "organiser": ("coach", "lead", "administrator", "stranger"),
}

RIGHT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

FRAME = '<!doctype html><html lang="en"><title>A part</title><h1>A part</h1>'

Answers = list[tuple[Rule, Caller, TestResponse]]


@pytest.fixture(scope="module")
def answers(world) -> Answers:
    """Every page as those see it who may, and as somebody who may not."""
    found = []
    for rule in world.app.url_map.iter_rules():
        if "GET" in rule.methods:
            limiter.reset()
            callers = [world.caller(name) for name in WHO[rule.endpoint.partition(".")[0]]]
            found += [(rule, caller, world.ask(caller, rule)) for caller in callers]
    return found


def wrong_with(rule: Rule, caller: Caller, answer: TestResponse) -> Iterator[str]:
    """Tell what an answer should have said to the browser and did not."""
    said = answer.headers
    policy = said.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy and answer.mimetype != "application/pdf":
        yield "lets everything load"
    if "'unsafe-eval'" in policy:
        yield "lets text run"
    if "unsafe-inline" in policy and not (rule.endpoint in LETTERS and "sandbox" in policy):
        yield "lets inline code or styles in"
    if answer.mimetype == "text/html" and "'nonce-" not in policy and "sandbox" not in policy:
        yield "has no one-time word for scripts"
    yield from (
        f"says {name}: {said.get(name)}" for name, right in RIGHT.items() if said.get(name) != right
    )


def test_every_answer_tells_the_browser_to_run_nothing_and_tell_nobody(answers):
    wrong = [
        f"{rule.rule} ({caller.name}, {answer.status_code}) {fault}"
        for rule, caller, answer in answers
        for fault in wrong_with(rule, caller, answer)
    ]

    assert len(answers) > 200
    assert not wrong, "\n".join(wrong)


def test_pages_about_people_are_not_kept(answers):
    personal = [
        (rule, caller, answer)
        for rule, caller, answer in answers
        if (caller.name != "stranger" or "token" in rule.arguments)
        and rule.endpoint != "security.static"
    ]
    wrong = [
        f"{rule.rule} ({caller.name}): {answer.headers.get('Cache-Control')}"
        for rule, caller, answer in personal
        if "no-store" not in answer.headers.get("Cache-Control", "")
    ]

    assert len(personal) > 100
    assert not wrong, "\n".join(wrong)


def test_only_the_scanner_may_ask_for_the_camera(answers):
    may = {
        rule.endpoint
        for rule, _, answer in answers
        if "camera=()" not in answer.headers["Permissions-Policy"]
    }

    assert may == CAMERA


def test_nothing_on_any_page_runs_inline(answers):
    shown = [
        (rule, caller, answer)
        for rule, caller, answer in answers
        if answer.mimetype == "text/html" and rule.endpoint not in LETTERS
    ]
    wrong = [
        f"{rule.rule} ({caller.name}): {fault}"
        for rule, caller, answer in shown
        for fault in inline_code(answer)
    ]

    assert len(shown) > 150
    assert not wrong, "\n".join(wrong)


def inline_code(answer: TestResponse) -> list[str]:
    if not answer.get_data(as_text=True).lower().startswith("<!doctype"):
        answer.set_data(
            f"{FRAME}{answer.get_data(as_text=True)}</html>"
        )  # a part that a page takes in
    page = Page(answer)  # which looks at every element for handlers and styles
    if page.tree is None:
        return []
    word = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    scripts = [e for e in page.tree.iter("script") if "src" not in e.attrib]
    leads = [e.get(a, "") for e in page.tree.iter() for a in ("href", "src", "action")]
    return [
        *(f"script without its word {e.attrib}" for e in scripts if e.get("nonce") != word[1]),
        *(f"<style> {e.attrib}" for e in page.tree.iter("style")),
        *(a for a in leads if a.strip().lower().startswith(("javascript:", "data:text"))),
    ]


@pytest.fixture(scope="module")
def https_house(settings) -> Iterator[Flask]:
    """The same product as an operator runs it: reached over TLS."""
    before = mail_settings()
    house = create_app(replace(settings, base_url="https://hooray.example"))
    yield house
    set_up_mail(before)
    with house.app_context():
        db.engine.dispose()


def cookies_given(world: World, app: Flask, cookies: str) -> list[str]:
    """Return every cookie that people are given: of the session, a visit and an arrival."""
    answers = [
        world.ask(
            Caller("somebody", cookies), next(app.url_map.iter_rules(endpoint)), method, app=app
        )
        for endpoint, method in (
            ("organiser.programmes.programmes", "GET"),
            ("public.people.come_in", "POST"),
            ("public.checkin.wall", "GET"),
        )
    ]
    world.rebuild()
    return [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]


def test_cookies_are_for_the_server_and_this_site_alone(world):
    given = cookies_given(world, world.app, world.caller("stranger").cookies)

    assert {c.partition("=")[0] for c in given} == {"hooray", "hooray-visit", "hooray-arrival"}
    assert all("HttpOnly" in c and "SameSite=Lax" in c for c in given)


def test_over_tls_cookies_are_bound_to_our_host(world, https_house):
    cookies = world.caller("stranger").cookies.replace("hooray=", "__Host-hooray=")

    given = cookies_given(world, https_house, cookies)

    names = {c.partition("=")[0] for c in given}
    assert names == {"__Host-hooray", "__Host-hooray-visit", "__Host-hooray-arrival"}
    for cookie in given:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain=" not in cookie


def test_answers_that_are_no_pages_carry_the_same_headers(world):
    """What is not there, what is refused, what is wrong, what leads on, what stays as it was, and data."""
    wrong = []
    for what, answer in sorted(other_answers(world).items()):
        said = answer.headers
        if answer.status_code != int(what.partition(" ")[0]):
            wrong.append(f"{what} answers {answer.status_code}")
        if answer.status_code == 304:  # leaves what the kept answer said in force
            assert not answer.get_data() and not {*RIGHT, "Content-Security-Policy"} & {
                *said.keys()
            }
            continue
        wrong += [
            f"{what} says {name}: {said.get(name)}"
            for name, right in RIGHT.items()
            if said.get(name) != right
        ]
        if "default-src 'none'" not in said.get("Content-Security-Policy", ""):
            wrong.append(f"{what} lets everything load")
    world.rebuild()

    assert not wrong, "\n".join(wrong)


def other_answers(world: World) -> dict[str, TestResponse]:
    limiter.reset()
    lead, steward = world.caller("lead"), world.caller("steward")
    app, own = world.app, world.corners["own"]

    def ask(path: str, cookies: str = "", **options: object) -> TestResponse:
        with app.app_context():
            headers = {"Cookie": cookies, **options.pop("headers", {})}
            client = app.test_client(use_cookies=False)
            return client.open(path, headers=headers, buffered=True, **options)

    check = f"/v/{own['certificate_code']}"
    json = {"Accept": "application/json"}
    answers = {
        "200 data": ask(
            "/door/scans",
            steward.cookies,
            method="POST",
            json={"scan_id": str(uuid4()), "code": own["pass_code"]},
            headers={"X-CSRFToken": world.token},
        ),
        "302 to the sign-in": ask("/organise/"),
        "405 asked in a wrong way": ask("/organise/", lead.cookies, method="POST"),
        "400 stale form": ask("/link", method="POST", data={"email": "n@x.example"}),
        "401 data": ask("/organise/", headers=json),
        "403 from another site": ask(
            "/link",
            lead.cookies,
            method="POST",
            data={"csrf_token": world.token, "email": "n@x.example"},
            headers={"Sec-Fetch-Site": "cross-site"},
        ),
        "404 nothing": ask("/no/such/page"),
        "404 data": ask("/no/such/page", headers=json),
        "413 too large": ask("/link", method="POST", data={"email": "n" * 70_000}),
        "421 another host": ask("/", base_url="http://elsewhere.example"),
    }
    address = re.findall(r'src="(/static/dist/[^"]+[.]js)"', ask("/").get_data(as_text=True))[0]
    script = ask(address)
    answers["200 script"] = script
    answers["304 script"] = ask(address, headers={"If-None-Match": script.headers.get("ETag", "")})
    answers["429 too often"] = [ask(check) for _ in range(61)][-1]
    return answers
