"""How the product says no."""


class Refusal(Exception):
    """The field says no: `str(refusal)` is the whole sentence for the person."""


class NotThere(Exception):
    """There never was what somebody asked for, or it is not for them to know."""


class HasEnded(Exception):
    """What somebody asked for was there once and opens nothing any more."""


class NoWayIn(Exception):
    """Somebody has no way in here: `heading` and `sentence` say how they get one."""

    def __init__(
        self, heading: str, sentence: str, *, status: int = 401, is_mailed: bool = False
    ) -> None:
        """Say in words what to do next, and whether the way in can be mailed again."""
        super().__init__(sentence)
        self.heading, self.sentence, self.status = heading, sentence, status
        self.is_mailed = is_mailed
