"""Every page has an entrance and a mark; strangers are turned away where they should be."""

import ast
from pathlib import Path

import pytest
from flask import Flask

from app.kernel.permission import Permission, needs
from app.plumbing.queue import arguments_fit, registered_jobs
from app.programmes.rules import ALLOWS, Role
from app.web.engine_room import JOB_WORDS
from app.web.entrances import UnmarkedPage, check_marks, permission_of

ROOT = Path(__file__).resolve().parents[2]


def test_every_page_names_its_permission(house):
    check_marks(house)


def test_a_page_without_a_mark_stops_the_start():
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/x", "public.x", lambda: "")

    with pytest.raises(UnmarkedPage):
        check_marks(app)


def test_a_page_outside_the_entrances_stops_the_start():
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/x", "elsewhere", needs(Permission.SEE_PUBLIC_PAGES)(lambda: ""))

    with pytest.raises(UnmarkedPage):
        check_marks(app)


def test_every_permission_is_given_to_somebody():
    given = frozenset().union(*ALLOWS.values())

    assert given == frozenset(Permission)


def test_every_permission_is_needed_somewhere(house):
    needed = {permission_of(house, rule.endpoint) for rule in house.url_map.iter_rules()}
    # These two are asked for inside a page: they decide what it shows, not whether it opens.
    inside = {Permission.SEE_CONTACT_DETAILS, Permission.SEE_COACH_NOTES}

    assert frozenset(Permission) - needed - inside == frozenset()


def test_the_public_may_do_nothing_that_needs_a_name():
    assert ALLOWS[Role.PUBLIC] == {
        Permission.SEE_PUBLIC_PAGES,
        Permission.CHECK_CERTIFICATES,
        Permission.SIGN_IN,
    }


def enqueued_names() -> list[tuple[str, int, str, set[str]]]:
    found = []
    for path in (ROOT / "app").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "enqueue"):
                continue
            first = call.args[0]
            assert isinstance(first, ast.Constant), f"{path}:{call.lineno} names no job literally"
            own = {"due_at", "batch", "unique_key"}
            arguments = {k.arg for k in call.keywords if k.arg} - own
            found.append((str(path), call.lineno, first.value, arguments))
    return found


def test_every_enqueued_job_exists_and_gets_its_arguments(house):
    names = enqueued_names()

    assert names
    for path, line, name, arguments in names:
        assert name in registered_jobs(), f"{path}:{line} enqueues {name}, which nobody does"
        assert arguments_fit(name, arguments), f"{path}:{line} gives {name} {arguments}"


def test_every_job_has_words_for_those_who_look_after_it(house):
    ours = {name for name in registered_jobs() if not name.startswith("tests.")}

    assert ours == set(JOB_WORDS)
