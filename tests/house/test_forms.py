"""What is typed into forms: the worst of it, into every field of every form (goal G21).

A form takes it, cleaned of what nobody can read, or refuses it with what was typed still there. No
field of any kind may break a page, and no row may hold what only controls a screen.
"""

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import quote
from xml.etree.ElementTree import Element

import html5lib
import openpyxl
import pytest
from sqlalchemy import String, Text
from werkzeug.test import TestResponse

from app.kernel.names import legible
from app.plumbing.database import Model, db
from app.plumbing.limits import limiter
from app.plumbing.mail import Letter, as_message, mail_settings
from app.plumbing.queue import run_due
from tests import hostile
from tests.crawl import endpoint_of
from tests.house.test_bad_text import MARK, storable, write_everywhere
from tests.house.world import AT, OTHER, OWN, Caller, World, all_in, all_rows, names_in, put_back

WHO = {
    "public": ("stranger",),
    "security": ("stranger", "lead"),
    "attendee": ("attendee", "another attendee"),
    "team": ("team", "another team"),
    "volunteer": ("steward", "supervisor"),
    "organiser": ("lead", "coach", "administrator"),
}
FREE = {"text", "search", "email", "tel", "url", "textarea"}
EACH = 12 if os.environ.get("HOORAY_EVERY_BAD_TEXT") else 1
"""How many texts are tried in each field alone, and in all fields of a form together."""

SEARCHED = (
    "about", "citation", "event", "kind", "next", "page", "part", "q", "show", "state", "status",
    "typed", "whom", "word",
)  # fmt: skip
"""What pages are asked for behind the question mark of an address."""

LEAVING = {"attendee.people.leave", "security.logout"}
ANSWERS = {
    "at": "09:00",
    "capacity": "60",
    "certificate_prefix": "NEW-2027",
    "changes_close_on": "2026-04-20",
    "check_in_opens": "08:00",
    "citation": "For the patience with which the team tested one small change after the other.",
    "closes": "16:00",
    "contact_email": "team@northvale.example",
    "counted": "12",
    "day": "2026-05-01",
    "email": "nia@practice.example",
    "ends": "16:00",
    "ends_on": "2027-03-31",
    "from_on": "2026-03-01",
    "joined_on": "2026-03-01",
    "left_on": "2026-04-20",
    "minutes": "60",
    "opens": "08:00",
    "starts": "09:30",
    "starts_on": "2026-03-01",
    "stage_order": "3",
    "to_on": "2026-04-20",
    "visited_on": "2026-03-01",
}


@dataclass(frozen=True)
class Form:
    """A form as somebody found it, with the answers that it would take."""

    endpoint: str
    caller: Caller
    path: str
    kinds: Mapping[str, str]
    answers: Mapping[str, list[str]] = field(hash=False)

    @property
    def texts(self) -> list[str]:
        """Return the names of the fields into which anything can be typed."""
        return [name for name, kind in self.kinds.items() if kind in FREE]

    def __str__(self) -> str:
        return f"{self.endpoint} ({self.caller.name})"


@pytest.fixture(scope="module")
def forms(world: World) -> list[Form]:
    """Every form that a page of this world has, once, as the first found it who may open it."""
    found: dict[str, Form] = {}
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()):
            continue
        for name in WHO[rule.endpoint.partition(".")[0]]:
            limiter.reset()
            caller = world.caller(name)
            answer = world.ask(caller, rule, "GET", all_in(OWN, names_in(rule)))
            here = list(forms_on(world, caller, answer))
            for form in here:
                found.setdefault(form.endpoint, form)
            if here:
                break
    return sorted(found.values(), key=lambda form: form.endpoint)


def forms_on(world: World, caller: Caller, answer: TestResponse) -> Iterator[Form]:
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return
    for element in tree_of(answer).iter("form"):
        path = (element.get("action") or answer.request.path).partition("?")[0]
        endpoint = endpoint_of(world.app, path, "POST")
        if element.get("method", "get").lower() == "post" and endpoint not in {None, *LEAVING}:
            controls = [c for c in element.iter() if c.get("name") and c.tag in CONTROLS]
            kinds = {c.get("name", ""): kind_of(c) for c in controls}
            yield Form(endpoint, caller, path, kinds, filled_in(controls))


CONTROLS = {"input", "textarea", "select", "button"}


def tree_of(answer: TestResponse) -> Element:
    return html5lib.HTMLParser(namespaceHTMLElements=False).parse(answer.get_data(as_text=True))


def kind_of(control: Element) -> str:
    is_input = control.tag == "input"
    return control.get("type", "text").lower() if is_input else str(control.tag)


def filled_in(controls: Sequence[Element]) -> dict[str, list[str]]:
    """Return what stands in a form, with an answer wherever nothing does."""
    answers: dict[str, list[str]] = {}
    for control in controls:
        name, held = control.get("name", ""), answers.setdefault(control.get("name", ""), [])
        held += held_by(control)
        if not held and control.tag == "select":
            held += [o.get("value", "") for o in control.iter("option") if o.get("value")][:1]
        elif not held and kind_of(control) == "radio":
            held += [control.get("value", "")]
        elif not held and kind_of(control) not in {"checkbox", "file", "button", "submit"}:
            held += [ANSWERS.get(name, "Nia Pugh")]
    return {name: held for name, held in answers.items() if held}


def held_by(control: Element) -> list[str]:
    kind = kind_of(control)
    if kind == "select":
        chosen = [o for o in control.iter("option") if o.get("selected") is not None]
        return [o.get("value", "") for o in chosen if o.get("value")]
    if kind in {"checkbox", "radio"}:
        return [control.get("value", "on")] if control.get("checked") is not None else []
    if kind in {"button", "submit", "file"}:
        return []
    said = (control.text if kind == "textarea" else control.get("value")) or ""
    return [said] if said else []


def send(world: World, form: Form, **other: str) -> TestResponse:
    limiter.reset()
    return world.send(form.caller, form.path, {**form.answers, **other})


def faults(form: Form, answer: TestResponse, typed: Mapping[str, str]) -> Iterator[str]:
    """Tell what is wrong with an answer to what was typed."""
    body = answer.get_data().decode("utf-8", "replace")
    if answer.status_code >= 500:
        yield f"answers {answer.status_code}"
    if MARK in body:
        yield "does not escape it"
    yield from hostile.signs_of_evaluation(body, given="".join(typed.values()))
    if answer.status_code == 422:
        kept = {
            c.get("name"): (c.text or "") if c.tag == "textarea" else c.get("value", "")
            for c in tree_of(answer).iter()
            if c.tag in CONTROLS
        }
        yield from (
            f"forgets what was typed into {name}: {kept.get(name)!r}"
            for name, text in typed.items()
            if form.kinds[name] in FREE and squeezed(kept.get(name, "")) != squeezed(text)
        )


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", legible(text)).replace("\ufffd", "")


def illegible(rows: Mapping[str, list[dict[str, object]]]) -> list[str]:
    """Return every column that holds what only controls a screen."""
    return [
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | Text)
        for row in rows[table.name]
        if isinstance(row[column.name], str) and legible(row[column.name]) != row[column.name]
    ]


def what_came_of(world: World, form: Form, typed: Mapping[str, str]) -> list[str]:
    """Send a form with these texts in it; return what is wrong with what came of it."""
    answer = send(world, form, **typed)
    wrong = list(faults(form, answer, typed))
    rows = all_rows()
    if rows != world.rows:
        wrong += [f"{column} keeps controls" for column in illegible(rows)]
        wrong += broken_letters()
        world.rebuild()
    return [f"{form}: {fault}: { {n: t[:60] for n, t in typed.items()}!r}" for fault in wrong]


def broken_letters() -> list[str]:
    """Return what is wrong with the heads and words of letters that wait to be sent."""
    db.session.rollback()
    found = []
    for letter in db.session.query(Letter).all():
        message = as_message(letter, mail_settings())
        sent = message.as_bytes()
        head = sent.partition(b"\r\n\r\n")[0].decode("ascii").lower()
        names = re.findall(r"^([^\s:]+):", head, re.MULTILINE)
        if sorted(names) != sorted({*names}) or {"bcc", "cc"} & {*names}:
            found.append(f"a letter has the heads {names}")
        if len(message["To"].addresses) != 1:
            found.append("a letter goes to several")
        if MARK in (letter.html or ""):
            found.append(f"the letter {letter.subject[:40]!r} is not escaped")
    db.session.rollback()  # whoever reads holds up those who write
    return found


def test_no_text_in_any_field_breaks_anything(world, forms):
    texts = cycle(hostile.EVERY)
    wrong = []
    for form in forms:
        for name in form.texts:
            for _ in range(EACH):
                wrong += what_came_of(world, form, {name: MARK + next(texts)})
        for _ in range(EACH if form.texts else 0):
            wrong += what_came_of(world, form, {name: next(texts) for name in form.texts})

    assert len([form for form in forms if form.texts]) > 30
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def test_no_text_in_a_field_that_offers_a_choice_breaks_anything(world, forms):
    texts = cycle(hostile.EVERY)
    wrong = []
    for form in forms:
        closed = [n for n in form.kinds if n not in {*form.texts, "csrf_token"}]
        for name in closed:
            wrong += what_came_of(world, form, {name: next(texts)})

    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


NAMES_ONE_PRESS = {"csrf_token", "submission", "scan_id", "expected"}
ABOUT = {
    "practice": ("team_slug", "team_id"),
    "team": ("team_slug", "team_id"),
    "whom": ("whom", "team_id", "person_id"),
    "event": ("event", "event_slug"),
    "coach": ("coach_id", "account_id"),
}
"""What in another programme a form's choice could be made to name; of other fields one thing each."""


def test_no_form_takes_what_belongs_to_another_programme(world, forms):
    others = world.corners[OTHER]
    ids = {**others, "team_id": bare(others["whom"])}
    before = {repr(row) for rows in world.rows.values() for row in rows}
    any_thing = cycle(["person_id", "registration_id", "event", "team_id", "room_id"])
    wrong, asked = [], set()
    for form in forms:
        for name in form.kinds if form.caller.name != "administrator" else []:
            if name in {*form.texts, *NAMES_ONE_PRESS}:
                continue
            for thing in ABOUT.get(name) or (next(any_thing),):
                asked.add(name)
                answer = send(world, form, **{name: ids[thing]})
                rows = all_rows()
                if rows == world.rows:
                    continue
                new = {repr(row) for table in rows.values() for row in table} - before
                if any(bare(ids[thing]) in row for row in new):
                    wrong.append(f"{form}: {name} takes another's {thing} ({answer.status_code})")
                world.rebuild()

    assert asked >= {"practice", "whom", "event"}
    assert not wrong, "\n".join(wrong)


def bare(value: str) -> str:
    return value.removeprefix("team:")


def test_no_text_in_an_address_breaks_anything(world):
    texts = cycle(["no\0thing", "\u202e", "\ufffe\uffff", "%", "a" * 2000, *hostile.GROUPS["sql"]])
    wrong = []
    for rule in world.app.url_map.iter_rules():
        for name in rule.arguments:
            limiter.reset()
            caller = world.caller(WHO[rule.endpoint.partition(".")[0]][0])
            method = "GET" if "GET" in rule.methods else "POST"
            text = next(texts)
            answer = world.ask(caller, rule, method, instead={name: quote(text, safe="")})
            if answer.status_code >= 500:
                wrong.append(f"{method} {rule.rule} ({name}={text!r}): {answer.status_code}")

    assert not wrong, "\n".join(wrong)


def test_no_text_that_is_searched_for_breaks_anything(world):
    texts, pages = cycle(["no\0thing", *hostile.EVERY[::7]]), cycle(["0", "-1", "9" * 20, "x"])
    wrong = []
    for rule in world.app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.endswith("static"):
            continue
        limiter.reset()
        asked = {name: MARK + next(texts) for name in SEARCHED} | {"page": next(pages)}
        caller = world.caller(WHO[rule.endpoint.partition(".")[0]][0])
        answer = world.ask(caller, rule, asked=asked)
        body = answer.get_data().decode("utf-8", "replace")
        signs = hostile.signs_of_evaluation(body, given="".join(asked.values()))
        if answer.status_code >= 500 or MARK in body or signs:
            wrong.append(f"{rule.rule} ({caller.name}): {answer.status_code} {signs}: {asked!r}")

    assert not wrong, "\n".join(wrong)


def test_words_that_stand_in_the_tables_break_no_form_and_no_letter(world, forms):
    words = storable()
    write_everywhere(cycle(words))
    full = all_rows()
    wrong, letters = [], 0
    for form in forms:
        answer = send(world, form)
        run_due(lambda: AT, limit=5)
        wrong += [f"{form}: {fault}" for fault in [*faults(form, answer, {}), *broken_letters()]]
        rows = all_rows()
        letters += len(rows["letter"]) - len(full["letter"])
        failed = [row for row in rows["job"] if row["last_error"]]
        wrong += [f"{form}: {row['name']}: {row['last_error']}" for row in failed]
        if rows != full:
            put_back(full)
    world.rebuild()

    assert letters > 10
    assert not wrong, "\n".join(wrong)


def test_words_that_stand_in_the_tables_break_no_file(world):
    write_everywhere(cycle(storable()[::-1]))
    kinds, wrong = set(), []
    for rule in world.app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.endswith("static"):
            continue
        limiter.reset()
        caller = world.caller(WHO[rule.endpoint.partition(".")[0]][0])
        answer = world.ask(caller, rule)
        kinds.add(answer.mimetype)
        wrong += [f"{rule.rule}: {fault}" for fault in broken_file(answer)]
    world.rebuild()

    assert {"text/csv", "text/calendar", "application/pdf"} <= kinds
    assert not wrong, "\n".join(wrong)


def broken_file(answer: TestResponse) -> Iterator[str]:
    """Tell where a text became a formula of a spreadsheet or a line of a calendar."""
    content = answer.get_data()
    if answer.mimetype == "text/csv":
        table = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        yield from (f"runs {cell!r}" for row in table for cell in row if runs(cell))
    if answer.mimetype == XLSX:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        yield from (
            f"types {c.value!r}" for row in sheet.iter_rows() for c in row if c.data_type == "f"
        )
    if answer.mimetype == "text/calendar":
        lines = re.sub(r"\r\n[ \t]", "", content.decode()).split("\r\n")
        yield from (f"has the line {x!r}" for x in lines if x and not CALENDAR_LINE.match(x))
        yield from (f"has a control in {x!r}" for x in lines if legible(x) != x or "\n" in x)
        yield from (f"says {x!r}" for x in lines if x.startswith(("ATTENDEE", "BEGIN:VALARM")))


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CALENDAR_LINE = re.compile(r"[A-Z-]+[;:]")


def runs(cell: str) -> bool:
    return unicodedata.normalize("NFKC", cell).strip()[:1] in {*"=+-@"}
