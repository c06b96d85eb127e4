"""What makes drawing fast must not change what is drawn: not one byte of it."""

from xml.etree import ElementTree

import pytest
from weasyprint import CSS, HTML
from weasyprint.pdf import fonts, stream

from app.plumbing.drawing import markup, remembered, renderer
from app.plumbing.drawing.designs import designs, samples
from app.plumbing.drawing.fonts import write_fontconfig
from app.plumbing.drawing.markup import WellFormed, page_and_styles
from app.plumbing.drawing.remembered import RememberedFont
from app.plumbing.drawing.renderer import NothingFetched, Renderer

EVERY_DESIGN = [(name, fields) for name in designs() for _, fields in list(samples(name))[:2]]


@pytest.fixture(scope="module")
def easel(tmp_path_factory):
    with pytest.MonkeyPatch.context() as environment:
        fonts_only = write_fontconfig(tmp_path_factory.mktemp("fonts"))
        environment.setenv("FONTCONFIG_FILE", str(fonts_only))
        yield Renderer()


def test_pages_read_by_the_fast_parser_are_those_of_the_forgiving_one(easel, monkeypatch):
    fast = list(easel.singles(EVERY_DESIGN))

    def refused(_html):
        raise ElementTree.ParseError

    monkeypatch.setattr(markup.ElementTree, "fromstring", refused)

    assert list(easel.singles(EVERY_DESIGN)) == fast


def test_remembered_fonts_are_those_that_are_cut_anew(easel, monkeypatch):
    first, again = list(easel.singles(EVERY_DESIGN)), list(easel.singles(EVERY_DESIGN))
    monkeypatch.setattr(stream, "Font", fonts.Font)
    monkeypatch.setattr(renderer, "compress_fonts_once", lambda _pdf: None)

    assert first == again == list(easel.singles(EVERY_DESIGN))


def test_only_so_many_fonts_are_remembered(easel, monkeypatch):
    monkeypatch.setattr(remembered, "KEPT", 3)
    RememberedFont.kept.clear()

    list(easel.singles(EVERY_DESIGN[:2]))

    assert len(RememberedFont.kept) == 3


def read(html):
    return page_and_styles(html, base_url="file:///", url_fetcher=NothingFetched(), fonts=None)


def test_what_stands_on_elements_becomes_a_sheet_that_they_share():
    page, sheets = read('<html><p class="a" style="width: 7px">x</p><p style="width: 7px"/></html>')

    assert isinstance(page, WellFormed) and len(sheets) == 1
    assert [element.get("class") for element in page.etree_element.iter("p")] == [
        "a style-0",
        "style-0",
    ]


def test_what_stands_on_an_element_is_above_what_a_design_says_of_it():
    page, sheets = read('<html><p class="a" style="width: 7px">x</p></html>')

    (drawn,) = page.render(stylesheets=[CSS(string="html p.a { width: 50px }"), *sheets]).pages

    boxes = [box for box in drawn._page_box.descendants() if box.element_tag == "p"]
    assert boxes[0].width == 7


@pytest.mark.parametrize("html", ["<p>x<br>y</p>", "<p>&nbsp;</p>", "<p>x"])
def test_a_page_that_is_no_xml_is_read_all_the_same(html):
    page, sheets = read(html)

    assert type(page) is HTML and not sheets
    assert page.etree_element.find("body/p") is not None
