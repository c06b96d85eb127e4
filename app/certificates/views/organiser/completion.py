"""Who has completed the programme, who can still, and why not yet."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from app.certificates.queries import (
    PersonStanding,
    TeamStanding,
    exceptions_for,
    has_left,
    open_head_counts,
    rules_of,
    standing_of_person,
    standing_of_team,
    standings_in,
)
from app.certificates.rules import Holder, Standing, rule_sentence
from app.certificates.views.organiser.blueprint import pages
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.programmes.models import Programme
from app.programmes.queries import Staff, team_at

SHOWN = {
    "complete": (Standing.MET,),
    "check": (Standing.CHECK,),
    "today": (Standing.TODAY,),
    "not": (Standing.OPEN, Standing.LOST),
}
CHIPS = {
    "complete": "Complete",
    "check": "Waiting for a check",
    "today": "Depends on today",
    "not": "Not yet",
}


@pages.get("/<programme_slug>/completion")
@needs(Permission.SEE_CERTIFICATES)
def standings(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """Show everybody with the rule judged part by part."""
    found = standings_in(programme, at=now())
    shown = request.args.get("show", "")
    return render_template(
        "certificates/organiser/standings.html",
        programme=programme,
        staff=staff,
        teams=_chosen(found.of(Holder.TEAM), shown),
        people=_chosen(found.of(Holder.PERSON), shown),
        numbers={holder.value: _numbers(found.counts(holder)) for holder in Holder},
        sentences={
            holder.value: rule_sentence(rule) for holder, rule in rules_of(programme).items()
        },
        head_counts=open_head_counts(programme),
        chips=_chips(found.of(Holder.PERSON)),
        shown=shown,
        to_issue=len(found.to_issue()),
    )


def _numbers(counts: Mapping[Standing, int]) -> dict[str, int]:
    numbers = {key: sum(counts[s] for s in standings) for key, standings in SHOWN.items()}
    return {**numbers, "all": sum(counts.values())}


def _chosen(
    lines: Sequence[PersonStanding | TeamStanding], shown: str
) -> Sequence[PersonStanding | TeamStanding]:
    if shown not in SHOWN:
        return lines
    return [line for line in lines if line.completion.standing in SHOWN[shown]]


def _chips(people: Sequence[PersonStanding | TeamStanding]) -> list[tuple[str, str, int]]:
    here = [line for line in people if line.completion.is_met or not has_left(line)]
    counted = [
        (key, CHIPS[key], sum(line.completion.standing in standings for line in here))
        for key, standings in SHOWN.items()
    ]
    return [("", "Everybody", len(people)), *counted]


@pages.get("/<programme_slug>/completion/people/<uuid:person_id>")
@needs(Permission.SEE_CERTIFICATES)
def person(staff: Staff, programme: Programme, person_id: UUID) -> ResponseReturnValue:
    """Show where one person is with every part of the rule."""
    line = standing_of_person(programme, person_id, at=now()) or abort(404)
    return _one(staff, programme, line)


@pages.get("/<programme_slug>/completion/teams/<team_slug>")
@needs(Permission.SEE_CERTIFICATES)
def team(staff: Staff, programme: Programme, team_slug: str) -> ResponseReturnValue:
    """Show where one team is with every part of the rule."""
    found = team_at(programme, team_slug) or abort(404)
    return _one(staff, programme, standing_of_team(programme, found, at=now()))


def _one(
    staff: Staff, programme: Programme, line: PersonStanding | TeamStanding
) -> ResponseReturnValue:
    return render_template(
        "certificates/organiser/standing.html",
        programme=programme,
        staff=staff,
        line=line,
        sentence=rule_sentence(rules_of(programme)[line.holder]),
        exceptions=exceptions_for(programme, line.id),
    )
