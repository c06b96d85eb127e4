"""Each browser counts once at a poster; its own team and organisers do not."""

from flask import request, session

from app.kernel.clock import now
from app.plumbing.database import transaction
from app.posters.actions.visiting import note_visit
from app.posters.views.looking import Sight

SEEN = "seen_posters"
MOST_REMEMBERED = 60
"""So many codes fit into a browser's cookie many times over."""


def count_visit(sight: Sight) -> None:
    """Count this browser at a poster, the first time that it opens the poster's page."""
    code, seen = sight.poster.code, session.get(SEEN, [])
    is_ours = sight.looker.sees_all or sight.looker.is_of(sight.poster)
    if is_ours or code in seen or request.method != "GET":
        return
    poster_id = sight.poster.id
    with transaction():
        note_visit(poster_id, at=now())
    session[SEEN] = [*seen, code][-MOST_REMEMBERED:]
