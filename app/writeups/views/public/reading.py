"""The public page of an event's story, its feed, and its pictures: the same for everybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from feedgenerator import Atom1Feed
from flask import Response, abort, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.addresses import address_of
from app.plumbing.files import file_content
from app.programmes.queries import programme_called
from app.writeups.actions.commenting import CommentsAreClosed, refuse_closed
from app.writeups.actions.picturing import picture_key
from app.writeups.actions.writing import as_text
from app.writeups.models import WriteUp
from app.writeups.queries.comments import comments_shown
from app.writeups.queries.naming import may_not_be_shown
from app.writeups.queries.reading import write_up_at
from app.writeups.queries.write_ups import (
    picture_at,
    public_version,
    published_in,
    write_up_with_id,
)
from app.writeups.rules.words import pictures_in
from app.writeups.views.public.blueprint import EVENT, pages
from app.writeups.views.telling import picture_addresses, placed, story_of

FRESH = timedelta(minutes=1)
"""A page is drawn anew after so long: a poster may be hidden, somebody may take back a yes."""
FOR_EVERYBODY = "public, no-cache"
"""Browsers and proxies keep it, and ask each time whether it still is so: what is withdrawn is gone."""
NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"
MOST_KEPT = 200


@dataclass(frozen=True)
class Drawn:
    """A page as it was drawn for everybody, and when."""

    revision: int
    at: datetime
    etag: str
    body: bytes


_drawn: dict[UUID, Drawn] = {}


@pages.get(EVENT)
@needs(Permission.SEE_PUBLIC_PAGES)
def story(programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Tell the story of an event to everybody in the same words."""
    found = write_up_at(programme_slug, event_slug) or abort(404)
    if found.is_withdrawn:
        write_up = write_up_with_id(found.id) or abort(404)
        return render_template("writeups/public/withdrawn.html", event=write_up.event), 410
    at = now()
    page = _drawn.get(found.id)
    if page is None or page.revision != found.revision or not page.at <= at < page.at + FRESH:
        page = _draw(found.id, at=at)
        if len(_drawn) >= MOST_KEPT:
            _drawn.clear()
        _drawn[found.id] = page
    return _for_everybody(page)


def _draw(write_up_id: UUID, *, at: datetime) -> Drawn:
    write_up = write_up_with_id(write_up_id) or abort(404)
    version = public_version(write_up) or abort(404)
    event = write_up.event
    html = render_template(
        "writeups/public/story.html",
        event=event,
        write_up=write_up,
        story=story_of(
            write_up, as_text(version), picture_address=picture_addresses(write_up), at=at
        ),
        address=_address_of(write_up),
        first_picture=_first_picture(write_up, version.text),
        comments=comments_shown(write_up),
        why_closed=_why_closed(write_up, at=at),
        is_for_everybody=True,
    )
    # The one-time word for scripts would be another one each time; ours run by where they come from.
    body = html.replace(f' nonce="{g.get("csp_nonce", "")}"', "").encode()
    return Drawn(write_up.revision, at, sha256(body).hexdigest()[:32], body)


def _first_picture(write_up: WriteUp, text: str) -> str | None:
    """Return the full address of the first picture that a text shows, for whoever shares the page."""
    shown = placed(write_up, lambda number: str(number))
    first = next((number for number in pictures_in(text) if number in shown), None)
    if first is None:
        return None
    return address_of("public.writeups.picture", number=first, **_slugs(write_up))


def _why_closed(write_up: WriteUp, *, at: datetime) -> str:
    try:
        refuse_closed(write_up, at=at)
    except CommentsAreClosed as why:
        return str(why)
    return ""


def _for_everybody(page: Drawn) -> Response:
    is_known = page.etag in request.if_none_match
    response = make_response(b"" if is_known else page.body, 304 if is_known else 200)
    response.set_etag(page.etag)
    response.headers["Cache-Control"] = FOR_EVERYBODY
    return response


@pages.get(f"{EVENT}/pictures/<int:number>")
@needs(Permission.SEE_PUBLIC_PAGES)
def picture(programme_slug: str, event_slug: str, number: int) -> ResponseReturnValue:
    """Hand out a picture, while everybody who can be recognised in it agrees."""
    found = write_up_at(programme_slug, event_slug) or abort(404)
    write_up = write_up_with_id(found.id) or abort(404)
    picture = picture_at(write_up, number)
    if picture is None or picture.id in may_not_be_shown(write_up) or found.is_withdrawn:
        abort(404)
    response = Response(mimetype="image/webp")
    response.set_etag(picture.sha256)
    if picture.sha256 in request.if_none_match:
        response.status_code = 304
    else:
        response.set_data(file_content(picture_key(picture)) or abort(404))
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    response.headers["Cache-Control"] = FOR_EVERYBODY
    return response


@pages.get("/events/<programme_slug>/write-ups.atom")
@needs(Permission.SEE_PUBLIC_PAGES)
def feed(programme_slug: str) -> ResponseReturnValue:
    """Tell a feed reader which stories of a programme are published."""
    programme = programme_called(programme_slug) or abort(404)
    published = published_in(programme)
    if not published:
        abort(404)
    here = address_of("public.writeups.feed", programme_slug=programme.slug)
    told = Atom1Feed(
        title=f"Write-ups of {programme.title}",
        link=address_of("public.writeups.story", **_slugs(published[0][0])),
        description=programme.title,
        language="en-GB",
        feed_url=here,
        author_name=programme.host_organisation,
        feed_guid=f"urn:uuid:{programme.id}",
    )
    at = now()
    for write_up, version in published:
        text = story_of(
            write_up, as_text(version), picture_address=picture_addresses(write_up), at=at
        )
        told.add_item(
            title=text.title,
            link=_address_of(write_up),
            description=text.summary,
            unique_id=f"urn:uuid:{write_up.id}",
            pubdate=write_up.first_published_at,
            updateddate=write_up.published_at,
        )
    response = Response(told.writeString("utf-8"), mimetype="application/atom+xml")
    response.add_etag()
    response.headers["Cache-Control"] = FOR_EVERYBODY
    return response.make_conditional(request)


def _address_of(write_up: WriteUp) -> str:
    return address_of("public.writeups.story", **_slugs(write_up))


def _slugs(write_up: WriteUp) -> dict[str, str]:
    return {"programme_slug": write_up.event.programme.slug, "event_slug": write_up.event.slug}
