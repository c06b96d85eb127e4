"""All pages of this room for staff: importing the files hangs them on the Blueprint."""

from app.questionnaires.views.organiser import editor, figures, files, rounds
from app.questionnaires.views.organiser.blueprint import pages

__all__ = ["editor", "figures", "files", "pages", "rounds"]
