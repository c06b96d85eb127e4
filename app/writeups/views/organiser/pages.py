"""All organiser pages of write-ups, on one hook."""

from app.writeups.views.organiser import moderating, people, publishing, writing
from app.writeups.views.organiser.blueprint import pages

HUNG = (moderating, people, publishing, writing)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
