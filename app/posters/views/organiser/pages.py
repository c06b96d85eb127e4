"""All pages of posters for organisers, on one hook."""

from app.posters.views.organiser import hosting, posters, reports, settings, stand_cards, words
from app.posters.views.organiser.blueprint import pages

HUNG = (hosting, posters, reports, settings, stand_cards, words)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
