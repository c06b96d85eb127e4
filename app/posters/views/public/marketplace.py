"""The marketplace of an event, and each poster's own page at its lasting address."""

import secrets
from collections.abc import Sequence

from flask import abort, render_template, request, session
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.events.queries import event_called
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.pictures import TILE
from app.posters.models import Poster
from app.posters.queries.posters import Shown, marketplace_of, shown_at
from app.posters.queries.voting import vote_at
from app.posters.rules import holds_words, shuffled
from app.posters.views.looking import Looker, sight_with_code, who_looks
from app.posters.views.public.blueprint import pages
from app.posters.views.visits import count_visit
from app.posters.views.writing import voices_at
from app.programmes.queries import programme_called

BY_STAND = "stand"


@pages.get("/events/<programme_slug>/<event_slug>/posters")
@needs(Permission.SEE_PUBLIC_PAGES)
def marketplace(programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Show the posters of an event, in an order that is the visitor's own."""
    event = _event(programme_slug, event_slug)
    at, market, looker = now(), marketplace_of(event), who_looks(event)
    if not (event.is_open_to_all or looker.is_attendee or looker.sees_all):
        abort(404)
    seen = [s for s in shown_at(event) if _is_up(s) and looker.sees(s.poster, market, at=at)]
    theme, words = request.args.get("theme", ""), request.args.get("q", "").strip()
    order = request.args.get("order", "")
    found = [s for s in seen if _is_about(s.poster, theme=theme, words=words)]
    return render_template(
        "posters/public/marketplace.html",
        event=event,
        market=market,
        looker=looker,
        posters=found if order == BY_STAND else _shuffled(found, looker),
        total=len(seen),
        themes=_themes(seen),
        theme=theme,
        q=words,
        order=order,
        is_open=at >= market.opens_at,
        vote=vote_at(market, at=at).value,
    )


def _event(programme_slug: str, event_slug: str) -> Event:
    programme = programme_called(programme_slug) or abort(404)
    event = event_called(programme, event_slug) or abort(404)
    return event if event.shows_posters else abort(404)


def _is_up(shown: Shown) -> bool:
    """Say whether there is anything of a poster to show on a screen."""
    return shown.poster.is_handed_in


def _is_about(poster: Poster, *, theme: str, words: str) -> bool:
    if theme and poster.theme.casefold() != theme.casefold():
        return False
    stand = f"stand {poster.stand}" if poster.stand else ""
    said = (poster.aim, poster.changes, poster.findings, poster.next_time)
    return holds_words([poster.team.name, poster.title, poster.theme, stand, *said], words)


def _themes(seen: Sequence[Shown]) -> list[tuple[str, str, int]]:
    """Return the themes to choose from, each with how many posters it has."""
    given = [s.poster.theme for s in seen if s.poster.theme]
    names = {theme.casefold(): theme for theme in given}
    counts = [sum(theme.casefold() == key for theme in given) for key in names]
    each = [(name, name, count) for name, count in zip(names.values(), counts, strict=True)]
    return [("", "All themes", len(seen)), *sorted(each, key=lambda entry: entry[0].casefold())]


def _shuffled(found: Sequence[Shown], looker: Looker) -> list[Shown]:
    """Return posters so that each visitor begins elsewhere, and finds them again where they were."""
    by_code = {shown.poster.code: shown for shown in found}
    return [by_code[code] for code in shuffled(list(by_code), seed=_seed(looker))]


def _seed(looker: Looker) -> str:
    if looker.person is not None:
        return str(looker.person.id)
    if "posters" not in session:
        session["posters"] = secrets.token_hex(8)
    return str(session["posters"])


@pages.get("/p/<code>")
@pages.get("/P/<code>", endpoint="poster_in_capitals")
@needs(Permission.SEE_PUBLIC_PAGES)
def poster(code: str) -> ResponseReturnValue:
    """Show one poster: its picture, and the same in words."""
    sight = sight_with_code(code)
    count_visit(sight)
    return render_template(
        "posters/public/poster.html",
        sight=sight,
        poster=sight.poster,
        version=sight.version,
        event=sight.poster.event,
        voices=voices_at(sight, is_all=request.args.get("words") == "all"),
    )


@pages.get("/p/<code>/enlarged")
@needs(Permission.SEE_PUBLIC_PAGES)
def enlarged(code: str) -> ResponseReturnValue:
    """Show the picture alone, as large as anybody wants it."""
    sight = sight_with_code(code)
    if sight.version is None:
        abort(404)
    return render_template(
        "posters/public/enlarged.html",
        sight=sight,
        poster=sight.poster,
        version=sight.version,
        event=sight.poster.event,
        is_close_up=request.args.get("size") == "close" and sight.version.tile_rows > 0,
        tile=TILE,
    )
