"""Later work for the sample: its teams' posters are drawn as PDFs and handed in as a team would."""

from uuid import UUID, uuid4

from flask import current_app

from app.kernel.actor import Actor
from app.kernel.clock import london_day, now
from app.plumbing.database import db, transaction
from app.plumbing.files import keep_file
from app.plumbing.pdf import document_pdf
from app.plumbing.pictures import look_at
from app.plumbing.queue import job
from app.posters.actions.handing_in import Upload, hand_in_file
from app.posters.actions.preparing import raw_key
from app.posters.models import Poster
from app.posters.queries.posters import versions_of
from app.programmes.queries import memberships_of
from app.web.sample.charts import run_chart
from app.web.sample.posters import POSTERS


@job("sample.draw_poster")
def draw_poster(poster_id: str) -> None:
    """Draw a team's poster and hand it in. Safe to do twice."""
    poster = db.session.get(Poster, UUID(poster_id))
    if poster is None or versions_of(poster):
        return
    html, title, filename = _words(poster), poster.title, f"{poster.team.slug}.pdf"
    db.session.rollback()  # no database transaction stays open while we draw
    content = document_pdf(html, title=title)
    looks = look_at(content, filename=filename)
    key = raw_key(UUID(poster_id), uuid4())
    sha256 = keep_file(key, content)
    upload = Upload(key=key, filename=filename, size=len(content), sha256=sha256, looks=looks)
    with transaction():
        poster = db.session.get_one(Poster, UUID(poster_id))
        hand_in_file(poster, upload, by=Actor("staff", label=poster.team.name), at=now())


def _words(poster: Poster) -> str:
    drawn = POSTERS[poster.team.name]
    today = london_day(now())
    page = current_app.jinja_env.get_template("house/paper/sample_poster.html")
    return page.render(
        practice=poster.team.name,
        poster=drawn,
        title=poster.title,
        programme=poster.event.programme.title,
        people=", ".join(m.person.name for m in memberships_of(poster.team) if m.covers(today)),
        charts=[run_chart(drawn.series), run_chart(drawn.second)],
    )
