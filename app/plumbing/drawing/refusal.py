"""How drawing says no."""

from app.kernel.refusal import Refusal


class CannotDraw(Refusal):
    """A paper cannot be drawn as asked; nothing is drawn instead."""
