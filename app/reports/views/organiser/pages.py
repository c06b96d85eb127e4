"""All pages of this room for staff: importing the files hangs them on the Blueprint."""

from app.reports.views.organiser import commissioner, overview
from app.reports.views.organiser.blueprint import pages

__all__ = ["commissioner", "overview", "pages"]
