"""Cards for the stands, of all posters in one file and of each alone."""

from collections.abc import Mapping

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.kernel.clock import london, now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import part_answer, pdf_answer
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content
from app.plumbing.queue import batch_progress
from app.posters.actions import printing_cards
from app.posters.actions.curating import NoPosterYet
from app.posters.actions.papers import stand_cards
from app.posters.queries.cards import card_files_of, posters_with_cards
from app.posters.queries.posters import poster_of
from app.posters.rules import CardSize
from app.posters.views.organiser.blueprint import pages
from app.programmes.queries import Staff, team_at


@pages.get("/<programme_slug>/events/<event_slug>/posters/cards")
@needs(Permission.SEE_POSTERS)
def cards(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show which cards there are to print, and the files for the printer."""
    return render_template(
        "posters/organiser/cards.html",
        event=event,
        posters=posters_with_cards(event),
        may_manage=staff.may(Permission.MANAGE_POSTERS),
        **_state(event),
    )


@pages.get("/<programme_slug>/events/<event_slug>/posters/cards/now")
@needs(Permission.SEE_POSTERS)
def cards_now(event: Event, staff: Staff) -> ResponseReturnValue:
    """Give the page the state of its files at this moment, or say that nothing is new."""
    return part_answer(
        render_template("posters/organiser/_cards_now.html", event=event, **_state(event))
    )


def _state(event: Event) -> Mapping[str, object]:
    files = card_files_of(event)
    papers = {size: printing_cards.cards_of(event, size) for size in files}
    return {
        "sizes": list(CardSize),
        "files": files,
        "stuck": {
            size: batch_progress(printing_cards.cards_batch(file))[2]
            for size, file in files.items()
        },
        "changed": {
            size: paper is not None and paper.fingerprint != files[size].fingerprint
            for size, paper in papers.items()
        },
    }


@pages.post("/<programme_slug>/events/<event_slug>/posters/cards/<size>")
@needs(Permission.SEE_POSTERS)
def make_cards(event: Event, staff: Staff, size: str) -> ResponseReturnValue:
    """Let the cards of all stands be made in one file."""
    wanted = _size(size)
    with transaction():
        printing_cards.ask_for_cards(event, wanted, at=now())
    return redirect(url_for(".cards", programme_slug=event.programme.slug, event_slug=event.slug))


@pages.get("/<programme_slug>/events/<event_slug>/posters/cards/<size>")
@needs(Permission.SEE_POSTERS)
def all_cards(event: Event, staff: Staff, size: str) -> ResponseReturnValue:
    """Hand out one file with the card of every stand, in the order of the stands."""
    file = printing_cards.cards_to_print(event, _size(size))
    content = file_content(file.file_key or "") or abort(404)
    made = london(file.made_at or file.asked_at)
    return pdf_answer(content, f"stand-cards-{event.slug}-{size}-{made:%Y-%m-%d-%H%M}.pdf")


@pages.get("/<programme_slug>/events/<event_slug>/posters/<team_slug>/card/<size>")
@needs(Permission.SEE_POSTERS)
def card(event: Event, staff: Staff, team_slug: str, size: str) -> ResponseReturnValue:
    """Hand out the card of one stand."""
    team = team_at(event.programme, team_slug) or abort(404)
    poster = poster_of(team, event)
    if poster is None:
        raise NoPosterYet(f"{team.name} has no poster for {event.title} yet.")
    paper = stand_cards(event, [poster], _size(size))
    db.session.rollback()  # no database transaction stays open while we draw
    return pdf_answer(paper.drawn(), f"stand-card-{team.slug}-{size}.pdf")


def _size(size: str) -> CardSize:
    return CardSize(size) if size in set(CardSize) else abort(404)
