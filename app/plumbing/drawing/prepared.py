"""Pictures that WeasyPrint only has to place: artwork drawn once, QR codes as plain rectangles.

WeasyPrint takes them from its documented `cache` option. What it asks of an object in there
(`get_intrinsic_size`, `draw`, `get_x_object`) is not documented: `tests/plumbing` guards it.
"""

import zlib
from base64 import b64decode
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pydyf
from PIL import Image, UnidentifiedImageError
from weasyprint.images import RasterImage, SVGImage
from weasyprint.pdf.stream import Stream

from app.plumbing.drawing.refusal import CannotDraw
from app.plumbing.qr import QUIET_ZONE, dark_runs, qr_matrix

PIXELS_IN_MM = 96 / 25.4

# WeasyPrint and pydyf are untyped: their streams, dictionaries and styles are `Any` below.


class PreparedArtwork:
    """An SVG file, drawn once and from then on only referred to."""

    def __init__(self, file: Path) -> None:
        self.id = f"{file.parent.name}-{file.stem}"
        image = _svg(file)
        self.width, self.height = _size(image, file)
        resources = _resources()
        stream = Stream({}, (0, 0, self.width, self.height), resources, {}, None, {}, None)
        image._svg.draw(stream, self.width, self.height, None, None)
        if any(resources[kind] for kind in ("XObject", "Pattern", "Shading")):
            raise CannotDraw(
                f"{file.name} has gradients, patterns, pictures or see-through groups. "
                "Draw it with plain fills and strokes."
            )

        self._states = {name: dict(state) for name, state in resources["ExtGState"].items()}
        self._drawn = zlib.compress(b"\n".join(map(pydyf._to_bytes, stream.stream)), 9)

    def get_intrinsic_size(self, *_: Any) -> tuple[float, float, float]:
        return self.width, self.height, self.width / self.height

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        name = stream.add_image(self, interpolate=True, ratio=1)
        stream.transform(a=width / self.width, d=height / self.height)
        stream.draw_x_object(name)

    def get_x_object(self, *_: Any) -> Any:
        states = {name: pydyf.Dictionary(state) for name, state in self._states.items()}
        return pydyf.Stream(
            [self._drawn],
            {
                "Type": "/XObject",
                "Subtype": "/Form",
                "Filter": "/FlateDecode",
                "BBox": pydyf.Array((0, 0, self.width, self.height)),
                "Resources": pydyf.Dictionary({"ExtGState": pydyf.Dictionary(states)}),
            },
        )


class PreparedCode:
    """A QR code, written as rectangles instead of as a picture to be parsed."""

    def __init__(self, text: str) -> None:
        matrix = qr_matrix(text)
        self.side = len(matrix) + 2 * QUIET_ZONE
        rectangles = "".join(
            f"{x + QUIET_ZONE} {y + QUIET_ZONE} {length} 1 re\n"
            for x, y, length in dark_runs(matrix)
        )
        self._drawn = f"1 g 0 0 {self.side} {self.side} re f\n0 g\n{rectangles}f".encode()

    def get_intrinsic_size(self, *_: Any) -> tuple[float, float, float]:
        return self.side, self.side, 1

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        stream.transform(a=width / self.side, d=height / self.side)
        stream.stream.append(self._drawn)


def prepared_picture(name: str, written: str) -> Any:
    """Take a picture that comes with a paper; a JPEG goes into the file as it is."""
    content = b64decode(written)
    try:
        opened = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    except (UnidentifiedImageError, Image.DecompressionBombError) as why:
        raise CannotDraw(f"The picture “{name}” of this paper is neither JPEG nor PNG.") from why

    return RasterImage(opened, f"picture-{name}", content, cache={})


def artwork_of(folder: Path) -> Mapping[str, PreparedArtwork]:
    """Prepare every SVG of a design's folder, by the address its style sheet gives it."""
    return {file.as_uri(): PreparedArtwork(file) for file in sorted(folder.glob("*.svg"))}


def _svg(file: Path) -> SVGImage:
    # Designs ship with the product; their SVG is ours, so the plain parser will do.
    return SVGImage(ElementTree.fromstring(file.read_bytes()), None, None, None)  # noqa: S314


def _size(image: SVGImage, file: Path) -> tuple[float, float]:
    width, height, _ = image.get_intrinsic_size(None, 16)
    if not (width and height):
        raise CannotDraw(f"{file.name} does not say its width and height.")

    return width, height


def _resources() -> Any:
    return pydyf.Dictionary(
        {
            kind: pydyf.Dictionary()
            for kind in ("ExtGState", "XObject", "Pattern", "Shading", "ColorSpace")
        }
    )
