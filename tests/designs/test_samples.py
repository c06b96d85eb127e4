"""Every design draws its sample and everything that is difficult about it."""

import subprocess
import tomllib
import unicodedata
from io import BytesIO

import pdfua
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.plumbing.drawing.places import CERTIFICATES
from app.plumbing.pdf import (
    CannotDraw,
    certificate_pdf,
    certificate_pdfs,
    designs,
    missing_fields,
    preview,
    sample,
    samples,
)

ALL = [
    pytest.param(design, difficulty, id=f"{design}-{difficulty}")
    for design in designs()
    for difficulty, _ in samples(design)
]
TELLING = [case for case in ALL if case.values[1] in ("sample", "everything-long", "arabic")]

NOT_COPIED_IN_ORDER = ("hindi", "two-directions")
"""They look right; copied from a PDF, their letters come in the order of the glyphs."""


@pytest.fixture(scope="module")
def drawn():
    """Every sample of every design as a file of its own, drawn as a batch is."""
    asked = {
        (design, what): (design, fields) for design in designs() for what, fields in samples(design)
    }
    return dict(zip(asked, certificate_pdfs(list(asked.values())), strict=True))


@pytest.fixture
def file(drawn, design, difficulty, tmp_path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(drawn[design, difficulty])
    return path


def fields_of(design, difficulty):
    return dict(samples(design))[difficulty]


def told(fields):
    """Return every other text that a reader of the certificate must find."""
    events = fields.get("events", [])
    days = [fields.get(name) for name in ("issued_on", "event_date", "from_on", "to_on")]
    days += [event["date"] for event in events]
    names = ("programme", "host", "commissioner", "aims", "number", "signatory_name", "event")
    names += ("signatory_role", "check_address", "venue", "hours", "team", "citation")
    return [
        *(fields[name].strip("“”") for name in names if name in fields),
        *(event["title"] for event in events),
        *(f"{day:%-d %B %Y}" for day in days if day),
    ]


def words_in(file):
    said = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True, text=True)
    return squeezed(said.stdout)


def squeezed(text):
    return "".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize(("design", "difficulty"), ALL)
def test_a_sample_is_one_a4_page_with_its_fonts_in_it(file):
    with pikepdf.open(file) as pdf:
        (page,) = pdf.pages
        fonts = [font.DescendantFonts[0].FontDescriptor for font in page.Resources.Font.values()]

        assert [round(float(edge)) for edge in page.MediaBox] == [0, 0, 842, 595]
        assert fonts and all("/FontFile2" in font for font in fonts)
        assert file.stat().st_size <= 100_000


@pytest.mark.parametrize(("design", "difficulty"), ALL)
def test_a_sample_can_be_copied_and_searched(file, design, difficulty):
    fields = fields_of(design, difficulty)
    names = [fields["recipient"], *fields.get("members", [])]
    readable = [name for name in names if "शर्मा" not in name and "ليلى" not in name]

    said = words_in(file)

    assert (difficulty in NOT_COPIED_IN_ORDER) is (names[0] not in readable)
    assert [name for name in readable if squeezed(name) not in said] == []
    assert [text for text in told(fields) if squeezed(text) not in said] == []


@pytest.mark.parametrize(("design", "difficulty"), TELLING)
def test_the_code_on_paper_opens_the_check_page(file, design, difficulty):
    picture = pypdfium2.PdfDocument(file)[0].render(scale=2).to_pil()

    codes = [code.text for code in zxingcpp.read_barcodes(picture)]

    assert codes == [fields_of(design, difficulty)["check_url"]]


@pytest.mark.parametrize(("design", "difficulty"), TELLING)
def test_nothing_lies_where_office_printers_leave_a_rim(file):
    picture = pypdfium2.PdfDocument(file)[0].render(scale=2).to_pil().convert("L")
    wide, high = picture.size
    rim = round(8 / 297 * wide)

    inside = Image.new("L", (wide - 2 * rim, high - 2 * rim), 255)
    picture.paste(inside, (rim, rim))

    assert picture.getextrema() == (255, 255)


@pytest.mark.parametrize(("design", "difficulty"), TELLING)
def test_a_sample_speaks_to_a_screen_reader(file, design, difficulty):
    findings = pdfua.validate(str(file)).findings

    assert findings == ()
    with pikepdf.open(file) as pdf, pdf.open_metadata() as metadata:
        recipient = fields_of(design, difficulty)["recipient"]
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == f"{designs()[design].title}: {recipient}"
        assert pdf.Root.Lang == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


@pytest.mark.parametrize("design", designs())
def test_a_sample_names_all_fields_of_its_design(design):
    asked, told = designs()[design].fields, sample(design)

    assert set(asked) == set(told)
    assert missing_fields(design, told) == frozenset()


@pytest.mark.parametrize("design", designs())
def test_a_preview_has_a_page_for_each_sample_and_a_blank_one(design):
    tried = [fields["recipient"] for _, fields in samples(design)]

    with pikepdf.open(BytesIO(preview(design))) as pdf:
        with pdf.open_outline() as outline:
            listed = [entry.title for entry in outline.root]

        assert len(pdf.pages) == len(tried) + 1
        assert [squeezed(name) for name in listed] == [
            *map(squeezed, tried),
            squeezed("Blank certificate"),
        ]


@pytest.mark.parametrize("design", designs())
def test_words_that_leave_their_place_are_refused(design):
    long = "Improving " * 190
    endless = sample(design) | {"programme": long, "host": long, "aims": long}

    with pytest.raises(CannotDraw, match="do not fit"):
        certificate_pdf(design, endless)


def test_a_design_is_a_folder_of_words_and_styles_without_code():
    kinds = {path.suffix for path in CERTIFICATES.rglob("*") if path.is_file()}

    assert kinds == {".toml", ".html", ".css", ".svg", ".md"}


def test_each_print_font_is_named_once():
    listed = tomllib.loads((CERTIFICATES / "fonts.toml").read_text())["font"]

    files = [font["file"] for font in listed]

    assert len(set(files)) == len(files)
