import csv
import zipfile
from datetime import date, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.plumbing.spreadsheets import (
    CannotRead,
    Row,
    csv_export,
    read_table,
    xlsx_export,
)


def a_csv(rows, *, delimiter=",", encoding="utf-8", end="\r\n", quoting=csv.QUOTE_MINIMAL):
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return text.getvalue().encode(encoding)


def a_workbook(*sheets):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    return saved(workbook)


def saved(workbook):
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def a_zip(parts):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def read(data, filename="people.csv"):
    return read_table(data, filename=filename)


PEOPLE = [
    ["Name", "E-mail", "Practice"],
    ["Siân O'Connor", "sian@riverside.example", "Riverside Surgery"],
    ["José Núñez", "jose@hilltop.example", "Hill Top Practice"],
]
AS_READ = (
    Row(2, ("Siân O'Connor", "sian@riverside.example", "Riverside Surgery")),
    Row(3, ("José Núñez", "jose@hilltop.example", "Hill Top Practice")),
)
WORKBOOK = a_workbook(PEOPLE)


@pytest.mark.parametrize(
    ("delimiter", "encoding", "read_as"),
    [
        (",", "utf-8", "UTF-8, separated by commas"),
        (",", "utf-8-sig", "UTF-8, separated by commas"),
        (",", "cp1252", "Windows, Western European, separated by commas"),
        (";", "cp1252", "Windows, Western European, separated by semicolons"),
        (";", "utf-8-sig", "UTF-8, separated by semicolons"),
        ("\t", "utf-16", "Unicode text, separated by tabs"),
        ("\t", "utf-16-le", "Unicode text, separated by tabs"),
        ("\t", "utf-16-be", "Unicode text, separated by tabs"),
        ("\t", "cp1252", "Windows, Western European, separated by tabs"),
        (",", "mac_roman", "old Macintosh, separated by commas"),
        ("|", "utf-8", "UTF-8, separated by bars"),
    ],
)
def test_every_setting_of_excel_reads_the_same(delimiter, encoding, read_as):
    table = read(a_csv(PEOPLE, delimiter=delimiter, encoding=encoding))

    assert table.headers == ("Name", "E-mail", "Practice")
    assert table.rows == AS_READ
    assert table.read_as == read_as


def test_names_from_central_europe_are_told_from_western_ones():
    rows = [["Name", "E-mail"], ["Łukasz Żak", "lz@a.example"], ["Zofia Dąbrowska", "zd@a.example"]]

    table = read(a_csv(rows, delimiter=";", encoding="cp1250"))

    assert [row.cells[0] for row in table.rows] == ["Łukasz Żak", "Zofia Dąbrowska"]
    assert table.read_as == "Windows, Central European, separated by semicolons"


def test_dashes_quotes_and_pounds_do_not_look_central_european():
    rows = [["Name", "Note"], ["Renée O’Neil", "9am–3pm, “£5” or 3½ €"]]

    assert read(a_csv(rows, encoding="cp1252")).rows[0].cells == tuple(rows[1])


def test_old_macintosh_line_ends_are_line_ends():
    assert read(a_csv(PEOPLE, end="\r")).rows == AS_READ


def test_decimal_commas_do_not_divide_a_continental_list():
    data = b"Name;Punkte;Anteil\r\nGwen Price;3,5;1,25\r\nJon Bell;4;2,0\r\n"

    assert [row.cells for row in read(data).rows] == [
        ("Gwen Price", "3,5", "1,25"),
        ("Jon Bell", "4", "2,0"),
    ]


def test_commas_in_a_question_do_not_divide_a_continental_list():
    data = b"Name;E-mail;Diet (vegan, halal, other)\nGwen;g@a.example;none\nJon;j@a.example;halal\n"

    assert read(data).headers == ("Name", "E-mail", "Diet (vegan, halal, other)")


def test_a_list_of_one_column_keeps_its_commas():
    table = read(b"Name\r\nBell, Jon\r\nPrice, Gwen\r\n")

    assert table.headers == ("Name",)
    assert [row.cells for row in table.rows] == [("Bell, Jon",), ("Price, Gwen",)]


def test_excel_s_own_separator_line_is_obeyed():
    table = read(b"sep=;\r\nName;E-mail\r\nGwen;g@a.example\r\n")

    assert table.headers == ("Name", "E-mail")
    assert table.rows == (Row(2, ("Gwen", "g@a.example")),)


def test_padding_blank_rows_and_ragged_rows_are_put_straight():
    data = b"  Name ; E-mail;;\xc2\xa0Role \n\n ; ; ; \nGwen Price;g@a.example\nJon;j@a.example;x;GP;;\n"

    table = read(data)

    assert table.headers == ("Name", "E-mail", "Column 3", "Role")
    assert table.rows == (
        Row(4, ("Gwen Price", "g@a.example", "", "")),
        Row(5, ("Jon", "j@a.example", "x", "GP")),
    )


def test_a_cell_beyond_the_column_names_is_kept_under_a_number():
    table = read(b"Name,E-mail\nGwen,g@a.example,nurse\n")

    assert table.headers == ("Name", "E-mail", "Column 3")


def test_column_names_that_repeat_are_told_apart():
    data = b"Company,Company,Company (2),Company\nA,B,C,D\n"

    assert read(data).headers == ("Company", "Company (2)", "Company (2) (2)", "Company (3)")


def test_title_lines_above_the_column_names_are_passed_over():
    data = b"Summit, attendees;\n\nName;E-mail\nGwen;g@a.example\nJon;j@a.example\n"

    table = read(data)

    assert table.headers == ("Name", "E-mail")
    assert [row.number for row in table.rows] == [4, 5]


def test_a_row_of_people_is_never_taken_for_column_names():
    table = read(b"E-mail\ng@a.example,Gwen\nj@a.example,Jon\n")

    assert table.headers == ("E-mail",)
    assert len(table.rows) == 2


def test_a_cell_of_several_lines_counts_as_one_row():
    table = read(b'Name,Address\nGwen,"1 High Street\r\nNorthvale"\nJon,2 Low Road\n')

    assert table.rows == (
        Row(2, ("Gwen", "1 High Street\r\nNorthvale")),
        Row(3, ("Jon", "2 Low Road")),
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "list is empty. Choose the file that holds the list."),
        (b"\r\n ; ;\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"Name,E-mail\n", "has column names and no rows"),
        (b"Gwen Price,gwen@a.example\nJon,jon@a.example\n", "starts with a person"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Excel workbook, or has a password"),
        (b"{\\rtf1 Gwen}", "is a text document"),
        (b" <!DOCTYPE html><table>", "is a web page"),
        (b"Name,E-mail\nGw\0en,g@a.example\n", "is not a spreadsheet"),
        (b"\xff\xfeN\0a\0", "column names and no rows"),
        (b"\xff\xfeN\0\0", "is damaged"),
        (b"\xef\xbb\xbfName\nJos\xe9\n", "is damaged"),
        (b'Name,E-mail\nGwen,g@a.example\n"Jon,j@a.example\nEd,e@a.example\n', "in row 3"),
        (b"Name,E-mail\nGwen," + b"x" * 200_000 + b"\n", "below row 1 that is longer"),
        (b"x" * (5 * 1024 * 1024 + 1), "is larger than 5 MB"),
        (b"Name,E-mail\n" + b"a,b\n" * 10_001, "has more than 10,000 rows"),
        (b",".join(b"c%d" % n for n in range(61)) + b"\n" + b"1," * 61, "has 61 columns"),
        (b"PK\x03\x04 not really", "is damaged"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(data, sentence):
    with pytest.raises(CannotRead, match=r"^list ") as refused:
        read(data, "../private/list")

    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


def test_ten_thousand_rows_are_read():
    assert len(read(b"Title,\nName,E-mail\n" + b"a,b\n" * 10_000).rows) == 10_000


@pytest.mark.parametrize("parts", [{"word/document.xml": "<w/>"}, {"mimetype": "opendocument"}])
def test_other_archives_are_refused(parts):
    with pytest.raises(CannotRead, match="is not a spreadsheet"):
        read(a_zip(parts))


def test_a_workbook_is_read_as_it_looks():
    data = a_workbook(
        [],
        [
            ["Attendees of the summit"],
            [" Name ", "E-mail", "Phone", "Born", "Seen", "Share", "Photo", None],
            [],
            ["Siân\u00a0", "s@a.example", 441610000000, date(1980, 2, 3), None, 1.5, True],
            [
                "Łukasz",
                "l@a.example",
                1.0,
                None,
                datetime.fromisoformat("2026-03-26 09:30"),
                0.25,
                False,
            ],
        ],
    )

    table = read(data, "people.xlsx")

    assert table.headers == ("Name", "E-mail", "Phone", "Born", "Seen", "Share", "Photo")
    assert table.rows == (
        Row(4, ("Siân", "s@a.example", "441610000000", "1980-02-03", "", "1.5", "TRUE")),
        Row(5, ("Łukasz", "l@a.example", "1", "", "2026-03-26 09:30", "0.25", "FALSE")),
    )
    assert table.read_as == "Excel workbook, sheet “Sheet1”"


def test_a_hidden_sheet_is_passed_over():
    workbook = openpyxl.Workbook()
    workbook.active.append(["Lists", "of", "choices"])
    workbook.active.append(["a", "b", "c"])
    workbook.active.sheet_state = "hidden"
    people = workbook.create_sheet("People")
    people.append(["Name", "E-mail"])
    people.append(["Gwen", "g@a.example"])

    assert read(saved(workbook)).rows == (Row(2, ("Gwen", "g@a.example")),)


def test_a_formula_is_never_worked_out():
    data = a_workbook([["Name", "E-mail"], ["Gwen", '=HYPERLINK("http://a.example")']])

    assert read(data).rows == (Row(2, ("Gwen", "")),)


def test_a_workbook_without_content_is_refused():
    with pytest.raises(CannotRead, match="is empty"):
        read(a_workbook([], []))


def test_a_workbook_of_too_many_rows_is_refused():
    data = xlsx_export(["Name", "E-mail"], (["a", "b"] for _ in range(10_001)))

    with pytest.raises(CannotRead, match="has more than 10,000 rows"):
        read(data)


def test_a_workbook_that_would_unpack_to_a_mountain_is_refused_before_unpacking():
    data = a_zip({"xl/workbook.xml": "<w/>", "xl/media/big": b"\0" * (50 * 1024 * 1024)})

    assert len(data) < 100_000
    with pytest.raises(CannotRead, match="unpacks to more than 50 MB"):
        read(data)


def test_a_workbook_that_spreads_over_a_huge_sheet_is_refused():
    with zipfile.ZipFile(BytesIO(WORKBOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    far = b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (row, row) for row in range(4, 84))
    wide = sheet.replace(b"</sheetData>", far + b"</sheetData>")

    with pytest.raises(CannotRead, match="spreads over a huge sheet"):
        read(a_zip(parts | {"xl/worksheets/sheet1.xml": wide}))


def test_a_workbook_that_understates_its_size_is_refused():
    honest = a_zip({"xl/workbook.xml": b"<w>" + b" " * 70_000 + b"</w>"})
    size = (70_007).to_bytes(4, "little")
    assert honest.count(size) == 2

    with pytest.raises(CannotRead, match="is damaged"):
        read(honest.replace(size, (10).to_bytes(4, "little")))


def test_a_workbook_full_of_entities_is_refused():
    laughs = b"<!DOCTYPE w [<!ENTITY a 'ha'>%s]><w>&z;</w>" % b"".join(
        b"<!ENTITY %c '%s'>" % (n + 1, b"&%c;" % n * 10) for n in range(ord("a"), ord("z"))
    )
    good = a_workbook(PEOPLE)
    with zipfile.ZipFile(BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"):
        with pytest.raises(CannotRead, match="is damaged"):
            read(a_zip(parts | {part: laughs}))


def test_rows_far_below_the_last_one_of_excel_end_the_reading():
    with zipfile.ZipFile(BytesIO(WORKBOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'<row r="3"', b'<row r="99999999999"')

    table = read(a_zip(parts | {"xl/worksheets/sheet1.xml": sheet}))

    assert [row.number for row in table.rows] == [2]


def assert_read_or_refused(data):
    try:
        table = read(data)
    except CannotRead:
        return
    assert len(set(table.headers)) == len(table.headers)
    assert all(len(row.cells) == len(table.headers) for row in table.rows)


PLACES = st.integers(0, len(WORKBOOK) - 1)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(PLACES, st.integers(0, 255)), max_size=6), st.none() | PLACES)
def test_a_workbook_with_any_damage_is_read_or_refused(changes, end):
    damaged = bytearray(WORKBOOK)
    for place, byte in changes:
        damaged[place] = byte

    assert_read_or_refused(bytes(damaged[:end]))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    assert_read_or_refused(data)


HEADERS = st.lists(
    st.from_regex(r"[A-Z][a-zé]{1,8}( [a-z]{1,6})?", fullmatch=True),
    min_size=2,
    max_size=6,
    unique=True,
)


def as_read(cell):
    return cell.strip().strip("\ufeff").strip()


def cells_of(encoding):
    kept = st.characters(codec=encoding, exclude_characters="\0\ufeff'", exclude_categories=["Cs"])
    return st.text(kept, max_size=12).map(lambda text: text.strip())


@st.composite
def tables(draw, encoding):
    headers = draw(HEADERS)
    cells = cells_of(encoding)
    full = st.lists(cells.filter(bool), min_size=len(headers), max_size=len(headers))
    ragged = st.lists(cells, min_size=2, max_size=len(headers))
    return [headers, draw(full), *draw(st.lists(full | ragged, max_size=6))]


# In one byte per letter only what western names contain comes back; any byte could mean anything.
@pytest.mark.parametrize(
    ("encoding", "letters"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-8"), ("cp1252", "ascii")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(("end", "quoting"), [("\r\n", csv.QUOTE_MINIMAL), ("\n", csv.QUOTE_ALL)])
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_table_reads_back(encoding, letters, delimiter, end, quoting, data):
    written = data.draw(tables(letters))

    table = read(a_csv(written, delimiter=delimiter, encoding=encoding, end=end, quoting=quoting))

    width = len(written[0])
    assert table.headers == tuple(written[0])
    assert [row.cells for row in table.rows] == [
        (*row, *[""] * (width - len(row))) for row in written[1:] if any(row)
    ]
    assert [row.number for row in table.rows] == [
        number for number, row in enumerate(written, 1) if number > 1 and any(row)
    ]


WESTERN_NAMES = st.from_regex(
    r"[A-ZÁÉÍÓÚÀÈÄÖÜÅØÇÑ][a-záéíóúàèäöüåøçñßê]{1,8}[ '’-][A-ZÁÉÖÜÅØ][a-zéöüåøñ]{1,8}",
    fullmatch=True,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(WESTERN_NAMES, min_size=1, max_size=20), st.sampled_from(",;\t"))
def test_western_names_from_windows_read_back(names, delimiter):
    rows = [["Name", "Practice"], *([name, "The Limes"] for name in names)]

    table = read(a_csv(rows, delimiter=delimiter, encoding="cp1252"))

    assert [row.cells[0] for row in table.rows] == names


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\u00a0\u200b=1+1", "'\u00a0\u200b=1+1"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("\N{SMALL PLUS SIGN}1", "'\N{SMALL PLUS SIGN}1"),
        ("+44 161", "'+44 161"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "''=1"),
        ("a=1", "a=1"),
        ("'quoted'", "'quoted'"),
        ("", ""),
        ("Siân", "Siân"),
    ],
)
def test_an_export_never_starts_a_cell_with_a_formula(cell, written):
    data = csv_export(["Name", "Note"], [["Gwen", cell]])

    assert list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))[1] == ["Gwen", written]


def test_an_export_opens_in_every_excel():
    data = csv_export(["Name", "=Note"], [["Łukasz", "a;=1+1"], ["Ed", None]])

    assert data == ('\ufeff"Name","\'=Note"\r\n"Łukasz","a;=1+1"\r\n"Ed",""\r\n'.encode())


def test_numbers_stay_numbers_in_an_export():
    assert b'\r\n-5,"x"' in csv_export(["Count", "Of"], [[-5, "x"]])
    sheet = openpyxl.load_workbook(BytesIO(xlsx_export(["Count"], [[-5]]))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == (-5, "n")


def test_a_workbook_export_types_every_text_as_text():
    texts = ["=1+1", "007", "http://a.example", "{=A1}", "1e5", "26/03", "a\x01b", "\ud800"]

    sheet = openpyxl.load_workbook(
        BytesIO(xlsx_export(["=Head"], [[text] for text in texts]))
    ).active

    cells = [row[0] for row in sheet.iter_rows()]
    assert [cell.data_type for cell in cells] == ["s"] * 9
    assert [cell.value for cell in cells] == ["=Head", *texts[:6], "a_x0001_b", "?"]
    assert {cell.number_format for cell in cells} == {"@"}
    assert not any(cell.hyperlink for cell in cells)


def test_a_text_longer_than_excel_holds_is_cut_not_lost():
    sheet = openpyxl.load_workbook(BytesIO(xlsx_export(["Note"], [["x" * 40_000]]))).active

    assert sheet["A2"].value == "x" * 32_767


EXPORTABLE = st.text(
    st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"]), max_size=12
).map(as_read)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(EXPORTABLE.filter(bool), EXPORTABLE), min_size=1, max_size=6))
def test_what_was_exported_reads_back(rows):
    table = read(csv_export(["Name", "Note"], rows))

    assert [row.cells for row in table.rows] == rows


# A CSV export that Excel saved as a workbook keeps its apostrophes; reading takes them off there too.
UNQUOTED = EXPORTABLE.filter(lambda text: not text.startswith("'"))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(UNQUOTED.filter(bool), UNQUOTED), min_size=1, max_size=6))
def test_what_was_exported_to_excel_reads_back(rows):
    table = read(xlsx_export(["Name", "Note"], rows))

    assert [row.cells for row in table.rows] == rows
