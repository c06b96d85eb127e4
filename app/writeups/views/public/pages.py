"""All public pages of write-ups, on one hook."""

from app.writeups.views.public import reading
from app.writeups.views.public.blueprint import pages

HUNG = (reading,)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
