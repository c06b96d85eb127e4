"""Papers, as those who get them find them."""

import io
import subprocess
import tempfile
from pathlib import Path

import pdfua
import pikepdf
import pypdfium2
import zxingcpp


def words_in(pdf: bytes) -> str:
    """Return what a reader can copy out of a paper, in its order, blanks made even."""
    said = subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=30
    )
    return " ".join(said.stdout.decode().split())


def codes_in(pdf: bytes, page: int = 0) -> list[str]:
    """Return what the QR codes of a page say, as a phone reads them."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=2).to_pil()
    return sorted(code.text for code in zxingcpp.read_barcodes(picture))


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """Return the width and height of every page in millimetres."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        boxes = [[float(edge) * 25.4 / 72 for edge in page.MediaBox] for page in file.pages]
    return [(round(right - left), round(top - low)) for left, low, right, top in boxes]


def findings_in(pdf: bytes) -> tuple[object, ...]:
    """Return what a checker of accessible papers finds."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(pdf)
        return pdfua.validate(file.name).findings


def pictures_in(pdf: bytes) -> list[tuple[int, int]]:
    """Return the pixels of every picture that a paper carries."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [
            (int(part.Width), int(part.Height))
            for part in file.objects
            if isinstance(part, pikepdf.Stream) and part.get("/Subtype") == "/Image"
        ]
