import csv
from io import BytesIO, StringIO
from uuid import UUID

import openpyxl
import pytest

from app.kernel.names import NameTooLong, clean_name, hides_something, initials, sorting_name
from app.plumbing.spreadsheets import CannotRead, Row, csv_export, read_table, xlsx_export
from app.registration.rules.columns import Field, guess_columns
from app.registration.rules.importing import Outcome, judge_rows, rejected_table
from tests.hostile import CASES, EVERY, GROUPS, signs_of_evaluation


def test_the_corpus_is_large_and_says_nothing_twice():
    assert len(EVERY) >= 160
    assert len(set(EVERY)) == len(EVERY)
    assert all(GROUPS.values())


def test_the_corpus_can_be_sent_by_a_form():
    assert all(len(text.encode()) <= 60_000 for text in EVERY)


def test_nothing_in_the_corpus_looks_worked_out_before_it_is_sent():
    assert [text for text in EVERY if signs_of_evaluation(text)] == []


def test_a_text_that_was_worked_out_is_noticed():
    assert signs_of_evaluation(f"<p>{7331337 * 9173}</p>") == ["67250354301"]
    assert signs_of_evaluation(f"{object().__init__}") != []


@pytest.mark.parametrize("text", CASES)
def test_any_text_makes_a_name_or_a_refusal(text):
    try:
        name = clean_name(text)
    except NameTooLong:
        assert len(text) > 200
    else:
        assert not hides_something(name)
        assert "\n" not in name and "\r" not in name
        assert len(sorting_name(name)) <= 200
        assert len(initials(name)) <= 6


def test_no_text_becomes_a_formula_in_an_export():
    data = csv_export(["Text"], [[text] for text in EVERY])

    cells = [row[0] for row in csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))][1:]
    assert len(cells) == len(EVERY)
    assert [cell for cell in cells if cell.strip()[:1] in set("=+-@")] == []


def test_no_text_becomes_a_formula_in_a_workbook():
    data = xlsx_export(["Text"], [[text] for text in EVERY])

    cells = [row[0] for row in openpyxl.load_workbook(BytesIO(data)).active.iter_rows(min_row=2)]
    assert len(cells) == len(EVERY)
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


@pytest.mark.parametrize("text", CASES)
def test_any_text_in_a_list_gets_a_verdict(text):
    data = csv_export(
        ["Name", "E-mail", "Practice", text], [[text, f"{text}@a.example", text, text]]
    )

    try:
        table = read_table(data, filename=text)
    except CannotRead as why:
        refused = str(why)
        assert refused.endswith(".")
        return

    columns = guess_columns(table.headers, [row.cells for row in table.rows])
    verdicts = judge_rows(
        table.rows,
        columns,
        known_emails={},
        registered_emails=(),
        declined_emails=(),
        teams={"The Limes": UUID(int=1)},
    )
    assert len(verdicts) == len(table.rows) == 1
    assert csv_export(*rejected_table(table.headers, verdicts))


@pytest.mark.parametrize("text", CASES)
def test_any_text_as_an_answer_is_taken_or_refused_with_a_reason(text):
    cells = ("Gwen Price", "g@a.example", text)
    columns = {Field.FULL_NAME: 0, Field.EMAIL: 1, Field.DIET: 2}

    (verdict,) = judge_rows(
        [Row(2, cells)],
        columns,
        known_emails={},
        registered_emails=(),
        declined_emails=(),
        teams={},
    )

    if verdict.outcome is Outcome.NEW:
        assert not hides_something(verdict.invitee.diet)
    else:
        assert verdict.reason.startswith("The diet has ")
