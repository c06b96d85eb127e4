"""Every address, asked for by everybody, about their own things and other people's.

What must come of it is worked out here from the page's mark, the table of roles, and who is asked
for what (trust 7.8); nothing is written down page by page. A refusal must not tell whether the
thing exists, and nothing but an allowed POST may change a row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.kernel.permission import Permission
from app.plumbing.limits import limiter
from app.programmes.rules import ALLOWS, Role, allowed
from app.web.entrances import permission_of
from tests.house.world import (
    ALWAYS_THERE,
    MISSING,
    OTHER,
    OWN,
    PROGRAMME_OF,
    SCOPES,
    SIBLING,
    WORDS,
    Caller,
    Scope,
    World,
    all_in,
    methods_of,
    names_in,
)

SIGN_IN = "/sign-in/"
OPEN = "open"
# The way to an event stays open to those who may come, whether or not they have a place there.
OPEN_TO_ALL = {"attendee.registration.place"}
# The code on a wall turns, and a link to sign in ends: one that is over is said to be over, in words.
ENDING = {
    "public.checkin.wall",
    "public.checkin.wall_in_capitals",
    "public.sign_in.link",
    "public.sign_in.use_link",
}
# Whoever looks after the posters of a programme sees them where its visitors will.
SHOWN_TO_STAFF = {"public.posters.marketplace", "public.posters.vote"}
# What was published is there for everybody, whoever was let in to the event itself.
PUBLISHED = {
    "public.writeups.story",
    "public.writeups.comment",
    "public.writeups.send_comment",
    "public.writeups.comment_sent",
    "public.writeups.picture",
}
# What lies at a poster or a table is looked up there, and a letter's secret opens that letter alone.
BESIDE = {
    ("public.posters.report", "words_id"): "code",
    ("public.groupwork.take_back", "card_id"): "code",
    ("public.groupwork.take_agreement_back", "agreement_id"): "code",
    ("public.groupwork.tell", "follow_up_id"): "token",
    ("public.groupwork.answer", "follow_up_id"): "token",
}
# Writing at a poster is for people with a place at the event, and for staff.
FOR_PEOPLE_AT_IT = {
    "public.posters.question",
    "public.posters.reflection",
    "public.posters.signal",
}
# Each browser is counted once at a poster, with nothing about who it was.
MAY_BE_CHANGED = {
    "public.posters.poster": {"poster_visits"},
    "public.posters.poster_in_capitals": {"poster_visits"},
    "public.groupwork.take_pen": {"group_scribe", "group_work"},
}
# A team reaches what lies at its own poster; somebody answers who asks for their own details.
OF_ONES_OWN = {"question_id", "slot_id", "exchange_id"}
# There is no sample programme here whose afternoon could begin.
WITHOUT_SAMPLE = {"public.house.afternoon"}

Corners = Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """Somebody asks for one address in one way."""

    caller: Caller
    rule: Rule
    method: str
    corners: Corners

    def __str__(self) -> str:
        return f"{self.caller.name}: {self.method} {self.rule.rule} {dict(self.corners)}"


def rules_of(world: World, entrance: str) -> list[Rule]:
    rules = [r for r in world.app.url_map.iter_rules() if r.endpoint.startswith(f"{entrance}.")]
    unknown = {name for rule in rules for name in names_in(rule)} - set(SCOPES)
    assert not unknown, f"Say in SCOPES of tests/house/world.py within what {unknown} is looked up."
    return rules


def variants(rule: Rule, *, in_full: bool) -> list[dict[str, str]]:
    """Every way in which an address can point at what is not the caller's, what is missing first."""
    names = names_in(rule)
    own = dict.fromkeys(names, OWN)
    everywhere = [all_in(corner, names) for corner in (MISSING, OTHER, SIBLING)]
    one_by_one = [
        own | {name: corner}
        for corner in (MISSING, OTHER, SIBLING)
        for name in names
        if name not in WORDS or (corner == MISSING and name not in {"citation", *ALWAYS_THERE})
    ]
    # What a page says of a missing child, to hold against what it says of somebody else's.
    childless = [
        {**all_in(corner, names), name: MISSING}
        for corner in (OTHER, SIBLING)
        for name in names
        if name not in {"programme_slug", "event_slug", *WORDS}
    ]
    found = [*everywhere, *([*childless, *one_by_one] if in_full else ()), own]
    return [v for i, v in enumerate(found) if v not in found[:i]]


def is_there(question: Question) -> bool:
    """Say whether the address names one thing that exists and that this caller may reach."""
    corners, endpoint = question.corners, question.rule.endpoint
    if endpoint in WITHOUT_SAMPLE:
        return False
    if endpoint in ENDING and corners.get("address_code") != MISSING:
        return True
    if MISSING in corners.values():
        return False
    return all(fits(name, corner, question) for name, corner in corners.items()) and (
        "event_slug" not in corners or is_known(question, corners["event_slug"])
    )


def fits(name: str, corner: str, question: Question) -> bool:
    corners, scope = question.corners, SCOPES[name]
    if scope is Scope.PROGRAMME and "programme_slug" in corners:
        return PROGRAMME_OF[corner] == PROGRAMME_OF[corners["programme_slug"]] and not (
            question.caller.name == "coach" and name == "team_slug" and corner != OWN
        )
    is_attendee = question.rule.endpoint.startswith("attendee.")
    if name in OF_ONES_OWN or (is_attendee and name == "issue_id"):
        return corner == question.caller.home
    if name == "programme_slug" and question.rule.endpoint.startswith("attendee.network."):
        return PROGRAMME_OF[corner] == PROGRAMME_OF[question.caller.home]
    beside = BESIDE.get((question.rule.endpoint, name))
    if beside is not None:
        return corner == corners[beside]
    if scope is Scope.EVENT:
        at_the_door = OWN if question.rule.endpoint.startswith("volunteer.") else corner
        return corner == corners.get("event_slug", at_the_door)
    if scope is Scope.TEAM:
        return corner == corners["team_slug"]
    return True


def is_known(question: Question, event: str) -> bool:
    """Say whether an event is one that these people know of: only `own` is open to all."""
    entrance = question.rule.endpoint.partition(".")[0]
    if entrance == "organiser":
        return True
    if entrance == "attendee":
        is_theirs = event == question.caller.home
        return is_theirs or (event == OWN and question.rule.endpoint in OPEN_TO_ALL)
    programme = PROGRAMME_OF[question.corners["programme_slug"]]
    if question.rule.endpoint in SHOWN_TO_STAFF and question.caller.roles_at(programme):
        return True
    if question.rule.endpoint in PUBLISHED:
        return True
    return event in {OWN, question.corners.get("token")}


def expected(question: Question, permission: Permission) -> str:
    """Work out what must come of a question (trust 7.8)."""
    caller = question.caller
    entrance = question.rule.endpoint.partition(".")[0]
    there = OPEN if is_there(question) else "404"
    if entrance == "attendee":
        return there if caller.is_attendee else "401"
    if entrance == "team":
        return there if caller.is_team else "401"
    if entrance == "volunteer":
        if caller.door is None:
            return "401"
        return there if permission in ALLOWS[caller.door] else "403"
    if entrance == "organiser":
        return expected_of_staff(question, permission, there)
    if there == OPEN and question.rule.endpoint in FOR_PEOPLE_AT_IT and not is_at(question):
        return "401"
    return there


def is_at(question: Question) -> bool:
    """Say whether somebody has a place at a poster's event, or works on it."""
    caller, corner = question.caller, question.corners["code"]
    is_booked = caller.is_attendee and caller.home == corner
    return is_booked or bool(caller.roles_at(PROGRAMME_OF[corner]))


def expected_of_staff(question: Question, permission: Permission, there: str) -> str:
    caller, corner = question.caller, question.corners.get("programme_slug")
    if not caller.is_staff:
        return "sign in"
    roles = caller.roles_at(PROGRAMME_OF[corner] if corner else None)
    if corner == MISSING or not roles:
        return "404"
    if permission not in allowed(roles):
        return "403" if roles - {Role.ADMINISTRATOR} or corner is None else "404"
    return there


def outcome(response: TestResponse) -> str:
    """Say in a word what came of a question."""
    status = response.status_code
    if status in {301, 302, 303} and response.headers["Location"] == SIGN_IN:
        return "sign in"
    if status in {401, 403, 404}:
        return str(status)
    is_stale = status == 400 and "could not be sure that it was you" in response.get_data(
        as_text=True
    )
    return OPEN if status < 500 and status not in {405, 429} and not is_stale else f"{status}!"


def masked(response: TestResponse) -> tuple[int, str, str]:
    """Return an answer without what is new in every answer."""
    body = response.get_data(as_text=True)
    body = re.sub(
        r'nonce="[^"]*"|name="(csrf_token|press)"[^>]*|content="[^"]*" name="csrf-token"', "", body
    )
    return response.status_code, response.headers.get("Location", ""), body


def holes(world: World, rule: Rule, *, in_turn: list[Caller]) -> list[str]:
    """Ask for one page in every way, and return a sentence for every answer that is wrong."""
    found: list[str] = []
    for method in methods_of(rule):
        for caller in in_turn:
            limiter.reset()
            found += wrong_answers(world, rule, method, caller)
        changed = world.changed()
        if changed - MAY_BE_CHANGED.get(rule.endpoint, set()):
            found.append(f"{method} {rule.rule}: changes {sorted(changed)} without leave")
        if changed:
            world.rebuild()
    return found


def wrong_answers(world: World, rule: Rule, method: str, caller: Caller) -> list[str]:
    permission = permission_of(world.app, rule.endpoint)
    assert permission is not None
    found: list[str] = []
    silent: dict[tuple[str, ...], tuple[int, str, str]] = {}
    for corners in variants(rule, in_full=tries_all(caller, rule, method, permission)):
        question = Question(caller, rule, method, corners)
        wanted = expected(question, permission)
        response = world.ask(caller, rule, method, corners)
        if outcome(response) != wanted:
            found.append(f"{question}: {outcome(response)}, not {wanted}")
        elif wanted == OPEN:
            if method == "POST" and not world.is_as_built():
                world.rebuild()
        elif (said := masked(response)) != silent.setdefault(reached(question, wanted), said):
            found.append(f"{question}: tells that something is there")
    return found


# Those who try every way of pointing elsewhere; the look-ups behind a guard do not ask for roles.
THOROUGH = {
    "stranger",
    "attendee",
    "another attendee",
    "team",
    "steward",
    "supervisor",
    "coach",
    "lead",
    "administrator",
}


def tries_all(caller: Caller, rule: Rule, method: str, permission: Permission) -> bool:
    return caller.name in THOROUGH and any(
        expected(Question(caller, rule, method, all_in(corner, names_in(rule))), permission) == OPEN
        for corner in (OWN, SIBLING)
    )


def reached(question: Question, wanted: str) -> tuple[str, ...]:
    """Return how far somebody got before the answer, which all that lies behind must not change."""
    if wanted != "404":
        return (wanted,)
    programme, event = (question.corners.get(name) for name in ("programme_slug", "event_slug"))
    slug = PROGRAMME_OF[programme or MISSING]
    if slug is None or not question.caller.roles_at(slug):
        return (wanted,)
    if event is None or PROGRAMME_OF[event] != slug:
        return wanted, slug
    return wanted, slug, event


def askers(world: World, entrance: str) -> list[Caller]:
    """Return who asks: everybody, but at the public entrance only those whose cookies it reads."""
    if entrance != "public":
        return world.callers
    return [world.caller(name) for name in ("stranger", "attendee", "organiser")]


@pytest.mark.parametrize("entrance", ["public", "attendee", "team", "organiser", "volunteer"])
def test_every_page_opens_to_those_it_is_for_and_to_nobody_else(world, entrance):
    rules = rules_of(world, entrance)
    assert rules

    found = [hole for rule in rules for hole in holes(world, rule, in_turn=askers(world, entrance))]

    assert not found, f"{len(found)} holes:\n" + "\n".join(found)
