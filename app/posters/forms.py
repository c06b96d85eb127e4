"""What organisers answer about a poster."""

from typing import cast

from flask_wtf import FlaskForm

from app.plumbing.fields import line


class Poster(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """The title of a poster that was handed in."""

    title = line(
        "Title of the poster",
        ask="Enter the title that stands on the poster.",
        description="As it stands on the poster.",
    )

    @property
    def chosen_title(self) -> str:
        """Return the title."""
        return cast("str", self.title.data)
