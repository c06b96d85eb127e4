"""How a file is refused."""

from app.kernel.refusal import Refusal


class UnfitFile(Refusal):
    """A file that cannot be shown as a poster; the sentence says what to do instead."""
