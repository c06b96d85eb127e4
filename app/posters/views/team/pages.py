"""All pages of posters for teams, on one hook."""

from app.posters.views.team import handing_in, reports, voices
from app.posters.views.team.blueprint import pages

HUNG = (handing_in, reports, voices)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
