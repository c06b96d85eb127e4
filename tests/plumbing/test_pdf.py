import re
import sys
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.plumbing.drawing import studio
from app.plumbing.drawing.studio import Studio
from app.plumbing.pdf import (
    CannotDraw,
    certificate_pdf,
    certificate_pdfs,
    certificates_pdf,
    document_pdf,
    drawing_is_fast,
    missing_fields,
    sample,
    unprintable,
)
from tests import hostile

PEOPLE = ["Siân O'Connor", "Łukasz Wróbel", "Gwen Price", "Oluwaseun Yıldırım", "محمد عبد الله"]
LONG = "Improving " * 190
PAPER = "<html lang=en><body>"


def certificate(recipient="Gwen Price", number="PIT-2026-0001-A", **fields):
    return "completion", sample("completion") | {
        "recipient": recipient,
        "number": number,
        "check_url": f"HTTPS://HOORAY.EXAMPLE/C/{number}",
        **fields,
    }


def characters_in(pdf):
    """Return the characters that a file can show, from its own tables."""
    found = set()
    for font in pdf.pages[0].Resources.Font.values():
        table = font.ToUnicode.read_bytes().decode()
        for code in re.findall(r"<[0-9A-Fa-f]+> <([0-9A-Fa-f]+)>", table):
            found |= set(bytes.fromhex(code).decode("utf-16-be"))
    return found


def test_the_same_words_give_the_same_bytes():
    first = certificate_pdf(*certificate())

    assert certificate_pdf(*certificate()) == first


def test_the_same_words_give_the_same_bytes_in_another_process():
    easel = Studio()
    request = {"draw": "singles", "certificates": [certificate()]}
    try:
        (drawn,) = easel.draw(request, pages=1)
    finally:
        easel.close()

    assert drawn == certificate_pdf(*certificate())


def test_a_file_out_of_a_batch_has_nothing_of_the_others_in_it():
    asked = [certificate(name, f"PIT-2026-00{i}-X") for i, name in enumerate(PEOPLE)]

    batch = certificate_pdfs(asked)

    assert batch == [certificate_pdf(*one) for one in asked]
    for name, file in zip(PEOPLE, batch, strict=True):
        with pikepdf.open(BytesIO(file)) as pdf:
            shown = characters_in(pdf)
            assert ("Y" in shown) is (name == "Oluwaseun Yıldırım")
            assert ("Ł" in shown) is (name == "Łukasz Wróbel")
            assert ("م" in shown) is (name == "محمد عبد الله")


def test_a_certificate_is_dated_with_the_day_of_its_issue():
    _, fields = certificate(issued_on=date(2026, 3, 27))

    with pikepdf.open(BytesIO(certificate_pdf("completion", fields))) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:20260327")
        assert str(pdf.docinfo.Author) == fields["host"]
        assert str(pdf.docinfo.Subject).endswith("Certificate no. PIT-2026-0001-A")


@pytest.mark.parametrize(
    "gap", [{"recipient": ""}, {"host": "\u200c\u0303"}, {"programme": "  "}, {"events": []}]
)
def test_a_missing_field_refuses(gap):
    design, fields = certificate(**gap)

    assert missing_fields(design, fields) == set(gap)
    with pytest.raises(CannotDraw, match=next(iter(gap))):
        certificate_pdf(design, fields)


def test_a_field_that_is_not_even_there_refuses():
    design, fields = certificate()
    del fields["aims"]

    with pytest.raises(CannotDraw, match="aims"):
        certificate_pdf(design, fields)


def test_a_name_that_cannot_be_printed_refuses_and_says_which_character():
    with pytest.raises(CannotDraw, match=r"“🎉” \(U\+1F389\) in “recipient”"):
        certificate_pdf(*certificate("Ana 🎉 Müller"))


def test_an_unknown_design_refuses():
    with pytest.raises(CannotDraw, match=r"no certificate design called “\.\./shared”"):
        certificate_pdf("../shared", sample("completion"))


def test_one_who_cannot_be_drawn_does_not_stop_the_others():
    good, bad, endless = (
        certificate(),
        certificate("🎉"),
        certificate(programme=LONG, host=LONG, aims=LONG),
    )

    first, second, third, fourth = certificate_pdfs([good, bad, endless, good])

    assert first == fourth == certificate_pdf(*good)
    assert isinstance(second, CannotDraw) and "🎉" in str(second)
    assert isinstance(third, CannotDraw) and "do not fit" in str(third)


def says_something(text):
    return any(unicodedata.category(character)[0] in "LNPS" for character in text)


def test_hostile_words_are_printed_as_they_are_in_every_field():
    printable = [text for text in hostile.EVERY if says_something(text) and not unprintable(text)]
    places = ("recipient", "team", "programme", "host", "aims", "signatory_name", "signatory_role")
    rows = [printable[i : i + len(places)] for i in range(0, len(printable), len(places))]

    drawn = certificate_pdfs([certificate(**dict(zip(places, row, strict=False))) for row in rows])

    for row, file in zip(rows, drawn, strict=True):
        if isinstance(file, CannotDraw):
            assert "too long" in str(file)
            continue
        with pikepdf.open(BytesIO(file)) as pdf:
            composed = unicodedata.normalize("NFC", row[0])
            assert str(pdf.docinfo.Title) == f"Certificate of completion: {composed}"
            assert not pdf.attachments and "/AcroForm" not in pdf.Root and "/AA" not in pdf.Root


def test_hostile_words_that_cannot_be_printed_are_refused_before_drawing():
    strange = [text for text in hostile.EVERY if not says_something(text) or unprintable(text)]

    drawn = certificate_pdfs([certificate(text) for text in strange])

    assert strange and all(isinstance(answer, CannotDraw) for answer in drawn)


def test_a_print_file_keeps_the_order_and_lists_its_names():
    asked = [certificate(name, f"PIT-2026-00{i}-X") for i, name in enumerate(PEOPLE)]

    file = certificates_pdf(asked, blank_last=True, title="Summit, in stage order")

    with pikepdf.open(BytesIO(file)) as pdf, pdf.open_outline() as outline:
        assert [entry.title for entry in outline.root] == [*PEOPLE, "Blank certificate"]
        assert len(pdf.pages) == len(PEOPLE) + 1
        assert pdf.Root.ViewerPreferences.Duplex == "/Simplex"
        assert str(pdf.docinfo.Title) == "Summit, in stage order"


def test_a_print_file_without_certificates_refuses():
    with pytest.raises(CannotDraw, match="Issue them first"):
        certificates_pdf([], blank_last=True, title="Nothing")


@pytest.mark.parametrize(
    "page",
    [
        '<img src="file:///etc/hostname" alt="x">',
        '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<img src="../wsgi.py" alt="x">',
        '<img src="data:image/png;base64,AAAA" alt="x">',
        '<link rel="stylesheet" href="file:///etc/hostname">',
        "<style>@import url(http://127.0.0.1:9/)</style>",
        '<a rel="attachment" href="file:///etc/hostname">x</a>',
        '<object data="file:///etc/hostname"></object>',
        '<p style="background: url(file:///etc/hostname)">x',
        "<style>@font-face { font-family: x; src: url(file:///etc/hostname) }</style>x",
        '<svg viewBox="0 0 1 1"><title>x</title><image href="file:///etc/hostname"/></svg>',
    ],
)
def test_nothing_is_fetched(page):
    with pytest.raises(CannotDraw):
        document_pdf(PAPER + page, title="A paper")


def test_an_attachment_named_in_the_head_stays_out():
    head = '<html lang=en><head><link rel="attachment" href="file:///etc/hostname"></head>x'

    with pikepdf.open(BytesIO(document_pdf(head, title="A paper"))) as pdf:
        assert not pdf.attachments


def test_a_letter_that_no_font_has_refuses_a_paper():
    with pytest.raises(CannotDraw, match="notdef"):
        document_pdf(f"{PAPER}Ana 🎉", title="A paper")


def test_a_paper_has_a_title_and_a_language():
    with pikepdf.open(BytesIO(document_pdf(f"{PAPER}Ana", title="Who comes"))) as pdf:
        assert str(pdf.docinfo.Title) == "Who comes"
        assert pdf.Root.Lang == "en-GB"


def a_picture(colour, kind="JPEG"):
    made = BytesIO()
    Image.new("RGB", (400, 300), colour).save(made, kind)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_paper_shows_the_picture_that_came_with_it(kind):
    page = f'{PAPER}<img src="picture:wall" alt="A purple wall">'

    drawn = document_pdf(page, title="A paper", pictures={"wall": a_picture("#4a1d5f", kind)})

    red, green, blue = pypdfium2.PdfDocument(drawn)[0].render(scale=1).to_pil().getpixel((100, 100))
    assert (red, green) == (74, 29) and abs(blue - 95) < 3
    assert alternatives(drawn) == ["A purple wall"]


def alternatives(drawn):
    """Return what a file says instead of its pictures."""
    with pikepdf.open(BytesIO(drawn)) as pdf:
        parts = [part for part in pdf.objects if isinstance(part, pikepdf.Dictionary)]
        return [str(part.Alt) for part in parts if "/Alt" in part]


def test_a_paper_shows_the_codes_that_came_with_it():
    page = (
        f'{PAPER}<img src="code:one" alt="One" width=200><img src="code:two" alt="Two" width=200>'
    )
    said = {"one": "HTTPS://HOORAY.EXAMPLE/P/ONE", "two": "HTTPS://HOORAY.EXAMPLE/P/TWO"}

    drawn = document_pdf(page, title="A paper", codes=said)

    picture = pypdfium2.PdfDocument(drawn)[0].render(scale=3).to_pil()
    assert {code.text for code in zxingcpp.read_barcodes(picture)} == set(said.values())
    assert {"One", "Two"} <= set(alternatives(drawn))


def test_a_paper_shows_no_picture_that_did_not_come_with_it():
    with pytest.raises(CannotDraw, match="picture:other"):
        document_pdf(
            f'{PAPER}<img src="picture:other">',
            title="A paper",
            pictures={"wall": a_picture("#fff")},
        )


def test_a_picture_of_another_kind_refuses_a_paper():
    page = f'{PAPER}<img src="picture:wall" alt="">'

    with pytest.raises(CannotDraw, match="neither JPEG nor PNG"):
        document_pdf(page, title="A paper", pictures={"wall": b"<svg/>"})


def test_a_paper_that_breaks_the_drawing_process_refuses_and_the_next_one_is_drawn():
    with pytest.raises(CannotDraw, match="too much"):
        document_pdf(PAPER + "<div>" * 3000, title="A trap")

    assert document_pdf(f"{PAPER}Ana", title="A paper").startswith(b"%PDF")


ENDLESS = f"{PAPER}<table><tr><td colspan=99999>"


def test_a_paper_that_takes_too_long_refuses_and_the_next_one_is_drawn(monkeypatch):
    drawing_is_fast()
    with monkeypatch.context() as impatient, pytest.raises(CannotDraw, match="too much"):
        impatient.setattr(studio, "SECONDS_FOR_A_REQUEST", 0.0)
        impatient.setattr(studio, "SECONDS_FOR_A_PAGE", 0.0)
        document_pdf(ENDLESS, title="A paper")

    assert document_pdf(f"{PAPER}Ana", title="A paper").startswith(b"%PDF")


def test_a_worn_drawing_process_is_replaced(monkeypatch):
    monkeypatch.setattr(studio, "PAGES_OF_A_PROCESS", 0)
    first = child_id()
    document_pdf(f"{PAPER}Ana", title="A paper")

    assert child_id() != first


def test_a_drawing_process_that_does_not_start_is_told_of(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    broken = Studio()

    assert not broken.is_fast()
    with pytest.raises(CannotDraw, match="does not start"):
        broken.draw({"draw": "document", "html": PAPER, "title": "A paper"}, pages=1)


def test_closing_ends_a_paper_that_is_being_drawn():
    easel = Studio()
    easel.is_fast()
    endless = {"draw": "document", "html": ENDLESS, "title": "A"}
    with ThreadPoolExecutor() as pool:
        drawing = pool.submit(easel.draw, endless, pages=1)
        time.sleep(0.3)
        easel.close()

        assert isinstance(drawing.exception(timeout=60), CannotDraw)


def child_id():
    """Return the number of the drawing process, started if it was not."""
    drawing_is_fast()
    return studio.STUDIO._easel._process.pid


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells of other processes")
def test_the_drawing_process_has_limits_and_no_secrets(monkeypatch):
    monkeypatch.setenv("HOORAY_SECRET_KEY", "not for painters")
    studio.STUDIO.close()

    about = Path("/proc") / str(child_id())

    assert re.search(rf"Max address space +{1 << 30} ", (about / "limits").read_text())
    known = {entry.split("=")[0] for entry in (about / "environ").read_text().split("\0")}
    assert known == {"PATH", "LANG", "HOME", "FONTCONFIG_FILE", ""}


def test_this_machine_draws_fast():
    assert drawing_is_fast()


def test_words_reach_the_drawing_process_as_plain_data():
    with pytest.raises(TypeError, match="cannot be printed"):
        certificate_pdf(*certificate(signatory_role=object()))
