"""Editing the questionnaire: a draft that is kept, and put into use."""

from datetime import datetime
from uuid import uuid4

from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new
from app.programmes.models import Programme
from app.questionnaires.models import Questionnaire, QuestionnaireVersion
from app.questionnaires.queries.answers import (
    has_closed_round,
    questionnaire_of,
    version_in_use,
    waves_of,
)
from app.questionnaires.rules.publishing import USUAL_SMALLEST
from app.questionnaires.rules.sheets import (
    STANDARD,
    Sheet,
    as_data,
    from_data,
    put_into_use,
    refuse_unfit,
)
from app.questionnaires.rules.timing import RoundState


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
