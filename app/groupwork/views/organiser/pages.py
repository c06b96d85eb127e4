"""All pages of group work for organisers, on one hook."""

from app.groupwork.views.organiser import session, wall
from app.groupwork.views.organiser.blueprint import pages

HUNG = (session, wall)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
