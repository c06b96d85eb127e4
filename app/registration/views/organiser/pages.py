"""All pages of registration for organisers, on one hook."""

from app.registration.views.organiser import erasing, invitations, lists, needs, registrations
from app.registration.views.organiser.blueprint import pages

HUNG = (erasing, invitations, lists, needs, registrations)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
