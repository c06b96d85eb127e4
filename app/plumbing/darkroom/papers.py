"""A PDF that somebody sent: checked, stripped of everything that is not print, and drawn."""

import io
import statistics
from collections.abc import Iterator

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from app.plumbing.darkroom.limits import (
    CLOSE,
    CLOSE_DPI,
    LARGE,
    MOST_PAGES,
    SMALLEST_LETTER,
    TILE,
)
from app.plumbing.darkroom.refusal import UnfitFile

KEPT_OF_THE_ROOT = {"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/OCProperties"}
KEPT_OF_A_PAGE = {
    "/Type",
    "/Parent",
    "/Resources",
    "/MediaBox",
    "/CropBox",
    "/TrimBox",
    "/BleedBox",
    "/Rotate",
    "/UserUnit",
    "/Contents",
    "/Group",
    "/StructParents",
    "/Tabs",
}
NEVER_KEPT = ("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/A", "/AF", "/JS", "/OPI")
LETTERS_LOOKED_AT = 2000


def cleaned(content: bytes) -> tuple[bytes, int]:
    """Return a PDF with its pages and nothing else, and how many these are; or refuse it."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            _refuse(pdf)
            _strip(pdf)
            clean = io.BytesIO()
            pdf.save(
                clean,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                compress_streams=True,
                deterministic_id=True,
            )
            return clean.getvalue(), len(pdf.pages)
    except pikepdf.PasswordError as locked:
        raise UnfitFile(
            "This PDF is locked with a password. Save it without one, then upload it again."
        ) from locked
    except (pikepdf.PdfError, ValueError, TypeError, KeyError) as broken:
        raise _unreadable() from broken


def _unreadable() -> UnfitFile:
    return UnfitFile("This PDF cannot be read. Save the poster as a PDF once more, then upload it.")


def _refuse(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:
        raise UnfitFile(
            "This PDF is protected. Save it without any protection, then upload it again."
        )
    pages = len(pdf.pages)
    if pages == 0:
        raise _unreadable()
    if pages > MOST_PAGES:
        raise UnfitFile(
            f"This PDF has {pages:,} pages; {MOST_PAGES} is the most. "
            "Upload the poster alone, on its first page."
        )


def _strip(pdf: pikepdf.Pdf) -> None:
    """Keep what is printed; scripts, forms, links, attachments and notes about the maker go."""
    for page in pdf.pages:
        _keep_only(page.obj, KEPT_OF_A_PAGE)
    _keep_only(pdf.Root, KEPT_OF_THE_ROOT)
    _keep_only(pdf.trailer, {"/Root", "/Size", "/ID"})
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            for name in NEVER_KEPT:
                if name in thing and not _is_an_attribute(thing, name):
                    del thing[name]


def _is_an_attribute(thing: pikepdf.Object, name: str) -> bool:
    """Say whether /A is how a tagged part is laid out, and no action."""
    return name == "/A" and "/S" in thing and "/P" in thing


def _keep_only(thing: pikepdf.Object, names: set[str]) -> None:
    for name in set(thing.keys()) - names:
        del thing[name]


class Paper:
    """The first page of a PDF, drawn at any size."""

    def __init__(self, content: bytes) -> None:
        """Open a PDF that is clean."""
        try:
            self._pdf = pypdfium2.PdfDocument(content)
            self._page = self._pdf[0]
            wide, high = self._page.get_size()
        except pypdfium2.PdfiumError as broken:
            raise _unreadable() from broken
        self.size = (max(wide, 1.0), max(high, 1.0))

    @property
    def longest(self) -> float:
        """Return the longest side, in points."""
        return float(max(self.size))

    def advice(self) -> str:
        """Say that the letters are small, if most of them cannot be read when enlarged."""
        heights = list(self._letter_heights())
        if len(heights) < 50:
            return ""
        if statistics.median(heights) * LARGE / self.longest >= SMALLEST_LETTER:
            return ""
        return (
            "Most of the text on this poster is small: on a screen people have to go very close. "
            "The summary beside the picture will help them."
        )

    def _letter_heights(self) -> Iterator[float]:
        text = self._page.get_textpage()
        for number in range(min(text.count_chars(), LETTERS_LOOKED_AT)):
            if chr(pdfium.FPDFText_GetUnicode(text, number)).isalpha():
                _, bottom, _, top = text.get_charbox(number)
                yield float(top - bottom)

    def picture(self, longest: int) -> Image.Image:
        """Draw the page with a longest side of so many pixels."""
        return self._drawn(longest / self.longest)

    def closest(self) -> int:
        """Return the longest side of the page close up; 0 where enlarged is close enough."""
        wanted = round(min(CLOSE, self.longest / 72 * CLOSE_DPI))
        return wanted if wanted > LARGE else 0

    def bands(self, longest: int) -> Iterator[Image.Image]:
        """Draw the page from top to bottom in bands of a tile's height."""
        scale = longest / self.longest
        high = self.size[1]
        band = TILE / scale
        top = 0.0
        while top * scale < high * scale - 0.5:
            bottom = max(high - top - band, 0.0)
            yield self._drawn(scale, crop=(0, bottom, 0, top))
            top += band

    def _drawn(
        self, scale: float, crop: tuple[float, float, float, float] = (0, 0, 0, 0)
    ) -> Image.Image:
        bitmap = self._page.render(
            scale=scale,
            crop=crop,
            may_draw_forms=False,
            draw_annots=False,
            rev_byteorder=True,
            limit_image_cache=True,
        )
        drawn: Image.Image = bitmap.to_pil()
        return drawn.convert("RGB")
