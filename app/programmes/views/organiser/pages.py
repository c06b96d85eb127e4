"""All of an organiser's pages about programmes, hung on one blueprint."""

from app.programmes.views.organiser import facts, staff, teams
from app.programmes.views.organiser.blueprint import pages

__all__ = ["facts", "pages", "staff", "teams"]
