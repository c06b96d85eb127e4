"""What a file is by its first bytes, and whether its name says the same."""

from pathlib import PurePath

from app.plumbing.darkroom.refusal import UnfitFile

SIGNATURES = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
ENDINGS = {"pdf": "pdf", "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "jpe": "jpeg", "jfif": "jpeg"}
WORDS = {"pdf": "a PDF", "png": "a PNG picture", "jpeg": "a JPEG picture"}


def kind_of(content: bytes, *, filename: str) -> str:
    """Return what a file is, or refuse it in words."""
    kind = next((kind for kind, start in SIGNATURES.items() if content.startswith(start)), None)
    if kind is None:
        raise UnfitFile(
            "This file is not a PDF, PNG or JPEG. Save the poster as a PDF, then upload that."
        )
    ending = PurePath(filename).suffix.lower().lstrip(".")
    if ending and ENDINGS.get(ending) != kind:
        raise UnfitFile(
            f"This file is called .{ending[:10]}, but inside it is {WORDS[kind]}. "
            "Save the poster as a PDF, PNG or JPEG under its own ending, then upload that."
        )
    return kind
