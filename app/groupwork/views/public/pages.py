"""All public pages of group work, on one hook."""

from app.groupwork.views.public import table, telling
from app.groupwork.views.public.blueprint import pages

HUNG = (table, telling)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
