"""Links and codes: opened by scanners, written nowhere, guessed in vain (trust 7.1, 7.3)."""

import json
import logging
from datetime import timedelta

import pytest
import time_machine

from app.plumbing.limits import limiter
from app.plumbing.mail import Letter
from tests.house.world import AT, MISSING, OTHER, OWN, World, all_rows, names_in

LINKS = (
    "public.people.link",
    "public.registration.letter",
    "public.certificates.letter",
    "public.checkin.enrol",
    "public.registration.ticket",
    "public.certificates.certificate",
    "public.registration.feed",
    "public.sign_in.link",
    "security.reset_password",
)
SECRETS = (
    "personal_token",
    "door_token",
    "door_key",
    "feed_token",
    "pass_code",
    "reset_token",
    "sign_in_token",
)
GUESSED = ("0" * 26, "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZZ", "x", "a" * 300, "%00", "..%2f..", "ÄÖÜ")


def the_rule(world: World, endpoint: str):
    return next(world.app.url_map.iter_rules(endpoint))


@pytest.mark.parametrize("endpoint", LINKS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_twenty_openings_by_scanners_change_nothing(world, endpoint, method):
    limiter.reset()
    stranger = world.caller("stranger")

    answers = {
        world.ask(stranger, the_rule(world, endpoint), method).status_code for _ in range(20)
    }

    assert answers <= {200, 302}
    assert world.is_as_built()


def test_a_link_still_opens_after_scanners_opened_it(world):
    rule = the_rule(world, "public.people.come_in")

    answer = world.ask(world.caller("stranger"), rule, "POST")
    world.rebuild()

    assert answer.headers["Location"].endswith("/my")


def test_no_secret_stands_in_the_database(world):
    """Letters are left out: here no mail server is set, so they are kept to be read by staff.

    A letter that a mail server took loses its words (tested with the outbox).
    """
    rows = {name: table for name, table in all_rows().items() if name != Letter.__tablename__}
    dump = json.dumps(rows, default=repr)
    secrets = {key: corner[key] for corner in world.corners.values() for key in SECRETS}
    visits = [c.cookies for c in world.callers if "hooray-visit=" in c.cookies]
    keys = [cookie.partition("hooray-visit=")[2].partition(";")[0] for cookie in visits]

    assert len(keys) == 2
    assert [name for name, secret in secrets.items() if secret in dump] == []
    assert [key for key in keys if key in dump] == []
    assert world.corners[OWN]["certificate_code"] in dump  # which must be printed again


def test_no_secret_stands_in_the_log(world, caplog):
    caplog.set_level(logging.DEBUG)
    for endpoint in LINKS:
        for name in ("stranger", "attendee"):
            world.ask(world.caller(name), the_rule(world, endpoint))

    secrets = [corner[key] for corner in world.corners.values() for key in SECRETS]
    assert [secret for secret in secrets if secret in caplog.text] == []


@pytest.mark.parametrize("endpoint", ["public.people.link", "public.certificates.certificate"])
def test_wrong_and_malformed_codes_get_one_answer(world, endpoint):
    limiter.reset()
    address = the_rule(world, endpoint).rule.partition("<")[0]
    with world.app.app_context():
        client = world.app.test_client()
        answers = {client.get(address + guess).status_code for guess in GUESSED}

    assert answers == {404}


def test_a_personal_link_ends(world):
    with time_machine.travel(AT + timedelta(days=91), tick=False):
        answer = world.ask(world.caller("stranger"), the_rule(world, "public.people.link"))

    assert answer.status_code == 410


def test_a_sign_in_link_works_once_and_for_ten_minutes(world):
    stranger, rule = world.caller("stranger"), the_rule(world, "public.sign_in.use_link")
    with time_machine.travel(AT + timedelta(minutes=11), tick=False):
        late = world.ask(stranger, rule, "POST")
    first, again = world.ask(stranger, rule, "POST"), world.ask(stranger, rule, "POST")
    world.rebuild()

    assert (late.status_code, first.status_code, again.status_code) == (410, 302, 410)


@pytest.mark.parametrize(
    ("endpoint", "tries"),
    [
        ("public.certificates.certificate", 60),
        ("public.people.link", 120),
        ("public.registration.ticket", 120),
    ],
)
def test_guessing_is_stopped_in_words_and_harms_nobody_else(world, endpoint, tries):
    limiter.reset()
    rule = the_rule(world, endpoint)
    address = rule.rule.partition("<")[0]
    with world.app.app_context():
        client = world.app.test_client()
        answers = [
            client.get(f"{address}{n:026}", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
            for n in range(tries + 20)
        ]
    own = world.ask(world.caller("stranger"), rule)
    limiter.reset()

    assert {answer.status_code for answer in answers[:tries]} == {404}
    assert {answer.status_code for answer in answers[tries:]} == {429}
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "<h1>" in answers[-1].text
    assert own.status_code == 200


def test_a_venue_of_one_address_is_not_limited(world):
    """A thousand people scan the wall within a minute, all behind one address."""
    limiter.reset()
    path = f"/r/{world.corners[OWN]['address_code']}/{world.corners[OWN]['room_code']}"
    with world.app.app_context():
        client = world.app.test_client(use_cookies=False)
        answers = {client.get(path).status_code for _ in range(1000)}
    limiter.reset()

    assert answers == {302}


def test_another_programmes_code_opens_nothing_here(world):
    rule = the_rule(world, "public.registration.letter")
    corners = dict.fromkeys(names_in(rule), OWN) | {"token": OTHER, "event_slug": OTHER}
    nothing = dict.fromkeys(names_in(rule), OWN) | {"token": OTHER, "event_slug": MISSING}

    found, missing = (
        world.ask(world.caller("stranger"), rule, "GET", c) for c in (corners, nothing)
    )

    assert (found.status_code, missing.status_code) == (404, 404)
