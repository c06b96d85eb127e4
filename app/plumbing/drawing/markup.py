"""Read the pages of certificates: quickly where they are well-formed, with styles shared.

The designs are ours and written as XML too, which expat reads ten times as fast as a parser that
forgives. What it cannot read goes WeasyPrint's own way, with the same result.
"""

from collections.abc import Iterator
from xml.etree import ElementTree

from cssselect2 import ElementWrapper  # type: ignore[import-untyped]  # it brings no types
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

SHARED = "style-{}"


class WellFormed(HTML):  # type: ignore[misc]  # WeasyPrint is untyped
    """A page that is XML as well."""

    def __init__(
        self, page: ElementTree.Element, *, base_url: str, url_fetcher: URLFetcher
    ) -> None:
        # What HTML's own beginning sets; it has no way to be given a tree.
        self.base_url = base_url
        self.url_fetcher = url_fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(page, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def page_and_styles(
    html: str, *, base_url: str, url_fetcher: URLFetcher, fonts: FontConfiguration
) -> tuple[HTML, list[CSS]]:
    """Read a page, and gather the styles that stand on its elements into one sheet.

    WeasyPrint works a style out once for all elements of one class under one parent, but anew for
    every `style` attribute, and a run of certificates repeats the same ones on every page.
    """
    try:
        page = ElementTree.fromstring(html)  # noqa: S314 - our designs; expat knows no files
    except ElementTree.ParseError:
        return HTML(string=html, base_url=base_url, url_fetcher=url_fetcher), []

    names: dict[str, str] = {}
    for element in page.iter():
        style = element.attrib.pop("style", None)
        if style is not None:
            name = names.setdefault(style, SHARED.format(len(names)))
            element.set("class", f"{element.get('class', '')} {name}".strip())
    read = WellFormed(page, base_url=base_url, url_fetcher=url_fetcher)
    sheet = "".join(_rules(names))
    return read, [CSS(string=sheet, font_config=fonts, url_fetcher=url_fetcher)]


def _rules(names: dict[str, str]) -> Iterator[str]:
    """Yield a rule for every shared style, above all others as what stands on an element is."""
    for style, name in names.items():
        weighty = "; ".join(
            f"{part.strip()} !important" for part in style.split(";") if part.strip()
        )
        yield f".{name} {{ {weighty} }}\n"
