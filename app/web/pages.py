"""Pages that belong to the whole house: the first page and whether the product is up."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text

from app.events.queries import coming_events
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import db, transaction
from app.programmes.models import Programme
from app.web.sample import cast
from app.web.sample.loading import sample_programme, sample_token
from app.web.sample.story import is_afternoon, skip_to_the_afternoon

pages = Blueprint("house", __name__)


@dataclass(frozen=True)
class Try:
    """Something to try first, for one audience."""

    who: str
    heading: str
    words: str
    act: str
    href: str
    with_words: str = ""


@pages.get("/")
@needs(Permission.SEE_PUBLIC_PAGES)
def start() -> ResponseReturnValue:
    """Show each audience its next step."""
    at = now()
    sample = sample_programme()
    return render_template(
        "house/public/start.html",
        sample=sample,
        tries=things_to_try(sample) if sample else [],
        is_afternoon=sample is not None and is_afternoon(sample),
        coming=coming_events(at, limit=6),
        is_empty=db.session.scalar(select(Programme.id).limit(1)) is None,
    )


def things_to_try(sample: Programme) -> list[Try]:
    """Return what to try first with the sample programme, one thing for each audience."""
    lead = cast.STAFF[0]
    home = url_for("organiser.reports.programme", programme_slug=sample.slug)
    return [
        Try(
            "Organiser",
            "Run the programme",
            "See the year of eight practices, today's summit and who has completed.",
            "Open the programme",
            home,
            f"Sign in as {lead.email} with the password {cast.PASSWORD}",
        ),
        Try(
            "Door volunteer",
            "Open the door",
            "Turn this browser, or a phone, into a door and scan a pass.",
            "Start at the front door",
            url_for("public.checkin.enrol", token=sample_token("door:steward")),
            "No sign-in: the link itself is the key, until the end of the day",
        ),
        Try(
            "Attendee",
            "Be Dr Siân O'Connor",
            "Open her pass for today, check in from the room code, see what is left to complete.",
            "Open her personal link",
            url_for("public.people.link", token=sample_token("attendee")),
            "No account: this is the link in her e-mail",
        ),
        Try(
            "Team",
            "Look after a poster",
            "See Old Mill's poster as its team does: its file, its words, who may see it.",
            "Open the team's own link",
            url_for("public.posters.way_in", token=sample_token("team")),
            "No account: this is the link in the team's e-mail",
        ),
        Try(
            "Anybody",
            "Check a certificate",
            "Scan the code on a certificate, or type its number, and see everything it states.",
            "Check a certificate",
            url_for("public.certificates.check"),
            "Issue some first, as the programme lead",
        ),
    ]


@pages.post("/sample/afternoon")
@needs(Permission.SEE_PUBLIC_PAGES)
def afternoon() -> ResponseReturnValue:
    """Move the sample's clock to ten past one: everybody has arrived, certificates can be issued."""
    with transaction():
        skip_to_the_afternoon(sample_programme() or abort(404), at=now())
    flash("It is ten past one at the summit, and 37 people are here.", "success")
    return redirect(url_for(".start"))


@pages.get("/sign-in/arrived")
@needs(Permission.SIGN_IN)
def arrived() -> ResponseReturnValue:
    """Lead somebody who has signed in to the page they wanted, or to their programmes."""
    wanted = str(session.pop("after_sign_in", ""))
    home = url_for("organiser.programmes.programmes")
    # A path that begins with two strokes names another host.
    return redirect(wanted if wanted.startswith(home) else home)


@pages.get("/accessibility")
@needs(Permission.SEE_PUBLIC_PAGES)
def accessibility() -> ResponseReturnValue:
    """State how accessible the product is and what was not tested."""
    return render_template("house/public/accessibility.html")


@pages.get("/privacy")
@needs(Permission.SEE_PUBLIC_PAGES)
def privacy() -> ResponseReturnValue:
    """State what is kept about people, why, and for how long."""
    return render_template("house/public/privacy.html")


@pages.get("/health")
@needs(Permission.SEE_PUBLIC_PAGES)
def health() -> ResponseReturnValue:
    """Say whether the product and its database answer."""
    db.session.execute(text("SELECT 1"))
    return {"status": "up"}
