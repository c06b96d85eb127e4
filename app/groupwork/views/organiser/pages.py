"""All pages of group work for organisers, on one hook."""

from app.groupwork.views.organiser import agreements, cards, harvest, session, tables, themes, wall
from app.groupwork.views.organiser.blueprint import pages

HUNG = (agreements, cards, harvest, session, tables, themes, wall)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
