"""The test client that inspects every page it is shown, refusals included."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.people.models import Account
from app.plumbing.browser import DOOR_COOKIE, SCRIBE_COOKIE, TEAM_COOKIE, VISIT_COOKIE
from app.plumbing.database import db, is_writing

# In the header of every page of somebody known, and never what a test means.
SIGN_OUT = {"/sign-in/out", "/my/leave", "/team/leaving"}
CONTROLS = {"input", "select", "textarea", "button"}


@dataclass
class Form:
    """A form on a page: where it goes, and what it holds before somebody types."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class Page:
    """What a visitor is shown."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.get_data(as_text=True) if _is_text(response) else ""
        self.tree: Element | None = None
        if response.mimetype == "text/html" and self.html:
            parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
            self.tree = parser.parse(self.html)
            inspect(self)

    @property
    def location(self) -> str | None:
        return self.response.headers.get("Location")

    @property
    def json(self) -> object:
        return self.response.get_json()

    @property
    def text(self) -> str:
        """The words of the page, blanks collapsed, scripts and heads left out."""
        if self.tree is None:
            return self.html
        body = self.tree.find("body")
        assert body is not None
        return re.sub(r"\s+", " ", "".join(_words(body))).strip()

    @property
    def forms(self) -> list[Form]:
        assert self.tree is not None, "no page with forms"
        return [_form(element) for element in self.tree.iter("form")]

    def links(self) -> list[tuple[str, str]]:
        """Every link on the page: its words and where it leads."""
        assert self.tree is not None
        return [
            (re.sub(r"\s+", " ", "".join(a.itertext())).strip(), a.get("href", ""))
            for a in self.tree.iter("a")
        ]


class Visitor:
    """Somebody with a browser; signed in or not; whose every page is inspected."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def open(self, path: str, *, follow: bool = True, **options: object) -> Page:
        return self._ask("GET", path, follow=follow, **options)

    def send(self, path: str, *, follow: bool = True, **options: object) -> Page:
        """Post something as it is, without a form around it."""
        return self._ask("POST", path, follow=follow, **options)

    def fill_in(
        self, path: str, *, action: str | None = None, follow: bool = True, **values: object
    ) -> Page:
        """Open a page, fill in its form (the one with this action, or the only one) and send it.

        What the form holds already is sent along, as a browser does. A value of None leaves a
        field out (an unticked box); a list sends several.
        """
        page = self.open(path)
        assert page.status == 200, (page.status, page.text[:500])
        return self.submit(page, path, action=action, follow=follow, **values)

    def submit(
        self,
        page: Page,
        path: str,
        *,
        action: str | None = None,
        follow: bool = True,
        **values: object,
    ) -> Page:
        forms = [f for f in page.forms if f.method == "post" and f.action not in SIGN_OUT]
        if action is not None:
            forms = [f for f in forms if f.action.partition("?")[0].endswith(action)]
        assert len(forms) == 1, [f.action for f in page.forms]
        form = forms[0]
        unknown = set(values) - form.names
        assert not unknown, f"the form has no {unknown}, only {sorted(form.names)}"
        data = {**form.values, **{name: _as_list(value) for name, value in values.items()}}
        target = form.action or path
        return self._ask(
            "POST", target, follow=follow, data={n: v for n, v in data.items() if v is not None}
        )

    def sign_in(self, account: Account) -> Visitor:
        """Be a member of staff whose session has begun."""
        uniquifier = account.fs_uniquifier
        with self.client.session_transaction() as session:
            session["_user_id"] = uniquifier
            session["_fresh"] = True
        return self

    def carry(
        self,
        *,
        visit: str | None = None,
        door: str | None = None,
        team: str | None = None,
        scribe: str | None = None,
    ) -> Visitor:
        """Carry the cookie of a personal link's visit, a door, a team's own link, or a table's pen."""
        if scribe:
            self.client.set_cookie(SCRIBE_COOKIE, scribe)
        if team:
            self.client.set_cookie(TEAM_COOKIE, team)
        if visit:
            self.client.set_cookie(VISIT_COOKIE, visit)
        if door:
            self.client.set_cookie(DOOR_COOKIE, door)
        return self

    def _ask(self, method: str, path: str, *, follow: bool, **options: object) -> Page:
        db.session.rollback()  # the test's own reading ends before the house works
        response = self._once(path, method=method, **options)
        for _ in range(5):
            if not (follow and response.status_code in {301, 302, 303, 307}):
                break
            response = self._once(response.headers["Location"], method="GET")
        return Page(response)

    def _once(self, path: str, **options: object) -> TestResponse:
        # A context of its own, as on a server: nothing of the test or of another visitor leaks in.
        with self.app.app_context():
            return self.client.open(path, follow_redirects=False, **options)


def inspect(page: Page) -> None:
    """Fail on a page that we would not show to anyone."""
    assert page.tree is not None
    assert page.tree.get("lang"), "the page does not say its language"
    headings = list(page.tree.iter("h1"))
    assert len(headings) == 1, f"{len(headings)} main headings"
    title = page.tree.find("head/title")
    assert title is not None
    assert (title.text or "").strip(), "no title"
    ids = Counter(e.get("id") for e in page.tree.iter() if isinstance(e.tag, str) and e.get("id"))
    assert not [i for i, n in ids.items() if n > 1], f"the same id twice: {ids.most_common(3)}"
    for form in page.forms:
        if form.method == "post":
            assert "csrf_token" in form.names, f"no token in the form to {form.action}"
    for element in page.tree.iter():
        if isinstance(element.tag, str):
            inline = [a for a in element.attrib if a == "style" or a.startswith("on")]
            inside_svg = element.tag in {"svg", "path", "g", "text"}
            assert not inline or inside_svg, f"inline {inline} on <{element.tag}>"


def watch_for_lost_changes(app: Flask) -> None:
    """Fail any request that changed something outside `with transaction():`."""

    @app.after_request
    def nothing_was_lost(response: Response) -> Response:
        if is_writing():  # the sign-in library's pages, whose transaction ends after this
            return response
        changed = [*db.session.new, *db.session.dirty, *db.session.deleted]
        lost = [row for row in changed if db.session.is_modified(row) or row in db.session.new]
        assert not lost, f"changed outside a transaction: {lost}"
        return response


def _is_text(response: TestResponse) -> bool:
    kind = response.mimetype or ""  # an answer of "not changed" has none
    return kind.startswith("text/") or kind == "application/json"


def _as_list(value: object) -> list[str] | None:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return [str(v) for v in value]
    return [str(value)]


def _words(element: Element) -> Iterator[str]:
    if element.tag in {"script", "style", "template", "svg"}:
        yield element.tail or ""
        return
    yield element.text or ""
    for child in element:
        yield from _words(child)
    yield " " if element.tag not in {"b", "strong", "em", "span", "a", "code"} else ""
    yield element.tail or ""


def _form(element: Element) -> Form:
    form = Form(element.get("action", ""), element.get("method", "get").lower())
    for control in element.iter():
        name = control.get("name")
        if control.tag not in CONTROLS or not name:
            continue
        form.names.add(name)
        form.values.setdefault(name, [])
        form.values[name].extend(_initial(control))
    form.values = {name: values for name, values in form.values.items() if values}
    return form


def _initial(control: Element) -> list[str]:
    kind = control.get("type", "text")
    if control.tag == "button" or kind in {"submit", "file", "image"}:
        return []
    if control.tag == "textarea":
        return [control.text or ""]
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        return [o.get("value", o.text or "") for o in chosen]
    if kind in {"checkbox", "radio"}:
        return [control.get("value", "on")] if control.get("checked") is not None else []
    return [control.get("value", "")]
