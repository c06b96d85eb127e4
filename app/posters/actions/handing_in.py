"""A poster is handed in, as a file or on paper; described; and taken back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import clock_words, day_words
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.plumbing.pictures import Looks
from app.plumbing.queue import enqueue
from app.posters.actions.ways_in import poster_for
from app.posters.models import Poster, PosterVersion
from app.posters.queries.posters import marketplace_of, poster_of, versions_of
from app.posters.rules import FileKind, VersionState, Visibility
from app.programmes.models import Team

TEAM = "team"


class AlreadyHandedIn(Refusal):
    """The team's poster is there."""


class NothingToTakeBack(Refusal):
    """The team has handed in no poster."""


class UploadsAreClosed(Refusal):
    """The deadline has passed."""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that arrived and was looked at: where it is kept, and what it is."""

    key: str
    filename: str
    size: int
    sha256: str
    looks: Looks


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a team says about its poster."""

    title: str
    theme: str
    aim: str
    changes: str
    findings: str
    next_time: str


def hand_in(team: Team, event: Event, *, title: str, by: Actor, at: datetime) -> Poster:
    """Write down that a team has handed in its poster for an event, on paper."""
    poster = poster_for(team, event)
    hold(poster)
    if poster.is_handed_in:
        raise AlreadyHandedIn(f"The poster of {team.name} is handed in already.")

    poster.title, poster.submitted_at, poster.withdrawn_at = title, at, None
    record(
        "handed in",
        poster,
        by=by,
        at=at,
        programme_id=team.programme_id,
        after={"team": team.name, "event": event.title, "title": title},
    )
    return poster


def hand_in_file(poster: Poster, upload: Upload, *, by: Actor, at: datetime) -> PosterVersion:
    """Take a file as the newest version of a poster; the same file again is the same version."""
    hold(poster)
    refuse_after_deadline(poster, by=by, at=at)
    before = versions_of(poster)
    newest = next((v for v in before if v.state is not VersionState.REFUSED), None)
    if newest is not None and newest.sha256 == upload.sha256 and poster.withdrawn_at is None:
        return newest

    version = PosterVersion(
        id=uuid4(),
        poster_id=poster.id,
        number=before[0].number + 1 if before else 1,
        state=VersionState.WAITING,
        kind=FileKind(upload.looks.kind),
        filename=upload.filename,
        raw_key=upload.key,
        size=upload.size,
        pages=upload.looks.pages,
        sha256=upload.sha256,
        width=upload.looks.width,
        height=upload.looks.height,
        advice=upload.looks.advice,
        uploaded_at=at,
        uploaded_by=by.label[:80],
    )
    db.session.add(version)
    enqueue("posters.prepare", due_at=at, version_id=str(version.id))
    record(
        "handed in a file",
        poster,
        by=by,
        at=at,
        programme_id=poster.event.programme_id,
        after={"version": version.number, "kind": version.kind.value, "size": version.size},
    )
    return version


def refuse_after_deadline(poster: Poster, *, by: Actor, at: datetime) -> None:
    """Refuse what a team may do until the deadline only; organisers may still do it."""
    closes_at = marketplace_of(poster.event).uploads_close_at
    if by.kind == TEAM and at >= closes_at:
        raise UploadsAreClosed(
            f"Posters could be handed in until {clock_words(closes_at)} on {day_words(closes_at)}. "
            f"Ask the organiser: {poster.event.programme.contact_email}."
        )


def describe(poster: Poster, words: Words, *, by: Actor, at: datetime) -> None:
    """Keep what a team says about its poster; words may be bettered after the deadline too."""
    before = _words_of(poster)
    if words == before:
        return
    poster.title, poster.theme = words.title, words.theme
    poster.aim, poster.changes = words.aim, words.changes
    poster.findings, poster.next_time = words.findings, words.next_time
    record(
        "described",
        poster,
        by=by,
        at=at,
        programme_id=poster.event.programme_id,
        before={"title": before.title, "theme": before.theme},
        after={"title": words.title, "theme": words.theme},
    )


def _words_of(poster: Poster) -> Words:
    return Words(
        title=poster.title,
        theme=poster.theme,
        aim=poster.aim,
        changes=poster.changes,
        findings=poster.findings,
        next_time=poster.next_time,
    )


def show_to(
    poster: Poster,
    visibility: Visibility,
    *,
    visible_from: datetime | None,
    by: Actor,
    at: datetime,
) -> None:
    """Let a team choose who may see its poster, and from when."""
    before = {"to": poster.visibility.value, "from": poster.visible_from}
    poster.visibility, poster.visible_from = visibility, visible_from
    after = {"to": visibility.value, "from": visible_from}
    if before != after:
        record(
            "chose who sees it",
            poster,
            by=by,
            at=at,
            programme_id=poster.event.programme_id,
            before=before,
            after=after,
        )


def take_back(team: Team, event: Event, *, by: Actor, at: datetime) -> None:
    """Undo that a poster was handed in; its files and words are kept."""
    poster = poster_of(team, event)
    if poster is None or not poster.is_handed_in:
        raise NothingToTakeBack(f"{team.name} has not handed in a poster.")

    poster.withdrawn_at = at
    record(
        "took back",
        poster,
        by=by,
        at=at,
        programme_id=team.programme_id,
        before={"team": team.name, "event": event.title, "title": poster.title},
    )
