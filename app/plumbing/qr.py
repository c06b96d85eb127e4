"""QR codes: drawn as one vector path for pages and paper, as PNG for mails."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import groupby

import qrcode
from markupsafe import Markup
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""Light modules around every code; readers need them to find it."""

MASK = 2

PNG_MODULE = 8
"""Pixels of one module in a PNG: sharp on a phone, small in a mail."""


def qr_svg(text: str, *, size_mm: float | None = None, title: str) -> Markup:
    """Draw a QR code as inline SVG that says in words what it is."""
    side = len(qr_matrix(text)) + 2 * QUIET_ZONE
    size = Markup('width="{0}mm" height="{0}mm" ').format(f"{size_mm:g}") if size_mm else ""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qr" role="img" {size}'
        'viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><title>{title}</title>'
        '<rect width="{side}" height="{side}" fill="#fff"/>'
        '<path fill="#000" d="{path}"/></svg>'
    ).format(size=size, side=side, title=title, path=_path(text))


def qr_png(text: str) -> bytes:
    """Draw a QR code as a PNG picture."""
    matrix = qr_matrix(text)
    side = len(matrix) + 2 * QUIET_ZONE
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(matrix, QUIET_ZONE):
        for x, dark in enumerate(row, QUIET_ZONE):
            picture.putpixel((x, y), 0 if dark else 1)

    buffer = BytesIO()
    picture.resize((side * PNG_MODULE, side * PNG_MODULE)).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@lru_cache(maxsize=256)
def qr_matrix(text: str) -> Sequence[Sequence[bool]]:
    """Return the modules of a code, dark ones true, without its quiet zone."""
    # Any mask makes a valid code; trying all eight for the prettiest takes eight times as long.
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def dark_runs(matrix: Sequence[Sequence[bool]]) -> Iterator[tuple[int, int, int]]:
    """Yield every row's dark stretches as x, y and length."""
    for y, row in enumerate(matrix):
        x = 0
        for dark, modules in groupby(row):
            length = len(list(modules))
            if dark:
                yield x, y, length
            x += length


def _path(text: str) -> str:
    """Write the dark modules as one path, inside the quiet zone."""
    return "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z"
        for x, y, length in dark_runs(qr_matrix(text))
    )
