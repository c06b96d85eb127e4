"""The print fonts: which letters they have, how wide these are, and how Pango finds them."""

import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import takewhile
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it brings no types

from app.plumbing.drawing.places import CERTIFICATES, PRINT_FONTS

FACES = {
    "serif": "EBGaramond_400Regular",
    "serif-italic": "EBGaramond_400Regular_Italic",
    "serif-medium": "EBGaramond_500Medium",
    "serif-bold": "EBGaramond_600SemiBold",
    "sans": "SourceSans3_400Regular",
    "sans-bold": "SourceSans3_600SemiBold",
}
"""The faces of our papers by the names that designs use."""

MARKS_A_LETTER_CARRIES = 4
"""Vietnamese and Yoruba need two, Hebrew with cantillation up to four."""

FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <config></config>
</fontconfig>
"""


class NoPrintFonts(Exception):
    """The set-up has not brought the print fonts."""


@cache
def print_fonts() -> tuple[Path, ...]:
    """Return the files of the print fonts, in the order in which a letter is looked for."""
    listed = tomllib.loads((CERTIFICATES / "fonts.toml").read_text())["font"]
    files = tuple(PRINT_FONTS / Path(font["file"]).name for font in listed)
    absent = [file.name for file in files if not file.is_file()]
    if absent:
        raise NoPrintFonts(f"{', '.join(absent)} not in {PRINT_FONTS}: run ./run to set up.")

    return files


def write_fontconfig(folder: Path) -> Path:
    """Write the settings under which Pango sees the print fonts and no other."""
    file = folder / "fonts.conf"
    file.write_text(FONTCONFIG.format(fonts=PRINT_FONTS, cache=folder / "fontconfig"))
    return file


def unprintable(text: str) -> frozenset[str]:
    """Return the characters of a text that no print font has, or that heap up marks."""
    composed = unicodedata.normalize("NFC", text)
    strange = {character for character in composed if not _is_printable(character)}
    return frozenset(strange | _heaped_marks(unicodedata.normalize("NFD", text)))


def printable(text: str) -> str:
    """Return a text as it can be printed: a sign that no print font has is named in brackets."""
    composed = unicodedata.normalize("NFC", text)
    strange = unprintable(composed) - LINE_ENDS
    return composed.translate({ord(sign): _named(sign) for sign in strange})


LINE_ENDS = frozenset("\n\r\t")


def _named(sign: str) -> str:
    """Return what a person would read out for a sign; for one that cannot be seen, nothing."""
    if unicodedata.category(sign)[0] in "CM" or _is_skin(sign):
        return ""
    return f"[{unicodedata.name(sign, 'sign').lower()}]"


def _is_skin(sign: str) -> bool:
    return "\U0001f3fb" <= sign <= "\U0001f3ff"


def _is_printable(character: str) -> bool:
    """Say whether a character is in a print font, or is one that needs no glyph."""
    if character in NEEDS_NO_GLYPH:
        return True

    kind = unicodedata.category(character)
    return not (kind.startswith("C") or kind in ("Zl", "Zp")) and any(
        ord(character) in code_points(file) for file in print_fonts()
    )


NEEDS_NO_GLYPH = frozenset(" \u00a0\u200c\u200d\u200e\u200f")
"""Joiners belong to the spelling of Persian and Indian names; marks of direction come along."""


def _heaped_marks(text: str) -> set[str]:
    """Return the marks that stand where a letter already carries as many as writing needs."""
    return {
        mark
        for place, mark in enumerate(text)
        if _is_mark(mark) and _marks_before(text, place) >= MARKS_A_LETTER_CARRIES
    }


def _marks_before(text: str, place: int) -> int:
    return len(list(takewhile(_is_mark, reversed(text[:place]))))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


@cache
def code_points(file: Path) -> frozenset[int]:
    """Return the characters that a font has."""
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _glyphs(file: Path) -> Mapping[int, str]:
    """Return the name of the glyph for each character that a font has."""
    with TTFont(file, lazy=True) as font:
        return dict(font.getBestCmap())


@cache
def _advances(file: Path) -> tuple[Mapping[str, tuple[int, int]], int]:
    """Return the metrics of every glyph of a font, and the units of its em."""
    with TTFont(file, lazy=True) as font:
        return dict(font["hmtx"].metrics), font["head"].unitsPerEm


def width(text: str, *, face: str, size: float) -> float:
    """Return how wide a line is in points, from the advance widths of its letters."""
    return sum(_advance(character, face) for character in text) * size


@cache
def _advance(character: str, face: str) -> float:
    """Return the width of one letter in ems, in the first font that has it."""
    if _is_mark(character) or unicodedata.category(character) == "Cf":
        return 0.0

    named, others = FACES[face], print_fonts()
    for file in sorted(others, key=lambda file: file.stem != named):
        if (glyph := _glyphs(file).get(ord(character))) is not None:
            metrics, em = _advances(file)
            return metrics[glyph][0] / em
    return 1.0
