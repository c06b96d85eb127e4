"""What must be met to complete a programme, who has met it, and who still can.

Everything rests on one question: do at least so many of these hold? It is asked of the members of
a team at an event, of the events that a part of the rule names, and of the parts of the whole rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from app.kernel.clock import london_day
from app.kernel.text import counted, joined


class Holder(StrEnum):
    """Whom a rule is for, or who holds a certificate."""

    PERSON = "person"
    TEAM = "team"


class CriterionKind(StrEnum):
    """One sort of thing that a completion rule asks for."""

    EVENTS = "events"
    COACH_VISITS = "coach_visits"
    POSTER = "poster"


class CertificateKind(StrEnum):
    """What a certificate states: presence, fixed criteria met, or an award by judgement."""

    ATTENDANCE = "attendance"
    COMPLETION = "completion"
    RECOGNITION = "recognition"


class PrintOrder(StrEnum):
    """In which order certificates come out of the printer."""

    STAGE = "stage"
    TEAM = "team"
    SURNAME = "surname"


class Standing(StrEnum):
    """Where somebody is with something that is asked: the surest first."""

    MET = "met"
    CHECK = "check"
    TODAY = "today"
    OPEN = "open"
    LOST = "lost"

    @property
    def words(self) -> str:
        """Return what is said of a part that stands so."""
        return _STANDING_WORDS[self]


_STANDING_WORDS = {
    Standing.MET: "met",
    Standing.CHECK: "waits for a check",
    Standing.TODAY: "depends on the rest of today",
    Standing.OPEN: "still possible",
    Standing.LOST: "can no longer be met",
}


def at_least(needed: int, standings: Iterable[Standing]) -> Standing:
    """Return how sure it is that so many of these are met, if everything still possible comes true."""
    all_of_them = list(standings)
    hopeful = 0
    for standing in (Standing.MET, Standing.CHECK, Standing.TODAY, Standing.OPEN):
        hopeful += all_of_them.count(standing)
        if hopeful >= needed:
            return standing
    return Standing.LOST


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One part of a completion rule; `needed` 0 means all of them."""

    id: UUID
    kind: CriterionKind
    event_kind: str | None = None
    needed: int = 0
    minimum_minutes: int = 0
    members_needed: int = 1
    make_up_counts: bool = False

    def covers(self, gathering: "Gathering") -> bool:
        """Say whether this part asks for events such as this one."""
        return self.event_kind in {None, gathering.kind}


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """An event as the rule sees it."""

    id: UUID
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime

    @property
    def day(self) -> date:
        """Return the British day on which it takes place."""
        return london_day(self.starts_at)


@dataclass(frozen=True, kw_only=True)
class Presence:
    """That somebody was at an event, from when to when, or made it up later."""

    arrived_at: datetime | None = None
    left_at: datetime | None = None
    is_made_up: bool = False
    is_flagged: bool = False


def minutes_present(presence: Presence, gathering: Gathering, *, at: datetime) -> int:
    """Return how many whole minutes of an event somebody has been there so far."""
    if presence.is_made_up:
        return 0
    came = max(presence.arrived_at or gathering.starts_at, gathering.starts_at)
    went = min(presence.left_at or at, gathering.ends_at, at)
    return max(int((went - came) / timedelta(minutes=1)), 0)


def standing_at_event(
    criterion: Criterion,
    gathering: Gathering,
    presence: Presence | None,
    *,
    at: datetime,
    ends_on: date,
) -> Standing:
    """Decide where a person is with one event; `ends_on` is the last day to make something up."""
    if presence is not None and _counts(criterion, gathering, presence, at=at):
        return Standing.CHECK if presence.is_flagged else Standing.MET
    if at < gathering.starts_at:
        return Standing.OPEN
    if at < gathering.ends_at and _can_be_reached(criterion, gathering, presence, at=at):
        return Standing.TODAY
    if criterion.make_up_counts and london_day(at) <= ends_on:
        return Standing.OPEN
    return Standing.LOST


def _counts(
    criterion: Criterion, gathering: Gathering, presence: Presence, *, at: datetime
) -> bool:
    if presence.is_made_up:
        return criterion.make_up_counts
    return minutes_present(presence, gathering, at=at) >= criterion.minimum_minutes


def _can_be_reached(
    criterion: Criterion, gathering: Gathering, presence: Presence | None, *, at: datetime
) -> bool:
    so_far = minutes_present(presence, gathering, at=at) if presence else 0
    left = int((gathering.ends_at - at) / timedelta(minutes=1))
    return so_far + left >= criterion.minimum_minutes


@dataclass(frozen=True, kw_only=True)
class Deeds:
    """What somebody, or a team, has done in a programme, as far as a rule may ask.

    `presences` holds for each event everybody who counts: one person for a person, the members of
    that day for a team. None stands for a member who was not there.
    """

    gatherings: Sequence[Gathering]
    presences: dict[UUID, list[Presence | None]] = field(default_factory=dict)
    visits: int = 0
    posters: int = 0
    ends_on: date
    at: datetime

    @property
    def programme_goes_on(self) -> bool:
        """Say whether more events and visits can still come."""
        return london_day(self.at) <= self.ends_on


@dataclass(frozen=True, kw_only=True)
class Part:
    """Where somebody is with one part of the rule, and the numbers behind it."""

    criterion: Criterion
    standing: Standing
    done: int
    out_of: int
    minutes: int = 0
    is_waived: bool = False

    @property
    def is_met(self) -> bool:
        """Say whether this part is met, be it by an exception."""
        return self.standing is Standing.MET

    @property
    def words(self) -> str:
        """Return the part as it stands, in words: "2 of 3 learning sessions; still possible"."""
        if self.is_waived:
            return f"{self._numbers}; exception granted"
        if self.is_met:
            return self._numbers
        return f"{self._numbers}; {self.standing.words}"

    @property
    def _numbers(self) -> str:
        criterion = self.criterion
        if criterion.kind is CriterionKind.POSTER:
            return "Poster submitted" if self.done else "No poster yet"
        if criterion.kind is CriterionKind.COACH_VISITS:
            return _visits(self.done, max(criterion.needed, 1))
        if self.out_of == 1 and criterion.event_kind is not None:
            return self._one_event
        return f"{self.done} of {_events(criterion, self.out_of)}{self._by_members}{self._wanted}"

    @property
    def _one_event(self) -> str:
        name = _name(self.criterion).capitalize()
        if self.minutes and self.criterion.minimum_minutes:
            so_far = " so far" if self.standing is Standing.TODAY else ""
            return f"{name}: {_hours(self.minutes)}{so_far}"
        came = self.done or self.standing is Standing.CHECK
        return f"{name} {'attended' if came else 'not attended'}"

    @property
    def _by_members(self) -> str:
        needed = self.criterion.members_needed
        return f" with {needed} or more members" if needed > 1 else ""

    @property
    def _wanted(self) -> str:
        needed = self.criterion.needed
        return f" ({needed} needed)" if not self.is_met and 0 < needed < self.out_of else ""


@dataclass(frozen=True)
class Completion:
    """The rule, judged part by part, so that a person can see what is still missing."""

    parts: Sequence[Part]

    @cached_property
    def standing(self) -> Standing:
        """Return where somebody is with the whole rule; nobody meets a rule without parts."""
        if not self.parts:
            return Standing.OPEN
        return at_least(len(self.parts), (part.standing for part in self.parts))

    @property
    def is_met(self) -> bool:
        """Say whether the whole rule is met."""
        return self.standing is Standing.MET

    @property
    def is_by_exception(self) -> bool:
        """Say whether the rule is met only because a part was waived."""
        return self.is_met and any(part.is_waived for part in self.parts)

    @property
    def missing(self) -> Sequence[Part]:
        """Return the parts that are not met."""
        return [part for part in self.parts if not part.is_met]


def completion(
    rule: Sequence[Criterion], deeds: Deeds, *, waived: frozenset[UUID] = frozenset()
) -> Completion:
    """Judge every part of a rule."""
    return Completion([_waived(judged(part, deeds), part.id in waived) for part in rule])


def _waived(part: Part, by_exception: bool) -> Part:  # noqa: FBT001 - a private second step
    if not by_exception or part.is_met:
        return part
    return Part(
        criterion=part.criterion,
        standing=Standing.MET,
        done=part.done,
        out_of=part.out_of,
        minutes=part.minutes,
        is_waived=True,
    )


def judged(criterion: Criterion, deeds: Deeds) -> Part:
    """Judge one part of a rule."""
    match criterion.kind:
        case CriterionKind.EVENTS:
            return _judged_events(criterion, deeds)
        case CriterionKind.COACH_VISITS:
            return _judged_number(criterion, deeds.visits, deeds)
        case CriterionKind.POSTER:
            return _judged_number(criterion, deeds.posters, deeds)


def _judged_events(criterion: Criterion, deeds: Deeds) -> Part:
    gatherings = [gathering for gathering in deeds.gatherings if criterion.covers(gathering)]
    standings = [_standing_of_holder(criterion, gathering, deeds) for gathering in gatherings]
    needed = criterion.needed or max(len(gatherings), 1)
    # While a programme goes on, events that are asked for may simply not be planned yet.
    to_come = [Standing.OPEN] * (needed - len(gatherings)) if deeds.programme_goes_on else []
    return Part(
        criterion=criterion,
        standing=at_least(needed, [*standings, *to_come]),
        done=sum(standing is Standing.MET for standing in standings),
        out_of=len(gatherings),
        minutes=_longest_stay(gatherings, deeds),
    )


def _standing_of_holder(criterion: Criterion, gathering: Gathering, deeds: Deeds) -> Standing:
    """Decide where a person, or enough members of a team, are with one event."""
    if criterion.members_needed > 1 and deeds.at < gathering.starts_at:
        return Standing.OPEN  # members may still join
    presences = deeds.presences.get(gathering.id) or [None]
    return at_least(
        criterion.members_needed,
        (
            standing_at_event(criterion, gathering, presence, at=deeds.at, ends_on=deeds.ends_on)
            for presence in presences
        ),
    )


def _longest_stay(gatherings: Sequence[Gathering], deeds: Deeds) -> int:
    stays = [
        minutes_present(presence, gathering, at=deeds.at)
        for gathering in gatherings
        for presence in deeds.presences.get(gathering.id, [])
        if presence is not None
    ]
    return max(stays, default=0)


def _judged_number(criterion: Criterion, done: int, deeds: Deeds) -> Part:
    needed = max(criterion.needed, 1)
    standings = [Standing.MET] * done
    to_come = [Standing.OPEN] * needed if deeds.programme_goes_on else []
    return Part(
        criterion=criterion,
        standing=at_least(needed, [*standings, *to_come]),
        done=done,
        out_of=needed,
    )


@dataclass(frozen=True, kw_only=True)
class AtEvent:
    """One event on somebody's way through the programme, and whether they were there."""

    gathering: Gathering
    standing: Standing
    words: str


def way_through(deeds: Deeds) -> Sequence[AtEvent]:
    """Return a person's events in the order of their dates, each with what is known of it."""
    return [
        _at_event(gathering, presence, at=deeds.at)
        for gathering in deeds.gatherings
        for presence in deeds.presences.get(gathering.id, [None])[:1]
    ]


def _at_event(gathering: Gathering, presence: Presence | None, *, at: datetime) -> AtEvent:
    if presence is None:
        return _not_there(gathering, at=at)
    if presence.is_flagged:
        return AtEvent(gathering=gathering, standing=Standing.CHECK, words="waits for a check")
    words = "made up" if presence.is_made_up else "attended"
    return AtEvent(gathering=gathering, standing=Standing.MET, words=words)


def _not_there(gathering: Gathering, *, at: datetime) -> AtEvent:
    if at < gathering.starts_at:
        return AtEvent(gathering=gathering, standing=Standing.OPEN, words="still to come")
    if at < gathering.ends_at:
        return AtEvent(gathering=gathering, standing=Standing.TODAY, words="going on now")
    return AtEvent(gathering=gathering, standing=Standing.LOST, words="not attended")


def _visits(done: int, needed: int) -> str:
    if done > needed:
        return f"{counted(done, 'coach visit')} ({needed} needed)"
    return f"{done} of {counted(needed, 'coach visit')}"


_EVENT_WORDS = {
    "launch": ("launch", "launches"),
    "learning_session": ("learning session", "learning sessions"),
    "summit": ("summit", "summits"),
    "other": ("other event", "other events"),
    None: ("event", "events"),
}


def _name(criterion: Criterion) -> str:
    return _EVENT_WORDS[criterion.event_kind][0]


def _events(criterion: Criterion, number: int) -> str:
    return counted(number, *_EVENT_WORDS[criterion.event_kind])


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [counted(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(counted(rest, "minute"))
    return " ".join(parts)


def sentence(criterion: Criterion) -> str:
    """Return what one part asks for: "at least 2 learning sessions"."""
    match criterion.kind:
        case CriterionKind.POSTER:
            return "a poster submitted"
        case CriterionKind.COACH_VISITS:
            return f"at least {counted(max(criterion.needed, 1), 'coach visit')}"
        case CriterionKind.EVENTS:
            return _what_events(criterion) + _how_attended(criterion)


def _what_events(criterion: Criterion) -> str:
    alone = criterion.event_kind in {"launch", "summit"} and criterion.needed <= 1
    what = f"the {_name(criterion)}" if alone else _how_many(criterion)
    return what + (_made_up(alone=alone) if criterion.make_up_counts else "")


def _how_many(criterion: Criterion) -> str:
    if criterion.needed:
        return f"at least {_events(criterion, criterion.needed)}"
    return f"every {_name(criterion)}"


def _made_up(*, alone: bool) -> str:
    return " or its make-up" if alone else " or their make-ups"


def _how_attended(criterion: Criterion) -> str:
    members, minutes = criterion.members_needed, criterion.minimum_minutes
    by = f" attended by at least {members} members" if members > 1 else ""
    return by + (f", at least {_hours(minutes)} of it" if minutes else "")


def rule_sentence(rule: Sequence[Criterion]) -> str:
    """Return the whole rule as one would read it aloud."""
    if not rule:
        return "No rule is set yet."
    parts = [sentence(criterion) for criterion in rule]
    if any("," in part for part in parts):
        return f"{'; '.join(parts)}."
    return f"{joined(parts)}."


CITATION_LENGTH = (10, 160)

REVOCATION_CATEGORIES = {
    "wrong_person": "issued to the wrong person",
    "issued_in_error": "issued in error",
    "facts_wrong": "the facts on it were wrong",
    "other": "for another reason",
}
"""Why a certificate was withdrawn, as its public page says it; the full reason stays inside."""
