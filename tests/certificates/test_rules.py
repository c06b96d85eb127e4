from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.certificates.rules import (
    Criterion,
    CriterionKind,
    Deeds,
    Gathering,
    Presence,
    Standing,
    at_least,
    completion,
    judged,
    minutes_present,
    rule_sentence,
    sentence,
    standing_at_event,
    way_through,
)

MET, CHECK, TODAY, OPEN, LOST = Standing
DAY = datetime(2026, 3, 26, 9, 30, tzinfo=UTC)
ENDS_ON = date(2026, 3, 31)
SUMMIT = Gathering(
    id=uuid4(), kind="summit", title="Summit", starts_at=DAY, ends_at=DAY + timedelta(hours=6)
)


def a_criterion(**values: object) -> Criterion:
    return Criterion(**{"id": uuid4(), "kind": CriterionKind.EVENTS, **values})


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def a_session(number: int, *, days_ago: int) -> Gathering:
    starts_at = DAY - timedelta(days=days_ago)
    return Gathering(
        id=UUID(int=number),
        kind="learning_session",
        title=f"Learning session {number}",
        starts_at=starts_at,
        ends_at=starts_at + hours(6),
    )


THREE_SESSIONS = [a_session(n, days_ago=ago) for n, ago in ((1, 280), (2, 190), (3, -20))]


@pytest.mark.parametrize(
    ("standings", "needed", "expected"),
    [
        ([MET, MET, LOST], 2, MET),
        ([MET, CHECK, TODAY, OPEN], 1, MET),
        ([MET, CHECK, TODAY, OPEN], 2, CHECK),
        ([MET, CHECK, TODAY, OPEN], 3, TODAY),
        ([MET, CHECK, TODAY, OPEN], 4, OPEN),
        ([MET, CHECK, TODAY, OPEN], 5, LOST),
        ([LOST], 1, LOST),
        ([], 1, LOST),
    ],
)
def test_at_least_is_as_sure_as_its_weakest_needed_one(standings, needed, expected):
    assert at_least(needed, standings) is expected


@pytest.mark.parametrize(
    ("arrived", "left", "at", "expected"),
    [
        (0, None, 3.5, 210),
        (-0.5, None, 1, 60),  # what somebody waited at the door does not count
        (1, 2.5, 6, 90),
        (0, None, 9, 360),  # nobody stays longer than the event
        (None, None, 2, 120),
        (5, None, 4, 0),
    ],
)
def test_minutes_are_those_of_the_event_so_far(arrived, left, at, expected):
    presence = Presence(
        arrived_at=None if arrived is None else DAY + hours(arrived),
        left_at=None if left is None else DAY + hours(left),
    )

    assert minutes_present(presence, SUMMIT, at=DAY + hours(at)) == expected


THREE_HOURS = a_criterion(event_kind="summit", minimum_minutes=180)


@pytest.mark.parametrize(
    ("presence", "at", "expected"),
    [
        (Presence(arrived_at=DAY), 3, MET),
        (Presence(arrived_at=DAY), 2.9, TODAY),
        (Presence(arrived_at=DAY, is_flagged=True), 3, CHECK),
        (Presence(arrived_at=DAY + hours(3.5)), 4, LOST),  # 2 h 30 at most
        (Presence(arrived_at=DAY + hours(2.5)), 4, TODAY),
        (Presence(arrived_at=DAY + hours(2.5)), 6, MET),
        (Presence(arrived_at=DAY, left_at=DAY + hours(2)), 7, LOST),
        (Presence(arrived_at=DAY, left_at=DAY + hours(2)), 3, TODAY),  # may come back
        (Presence(is_made_up=True), 7, LOST),
        (None, -1, OPEN),
        (None, 1, TODAY),
        (None, 4, LOST),
        (None, 7, LOST),
    ],
)
def test_three_hours_of_the_summit(presence, at, expected):
    standing = standing_at_event(THREE_HOURS, SUMMIT, presence, at=DAY + hours(at), ends_on=ENDS_ON)

    assert standing is expected


@pytest.mark.parametrize(
    ("presence", "at", "expected"),
    [
        (Presence(is_made_up=True), DAY + hours(9), MET),
        (None, DAY + hours(9), OPEN),
        (None, DAY + timedelta(days=6), LOST),  # the programme is over
    ],
)
def test_a_make_up_counts_where_the_rule_says_so(presence, at, expected):
    criterion = a_criterion(event_kind="summit", make_up_counts=True)

    assert standing_at_event(criterion, SUMMIT, presence, at=at, ends_on=ENDS_ON) is expected


def deeds(present: list[int] | None = None, **values: object) -> Deeds:
    facts: dict[str, object] = {
        "gatherings": THREE_SESSIONS,
        "presences": {UUID(int=n): [Presence()] for n in present or []},
        "ends_on": date(2026, 5, 31),
        "at": DAY,
    }
    return Deeds(**{**facts, **values})


TWO_SESSIONS = a_criterion(event_kind="learning_session", needed=2)


@pytest.mark.parametrize(
    ("present", "at", "standing", "words"),
    [
        ([1, 2], DAY, MET, "2 of 3 learning sessions"),
        ([1], DAY, OPEN, "1 of 3 learning sessions (2 needed); still possible"),
        ([], DAY, LOST, "0 of 3 learning sessions (2 needed); can no longer be met"),
        ([1], DAY + timedelta(days=30), LOST, "1 of 3 learning sessions (2 needed); can no longer be met"),
        ([1], DAY + timedelta(days=20, hours=1), TODAY, "1 of 3 learning sessions (2 needed); depends on the rest of today"),
    ],
)  # fmt: skip
def test_two_of_three_sessions(present, at, standing, words):
    part = judged(TWO_SESSIONS, deeds(present, at=at))

    assert (part.standing, part.words) == (standing, words)


def test_a_session_not_planned_yet_may_still_come():
    few = deeds([1], gatherings=THREE_SESSIONS[:1])

    assert judged(TWO_SESSIONS, few).standing is OPEN
    assert judged(TWO_SESSIONS, deeds([1], gatherings=THREE_SESSIONS[:1], ends_on=date(2026, 3, 1))).standing is LOST  # fmt: skip


def test_all_of_nothing_is_not_met():
    assert judged(a_criterion(needed=0), deeds(gatherings=[])).standing is OPEN


TWO_MEMBERS_EACH = a_criterion(needed=0, members_needed=2)


@pytest.mark.parametrize(
    ("members", "standing"),
    [
        ([Presence(), Presence(), None], MET),
        ([Presence(), Presence(is_flagged=True)], CHECK),
        ([Presence(), None, None], LOST),
        ([], LOST),
    ],
)
def test_a_team_needs_two_members_at_every_event(members, standing):
    over = a_session(1, days_ago=280)
    part = judged(TWO_MEMBERS_EACH, deeds(gatherings=[over], presences={over.id: members}))

    assert part.standing is standing


def test_a_team_may_still_find_members_for_an_event_to_come():
    coming = a_session(1, days_ago=-5)

    assert judged(TWO_MEMBERS_EACH, deeds(gatherings=[coming])).standing is OPEN


FOUR_VISITS = a_criterion(kind=CriterionKind.COACH_VISITS, needed=4)
POSTER = a_criterion(kind=CriterionKind.POSTER)


@pytest.mark.parametrize(
    ("criterion", "values", "standing", "words"),
    [
        (FOUR_VISITS, {"visits": 4}, MET, "4 of 4 coach visits"),
        (FOUR_VISITS, {"visits": 5}, MET, "5 coach visits (4 needed)"),
        (FOUR_VISITS, {"visits": 3}, OPEN, "3 of 4 coach visits; still possible"),
        (FOUR_VISITS, {"visits": 3, "ends_on": date(2026, 3, 1)}, LOST, "3 of 4 coach visits; can no longer be met"),
        (POSTER, {"posters": 1}, MET, "Poster submitted"),
        (POSTER, {}, OPEN, "No poster yet; still possible"),
        (POSTER, {"ends_on": date(2026, 3, 1)}, LOST, "No poster yet; can no longer be met"),
    ],
)  # fmt: skip
def test_visits_and_posters(criterion, values, standing, words):
    part = judged(criterion, deeds(**values))

    assert (part.standing, part.words) == (standing, words)


def test_minutes_are_told_while_they_are_counted():
    here = Presence(arrived_at=DAY + hours(1))
    part = judged(
        THREE_HOURS, deeds(gatherings=[SUMMIT], presences={SUMMIT.id: [here]}, at=DAY + hours(3.5))
    )

    assert part.words == "Summit: 2 hours 30 minutes so far; depends on the rest of today"


def test_the_whole_rule_is_as_good_as_its_weakest_part():
    rule = [TWO_SESSIONS, FOUR_VISITS]

    assert completion(rule, deeds([1, 2], visits=4)).standing is MET
    assert completion(rule, deeds([1], visits=4)).standing is OPEN
    assert completion(rule, deeds([], visits=4)).standing is LOST
    assert completion([], deeds([1, 2])).standing is OPEN


def test_an_exception_stands_in_for_a_part_and_is_told():
    rule = [TWO_SESSIONS, FOUR_VISITS]

    judged_so = completion(rule, deeds([], visits=4), waived=frozenset({TWO_SESSIONS.id}))

    assert judged_so.is_met
    assert judged_so.is_by_exception
    assert judged_so.parts[0].words == "0 of 3 learning sessions; exception granted"


def test_an_exception_nobody_needed_is_not_mentioned():
    judged_so = completion([TWO_SESSIONS], deeds([1, 2]), waived=frozenset({TWO_SESSIONS.id}))

    assert not judged_so.is_by_exception


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"event_kind": "launch", "needed": 1, "make_up_counts": True}, "the launch or its make-up"),
        ({"event_kind": "learning_session", "needed": 2}, "at least 2 learning sessions"),
        ({"event_kind": "learning_session"}, "every learning session"),
        ({"event_kind": "summit", "needed": 1, "minimum_minutes": 180}, "the summit, at least 3 hours of it"),
        ({"needed": 0, "members_needed": 2}, "every event attended by at least 2 members"),
        ({"kind": CriterionKind.COACH_VISITS, "needed": 4}, "at least 4 coach visits"),
        ({"kind": CriterionKind.POSTER}, "a poster submitted"),
    ],
)  # fmt: skip
def test_each_part_reads_aloud(values, expected):
    assert sentence(a_criterion(**values)) == expected


def test_a_rule_reads_aloud():
    assert rule_sentence([]) == "No rule is set yet."
    assert rule_sentence([TWO_SESSIONS, FOUR_VISITS, POSTER]) == (
        "at least 2 learning sessions, at least 4 coach visits and a poster submitted."
    )
    assert rule_sentence([TWO_SESSIONS, THREE_HOURS]) == (
        "at least 2 learning sessions; the summit, at least 3 hours of it."
    )


@pytest.mark.parametrize(
    ("presence", "at", "standing", "words"),
    [
        (Presence(), DAY + hours(9), MET, "attended"),
        (Presence(is_made_up=True), DAY + hours(9), MET, "made up"),
        (Presence(is_flagged=True), DAY + hours(9), CHECK, "waits for a check"),
        (None, DAY - hours(1), OPEN, "still to come"),
        (None, DAY + hours(1), TODAY, "going on now"),
        (None, DAY + hours(9), LOST, "not attended"),
    ],
)
def test_the_way_through_says_what_is_known_of_each_event(presence, at, standing, words):
    (event,) = way_through(deeds(gatherings=[SUMMIT], presences={SUMMIT.id: [presence]}, at=at))

    assert (event.gathering, event.standing, event.words) == (SUMMIT, standing, words)
