"""Later work: the pictures of a poster that was handed in, and what visitors told its team."""

from uuid import UUID

from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.files import drop_file, keep_file
from app.plumbing.pdf import CannotDraw
from app.plumbing.pictures import Pictures, UnfitFile, pictures_of_upload
from app.plumbing.queue import CannotRunYet, gives_up, job
from app.posters.actions import forgetting, papers, preparing, printing_cards, reporting
from app.posters.models import CardFile, FeedbackReport, Poster, PosterVersion
from app.posters.queries.cards import card_file_with_id
from app.posters.queries.feedback import report_with_id
from app.posters.queries.posters import version_with_id
from app.posters.rules import VersionState

NOT_DRAWN = "Our server could not draw it, however often it tried. Its operator can read why."
NO_PICTURES = "Our server could not make its pictures, however often it tried. Upload it again."


@job("posters.prepare")
def prepare(version_id: str) -> None:
    """Clean a poster's file and make its pictures. Safe to do twice."""
    version = version_with_id(UUID(version_id))
    if version is None or version.state is not VersionState.WAITING or version.raw_key is None:
        return
    raw_key, kind = version.raw_key, version.kind.value
    try:
        pictures = pictures_of_upload(raw_key, kind=kind)
    except UnfitFile as why:
        _note_refused(version_id, str(why))
    else:
        _keep(version_id, pictures)
    drop_file(raw_key)


def _note_refused(version_id: str, why: str) -> None:
    with transaction():
        version = version_with_id(UUID(version_id))
        if version is not None:
            preparing.note_refused(version, why, at=now())


@gives_up("posters.prepare")
def say_not_prepared(version_id: str) -> None:
    """Tell a team that the pictures of its file will not come by themselves."""
    version = version_with_id(UUID(version_id))
    raw_key = version.raw_key if version else None
    _note_refused(version_id, NO_PICTURES)
    if raw_key is not None:
        drop_file(raw_key)


def _keep(version_id: str, pictures: Pictures) -> None:
    version = version_with_id(UUID(version_id))
    assert version is not None, "versions are never deleted"
    for key, content in _files(version, pictures):
        keep_file(key, content)
    with transaction():
        version = version_with_id(UUID(version_id))
        assert version is not None
        preparing.note_ready(version, pictures, at=now())


def _files(version: PosterVersion, pictures: Pictures) -> list[tuple[str, bytes]]:
    named = {
        "thumb": pictures.thumb,
        "small": pictures.small,
        "large": pictures.large,
        **pictures.tiles,
    }
    made = [(preparing.picture_key(version, name), content) for name, content in named.items()]
    return [(preparing.file_key(version), pictures.original), *made]


@job("posters.draw_report")
def draw_report(report_id: str) -> None:
    """Draw everything that visitors left at a poster. Safe to do twice."""
    report = report_with_id(UUID(report_id))
    if report is None or report.made_at is not None:
        return
    paper = papers.feedback_report(report.poster, at=now())
    db.session.rollback()  # no database transaction stays open while we draw
    try:
        content = paper.drawn()
    except CannotDraw as why:
        with transaction():
            reporting.note_problem(_report(report_id), str(why), at=now())
        return
    key = reporting.report_key(UUID(report_id))
    keep_file(key, content)
    with transaction():
        replaced = reporting.note_made(_report(report_id), file_key=key, at=now())
    for old in replaced:
        drop_file(old)


@gives_up("posters.draw_report")
def say_report_not_drawn(report_id: str) -> None:
    """Tell the organisers that a report will not come by itself."""
    with transaction():
        reporting.note_problem(_report(report_id), NOT_DRAWN, at=now())


@job("posters.draw_cards")
def draw_cards(file_id: str) -> None:
    """Draw the cards of all stands as they are now. Safe to do twice."""
    file = card_file_with_id(UUID(file_id))
    paper = printing_cards.cards_of(file.event, file.size) if file else None
    if file is None or paper is None or file.made_at is not None:
        return
    db.session.rollback()  # no database transaction stays open while we draw
    try:
        content = paper.drawn()
    except CannotDraw as why:
        with transaction():
            printing_cards.note_cards_problem(_cards(file_id), str(why), at=now())
        return
    keep_file(printing_cards.cards_key(UUID(file_id)), content)
    with transaction():
        printing_cards.note_cards_made(_cards(file_id), paper.fingerprint, at=now())


@gives_up("posters.draw_cards")
def say_cards_not_drawn(file_id: str) -> None:
    """Tell the organisers that the cards will not come by themselves."""
    with transaction():
        printing_cards.note_cards_problem(_cards(file_id), NOT_DRAWN, at=now())


@job("posters.forget_addresses")
def forget_addresses(poster_id: str) -> None:
    """Empty the addresses that were left at a poster, two years after its event."""
    with transaction():
        poster = db.session.get_one(Poster, UUID(poster_id))
        wait = forgetting.forget_addresses(poster, at=now())
    if wait is not None:
        raise CannotRunYet(wait)


def _cards(file_id: str) -> CardFile:
    file = card_file_with_id(UUID(file_id))
    assert file is not None, "files of cards are replaced, never deleted"
    return file


def _report(report_id: str) -> FeedbackReport:
    report = report_with_id(UUID(report_id))
    assert report is not None, "reports are never deleted"
    return report
