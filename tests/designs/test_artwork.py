"""The engraved artwork and the tool that engraves it."""

import runpy
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.plumbing.drawing.places import CERTIFICATES, ROOT
from app.plumbing.drawing.prepared import PreparedArtwork
from app.plumbing.pdf import CannotDraw, designs

ENGRAVER = runpy.run_path(str(ROOT / "bin" / "engrave.py"))
SHEET = '<svg xmlns="http://www.w3.org/2000/svg" width="9mm" height="9mm">{}</svg>'


def artwork(tmp_path: Path, shapes: str) -> PreparedArtwork:
    file = tmp_path / "artwork.svg"
    file.write_text(SHEET.format(shapes))
    return PreparedArtwork(file)


def test_every_design_is_engraved():
    assert sorted(ENGRAVER["DESIGNS"]) == sorted(designs())


@pytest.mark.parametrize("design", designs())
def test_engraving_again_gives_the_artwork_of_the_folder(design):
    engraved = ENGRAVER["svg"](ENGRAVER["DESIGNS"][design]())

    assert (CERTIFICATES / design / "artwork.svg").read_text() == engraved


@pytest.mark.parametrize("design", designs())
def test_no_ornament_is_drawn_twice_under_one_name(design):
    tree = ElementTree.parse(CERTIFICATES / design / "artwork.svg")

    names = [shape.get("id") for shape in tree.iter() if shape.get("id")]

    assert len(set(names)) == len(names)


def test_plain_shapes_become_one_prepared_form(tmp_path):
    prepared = artwork(tmp_path, '<rect width="9" height="9" fill="#b08d3e"/>')

    assert prepared.get_x_object().extra["Subtype"] == "/Form"
    assert prepared.get_intrinsic_size()[2] == 1


@pytest.mark.parametrize(
    "shapes",
    [
        '<defs><linearGradient id="g"><stop stop-color="red"/><stop offset="1"/></linearGradient>'
        '</defs><rect width="9" height="9" fill="url(#g)"/>',
        '<g opacity=".5"><rect width="9" height="9"/></g>',
    ],
)
def test_artwork_that_prints_differently_everywhere_is_refused(tmp_path, shapes):
    with pytest.raises(CannotDraw, match="plain fills and strokes"):
        artwork(tmp_path, shapes)
