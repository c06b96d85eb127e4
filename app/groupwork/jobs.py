"""Later work of group work: the harvest for everybody who was there, and letters after months."""

from uuid import UUID

from sqlalchemy import select

from app.groupwork.actions import following_up, forgetting, paper, papers
from app.groupwork.models import FlipChart, FollowUp, GroupWork
from app.groupwork.queries.papers import flip_chart_with_id
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.files import drop_file, keep_file
from app.plumbing.pictures import UnfitFile, pictures_of_upload
from app.plumbing.queue import CannotRunYet, job
from app.programmes.models import Programme


@job("groupwork.ask_after")
def ask_after(follow_up_id: str) -> None:
    """Ask the owner of an agreement what became of it. Safe to do twice."""
    with transaction():
        following_up.ask_after(_follow_up(follow_up_id), at=now())


def _follow_up(follow_up_id: str) -> FollowUp:
    return db.session.scalars(
        select(FollowUp).where(FollowUp.id == UUID(follow_up_id)).with_for_update()
    ).one()


AT_ONCE = 25


@job("groupwork.send_harvest")
def send_harvest(group_work_id: str) -> None:
    """Draw the harvest once and send it to everybody who was there. Safe to do twice."""
    work = db.session.get_one(GroupWork, UUID(group_work_id))
    harvest = papers.harvest(work, at=now())
    db.session.rollback()  # no database transaction stays open while we draw
    content = harvest.drawn()
    written = AT_ONCE
    while written == AT_ONCE:
        with transaction():
            work = db.session.get_one(GroupWork, UUID(group_work_id))
            written = following_up.send_some(work, content, most=AT_ONCE, at=now())


@job("groupwork.develop")
def develop(chart_id: str) -> None:
    """Make the picture of a flip chart that is shown, from the photo as it arrived. Safe to do twice."""
    chart = flip_chart_with_id(UUID(chart_id))
    if chart is None or chart.raw_key is None:
        return
    raw_key, kind = chart.raw_key, chart.kind
    try:
        pictures = pictures_of_upload(raw_key, kind=kind)
    except UnfitFile as why:
        with transaction():
            paper.note_refused(_chart(chart_id), str(why))
    else:
        keep_file(paper.clean_key(UUID(chart_id)), pictures.large)
        with transaction():
            paper.note_developed(_chart(chart_id))
    drop_file(raw_key)


@job("groupwork.forget")
def forget(programme_id: str) -> None:
    """Forget who did what in a programme's group work, once that is due. Safe to do twice."""
    with transaction():
        programme = db.session.get(Programme, UUID(programme_id))
        wait = forgetting.forget(programme, at=now()) if programme else None
    if wait is not None:
        raise CannotRunYet(wait)


def _chart(chart_id: str) -> FlipChart:
    chart = flip_chart_with_id(UUID(chart_id))
    assert chart is not None, "photos are deleted with their session alone"
    return chart
