"""All public pages of write-ups, on one hook."""

from app.writeups.views.public import commenting, reading
from app.writeups.views.public.blueprint import pages

HUNG = (commenting, reading)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
