"""Questions about photos of flip charts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.groupwork.models import FlipChart, GroupWork, Table
from app.plumbing.database import db


def flip_charts_of(table: Table) -> Sequence[FlipChart]:
    """Return the photos of a table's flip charts, the newest first."""
    return db.session.scalars(
        select(FlipChart)
        .where(FlipChart.table_id == table.id)
        .order_by(FlipChart.taken_at.desc(), FlipChart.id)
    ).all()


def flip_chart_at(work: GroupWork, chart_id: UUID) -> FlipChart | None:
    """Return this photo, if it was taken in this session."""
    return db.session.scalar(
        select(FlipChart)
        .join(FlipChart.table)
        .options(joinedload(FlipChart.table))
        .where(FlipChart.id == chart_id, Table.group_work_id == work.id)
    )


def flip_chart_with_id(chart_id: UUID) -> FlipChart | None:
    """Return a photo that is to be developed."""
    return db.session.get(FlipChart, chart_id)
