"""Films for the browser's fake camera: a QR code held in front of it by an unsteady hand."""

from io import BytesIO
from math import sin
from pathlib import Path

from PIL import Image

from app.plumbing.qr import qr_png

SIZE = (1280, 720)
FRAMES = 40
CODE = 340


def film_of(text: str, path: Path) -> Path:
    """Write a film in which a code made by the product comes into view, and stays a while.

    The format is Motion JPEG: pictures one after the other, which Chromium plays in a loop.
    """
    code = (
        Image.open(BytesIO(qr_png(text)))
        .convert("RGB")
        .resize((CODE, CODE), Image.Resampling.LANCZOS)
    )
    with path.open("wb") as film:
        for number in range(FRAMES):
            film.write(_frame(code, number))
    return path


def _frame(code: Image.Image, number: int) -> bytes:
    picture = Image.new("RGB", SIZE, (96, 88, 82))
    shown = code.rotate(
        8 * sin(number / 3), resample=Image.Resampling.BICUBIC, expand=True, fillcolor=(96, 88, 82)
    )
    x = (SIZE[0] - shown.width) // 2 + int(30 * sin(number / 5))
    y = (SIZE[1] - shown.height) // 2 + int(20 * sin(number / 4))
    picture.paste(shown, (x, y))
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG", quality=85)
    return jpeg.getvalue()
