"""What somebody left at posters, for themselves to read."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel.permission import Permission, needs
from app.people.models import Person
from app.posters.queries.mine import left_at_posters
from app.posters.rules import who_reads
from app.posters.views.writing import ASPECTS, SIGNALS

pages = Blueprint("posters", __name__)


@pages.get("/posters")
@needs(Permission.SEE_OWN_RECORD)
def words(me: Person) -> ResponseReturnValue:
    """List what somebody left at posters under their name, and who can read it."""
    return render_template(
        "posters/attendee/words.html",
        me=me,
        mine=left_at_posters(me),
        aspects=ASPECTS,
        signals=SIGNALS,
        who_reads=who_reads,
    )
