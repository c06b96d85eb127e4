"""What becomes of a round that has closed: its figures are made once, its answers forgotten."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from app.kernel.clock import london_day
from app.kernel.codes import new_secret
from app.plumbing.database import db, hold
from app.plumbing.queue import enqueue
from app.questionnaires.models import RatingChoice, Response, Wave
from app.questionnaires.queries.answers import (
    as_earlier,
    closed_before,
    places_at,
    responses_in,
    round_as_answered,
    team_counts,
    waves_of,
)
from app.questionnaires.rules.closing import Closing, close_round
from app.questionnaires.rules.statistics import Figure
from app.questionnaires.rules.timing import ANSWERS_KEPT_FOR


def settle(wave: Wave, *, closed_at: datetime) -> bool:
    """Publish the figures of a round that ends, once; return whether it was not done before."""
    hold(wave)
    if wave.figures is not None:
        return False
    responses = responses_in(wave)
    ending = round_as_answered(wave, responses)
    before = closed_before(wave)
    smallest = wave.version.questionnaire.smallest_group
    closing = close_round(
        ending,
        team_counts(wave, ending),
        [as_earlier(one, rows) for one, rows in before],
        smallest=smallest,
    )
    has_chain = any(one.figures is not None and one.figures["is_in_chain"] for one, _ in before)
    enqueue("questionnaires.forget", due_at=closed_at + ANSWERS_KEPT_FOR, wave_id=str(wave.id))
    wave.closed_at = closed_at
    wave.figures = {
        "expected": len(places_at(wave.event)),
        "smallest": smallest,
        "is_in_chain": closing.people is not None or (not has_chain and bool(closing.cohort)),
        **_as_data(closing),
    }
    people = closing.people or frozenset()
    chained = [rows for one, rows in before if one.figures and one.figures["is_in_chain"]]
    for rows in (responses, *chained):
        for row in rows:
            row.panels += row.respondent in people
    for row in responses:
        if not row.is_linked:
            # Nobody may follow them: with this the way from the person to the answers ends.
            row.respondent = new_secret()
    return True


def forget_answers(wave: Wave, *, at: datetime) -> timedelta | None:
    """Delete a round's answers and what people chose a year after the programme, or say how long to wait.

    What was published stays: it shows nobody.
    """
    wait = wave.event.programme.ends_on + ANSWERS_KEPT_FOR - london_day(at)
    if wait > timedelta():
        return wait
    db.session.execute(delete(Response).where(Response.wave_id == wave.id))
    if not any(responses_in(one) for one in waves_of(wave.event.programme)):
        chosen = RatingChoice.programme_id == wave.event.programme_id
        db.session.execute(delete(RatingChoice).where(chosen))
    return None


def _as_data(closing: Closing) -> dict[str, Any]:
    panel = closing.panel
    return {
        "answered": closing.answered,
        "cohort": _kept(closing.cohort),
        "then": _kept(closing.then),
        "teams": {
            name: {
                "why": str(team.why) if team.why else "",
                "figures": _kept(team.figures),
                "same_people_as": sorted(team.same_people_as),
            }
            for name, team in closing.teams.items()
        },
        "panel": {
            "n": panel.n,
            "left_out": panel.left_out,
            "figures": {name: _kept(figures) for name, figures in panel.figures.items()},
            "change": {name: asdict(change) for name, change in panel.change.items()},
        }
        if panel
        else None,
    }


def _kept(figures: Mapping[str, Figure]) -> dict[str, list[float]]:
    return {
        name: [f.n, f.mean, f.median, f.lower_quartile, f.upper_quartile]
        for name, f in figures.items()
    }
