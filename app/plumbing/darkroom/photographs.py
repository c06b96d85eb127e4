"""A picture that somebody sent: measured before it is decoded, and written anew without its notes."""

import io
from collections.abc import Iterator

from PIL import Image, ImageOps

from app.plumbing.darkroom.limits import (
    LARGE,
    LONGEST_SIDE,
    MOST_PIXELS,
    SMALLEST_PICTURE,
    TILE,
)
from app.plumbing.darkroom.refusal import UnfitFile

# We measure by ourselves, in words that help, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None

NAMES = {"png": "PNG", "jpeg": "JPEG"}


class Photograph:
    """A PNG or JPEG, decoded."""

    def __init__(self, content: bytes, kind: str) -> None:
        """Measure and decode a picture, or refuse it."""
        self._kind = kind
        try:
            with Image.open(io.BytesIO(content), formats=[NAMES[kind]]) as picture:
                _refuse_vast(picture.size)
                self._picture = _plain(picture)
        except (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError) as broken:
            raise UnfitFile(
                "This picture cannot be read. Save the poster once more, then upload it again."
            ) from broken

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height in pixels."""
        return self._picture.size

    @property
    def longest(self) -> float:
        """Return the longest side, in pixels."""
        return max(self.size)

    def advice(self) -> str:
        """Say that the picture is small, if it looks blurred when it is enlarged."""
        if self.longest >= SMALLEST_PICTURE:
            return ""
        wide, high = self._picture.size
        return (
            f"This picture has only {wide:,} × {high:,} pixels and looks blurred when enlarged. "
            "A PDF is sharp at any size: upload the poster as a PDF if you have one."
        )

    def rewritten(self) -> bytes:
        """Write the picture anew, with its pixels and nothing else."""
        clean = io.BytesIO()
        if self._kind == "png":
            self._picture.save(clean, "PNG", compress_level=6)
        else:
            self._picture.save(clean, "JPEG", quality=92, subsampling=0)
        return clean.getvalue()

    def picture(self, longest: int) -> Image.Image:
        """Return the picture with a longest side of at most so many pixels."""
        share = min(longest / self.longest, 1.0)
        wide, high = (max(round(side * share), 1) for side in self._picture.size)
        return self._picture.resize((wide, high), Image.Resampling.LANCZOS, reducing_gap=3.0)

    def closest(self) -> int:
        """Return the longest side of the picture close up; 0 where enlarged is close enough."""
        return int(self.longest) if self.longest > LARGE * 1.1 else 0

    def bands(self, longest: int) -> Iterator[Image.Image]:
        """Cut the picture from top to bottom into bands of a tile's height."""
        assert longest == self.longest
        wide, high = self._picture.size
        for top in range(0, high, TILE):
            yield self._picture.crop((0, top, wide, min(top + TILE, high)))


def _refuse_vast(size: tuple[int, int]) -> None:
    wide, high = size
    if max(size) > LONGEST_SIDE or wide * high > MOST_PIXELS:
        raise UnfitFile(
            f"This picture has {wide:,} × {high:,} pixels; {LONGEST_SIDE:,} on a side and "
            f"{MOST_PIXELS // 1_000_000} million altogether is the most. "
            "Save it smaller, or save the poster as a PDF, then upload that."
        )


def _plain(picture: Image.Image) -> Image.Image:
    """Return the pixels in red, green and blue, upright, on white where they were transparent."""
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    upright: Image.Image = picture
    if upright.mode.startswith("I"):
        upright = upright.point(lambda value: value / 256).convert("L")
    if not upright.has_transparency_data:
        return _bare(upright.convert("RGB"))
    seen = upright if upright.mode == "RGBA" else upright.convert("RGBA")
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen.getchannel("A"))
    return sheet


def _bare(picture: Image.Image) -> Image.Image:
    """Return a picture without what its file said about it."""
    picture.info = {}
    return picture
