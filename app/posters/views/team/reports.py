"""What visitors told the team, as a paper to keep."""

from flask.typing import ResponseReturnValue

from app.kernel.permission import Permission, needs
from app.posters.actions.reporting import report_of
from app.posters.models import Poster
from app.posters.views.answers import report_answer
from app.posters.views.team.blueprint import pages


@pages.get("/report")
@needs(Permission.LOOK_AFTER_POSTER)
def report(ours: Poster) -> ResponseReturnValue:
    """Hand out the team's own report."""
    return report_answer(report_of(ours.team, ours.event))
