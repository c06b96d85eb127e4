"""What is published about rounds, as reports: read from what was kept when each round closed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.kernel.clock import london
from app.kernel.text import counted
from app.plumbing.database import db
from app.programmes.models import MemberRole, Programme, Team, TeamMembership
from app.questionnaires.models import Wave
from app.questionnaires.queries.answers import OwnRound, waves_of
from app.questionnaires.rules.closing import Figures
from app.questionnaires.rules.publishing import Hidden
from app.questionnaires.rules.reporting import Outline, Report, report_of
from app.questionnaires.rules.statistics import Change, Figure, area_score

WHY = {
    Hidden.TOO_FEW: "fewer than {smallest} answered",
    Hidden.ALL_BUT_ONE: "all but one answered, and so the one who did not could be told",
    Hidden.COMPLEMENT: "another team is not shown, and could be worked out from this one",
    Hidden.NOBODY: "nobody answered",
}


def label_of(wave: Wave) -> str:
    """Return what a round is called: its event and month."""
    return f"{wave.event.title}, {london(wave.event.starts_at):%b %Y}"


def closed_rounds(programme: Programme) -> Sequence[Wave]:
    """Return the rounds whose figures are published, by event."""
    return [wave for wave in waves_of(programme) if wave.figures is not None]


def cohort_report(waves: Sequence[Wave], *, of_everybody: bool) -> Report | None:
    """Report on a cohort: the people who answered every round, or everybody who answered any.

    While there is only one round, everybody it is.
    """
    newest = next((wave for wave in reversed(waves) if _panel(wave)), None)
    if of_everybody or newest is None:
        return _report_on_everybody(waves)
    panel = _panel(newest)
    followed = [wave for wave in waves if str(wave.id) in panel["figures"]]
    change = {name: Change(**kept) for name, kept in panel["change"].items()}
    outlines = [_outline(wave, panel["figures"][str(wave.id)]) for wave in followed]
    first, last = followed[0].event.title, followed[-1].event.title
    notes = [
        f"The same {panel['n']} people answered each of these rounds. "
        f"The change is theirs, from {first} to {last}.",
        *_left_out(panel["left_out"]),
        "How many answered in all: " + "; ".join(_turnout(wave) for wave in followed) + ".",
    ]
    title = "Skills of the cohort: the same people"
    return report_of(title, outlines, change=change, notes=notes)


def _report_on_everybody(waves: Sequence[Wave]) -> Report | None:
    notes = ["Everybody who answered is counted, and that is not the same people in each round."]
    hidden = [wave.event.title for wave in waves if not _figures(wave)["cohort"]]
    if len(waves) == 1:
        notes = [_turnout(waves[0]) + "."]
    elif not any(_panel(wave) for wave in waves):
        notes.append(
            "Too few people answered every round for their change to be shown without showing a person."
        )
    if hidden:
        notes.append(f"Not shown, because fewer people answered than may be: {'; '.join(hidden)}.")
    outlines = [_outline(wave, _figures(wave)["cohort"]) for wave in waves]
    title = "Skills of the cohort: everybody"
    return report_of(title, outlines, change={}, notes=notes)


def _left_out(number: int) -> Sequence[str]:
    if not number:
        return []
    return [
        f"{counted(number, 'more person', 'more people')} answered each round and "
        f"{'is' if number == 1 else 'are'} left out, chosen by lot, so that nobody's answers can be "
        "worked out from two tables."
    ]


def _turnout(wave: Wave) -> str:
    kept = _figures(wave)
    return f"{wave.event.title}: {kept['answered']} of {kept['expected']}"


def team_report(waves: Sequence[Wave], team: Team) -> Report | None:
    """Report on a team: who of it answered each round; hidden rounds say why."""
    outlines, notes = [], []
    for wave in waves:
        kept = _figures(wave)["teams"].get(str(team.id), {"why": Hidden.NOBODY, "figures": {}})
        outlines.append(_outline(wave, kept["figures"]))
        if kept["why"]:
            why = WHY[Hidden(kept["why"])].format(smallest=_figures(wave)["smallest"])
            notes.append(f"{wave.event.title} is not shown: {why}.")
    change = _team_change(waves, team)
    shown = [one for one in outlines if one.figures]
    if len(shown) > 1 and not change:
        notes.append(
            "The change is not shown: not the same people answered the first and the last round."
        )
    return report_of(f"Skills of {team.name}", outlines, change=change, notes=notes)


def _team_change(waves: Sequence[Wave], team: Team) -> Mapping[str, Change]:
    """Return how a team moved from its first round to its last, where the same people answered both."""
    shown = [wave for wave in waves if _team_figures(wave, team)]
    if len(shown) < 2:
        return {}
    first, last = shown[0], shown[-1]
    if str(first.id) not in _figures(last)["teams"][str(team.id)]["same_people_as"]:
        return {}
    then, now = (figures_from(_team_figures(wave, team)) for wave in (first, last))
    asked, before = last.version.sheet, first.version.sheet
    return {
        area.id: Change(now[area.id].n, now[area.id].mean - then[area.id].mean)
        for area in asked.areas
        if asked.asks_the_same(before, area.id)
    }


def _team_figures(wave: Wave, team: Team) -> Mapping[str, Any]:
    figures: Mapping[str, Any] = _figures(wave)["teams"].get(str(team.id), {"figures": {}})[
        "figures"
    ]
    return figures


def own_report(rounds: Sequence[OwnRound]) -> Report | None:
    """Report to somebody on themselves; only they see it."""
    outlines = [
        Outline(str(one.wave.id), label_of(one.wave), one.wave.version.sheet, _own_figures(one))
        for one in rounds
        if one.ratings
    ]
    return report_of("Your skills as you rated them", outlines, change={})


def _own_figures(one: OwnRound) -> Figures:
    sheet, ratings = one.wave.version.sheet, one.ratings
    scores: dict[str, float] = {name: float(rating) for name, rating in ratings.items()}
    for area in sheet.areas:
        if all(item.id in ratings for item in area.items):
            scores[area.id] = float(area_score(area, ratings))
    return {name: Figure(1, score, score, score, score) for name, score in scores.items()}


def looking_back(waves: Sequence[Wave]) -> Report | None:
    """Report how people who looked back rate their start, beside how the start was rated at the time.

    Who learns what there is to know often rates the start lower afterwards (G. S. Howard, "Response-
    Shift Bias", Evaluation Review 4, 1980, 93-106). The two columns are not the same people.
    """
    asked = next((wave for wave in reversed(waves) if _figures(wave)["then"]), None)
    first = waves[0] if waves else None
    if asked is None or first is None or asked.id == first.id:
        return None
    outlines = [
        _outline(first, _figures(first)["cohort"]),
        Outline(
            f"then-{asked.id}",
            f"Looking back from {asked.event.title}",
            asked.version.sheet,
            figures_from(_figures(asked)["then"]),
        ),
    ]
    return report_of("How people rate their start", outlines, change={})


def leads_team(person_id: UUID, programme: Programme) -> Team | None:
    """Return the team that somebody leads in a programme."""
    return db.session.scalar(
        select(Team)
        .join(TeamMembership)
        .where(
            Team.programme_id == programme.id,
            TeamMembership.person_id == person_id,
            TeamMembership.role == MemberRole.LEAD,
            TeamMembership.left_on.is_(None),
        )
        .limit(1)
    )


def figures_from(kept: Mapping[str, Sequence[float]]) -> Figures:
    """Return figures as they were kept."""
    return {name: Figure(int(n), *rest) for name, (n, *rest) in kept.items()}


def _outline(wave: Wave, kept: Mapping[str, Sequence[float]]) -> Outline:
    return Outline(str(wave.id), label_of(wave), wave.version.sheet, figures_from(kept))


def _figures(wave: Wave) -> dict[str, Any]:
    assert wave.figures is not None, "the round has closed"
    return wave.figures


def _panel(wave: Wave) -> dict[str, Any]:
    panel: dict[str, Any] | None = _figures(wave)["panel"]
    return panel or {}
