"""Texts that have broken other people's pages, in every column of words, shown on every page."""

import os
import unicodedata
from itertools import cycle

import pytest
from sqlalchemy import String, Text, update

from app.kernel.names import legible
from app.plumbing.database import Model, db, guests_may_write
from app.plumbing.limits import limiter
from tests import hostile
from tests.house.test_headers_everywhere import LETTERS, WHO, inline_code
from tests.house.world import World, all_rows

WORDS = {
    "access_need": ("diet_other", "access_other", "call_note", "phone"),
    "attendance_event": ("reason", "actor_label"),
    "checkin_point": ("name",),
    "coach_visit": ("met_with", "tools_used", "shared_notes", "private_notes", "next_step"),
    "completion_exception": ("reason", "granted_by"),
    "door_device": ("steward_name",),
    "door_link": ("label",),
    "event": ("title", "summary", "venue", "address"),
    "head_count": ("counted_by", "resolution"),
    "letter": ("to_name", "subject"),
    "person": ("name", "certificate_name"),
    "poster": ("title", "theme", "aim", "changes", "findings", "next_time", "at_stand_name"),
    "poster_version": ("filename", "advice", "refusal", "uploaded_by"),
    "poster_link": ("sent_to",),
    "programme": ("title", "aims", "host_organisation", "commissioner", "signatory_name"),
    "registration": ("role", "end_reason"),
    "team": ("name",),
    "comment": ("name", "text", "held_because", "decided_by"),
    "write_up": ("held_words",),
    "write_up_picture": ("alt", "filename", "refusal", "uploaded_by"),
    "write_up_version": ("title", "summary", "text", "saved_by"),
}
MARK = "<i data-hooray>"  # stands before every text; an element of this kind was not escaped
ROUNDS = 20 if os.environ.get("HOORAY_EVERY_BAD_TEXT") else 1


def storable() -> list[str]:
    """Return what forms let through into a field of one line: nothing that controls a screen."""
    return [
        text
        for text in hostile.EVERY
        if legible(text) == text and not any(unicodedata.category(c) in {"Cc", "Cn"} for c in text)
    ]


def write_everywhere(texts) -> None:
    with guests_may_write(), db.engine.begin() as connection:
        for name, columns in WORDS.items():
            table = Model.metadata.tables[name]
            for row in connection.execute(table.select()).mappings().all():
                values = {column: fitting(table.c[column].type, next(texts)) for column in columns}
                connection.execute(update(table).where(table.c.id == row["id"]).values(values))


def fitting(kind: String | Text, text: str) -> str:
    text = MARK + text
    return text[: kind.length] if kind.length else text


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_nothing_in_any_text_runs_or_is_worked_out_on_any_page(world: World, turn):
    texts = storable()
    write_everywhere(cycle(texts[turn * 17 % len(texts) :] + texts[: turn * 17 % len(texts)]))
    assert not world.is_as_built()

    wrong = [fault for rule in world.app.url_map.iter_rules() for fault in faults(world, rule)]
    world.rebuild()

    assert not wrong, "\n".join(wrong)


def faults(world: World, rule) -> list[str]:
    if "GET" not in rule.methods:
        return []
    limiter.reset()
    found = []
    for name in WHO[rule.endpoint.partition(".")[0]]:
        answer = world.ask(world.caller(name), rule)
        body = answer.get_data(as_text=False).decode("utf-8", "replace")
        if answer.status_code >= 500:
            found.append(f"{rule.rule} ({name}): {answer.status_code}")
        elif answer.mimetype == "text/html" and rule.endpoint not in LETTERS:
            signs = [s for s in hostile.SIGNS_OF_EVALUATION if s in body]
            found += [
                f"{rule.rule} ({name}): {fault}"
                for fault in [*signs, *marks(body), *inline_code(answer)]
            ]
    return found


def marks(body: str) -> list[str]:
    return ["a text is not escaped"] if MARK in body else []


def test_every_row_of_words_is_there_to_be_tried(world):
    rows = all_rows()

    assert [name for name in WORDS if not rows[name]] == []
