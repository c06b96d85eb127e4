"""A write-up as it is read: safe HTML, with the figures drawn anew from the event's own data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from markupsafe import Markup

from app.certificates.queries.handing_out import contacts_in
from app.events.models import Event
from app.kernel.clock import london_day
from app.people.models import Person
from app.questionnaires.rules.drawing import shown
from app.writeups.actions.writing import Text
from app.writeups.models import WriteUp
from app.writeups.queries.blocks import public_posters, skills_report
from app.writeups.queries.naming import may_not_be_shown, names_to_leave_out
from app.writeups.queries.write_ups import is_ready, pictures_of
from app.writeups.rules.words import (
    Placed,
    figures_in,
    names_in,
    rendered,
    with_figures,
    without_names,
)

Draw = Callable[[Event, datetime], str]
PictureAddress = Callable[[int], str]


@dataclass(frozen=True, kw_only=True)
class Story:
    """A text as everybody may read it, and whose names were left out of it."""

    title: str
    summary: str
    html: Markup
    left_out: tuple[str, ...]


def story_of(
    write_up: WriteUp,
    text: Text,
    *,
    picture_address: PictureAddress,
    at: datetime,
    naming: Person | None = None,
) -> Story:
    """Return a text as everybody may read it at a moment, or as it would read if it named somebody."""
    names = names_to_leave_out(write_up, but=naming)
    html = rendered(without_names(text.text, names), placed(write_up, picture_address))
    drawn = {key: FIGURES[key](write_up.event, at) for key in set(figures_in(html)) & {*FIGURES}}
    whole = "\n".join([text.title, text.summary, text.text])
    return Story(
        title=without_names(text.title, names),
        summary=without_names(text.summary, names),
        html=Markup(with_figures(html, drawn)),  # noqa: S704 - cleaned by nh3; figures are our own
        left_out=tuple(dict.fromkeys(names_in(whole, names))),
    )


def picture_addresses(write_up: WriteUp, *, to_staff: bool = False) -> PictureAddress:
    """Return where the pictures of a write-up lie: for those who write it, or for everybody."""
    event, endpoint = write_up.event, "public.writeups.picture"
    if to_staff:
        endpoint = "organiser.writeups.picture"

    def address(number: int) -> str:
        return url_for(
            endpoint,
            programme_slug=event.programme.slug,
            event_slug=event.slug,
            number=number,
        )

    return address


def placed(write_up: WriteUp, picture_address: PictureAddress) -> Mapping[int, Placed]:
    """Return the pictures that may be shown, by number."""
    hidden = may_not_be_shown(write_up)
    return {
        picture.number: Placed(
            address=picture_address(picture.number),
            alt=picture.alt,
            width=picture.width,
            height=picture.height,
        )
        for picture in pictures_of(write_up)
        if is_ready(picture) and picture.id not in hidden
    }


def _skills(event: Event, at: datetime) -> str:
    found = shown(skills_report(event, at=at))
    return render_template("writeups/telling/_skills.html", shown=found) if found else ""


def _posters(event: Event, at: datetime) -> str:
    found = public_posters(event, at=at)
    if not found:
        return ""
    asked = contacts_in(event.programme, on=london_day(at)) if at >= event.ends_at else {}
    return render_template("writeups/telling/_posters.html", posters=found, asked=asked)


# What stands where a text says [[skills]] or [[posters]] on a line of its own.
FIGURES: Mapping[str, Draw] = {"skills": _skills, "posters": _posters}
