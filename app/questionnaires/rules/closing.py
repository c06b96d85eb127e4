"""What is made of a round when it closes: once, and the same for ever."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.questionnaires.rules.publishing import (
    Hidden,
    Panel,
    Place,
    Published,
    TeamCount,
    hidden_by_itself,
    next_panel,
    shown_teams,
    stepped,
)
from app.questionnaires.rules.sheets import Sheet
from app.questionnaires.rules.statistics import (
    Change,
    Figure,
    Ratings,
    figures_of,
    is_whole,
    matched_change,
)

Figures = Mapping[str, Figure]


@dataclass(frozen=True)
class Answered:
    """One person's whole questionnaire: their team, and whether they may be followed over the rounds."""

    ratings: Ratings
    team: str | None
    is_linked: bool
    then: Ratings | None = None


@dataclass(frozen=True)
class Earlier:
    """A round that closed before: what was answered, what was shown, and who was in which panels.

    `step` counts for each person the panels about this round that they were in. `gone` tells where those
    stood who took their answers back: they are in what was published, and must not follow from it.
    """

    id: str
    sheet: Sheet
    answers: Mapping[str, Answered]
    shown: frozenset[str]
    step: Mapping[str, int]
    is_in_chain: bool
    gone: tuple[Place, ...] = ()

    @property
    def published(self) -> Published:
        """Return where everybody stands among what was published about this round."""
        here = {who: self.place_of(who) for who in self.answers}
        return Published(here | {f"gone {n}": place for n, place in enumerate(self.gone)})

    def place_of(self, who: str) -> Place:
        """Return where somebody stands who answered."""
        team = self.answers[who].team
        return Place(team if team in self.shown else None, self.step.get(who, 0))

    def without(self, who: str) -> "Earlier":
        """Return the round after somebody took their answers back: only where they stood is left."""
        if who not in self.answers:
            return self
        answers = {other: one for other, one in self.answers.items() if other != who}
        return replace(self, answers=answers, gone=(*self.gone, self.place_of(who)))


@dataclass(frozen=True)
class TeamResult:
    """A team's figures in a round, or why they are not shown."""

    why: Hidden | None
    figures: Figures
    same_people_as: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PanelResult:
    """The people who answered every round: their figures in each, and how they moved since the first."""

    n: int
    left_out: int
    figures: Mapping[str, Figures]
    change: Mapping[str, Change]


@dataclass(frozen=True)
class Closing:
    """Everything that is published about a round."""

    answered: int
    cohort: Figures
    teams: Mapping[str, TeamResult]
    panel: PanelResult | None
    people: frozenset[str] | None
    then: Figures


@dataclass(frozen=True)
class Round:
    """A round that has just closed: what was asked, and who answered what."""

    id: str
    sheet: Sheet
    answers: Mapping[str, Answered]

    @property
    def counted(self) -> Mapping[str, Answered]:
        """Return the questionnaires that count: those in which nothing was left out."""
        return {who: one for who, one in self.answers.items() if is_whole(self.sheet, one.ratings)}


def close_round(
    ending: Round,
    teams: Mapping[str, TeamCount],
    earlier: Sequence[Earlier],
    *,
    smallest: int,
) -> Closing:
    """Make the figures of a round that has just closed; `earlier` holds the rounds before, in order."""
    counted = ending.counted
    if len(counted) < smallest:
        alone = {name: hidden_by_itself(team, smallest=smallest) for name, team in teams.items()}
        return _closing(ending, alone, None, earlier, smallest=smallest)

    panel = _panel(ending.id, counted, earlier, smallest=smallest)
    in_panel = panel.people if panel is not None else frozenset()
    columns: dict[str | None, Counter[int]] = {}
    for who, one in counted.items():
        columns.setdefault(one.team, Counter())[int(who in in_panel)] += 1
    verdicts = shown_teams(teams, columns, smallest=smallest)
    return _closing(ending, verdicts, panel, earlier, smallest=smallest)


def _panel(
    round_id: str,
    counted: Mapping[str, Answered],
    earlier: Sequence[Earlier],
    *,
    smallest: int,
) -> Panel | None:
    """Return who answered every round of the chain; the first round has nobody to compare with."""
    chain = [one for one in earlier if one.is_in_chain]
    linked = frozenset(who for who, one in counted.items() if one.is_linked)
    if not chain:
        return None
    return next_panel(
        _last_people(chain),
        counted.keys(),
        linked,
        [one.published for one in chain],
        smallest=smallest,
        salt=round_id,
    )


def _last_people(chain: Sequence[Earlier]) -> frozenset[str]:
    """Return who is in the newest panel; before the second round, whoever may be followed."""
    first = chain[0]
    most = max((place.step for place in first.published.places.values()), default=0)
    if most == 0:
        return frozenset(who for who, one in first.answers.items() if one.is_linked)
    return frozenset(who for who in first.answers if first.step.get(who, 0) == most)


def _closing(
    ending: Round,
    verdicts: Mapping[str, Hidden | None],
    panel: Panel | None,
    earlier: Sequence[Earlier],
    *,
    smallest: int,
) -> Closing:
    sheet, counted = ending.sheet, ending.counted
    everybody = [one.ratings for one in counted.values()]
    then = [one.then for one in counted.values() if one.then and is_whole(sheet, one.then)]
    return Closing(
        answered=len(counted),
        cohort=figures_of(sheet, everybody) if len(everybody) >= smallest else {},
        teams={name: _team(name, why, ending, earlier) for name, why in verdicts.items()},
        panel=_panel_result(ending, panel, earlier) if panel else None,
        people=panel.people if panel else None,
        then=figures_of(sheet, then) if len(then) >= smallest else {},
    )


def _team(name: str, why: Hidden | None, ending: Round, earlier: Sequence[Earlier]) -> TeamResult:
    if why is not None:
        return TeamResult(why, {})
    here = {who: one for who, one in ending.counted.items() if one.team == name}
    same = frozenset(one.id for one in earlier if _is_same_team(name, here, one))
    return TeamResult(None, figures_of(ending.sheet, [one.ratings for one in here.values()]), same)


def _is_same_team(name: str, here: Mapping[str, Answered], earlier: Earlier) -> bool:
    """Say whether a team was shown before with the same people, so that its change is theirs."""
    there = {who for who, other in earlier.answers.items() if other.team == name}
    return (
        name in earlier.shown
        and there == here.keys()
        and all(place.block != name for place in earlier.gone)
        and all(one.is_linked for one in here.values())
    )


def _panel_result(ending: Round, panel: Panel, earlier: Sequence[Earlier]) -> PanelResult:
    chain = [one for one in earlier if one.is_in_chain]
    sheets = {one.id: one.sheet for one in chain} | {ending.id: ending.sheet}
    answers = {one.id: one.answers for one in chain} | {ending.id: ending.answers}
    ratings = {
        name: {who: given[who].ratings for who in panel.people} for name, given in answers.items()
    }
    first = chain[0]
    changes = {
        area.id: matched_change(before, ratings[first.id], area, ratings[ending.id])
        for area in ending.sheet.areas
        if ending.sheet.asks_the_same(first.sheet, area.id)
        and (before := first.sheet.area(area.id)) is not None
    }
    return PanelResult(
        n=len(panel.people),
        left_out=panel.left_out,
        figures={name: figures_of(sheets[name], ratings[name].values()) for name in ratings},
        change={area: change for area, change in changes.items() if change is not None},
    )


def after(ending: Round, closing: Closing, earlier: Sequence[Earlier]) -> list[Earlier]:
    """Return the rounds so far with this one behind them, for the closing of the next."""
    people = closing.people
    begins = not any(one.is_in_chain for one in earlier) and bool(closing.cohort)
    shown = frozenset(name for name, team in closing.teams.items() if team.why is None)
    step = {who: int(people is not None and who in people) for who in ending.counted}
    is_in_chain = begins or people is not None
    newest = Earlier(ending.id, ending.sheet, ending.counted, shown, step, is_in_chain)
    return [*(_followed(one, people) for one in earlier), newest]


def _followed(one: Earlier, people: frozenset[str] | None) -> Earlier:
    if people is None or not one.is_in_chain:
        return one
    step = {
        who: stepped(Place(None, one.step.get(who, 0)), is_in=who in people).step
        for who in one.answers
    }
    return replace(one, step=step)
