"""Clean input of the network: what a member shows, what a team is asked, and the code on a badge."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, ValidationError
from wtforms.validators import DataRequired

from app.network.actions.joining import Shown
from app.network.rules import (
    LONGEST_ABOUT,
    LONGEST_REQUEST,
    LONGEST_TOPIC,
    MOST_TOPICS,
    topics_in,
)
from app.plumbing.fields import line, paragraph, required


class Joining(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """One tick."""

    joins = BooleanField(
        "Yes, keep me in touch: members of the network may see my name and my practice",
        [DataRequired("Tick the box to join, or leave this page.")],
    )


class WhatIsShown(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What the other members see, item by item."""

    shows_team = BooleanField("My practice")
    shows_role = BooleanField("My role, as I gave it when I registered")
    shows_email = BooleanField("My e-mail address")
    about = paragraph(
        "In your own words",
        most=LONGEST_ABOUT,
        description="What you work on, or what others may ask you. Leave it empty to show nothing.",
    )
    topics = line(
        "Your topics",
        most=(LONGEST_TOPIC + 2) * MOST_TOPICS,
        description=f"Up to {MOST_TOPICS}, with commas between them, such as: appointments, home visits",
    )
    gets_digest = BooleanField("Send me a digest on the first of each month")

    def validate_topics(self, field: Any) -> None:
        """Refuse more topics than can be taken in, and topics that are sentences."""
        topics = topics_in(field.data or "")
        if len(topics) > MOST_TOPICS:
            raise ValidationError(f"Choose the {MOST_TOPICS} topics that matter most to you.")
        if any(len(topic) > LONGEST_TOPIC for topic in topics):
            raise ValidationError(f"Shorten each topic to {LONGEST_TOPIC} characters or fewer.")

    @property
    def shown(self) -> Shown:
        """Return what the other members may see."""
        return Shown(
            team=bool(self.shows_team.data),
            role=bool(self.shows_role.data),
            email=bool(self.shows_email.data),
            about=self.about.data or "",
            topics=topics_in(self.topics.data or ""),
            gets_digest=bool(self.gets_digest.data),
        )


class Question(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What a member asks a team, and whether the team gets the address to answer to."""

    text = paragraph(
        "What would you like to know, or to use?",
        ask="Write what you would like to know.",
        most=LONGEST_REQUEST,
    )
    gives_address = RadioField(
        "May the team have your name and e-mail address?",
        required("Choose whether the team may have your name and e-mail address."),
        choices=[("yes", "Yes, so that they can answer me"), ("no", "No, just tell them")],
    )

    @property
    def asked(self) -> str:
        """Return what is asked."""
        return str(self.text.data)

    @property
    def may_answer(self) -> bool:
        """Say whether the team gets the address."""
        return str(self.gives_address.data) == "yes"


class Badge(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The code on somebody's badge."""

    code = line(
        "Code on their badge",
        ask="Enter the code on their badge, such as KX4-7PQ.",
        most=80,
        description="It stands below the square code, such as KX4\N{NON-BREAKING HYPHEN}7PQ",
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )

    @property
    def code_given(self) -> str:
        """Return the code as it was typed."""
        return str(self.code.data)


class Press(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A button on its own."""
