"""What visitors told the team, as a paper to keep."""

from flask import abort
from flask.typing import ResponseReturnValue

from app.kernel.permission import Permission, needs
from app.posters.models import Poster
from app.posters.queries.feedback import newest_report_of
from app.posters.views.answers import report_answer
from app.posters.views.team.blueprint import pages


@pages.get("/report")
@needs(Permission.LOOK_AFTER_POSTER)
def report(ours: Poster) -> ResponseReturnValue:
    """Hand out the team's own report."""
    return report_answer(newest_report_of(ours) or abort(404))
