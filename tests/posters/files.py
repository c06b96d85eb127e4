"""Files as teams send them, good and bad."""

import io
import struct
import zlib

import pikepdf
from PIL import Image


def a_pdf(
    *, pages: int = 1, size: tuple[int, int] = (842, 1191), words: str = "Aim", letters: int = 60
) -> bytes:
    """A poster as a PDF."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=size)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        drawn = f"0.3 0.1 0.4 rg 50 50 200 300 re f BT /F1 {letters} Tf 50 600 Td ({words}) Tj ET"
        page.Contents = pdf.make_stream(drawn.encode())
    return saved(pdf)


def saved(pdf: pikepdf.Pdf, **how: object) -> bytes:
    made = io.BytesIO()
    pdf.save(made, deterministic_id="encryption" not in how, **how)
    return made.getvalue()


def a_picture(kind: str = "PNG", size: tuple[int, int] = (1200, 1700), **how: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "#4a1d5f").save(made, kind, **how)
    return made.getvalue()


def a_vast_png(wide: int, high: int) -> bytes:
    """A PNG that says it has so many pixels, and packs them into some kilobytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", check)

    head = struct.pack("!IIBBBBB", wide, high, 1, 0, 0, 0, 0)
    row = b"\0" * (1 + (wide + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(high)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
