import re
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.plumbing.pdf import document_pdf
from app.plumbing.qr import qr_matrix, qr_png, qr_svg

CHECK = "HTTPS://HOORAY.EXAMPLE/C/PIT-2026-0042-K"


def read(picture):
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("text", [CHECK, "https://hooray.example/a?b=c&d=é", "KX4 7PQ", "李小龙"])
def test_a_png_can_be_read(text):
    assert read(Image.open(BytesIO(qr_png(text)))) == [text]


def test_an_svg_can_be_read_from_paper():
    code = qr_svg(CHECK, size_mm=22, title="Your pass")

    sheet = document_pdf(f"<html lang=en><body>{code}", title="A pass")

    assert read(pypdfium2.PdfDocument(sheet)[0].render(scale=2).to_pil()) == [CHECK]


def test_an_svg_is_one_dark_path_inside_its_quiet_zone():
    code = str(qr_svg(CHECK, title="Your pass"))
    side = len(qr_matrix(CHECK)) + 8

    places = [int(place) for move in re.findall(r"M(\d+) (\d+)", code) for place in move]

    assert code.count('fill="#000"') == 1
    assert f'viewBox="0 0 {side} {side}"' in code
    assert min(places) == 4 and max(places) < side - 4


def test_an_svg_says_in_words_what_it_is_and_escapes_them():
    code = str(qr_svg(CHECK, title="Pass of <b>Siân</b>"))

    assert 'role="img"' in code
    assert "<title>Pass of &lt;b&gt;Siân&lt;/b&gt;</title>" in code


def test_capitals_make_a_coarser_code_that_is_easier_to_read():
    address = "HTTPS://CERTIFICATES.NORTHVALE.EXAMPLE/C/PIT-2026-0042-K"

    assert len(qr_matrix(address)) < len(qr_matrix(address.lower()))
