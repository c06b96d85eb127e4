"""Visitors leave reflections on the project, its changes and its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.plumbing.database import insert_new
from app.posters.actions.writing import Author, admit, is_read_first, sent_as
from app.posters.models import Poster, Reflection
from app.posters.rules import Aspect, Attribution, whole_hour


@dataclass(frozen=True, kw_only=True)
class Reflected:
    """What somebody wrote on each aspect, and what may be done with it."""

    texts: Mapping[Aspect, str]
    attribution: Attribution
    may_quote: bool
    form_id: UUID


def reflect(poster: Poster, reflected: Reflected, author: Author, *, at: datetime) -> bool:
    """Keep what somebody wrote on each aspect, and say whether an organiser reads it first.

    The same form sent again is kept once. Of an anonymous author nothing is written down, here or
    in the record of changes, and of the time only the hour.
    """
    market = admit(poster, author, at=at)
    is_between_them = reflected.attribution is Attribution.TEAM and not author.is_guest
    waits = is_read_first(market, author) and not is_between_them
    is_anonymous = reflected.attribution is Attribution.ANONYMOUS
    written_at = whole_hour(at) if is_anonymous else at
    for aspect, text in reflected.texts.items():
        row = Reflection(
            poster_id=poster.id,
            aspect=aspect,
            attribution=reflected.attribution,
            person_id=None if is_anonymous else author.person_id,
            guest_name="" if is_anonymous else author.guest_name,
            text=text,
            may_quote=reflected.may_quote,
            submission_id=sent_as(reflected.form_id, str(poster.id), *reflected.texts.values()),
            written_at=written_at,
            cleared_at=None if waits else written_at,
        )
        insert_new(row)
    return waits
