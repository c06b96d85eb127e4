"""All public pages of posters, on one hook."""

from app.posters.views.public import files, marketplace, voices, voting, ways_in
from app.posters.views.public.blueprint import pages

HUNG = (files, marketplace, voices, voting, ways_in)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
