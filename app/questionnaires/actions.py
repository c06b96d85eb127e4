"""The verbs of questionnaires: edited and put into use; a round planned, answered and closed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import london_day
from app.kernel.codes import new_secret
from app.kernel.refusal import Refusal
from app.people.actions import mint_link
from app.people.models import Person
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new
from app.plumbing.mail import letters_about
from app.plumbing.queue import enqueue
from app.programmes.models import Programme
from app.questionnaires import messages
from app.questionnaires.models import (
    EventFeedback,
    Questionnaire,
    QuestionnaireVersion,
    RatingChoice,
    Response,
    Wave,
)
from app.questionnaires.queries.answers import (
    as_earlier,
    choice_of,
    closed_before,
    critic_at,
    feedback_of,
    has_closed_round,
    place_at,
    places_at,
    questionnaire_of,
    respondent_in,
    response_of,
    responses_in,
    round_as_answered,
    silent_at,
    team_counts,
    version_in_use,
    wave_of,
    waves_of,
)
from app.questionnaires.rules.closing import Closing, close_round
from app.questionnaires.rules.publishing import USUAL_SMALLEST
from app.questionnaires.rules.sheets import (
    STANDARD,
    Sheet,
    as_data,
    from_data,
    put_into_use,
    refuse_unfit,
)
from app.questionnaires.rules.statistics import Figure, is_on_scale
from app.questionnaires.rules.timing import ANSWERS_KEPT_FOR, RoundState
from app.registration.rules.places import link_ends_at

REMIND_AGAIN_AFTER = timedelta(hours=20)


class RoundPlanned(Refusal):
    """An event has one round."""


class RoundIsClosed(Refusal):
    """A round that has closed stays as it is: its figures were published."""


class RoundIsNotOpen(Refusal):
    """A round is answered from check-in on."""


class OffTheScale(Refusal):
    """An answer is no step of the scale, or to nothing that is asked."""


class NotBooked(Refusal):
    """Who answers is booked at the event."""


class SmallestStands(Refusal):
    """The smallest group stands once figures were published."""


def questionnaire_for(programme: Programme, *, at: datetime) -> Questionnaire:
    """Return a programme's questionnaire; a new one starts with the standard set."""
    standing = questionnaire_of(programme)
    if standing is not None:
        return standing
    fresh = Questionnaire(
        id=uuid4(),
        programme_id=programme.id,
        draft=as_data(STANDARD),
        smallest_group=USUAL_SMALLEST,
        changed_at=at,
    )
    if insert_new(fresh):
        db.session.add(
            QuestionnaireVersion(
                questionnaire_id=fresh.id, number=1, content=as_data(STANDARD), made_at=at
            )
        )
        db.session.flush()
    found = questionnaire_of(programme)
    assert found is not None, "just made"
    return found


def keep_draft(questionnaire: Questionnaire, sheet: Sheet, *, at: datetime) -> None:
    """Keep what the lead has written so far; nobody is asked it yet."""
    questionnaire.draft, questionnaire.changed_at = as_data(sheet), at


def use_draft(
    questionnaire: Questionnaire, *, asks_the_same: frozenset[str], by: Actor, at: datetime
) -> QuestionnaireVersion:
    """Put the draft into use for every round that has not opened; those that have stay as they are."""
    hold(questionnaire)
    draft, standing = from_data(questionnaire.draft), version_in_use(questionnaire)
    refuse_unfit(draft)
    sheet = put_into_use(draft, standing.sheet, asks_the_same=asks_the_same)
    if sheet == standing.sheet:
        return standing
    version = QuestionnaireVersion(
        id=uuid4(),
        questionnaire_id=questionnaire.id,
        number=standing.number + 1,
        content=as_data(sheet),
        made_at=at,
    )
    db.session.add(version)
    db.session.flush()
    questionnaire.draft = as_data(sheet)
    for wave in waves_of(questionnaire.programme):
        if wave.state(at) is RoundState.PLANNED:
            wave.version_id = version.id
    record(
        "put into use",
        version,
        by=by,
        at=at,
        programme_id=questionnaire.programme_id,
        before={"version": standing.number},
        after={"version": version.number},
    )
    return version


def set_smallest(questionnaire: Questionnaire, smallest: int, *, by: Actor, at: datetime) -> None:
    """Say of how few people figures are shown; it stands once a round has closed.

    Two sets of tables made with two numbers could be subtracted from each other.
    """
    if smallest == questionnaire.smallest_group:
        return
    if has_closed_round(questionnaire.programme):
        raise SmallestStands(
            f"Figures of groups of {questionnaire.smallest_group} or more were published. "
            "The number stays as it is for this programme."
        )
    before, questionnaire.smallest_group = questionnaire.smallest_group, smallest
    record(
        "changed",
        questionnaire,
        by=by,
        at=at,
        programme_id=questionnaire.programme_id,
        before={"smallest_group": before},
        after={"smallest_group": smallest},
    )


def plan_round(event: Event, *, days_open: int, asks_then: bool, by: Actor, at: datetime) -> Wave:
    """Plan a round at an event; it opens with check-in and closes so many days after the end."""
    if wave_of(event) is not None:
        raise RoundPlanned(f"{event.title} has a round already.")
    version = version_in_use(questionnaire_for(event.programme, at=at))
    wave = Wave(
        id=uuid4(),
        event_id=event.id,
        version_id=version.id,
        days_open=days_open,
        asks_then=asks_then,
        planned_at=at,
    )
    db.session.add(wave)
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise RoundPlanned(f"{event.title} has a round already.") from twice
    enqueue("questionnaires.close", due_at=max(at, wave.closes_at), wave_id=str(wave.id))
    _record("planned", wave, by, at, after={"days_open": days_open, "asks_then": asks_then})
    return wave


def change_round(wave: Wave, *, days_open: int, asks_then: bool, by: Actor, at: datetime) -> None:
    """Change when a round closes, and before it opens also what it asks."""
    hold(wave)
    state = wave.state(at)
    if state is RoundState.CLOSED:
        raise RoundIsClosed("This round has closed and stays as it is.")
    before = {"days_open": wave.days_open, "asks_then": wave.asks_then}
    wave.days_open = days_open
    if state is RoundState.PLANNED:
        wave.asks_then = asks_then
    after = {"days_open": wave.days_open, "asks_then": wave.asks_then}
    if after == before:
        return
    enqueue("questionnaires.close", due_at=max(at, wave.closes_at), wave_id=str(wave.id))
    _record("changed", wave, by, at, before=before, after=after)


def close_now(wave: Wave, *, by: Actor, at: datetime) -> None:
    """Close a round before its time, and publish its figures."""
    hold(wave)
    if wave.state(at) is RoundState.PLANNED:
        raise RoundIsNotOpen("This round has not opened yet. Change it, or leave it.")
    if settle(wave, closed_at=min(at, wave.closes_at)):
        _record("closed", wave, by, at)


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
    """Delete a round's answers a year after its programme has ended, or return how long to wait.

    What was published stays: it shows nobody.
    """
    wait = wave.event.programme.ends_on + ANSWERS_KEPT_FOR - london_day(at)
    if wait > timedelta():
        return wait
    db.session.execute(delete(Response).where(Response.wave_id == wave.id))
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


# Answering


def choose(
    person: Person,
    programme: Programme,
    *,
    keeps_together: bool,
    shows_small_team: bool,
    at: datetime,
) -> RatingChoice:
    """Keep what somebody chose before their first answer; the first choice stands."""
    insert_new(
        RatingChoice(
            id=uuid4(),
            person_id=person.id,
            programme_id=programme.id,
            keeps_together=keeps_together,
            shows_small_team=shows_small_team,
            chosen_at=_day(at),
        )
    )
    choice = choice_of(person.id, programme.id)
    assert choice is not None, "just chosen"
    return choice


@dataclass(frozen=True)
class Given:
    """Ratings by item, and where people look back, how they rate themselves at the start."""

    ratings: Mapping[str, int]
    then: Mapping[str, int]


def answer(person: Person, wave: Wave, given: Given, *, at: datetime) -> bool:
    """Keep somebody's answers, in one row however often they come; return whether they count.

    What arrives after the round has closed was typed in good faith. It is kept for the person and in
    no figure: tables that were published must not change with one person's answers.
    """
    sheet = wave.version.sheet
    if not (is_on_scale(sheet, given.ratings) and is_on_scale(sheet, given.then)):
        raise OffTheScale("One of these answers is not on the scale. Open the page again.")
    place = place_at(wave.event, person.id)
    choice = choice_of(person.id, wave.event.programme_id)
    if place is None or choice is None:
        raise NotBooked("Only people who are booked at the event answer this round.")
    hold(wave, shared=True)
    if wave.state(at) is RoundState.PLANNED:
        raise RoundIsNotOpen("This round opens with check-in. Come back then.")
    counts = wave.state(at) is RoundState.OPEN
    row = _row_for(person, wave, choice, team_id=place.team_id, at=at)
    if counts:
        row.ratings = {**row.ratings, **given.ratings}
        row.then_ratings = {**row.then_ratings, **given.then}
    else:
        row.late = {**row.late, **given.ratings}
    row.changed_at = _day(at)
    return counts


def _row_for(
    person: Person, wave: Wave, choice: RatingChoice, *, team_id: UUID | None, at: datetime
) -> Response:
    is_linked = choice.keeps_together
    insert_new(
        Response(
            id=uuid4(),
            wave_id=wave.id,
            respondent=respondent_in(wave, person.id, is_linked=is_linked),
            team_id=team_id,
            is_linked=is_linked,
            ratings={},
            then_ratings={},
            late={},
            changed_at=_day(at),
            panels=0,
        )
    )
    row = response_of(wave, person.id, is_linked=is_linked)
    assert row is not None, "just made"
    return row


# Reminders


def plan_reminders(wave: Wave, *, by: Actor, at: datetime) -> None:
    """Have everybody reminded who has not answered; nobody learns who that is."""
    if wave.state(at) is not RoundState.OPEN:
        raise RoundIsNotOpen("This round is not open. Reminders go out while it is.")
    enqueue("questionnaires.remind", due_at=at, wave_id=str(wave.id))
    _record("reminded", wave, by, at)


def remind_some(wave_id: UUID, *, most: int, at: datetime) -> int:
    """Write to some of those who have not answered, by their own link; return how many that were."""
    wave = db.session.get_one(Wave, wave_id)
    hold(wave)
    if wave.state(at) is not RoundState.OPEN:
        return 0
    silent = silent_at(wave)
    written = letters_about(*(_about(wave, place.person_id) for place in silent))
    due = [
        place
        for place in silent
        if (last := written.get(_about(wave, place.person_id))) is None
        or last.created_at <= at - REMIND_AGAIN_AFTER
    ][:most]
    for place in due:
        ends_at = link_ends_at(wave.event.ends_at)
        token = mint_link(place.person, at=at, expires_at=ends_at)
        about = _about(wave, place.person_id)
        messages.reminder(wave, place.person, token, about=about, at=at)
    return len(due)


def _about(wave: Wave, person_id: UUID) -> str:
    return f"skills:{wave.id}:{person_id}"


# Feedback about an event


def give_feedback(
    event: Event, person: Person, *, useful: int | None, best: str, better: str, at: datetime
) -> None:
    """Keep what somebody says about an event, or that they would rather not; saying it again replaces it."""
    insert_new(
        EventFeedback(
            id=uuid4(),
            event_id=event.id,
            respondent=critic_at(event, person.id),
            useful=None,
            best="",
            better="",
            given_at=_day(at),
        )
    )
    row = feedback_of(event, person.id)
    assert row is not None, "just made"
    row.useful, row.best, row.better, row.given_at = useful, best, better, _day(at)


def _day(at: datetime) -> datetime:
    """Return the day alone: the minute would tell whose pseudonym it is, beside what a person chose."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _record(
    verb: str,
    wave: Wave,
    by: Actor,
    at: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    programme_id = wave.event.programme_id
    record(verb, wave, by=by, at=at, programme_id=programme_id, before=before, after=after)
