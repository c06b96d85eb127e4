"""Lists as organisers have them: reading CSV and Excel files, and writing exports.

Reading decides by evidence in the file. Encoding: a byte order mark; UTF-16 without one; strict
UTF-8; then of the three one-byte encodings that Excel writes the one that makes words of the
letters. (Tried on short lists of names: charset-normalizer took Windows Western European for
something else in four files of five, this in none.) Separator: the one that divides the rows
evenly, as the row of column names is divided.
"""

import csv
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from itertools import islice
from pathlib import PurePath

from app.kernel.refusal import Refusal

Cell = str | int | None

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_UNPACKED_BYTES = 50 * 1024 * 1024

_MOST_PARTS = 1_000
_MOST_CELLS = 2 * MOST_ROWS * MOST_COLUMNS
_LAST_ROW_OF_EXCEL = 1_048_576
_LONGEST_EXCEL_TEXT = 32_767
_TITLE_ROWS = 5
_SAMPLE_ROWS = 200
_SAMPLE_CHARACTERS = 500_000

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "Unicode text"),
    (b"\xfe\xff", "utf-16", "Unicode text"),
)
_ONE_BYTE_ENCODINGS = (
    ("cp1252", "Windows, Western European"),
    ("cp1250", "Windows, Central European"),
    ("mac_roman", "old Macintosh"),
)
_KINDS_OF_PUNCTUATION = frozenset(["Pd", "Pf", "Pi", "Zs"])  # dashes, quotation marks, blanks

_OTHER_KINDS = (
    (
        b"\xd0\xcf\x11\xe0",
        "is an old Excel workbook, or has a password. In Excel, save it as “Excel Workbook "
        "(.xlsx)” without a password, and upload that.",
    ),
    (b"%PDF", "is a PDF. Upload the Excel workbook or CSV file that it was made from."),
    (b"{\\rtf", "is a text document. Copy the list into Excel, save it, and upload that."),
)
_NO_SPREADSHEET = "is not a spreadsheet. Save the list as “Excel Workbook (.xlsx)” or CSV."
_WEB_PAGE = re.compile(rb"\s*<(!doctype|html|table|\?xml)", re.IGNORECASE)

_END = "\0end"  # a row of our own after the last one: if it is swallowed, a quotation is open
_ESCAPED_IN_EXCEL = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

# What openpyxl and the archive below it raise for files that were cut, patched or made up.
_BROKEN = (
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class CannotRead(Refusal):
    """A file is not a list that can be read; the sentence says what to upload instead."""


@dataclass(frozen=True)
class Row:
    """One row of a list, with the number that a spreadsheet program shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A list as it was read: distinct column names, rows of equal length, and how it was read."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    read_as: str


def read_table(data: bytes, *, filename: str) -> Table:
    """Read a list from a CSV or Excel file, or refuse it with a sentence that says what to do."""
    try:
        return _read(data)
    except CannotRead as why:
        raise CannotRead(f"{PurePath(filename).name[:80] or 'The file'} {why}") from None


def _read(data: bytes) -> Table:
    if len(data) > MOST_BYTES:
        raise CannotRead("is larger than 5 MB. Remove columns or pictures, or split the list.")
    if data.startswith(b"PK"):
        return _table_of_workbook(data)
    for beginning, why in _OTHER_KINDS:
        if data.startswith(beginning):
            raise CannotRead(why)
    if _WEB_PAGE.match(data):
        raise CannotRead("is a web page. Open it in Excel, save it as .xlsx, and upload that.")

    text, encoding = _decoded(data)
    if "\0" in text:
        raise CannotRead(_NO_SPREADSHEET)
    return _table_of_text(text, encoding)


# Text files: which letters, which separator, which rows


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding), name
    if encoding := _utf16_without_mark(data):
        return _strictly(data, encoding), "Unicode text"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _decoded_by_words(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise CannotRead("is damaged. Open it in Excel, save it again, and upload that.") from None


def _utf16_without_mark(data: bytes) -> str:
    sample = data[:1_000]
    for encoding, empty_half in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if empty_half.count(0) > len(sample) / 4:
            return encoding
    return ""


def _decoded_by_words(data: bytes) -> tuple[str, str]:
    readings: list[tuple[str, str]] = []
    for encoding, name in _ONE_BYTE_ENCODINGS:
        try:
            readings.append((data.decode(encoding), name))
        except UnicodeDecodeError:
            continue
    return min(readings, key=lambda reading: _strangeness(reading[0]))


def _strangeness(text: str) -> int:
    """Count what no list of people contains: signs for letters, capitals inside words."""
    strange = 0
    for found in re.finditer(r"(?=(.?)([^\0-\x7f])(.?))", text[:_SAMPLE_CHARACTERS]):
        before, letter, after = found.groups()
        kind = unicodedata.category(letter)
        if kind == "Lu":
            strange += before.islower()
        elif kind not in {"Ll", *_KINDS_OF_PUNCTUATION}:
            strange += before.isalpha() + 3 * after.isalpha()
    return strange


def _table_of_text(text: str, encoding: str) -> Table:
    first_line, _, rest = text.partition("\n")
    if named := re.fullmatch(r"sep=(.)\s*", first_line):
        text, separator = rest, named[1]
    else:
        separator = max(_SEPARATORS, key=lambda candidate: _fit(text, candidate))
    rows = _all_rows_of_text(text, separator)
    return _table(rows, f"{encoding}, separated by {_SEPARATORS.get(separator, separator)}")


def _fit(text: str, separator: str) -> tuple[float, int]:
    """Say how evenly a separator divides the rows, and into how many columns."""
    try:
        rows = list(islice(_rows_of_text(text, separator), _SAMPLE_ROWS))
    except csv.Error:
        return 0, 0
    if not rows:
        return 1, 0

    header_at = _header_at(rows)
    columns = len(rows[header_at].cells)
    evenness = [_evenness(len(row.cells), columns) for row in rows[header_at + 1 :]]
    fit = sum(evenness) / len(evenness) if evenness else 1
    return (fit, columns) if columns > 1 else (fit / 2, 1)


def _evenness(cells: int, columns: int) -> float:
    if cells == columns:
        return 1
    return 0.6 if cells > 1 else 0


def _all_rows_of_text(text: str, separator: str) -> Iterator[Row]:
    last = Row(0, ())
    try:
        for row in _rows_of_text(f"{text}\n{_END}", separator):
            if last.number:
                yield last
            last = row
    except csv.Error:
        raise CannotRead(
            f"has a cell below row {last.number} that is longer than any list needs. "
            "Open it in Excel and look for a cell that holds many rows."
        ) from None
    if last.cells != (_END,):
        raise CannotRead(
            f"has a quotation mark in row {last.number} that is never closed. "
            "Remove it or add the second one, and upload the file again."
        )


def _rows_of_text(text: str, separator: str) -> Iterator[Row]:
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator)
    return _rows_with_content(lines)


# Excel workbooks


def _table_of_workbook(data: bytes) -> Table:
    try:
        _refuse_what_is_no_workbook(data)
        rows, sheet = _rows_of_workbook(data)
    except _BROKEN:
        raise CannotRead("is damaged. Open it in Excel, save it again, and upload that.") from None
    return _table(rows, f"Excel workbook, sheet “{sheet}”")


def _refuse_what_is_no_workbook(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise CannotRead(_NO_SPREADSHEET)
    # An archive that understates its sizes is caught by zipfile, which reads no further than said.
    if sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES or len(parts) > _MOST_PARTS:
        raise CannotRead("unpacks to more than 50 MB. Copy the list alone into a new workbook.")


def _rows_of_workbook(data: bytes) -> tuple[list[Row], str]:
    import openpyxl  # noqa: PLC0415 - a tenth of every start, for a list that few upload

    workbook = openpyxl.load_workbook(
        BytesIO(data), read_only=True, data_only=True, keep_links=False
    )
    try:
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()
            if rows := _rows_of_sheet(sheet.iter_rows(values_only=True)):
                return rows, sheet.title
    finally:
        workbook.close()
    return [], ""


def _rows_of_sheet(values: Iterable[tuple[object, ...]]) -> list[Row]:
    rows = _rows_with_content(_rows_as_shown(islice(values, _LAST_ROW_OF_EXCEL)))
    found = list(islice(rows, MOST_ROWS + _TITLE_ROWS + 1))
    columns = max((len(row.cells) for row in found), default=0)
    return [Row(row.number, _filled_up(row, columns)) for row in found]


def _rows_as_shown(rows: Iterable[tuple[object, ...]]) -> Iterator[list[str]]:
    cells = 0
    for row in rows:
        cells += len(row)
        if cells > _MOST_CELLS:
            raise CannotRead("spreads over a huge sheet. Copy the list alone into a new workbook.")
        yield [_shown(value) for value in row]


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
    return _ESCAPED_IN_EXCEL.sub(lambda found: chr(int(found[1], 16)), str(value))


# What both have in common


def _rows_with_content(lines: Iterable[Sequence[str]]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        cells = tuple(_unguarded(cell.strip("\ufeff").strip()).strip() for cell in line)
        if any(cells):
            yield Row(number, cells)


def _table(rows: Iterable[Row], read_as: str) -> Table:
    found = list(islice(rows, MOST_ROWS + _TITLE_ROWS + 1))
    header_at = _header_at(found)
    header, body = found[header_at : header_at + 1], found[header_at + 1 :]
    _refuse_what_is_no_list(header, body)

    columns = max(_last_filled(row) for row in [*header, *body])
    if columns > MOST_COLUMNS:
        raise CannotRead(f"has {columns} columns. Keep the {MOST_COLUMNS} that matter.")
    return Table(
        headers=_distinct(_filled_up(header[0], columns)),
        rows=tuple(Row(row.number, _filled_up(row, columns)) for row in body),
        read_as=read_as,
    )


def _header_at(rows: Sequence[Row]) -> int:
    """Find the row of column names: the first, or the first below title lines of one cell."""
    for index, row in enumerate(rows[:_TITLE_ROWS]):
        filled = [cell for cell in row.cells if cell]
        # A title that Excel wrote is as wide as the list; a lone cell is a list of one column.
        if len(row.cells) != len(rows[0].cells):
            return 0
        if len(filled) > 1:
            return index if all(_could_name_a_column(cell) for cell in filled) else 0
    return 0


def _could_name_a_column(cell: str) -> bool:
    return "@" not in cell and any(character.isalpha() for character in cell)


def _refuse_what_is_no_list(header: Sequence[Row], body: Sequence[Row]) -> None:
    if not header:
        raise CannotRead("is empty. Choose the file that holds the list.")
    if any(_ADDRESS.fullmatch(cell) for cell in header[0].cells):
        raise CannotRead(
            "starts with a person. Put a row above it that names the columns, such as Name, "
            "E-mail and Practice."
        )
    if not body:
        raise CannotRead("has column names and no rows. Add the people, save it, and try again.")
    if len(body) > MOST_ROWS:
        raise CannotRead(f"has more than {MOST_ROWS:,} rows. Split the list into smaller files.")


def _last_filled(row: Row) -> int:
    return max(column for column, cell in enumerate(row.cells, 1) if cell)


def _filled_up(row: Row, columns: int) -> tuple[str, ...]:
    return (row.cells + ("",) * columns)[:columns]


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    distinct: dict[str, None] = {}
    for column, name in enumerate(names, 1):
        wanted = " ".join(name.split()) or f"Column {column}"
        spelling, copy = wanted, 1
        while spelling in distinct:
            copy += 1
            spelling = f"{wanted} ({copy})"
        distinct[spelling] = None
    return tuple(distinct)


# Writing


def csv_export(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a list as CSV that every Excel opens with its accents and without running anything."""
    text = StringIO()
    # Quotes around every text: an Excel that separates by ";" must not find a formula inside.
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_guarded(name) for name in header])
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def xlsx_export(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a list as an Excel workbook in which every text is typed as text."""
    import xlsxwriter  # noqa: PLC0415 - a tenth of every start, for a file that few ask for

    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet = workbook.add_worksheet("List")
    sheet.freeze_panes(1, 0)
    as_name = workbook.add_format({"bold": True, "num_format": "@"})
    as_text = workbook.add_format({"num_format": "@"})
    for column, name in enumerate(header):
        sheet.write_string(0, column, _storable(name), as_name)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, _storable(cell), as_text)
            elif cell is not None:
                sheet.write_number(number, column, cell)
    workbook.close()
    return stream.getvalue()


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:_LONGEST_EXCEL_TEXT]


def _guarded(cell: Cell) -> Cell:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and _could_run(cell.lstrip("'")) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _could_run(cell.lstrip("'")) else cell


def _could_run(text: str) -> bool:
    for character in unicodedata.normalize("NFKC", text):
        if character in "=+-@\t\r\n":
            return True
        if not character.isspace() and unicodedata.category(character) != "Cf":
            return False
    return False
