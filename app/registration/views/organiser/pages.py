"""All pages of registration for organisers, on one hook."""

from app.registration.views.organiser import needs, registrations
from app.registration.views.organiser.blueprint import pages

HUNG = (needs, registrations)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
