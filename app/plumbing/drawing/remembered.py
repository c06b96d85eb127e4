"""Fonts cut to their letters and compressed, remembered: most lines are the same on every paper.

What is remembered is found by all that it was made from, so a paper has the same bytes as without;
`tests/plumbing/test_drawing.py` compares them.
"""

import zlib
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

import pydyf
import weasyprint.pdf.stream
from weasyprint.pdf.fonts import Font

KEPT = 256
"""Fonts, each cut to other letters: the lines of every design, and the names of a batch."""

# WeasyPrint and pydyf are untyped: their fonts, files and streams are `Any` below.


class RememberedFont(Font):  # type: ignore[misc]  # WeasyPrint is untyped
    """A font that is cut to the same letters only once."""

    file_content: bytes
    kept: ClassVar[OrderedDict[tuple[object, ...], bytes]] = OrderedDict()

    def subset(self, to_unicode: Mapping[int, str], hinting: Any) -> None:
        size, glyphs = len(self.file_content), frozenset(to_unicode)
        made_from = (self.name, self.index, size, glyphs, hinting, bool(self.missing))
        if made_from in self.kept:
            self.file_content = self.kept[made_from]
        else:
            super().subset(to_unicode, hinting)
        self._keep(made_from)

    def _keep(self, made_from: tuple[object, ...]) -> None:
        self.kept[made_from] = self.file_content
        self.kept.move_to_end(made_from)
        if len(self.kept) > KEPT:
            self.kept.popitem(last=False)


def remember_fonts() -> None:
    """Have WeasyPrint take fonts that remember for its own; it has no setting for it."""
    weasyprint.pdf.stream.Font = RememberedFont


def compress_fonts_once(pdf: Any) -> None:
    """Compress the fonts of a file, or take them as they were compressed before."""
    for part in pdf.objects:
        if isinstance(part, pydyf.Stream) and "Length1" in part.extra and part.compress:
            part.stream = [_compressed(b"".join(part.stream))]
            part.extra["Filter"] = "/FlateDecode"
            part.compress = False


@lru_cache(maxsize=KEPT)
def _compressed(font: bytes) -> bytes:
    return zlib.compress(font, 9)
