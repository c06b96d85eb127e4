"""Going through the product as somebody would: from a first page along every link, to every kind of page."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.checkin.models import CheckinPoint, PointKind
from app.checkin.rules.codes import room_code
from app.kernel.clock import now
from app.people.actions import start_visit
from app.people.models import Account, Person
from app.plumbing.browser import (
    ARRIVAL_COOKIE,
    DOOR_COOKIE,
    SCRIBE_COOKIE,
    TEAM_COOKIE,
    VISIT_COOKIE,
)
from app.plumbing.database import db, transaction
from app.plumbing.queue import run_due
from app.web.sample.loading import load_sample, sample_programme, sample_token
from tests.visitor import Page, Visitor

OUR_COOKIES = (
    "hooray",
    VISIT_COOKIE,
    DOOR_COOKIE,
    TEAM_COOKIE,
    ARRIVAL_COOKIE,
    SCRIBE_COOKIE,
)
LEAVING = ("/sign-in/logout",)
OF_A_KIND = 2
"""Pages of one kind that are looked at: the first may be the empty one."""


@dataclass(frozen=True)
class Opened:
    """A page that somebody came to."""

    who: str
    endpoint: str
    path: str
    page: Page


@dataclass(frozen=True)
class Cast:
    """The people of the sample programme who have a way in, and where each of them begins."""

    visitors: Mapping[str, Visitor]
    starts: Mapping[str, list[str]]


def the_cast_of_the_sample(app: Flask) -> Cast:
    """Load the sample programme and let its people in: at the desk, at the doors, by their links."""
    at = now()
    with transaction():
        programme = load_sample(at=at)
        slug = programme.slug
        attendee = db.session.scalars(select(Person).where(Person.name == "Dr Siân O'Connor")).one()
        visit = start_visit(attendee.id, at=at)
        summit = f"/organise/{slug}/events/summit"
    lead = db.session.scalars(select(Account).where(Account.email.like("helen%"))).one()
    administrator = db.session.scalars(select(Account).where(Account.is_administrator)).one()
    visitors = {
        "lead": Visitor(app).sign_in(lead),
        "administrator": Visitor(app).sign_in(administrator),
        "attendee": Visitor(app).carry(visit=visit),
        "steward": a_door(app, "steward"),
        "supervisor": a_door(app, "supervisor"),
        "team": a_stand(app),
        "stranger": Visitor(app),
    }
    told = f"/organise/{slug}/events/ls3/write-up"
    own = ["/organise/", f"/organise/{slug}", f"/organise/{slug}/", summit]
    return Cast(
        visitors,
        {
            "lead": [
                *own,
                told,
                *(
                    f"{told}/{page}"
                    for page in ("publication", "versions/1", "comments", "pictures")
                ),
            ],
            "administrator": [*own],
            "attendee": [
                "/my",
                *(
                    f"/my/{slug}/{page}"
                    for page in (
                        "summit/place",
                        "summit/decline",
                        "summit/feedback",
                        "ls3/write-up",
                    )
                ),
                f"/my/network/{slug}/shown",
                f"/my/network/{slug}/teams",
            ],
            "steward": ["/door/"],
            "supervisor": ["/door/"],
            "team": ["/team/"],
            "stranger": [
                f"/events/{slug}/ls3/write-up",
                "/",
                "/v",
                "/events",
                "/link",
                "/link/sent",
                "/sign-in/login",
                "/health",
            ],
        },
    )


def a_door(app: Flask, role: str) -> Visitor:
    """Make a phone a door, as a volunteer does with the sample's link."""
    phone = Visitor(app)
    token = sample_token(f"door:{role}")
    phone.fill_in(f"/d/{token}", first_name="Bea")
    return phone


def a_stand(app: Flask) -> Visitor:
    """Let a team in by the link that it was sent, to its poster."""
    team = Visitor(app)
    team.fill_in(f"/t/{sample_token('team')}")
    return team


def crawl(app: Flask, cast: Cast) -> list[Opened]:
    """Open every kind of page that each of them can reach, a few of each kind."""
    return [opened for who in cast.visitors for opened in _walk(app, cast, who)]


def _walk(app: Flask, cast: Cast, who: str) -> list[Opened]:
    opened: list[Opened] = []
    waiting, known = list(cast.starts[who]), set(cast.starts[who])
    times: dict[str, int] = {}
    while waiting:
        path = waiting.pop(0)
        endpoint = endpoint_of(app, path)
        is_known_kind = times.get(endpoint or "", 0) >= OF_A_KIND
        if endpoint is None or (is_known_kind and path not in cast.starts[who]):
            continue
        page = cast.visitors[who].open(path)
        if page.status >= 400 or page.tree is None:
            continue
        times[endpoint] = times.get(endpoint, 0) + 1
        opened.append(Opened(who, endpoint, path, page))
        for link in _inside(page):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return opened


def through_the_day(app: Flask, cast: Cast) -> list[Opened]:
    """Open every kind of page in the morning, and again after the certificates were issued."""
    morning = crawl(app, cast)
    lead = cast.visitors["lead"]
    home = f"/organise/{programme_slug()}"
    lead.fill_in("/", action="/sample/afternoon")
    _come_in(cast)
    afternoon = crawl(app, cast)
    here = lead.open(f"{home}/events/summit/attendance")
    (count,) = {path for _, path in here.links() if path.endswith("/resolution")}
    lead.fill_in(count, reason="Ed had stepped out")
    lead.fill_in(f"{home}/certificates/issue")
    lead.fill_in(f"{home}/certificates/print", order="stage")
    run_due(now)
    return [*morning, *afternoon, *crawl(app, cast)]


def _come_in(cast: Cast) -> None:
    """Let the attendee scan the code on the wall, whom the door has let in, and join the network."""
    attendee = cast.visitors["attendee"]
    room = db.session.scalars(
        select(CheckinPoint).where(CheckinPoint.kind == PointKind.ROOM)
    ).first()
    assert room is not None
    attendee.open(f"/r/{room.address_code}/{room_code(room.code_key, now())}")
    attendee.fill_in(f"/my/network/{programme_slug()}/joining", joins="y")
    cast.starts["attendee"].append("/my/arrival")
    cast.starts["attendee"].append(f"/my/{programme_slug()}/summit/skills/1")


def asked_for_by(app: Flask, opened: Iterable[Opened]) -> list[Opened]:
    """Return what these pages lead to without being pages: pictures, files, parts that stay fresh."""
    found: dict[str, Opened] = {}
    known = {one.endpoint for one in opened}
    for one in opened:
        for address in re.findall(r' (?:href|src|data-live)="(/[^"]+)"', one.page.html or ""):
            path = html.unescape(address).partition("#")[0]
            endpoint = endpoint_of(app, path)
            if endpoint and endpoint not in known and not path.startswith(LEAVING):
                found.setdefault(endpoint, replace(one, endpoint=endpoint, path=path))
    return list(found.values())


def _inside(page: Page) -> Iterable[str]:
    """Yield where the links of a page lead within the product."""
    for _, address in page.links():
        parts = urlsplit(address)
        if parts.netloc in {"", "localhost"} and parts.path.startswith("/"):
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if not path.startswith(LEAVING):
                yield path


def endpoint_of(app: Flask, path: str, method: str = "GET") -> str | None:
    """Return which page an address shows."""
    try:
        return app.url_map.bind("localhost").match(urlsplit(path).path, method)[0]
    except RequestRedirect as elsewhere:
        return endpoint_of(app, urlsplit(elsewhere.new_url).path, method)
    except HTTPException:
        return None


def cookies_of(visitor: Visitor) -> str:
    """Return a visitor's cookies as a header, for a request outside this process."""
    held = [visitor.client.get_cookie(name) for name in OUR_COOKIES]
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in held if cookie)


def programme_slug() -> str:
    """Return the address of the sample programme."""
    sample = sample_programme()
    assert sample is not None
    return sample.slug
