"""From what an editor writes to what everybody reads: Markdown in, HTML out that can do nothing.

No HTML of the editor's own, no picture but those of the write-up itself, no name of somebody who has
not agreed to be named.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

HIGHEST_HEADING, LOWEST_HEADING = 2, 4
LEFT_OUT = "a colleague"
"""What stands for the name of somebody who has not agreed."""

PICTURE = re.compile(r"picture:(\d{1,4})")
FIGURE = re.compile(r"<p>\[\[([a-z-]+)\]\]</p>")

TAGS = {
    "a", "blockquote", "br", "code", "em", "figcaption", "figure", "h2", "h3", "h4", "hr", "img",
    "li", "ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "th": {"scope"},
}
TABLE = '<div class="story-table" role="region" aria-label="Table" tabindex="0">'
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&])")

_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A picture as a text shows it: where it lies, what it shows in words, and its size."""

    address: str
    alt: str
    width: int
    height: int


def rendered(text: str, pictures: Mapping[int, Placed]) -> str:
    """Return a text as HTML that is safe to show to everybody."""
    tokens = _reader.parse(text)
    for token in tokens:
        _level(token)
        token.children = [_own_picture(child, pictures) for child in token.children or []]
    html = _reader.renderer.render(tokens, _reader.options, {})
    safe = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    # A wide table is moved sideways by whoever reads it, with a finger or with keys.
    return safe.replace("<table>", f"{TABLE}<table>").replace("</table>", "</table></div>")


def _level(token: Token) -> None:
    """Keep the one main heading of the page the only one."""
    if token.type in {"heading_open", "heading_close"}:
        level = min(max(int(token.tag[1]), HIGHEST_HEADING), LOWEST_HEADING)
        token.tag = f"h{level}"


def _own_picture(token: Token, pictures: Mapping[int, Placed]) -> Token:
    """Show a picture of the write-up; of any other one only the words."""
    if token.type != "image":
        return token
    named = PICTURE.fullmatch(str(token.attrs.get("src", "")))
    found = pictures.get(int(named[1])) if named else None
    if found is None:
        return Token("text", "", 0, content=token.content)
    if not token.content.strip():
        token.children, token.content = [Token("text", "", 0, content=found.alt)], found.alt
    token.attrs = {
        "src": found.address,
        "alt": "",  # filled in by the renderer with what stands inside
        "width": found.width,
        "height": found.height,
        "loading": "lazy",
    }
    return token


def pictures_in(text: str) -> Sequence[int]:
    """Return the numbers of the pictures that a text shows, the first one first."""
    return [
        int(named[1])
        for token in _reader.parse(text)
        for child in token.children or []
        if child.type == "image" and (named := PICTURE.fullmatch(str(child.attrs.get("src", ""))))
    ]


def figures_in(html: str) -> Sequence[str]:
    """Return the keys of the figures that stand in a rendered text, each on a line of its own."""
    return FIGURE.findall(html)


def with_figures(html: str, figures: Mapping[str, str]) -> str:
    """Put figures that we drew ourselves where a rendered text names them; unknown ones stand as text."""
    return FIGURE.sub(lambda named: figures.get(named[1], named[0]), html)


def figure(key: str) -> str:
    """Return how a text names a figure."""
    return f"[[{key}]]"


def plain(text: str) -> str:
    """Return a text so that Markdown shows it as it is, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def paragraphs_naming(text: str, name: str) -> str:
    """Return the paragraphs of a text in which a name stands, and nothing else of it."""
    return "\n\n".join(part for part in text.split("\n\n") if names_in(part, [name]))


def in_paragraphs(text: str) -> str:
    """Return a text so that Markdown shows it as it is, paragraph by paragraph."""
    return "\n\n".join(plain(part) for part in text.split("\n\n") if part.strip())


def names_in(text: str, names: Iterable[str]) -> Sequence[str]:
    """Return which of these names stand in a text, whole and in any case of letters."""
    letters = _letters(text)
    return [name for name in names if _may_stand(name, letters) and _spelt(name).search(text)]


def without_names(text: str, names: Iterable[str]) -> str:
    """Return a text in which somebody else stands for each of these people; longer names go first."""
    letters = _letters(text)
    for name in sorted(names, key=len, reverse=True):
        if _may_stand(name, letters):
            text = _spelt(name).sub(LEFT_OUT, text)
    return text


def _letters(text: str) -> str:
    return text.replace("\\", "").lower()


def _may_stand(name: str, letters: str) -> bool:
    """Say whether it is worth looking for a name: there are hundreds, and few of them in a text."""
    return bool(name.split()) and name.split()[0].lower() in letters


def _spelt(name: str) -> re.Pattern[str]:
    """Return how a name may be spelt: with any blanks, and escaped as drafts write it or not."""
    parts = (r"\\?".join(re.escape(letter) for letter in part) for part in name.split())
    whole = r"[\s*_]+".join(parts)
    return re.compile(rf"(?<!\w){whole}(?!\w)", re.IGNORECASE)
