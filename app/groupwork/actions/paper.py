"""Photos of flip charts are kept, looked at in a safe place, and shown to who types them up."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from app.groupwork.models import FlipChart, Table
from app.plumbing.database import db, hold
from app.plumbing.pictures import UnfitFile, look_at
from app.plumbing.queue import enqueue


@dataclass(frozen=True)
class Photo:
    """A photo as it arrived: what it holds, and its kind by content."""

    content: bytes
    kind: str
    chart_id: UUID = field(default_factory=uuid4)

    @property
    def key(self) -> str:
        """Return under which key it is kept until it is cleaned."""
        return f"charts/{self.chart_id}.{self.kind}"


def look_at_photo(content: bytes) -> Photo:
    """Return a photo, or refuse what is none."""
    looks = look_at(content, filename="photo")
    if looks.kind == "pdf":
        raise UnfitFile("Take a photo of the flip chart: a JPEG or PNG.")
    return Photo(content, looks.kind)


def keep_chart(table: Table, photo: Photo, *, at: datetime) -> None:
    """Take a photo of a table's flip chart, and have it cleaned."""
    work = table.group_work
    hold(work)
    db.session.add(
        FlipChart(
            id=photo.chart_id, table_id=table.id, raw_key=photo.key, kind=photo.kind, taken_at=at
        )
    )
    work.revision += 1
    enqueue("groupwork.develop", due_at=at, chart_id=str(photo.chart_id))


def clean_key(chart_id: UUID) -> str:
    """Return under which key a photo's clean picture is kept."""
    return f"charts/{chart_id}-clean.jpg"


def note_developed(chart: FlipChart) -> None:
    """Write down that a photo can be shown."""
    chart.raw_key, chart.file_key = None, clean_key(chart.id)


def note_refused(chart: FlipChart, why: str) -> None:
    """Write down why a photo cannot be shown."""
    chart.raw_key, chart.refusal = None, why
