"""All pages of check-in for organisers, on one hook."""

from app.checkin.views.organiser import attendance, doors, room_code
from app.checkin.views.organiser.blueprint import pages

HUNG = (attendance, doors, room_code)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
