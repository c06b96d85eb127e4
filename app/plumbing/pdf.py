"""Draw certificates and other papers as PDF.

WeasyPrint works in a process of its own, with limits of time and memory and without our secrets
(see `app.plumbing.drawing`). There is one way to draw: previews, single files and print files all
take it, and what cannot be drawn is refused by name.
"""

import unicodedata
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence

from app.plumbing.drawing.designs import (
    Design,
    Fields,
    design_called,
    designs,
    missing_fields,
    sample,
    samples,
)
from app.plumbing.drawing.fonts import printable, unprintable
from app.plumbing.drawing.refusal import CannotDraw
from app.plumbing.drawing.studio import STUDIO

__all__ = [
    "CannotDraw",
    "Design",
    "Fields",
    "certificate_pdf",
    "certificate_pdfs",
    "certificates_pdf",
    "designs",
    "document_pdf",
    "drawing_is_fast",
    "missing_fields",
    "preview",
    "printable",
    "sample",
    "samples",
    "unprintable",
]

CHUNK = 25
"""Certificates laid out together: more gains nothing and costs memory."""

LONGEST_TEXT = 2000
"""Characters that are worth trying to fit on a page."""


PAGES_OF_A_PAPER = 20
"""So long a paper is drawn in the usual time; a longer one asks for more."""


def certificate_pdf(design: str, fields: Fields) -> bytes:
    """Draw one certificate as a file for its recipient."""
    (drawn,) = certificate_pdfs([(design, fields)])
    if isinstance(drawn, CannotDraw):
        raise drawn

    return drawn


def certificate_pdfs(certificates: Sequence[tuple[str, Fields]]) -> list[bytes | CannotDraw]:
    """Draw many certificates, each a file of its own; what cannot be drawn is told in its place."""
    checked = [_checked(design, fields) for design, fields in certificates]
    ready = [one for one in checked if not isinstance(one, CannotDraw)]
    drawn = (
        answer
        for start in range(0, len(ready), CHUNK)
        for answer in _chunk(ready[start : start + CHUNK])
    )
    return [one if isinstance(one, CannotDraw) else next(drawn) for one in checked]


def certificates_pdf(pages: Sequence[tuple[str, Fields]], *, blank_last: bool, title: str) -> bytes:
    """Draw certificates into one file for the printer, in their order.

    Never split it: its pages share fonts and pictures, and so other people's names.
    """
    if not pages:
        raise CannotDraw("There are no certificates to print. Issue them first.")

    return _one(
        {
            "draw": "print file",
            "certificates": [(design, _ready(design, fields)) for design, fields in pages],
            "blank_last": blank_last,
            "title": title,
        },
        pages=len(pages),
    )


def document_pdf(
    html: str,
    *,
    title: str,
    codes: Mapping[str, str] | None = None,
    pictures: Mapping[str, bytes] | None = None,
    pages: int = PAGES_OF_A_PAPER,
) -> bytes:
    """Draw another paper, such as a list or a sheet, in the house's print style.

    It shows what comes with it and nothing else: `<img src="code:NAME">` is the QR code that says
    `codes[NAME]`, and `<img src="picture:NAME">` is `pictures[NAME]`, a JPEG or PNG of our making.
    """
    brought = pictures or {}
    return _one(
        {
            "draw": "document",
            "html": _composed(html),
            "title": title,
            "codes": dict(codes or {}),
            "pictures": {name: b64encode(brought[name]).decode() for name in brought},
        },
        pages=pages,
    )


def preview(design: str) -> bytes:
    """Draw a design with its sample, then with everything that is difficult about it."""
    tried = [(design, fields) for _, fields in samples(design)]
    return certificates_pdf(tried, blank_last=True, title=f"{design_called(design).title}: samples")


def drawing_is_fast() -> bool:
    """Say whether this machine draws at full speed: libharfbuzz-subset is there."""
    return STUDIO.is_fast()


def _checked(design: str, fields: Fields) -> tuple[str, Fields] | CannotDraw:
    """Return a certificate that can be sent to be drawn, or why it cannot."""
    try:
        return design, _ready(design, fields)
    except CannotDraw as refusal:
        return refusal


def _chunk(certificates: Sequence[tuple[str, Fields]]) -> list[bytes | CannotDraw]:
    """Draw some certificates together, or one by one if one of them spoils it."""
    together = _singles(certificates)
    if len(certificates) == 1 or not any(isinstance(drawn, CannotDraw) for drawn in together):
        return together

    return [drawn for certificate in certificates for drawn in _singles([certificate])]


def _singles(certificates: Sequence[tuple[str, Fields]]) -> list[bytes | CannotDraw]:
    try:
        request = {"draw": "singles", "certificates": certificates}
        return STUDIO.draw(request, pages=len(certificates))
    except CannotDraw as refusal:
        return [refusal]


def _one(request: dict[str, object], *, pages: int) -> bytes:
    """Draw a request that is one file, or refuse it."""
    (drawn,) = STUDIO.draw(request, pages=pages)
    if isinstance(drawn, CannotDraw):
        raise drawn

    return drawn


def _ready(design: str, fields: Fields) -> Fields:
    """Return the fields that a design prints, checked and composed, or refuse them."""
    gaps = missing_fields(design, fields)
    if gaps:
        raise CannotDraw(
            f"{design_called(design).title}: {', '.join(sorted(gaps))} missing. "
            "Fill this in before the certificate is drawn."
        )
    for name in design_called(design).fields:
        _refuse_endless(name, fields[name])
        _refuse_unprintable(name, fields[name])
    return {name: _composed(fields[name]) for name in design_called(design).fields}


def _refuse_endless(name: str, value: object) -> None:
    if any(len(text) > LONGEST_TEXT for text in _texts(value)):
        raise CannotDraw(
            f"“{name.replace('_', ' ')}” is too long for a certificate. Shorten it, then try again."
        )


def _refuse_unprintable(name: str, value: object) -> None:
    strange = {sign for text in _texts(value) for sign in unprintable(text)}
    if strange:
        signs = ", ".join(f"“{sign}” (U+{ord(sign):04X})" for sign in sorted(strange))
        raise CannotDraw(
            f"{signs} in “{name.replace('_', ' ')}” cannot be printed. Change it, then try again."
        )


def _texts(value: object) -> Iterator[str]:
    """Yield every text inside a field."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for part in value.values() for text in _texts(part))
    elif isinstance(value, Sequence):
        yield from (text for part in value for text in _texts(part))


def _composed(value: object) -> object:
    """Return a field with every letter and its marks as one character, where there is one."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {name: _composed(part) for name, part in value.items()}
    if isinstance(value, Sequence):
        return [_composed(part) for part in value]
    return value
