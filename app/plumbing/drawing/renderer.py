"""Draw papers with WeasyPrint, everything that papers share being made once."""

import logging
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any, NoReturn

from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError
from markupsafe import Markup
from weasyprint import CSS, HTML, Document
from weasyprint.document import DocumentMetadata
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from app.plumbing.drawing.designs import Design, Fields, design_called, designs
from app.plumbing.drawing.markup import page_and_styles
from app.plumbing.drawing.overflow import runs_over
from app.plumbing.drawing.places import CERTIFICATES, ROOT
from app.plumbing.drawing.prepared import PreparedCode, artwork_of, prepared_picture
from app.plumbing.drawing.refusal import CannotDraw
from app.plumbing.drawing.remembered import compress_fonts_once, remember_fonts
from app.plumbing.drawing.setting import curly, fitted, in_a_row, in_words

LANGUAGE = "en-GB"
VARIANT = "pdf/ua-1"
PAGES = CERTIFICATES.as_uri() + "/"
"""Relative addresses in a design's page are looked up here, and only prepared ones are found."""

CODE = "code:"
"""Addresses of QR codes: the rest is what the code says."""

PICTURE = "picture:"
"""Addresses of pictures that come with a paper: the rest is the name that it gives one."""

WEASYPRINT = logging.getLogger("weasyprint")
SUBSETS_FAST = bool(harfbuzz_subset)
"""Without libharfbuzz-subset WeasyPrint takes two seconds a page, with the same result."""

RUN = 25

Page = tuple[Design, Fields]


class NothingFetched(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Refuse every address: what a paper may use has been prepared."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=frozenset(), fail_on_errors=True)

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> NoReturn:
        raise ValueError(f"{url[:80]} is not among the prepared files.")


class Renderer:
    """What all papers share. One for each process; not for two threads at once."""

    def __init__(self) -> None:
        self._fetcher = NothingFetched()
        remember_fonts()
        self._fonts = FontConfiguration()
        self._artwork: dict[str, Any] = {}
        self._prepared: set[Design] = set()
        self._sheets = [
            self._sheet("shared/certificate.css"),
            *(self._sheet(f"{name}/page.css") for name in designs()),
        ]
        self._paper = [self._sheet("shared/paper.css")]
        self._templates = Environment(
            loader=FileSystemLoader(CERTIFICATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            curly=curly, fitted=fitted, in_a_row=in_a_row, in_words=in_words
        )

    def singles(self, certificates: Sequence[tuple[str, Fields]]) -> Iterator[bytes]:
        """Draw each certificate as a file of its own, all out of one layout run."""
        pages = self._pages(certificates)
        document = self._laid_out(pages)
        for (design, fields), page in zip(pages, document.pages, strict=True):
            single = document.copy([page])
            # Fresh metadata: a copy carries the first person's title.
            single.metadata = _metadata(design, fields)
            yield self._written(single, finisher=_on_one_side)

    def print_file(
        self, certificates: Sequence[tuple[str, Fields]], *, blank_last: bool, title: str
    ) -> bytes:
        """Draw certificates into one file, in their order, for the printer."""
        pages = self._pages(certificates)
        sheets = [page for run in _runs(pages) for page in self._laid_out(run).pages]
        blank = self._blank(_most_frequent(pages))
        document = blank.copy(sheets + blank.pages if blank_last else sheets)
        days = [str(fields["issued_on"]) for _, fields in pages]
        document.metadata = DocumentMetadata(
            title=title, lang=LANGUAGE, created=max(days), modified=max(days)
        )
        return self._written(document, finisher=_on_one_side)

    def document(
        self, html: str, *, title: str, codes: Mapping[str, str], pictures: Mapping[str, str]
    ) -> bytes:
        """Draw any other paper: a list, a sheet, a poster for a door, a report with pictures."""
        brought = {
            **{f"{CODE}{name}": PreparedCode(text) for name, text in codes.items()},
            **{f"{PICTURE}{name}": prepared_picture(name, pictures[name]) for name in pictures},
        }
        with _no_complaint():
            document = HTML(string=html, base_url=PAGES, url_fetcher=self._fetcher).render(
                font_config=self._fonts, stylesheets=self._paper, pdf_variant=VARIANT, cache=brought
            )
        document.metadata = DocumentMetadata(title=title, lang=LANGUAGE)
        return self._written(document)

    def _sheet(self, name: str) -> CSS:
        return CSS(filename=CERTIFICATES / name, font_config=self._fonts, url_fetcher=self._fetcher)

    def _pages(self, certificates: Sequence[tuple[str, Fields]]) -> list[Page]:
        return [(design_called(name), fields) for name, fields in certificates]

    def _laid_out(self, pages: Sequence[Page]) -> Document:
        """Lay out one page for each certificate, or say that one ran over its page."""
        bodies = [
            self._body(design, fields, code=f"{CODE}{number}")
            for number, (design, fields) in enumerate(pages)
        ]
        codes = {
            f"{CODE}{number}": PreparedCode(str(fields["check_url"]))
            for number, (_, fields) in enumerate(pages)
        }
        # A dictionary for each run: what WeasyPrint finds in one it keeps there.
        document = self._rendered({design for design, _ in pages}, codes, pages=bodies, blank=None)
        if len(document.pages) != len(pages):
            raise CannotDraw("The words do not fit on one page. Shorten the longest.")
        for (_, fields), page in zip(pages, document.pages, strict=True):
            if runs_over(page):
                raise CannotDraw(
                    f"The words on the certificate for {fields['recipient']} do not fit. "
                    "Shorten the longest."
                )

        return document

    def _blank(self, design: Design) -> Document:
        """Lay out a sheet with a line for a name to be written by hand."""
        return self._rendered({design}, {}, pages=[], blank=design)

    def _rendered(
        self, printed: Set[Design], codes: Mapping[str, PreparedCode], **words: Any
    ) -> Document:
        self._prepare(printed)
        html = self._templates.get_template("shared/certificate.html").render(
            lang=LANGUAGE, **words
        )
        with _no_complaint():
            page, styles = page_and_styles(
                html, base_url=PAGES, url_fetcher=self._fetcher, fonts=self._fonts
            )
            return page.render(
                font_config=self._fonts,
                stylesheets=[*self._sheets, *styles],
                pdf_variant=VARIANT,
                cache={**self._artwork, **codes},
            )

    def _prepare(self, printed: Set[Design]) -> None:
        """Draw the artwork of designs that are used for the first time."""
        for design in printed - self._prepared:
            self._artwork.update(artwork_of(design.folder))
            self._prepared.add(design)

    def _body(self, design: Design, fields: Fields, *, code: str) -> Markup:
        template = self._templates.get_template(f"{design.name}/page.html")
        told = {name: fields[name] for name in design.fields if name in fields}
        try:
            return Markup(template.render(told, code=code, design=design))  # noqa: S704 its own escaping
        except UndefinedError as gap:
            raise CannotDraw(f"The design “{design.name}” needs more: {gap}.") from gap

    def _written(self, document: Document, finisher: Any = None) -> bytes:
        with _no_complaint():
            return bytes(document.write_pdf(finisher=finisher, pdf_variant=VARIANT))


def _runs(pages: Sequence[Page]) -> Iterator[Sequence[Page]]:
    """Yield so many pages that laying them out together costs little memory."""
    return (pages[start : start + RUN] for start in range(0, len(pages), RUN))


def _metadata(design: Design, fields: Fields) -> DocumentMetadata:
    """Tell readers and search what a file is, with dates that do not change when drawn again."""
    day = str(fields["issued_on"])
    return DocumentMetadata(
        title=f"{design.title}: {fields['recipient']}",
        authors=[str(fields["host"])],
        description=f"{fields['programme']}. Certificate no. {fields['number']}",
        created=day,
        modified=day,
        lang=LANGUAGE,
    )


def _most_frequent(pages: Sequence[Page]) -> Design:
    """Return the design of which a spare sheet is most likely to be needed."""
    names = [design.name for design, _ in pages]
    return design_called(max(names, key=names.count))


def _on_one_side(_document: Document, pdf: Any) -> None:
    """Ask the printer for one certificate a sheet, at its true size."""
    pdf.catalog["ViewerPreferences"].update({"Duplex": "/Simplex", "PrintScaling": "/None"})
    compress_fonts_once(pdf)


class _Complaints(logging.Handler):
    """Collect the logged lines that mean a gap on the paper: a letter or a picture not found."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or ".notdef" in record.msg:
            self.said.append(record.getMessage())


@contextmanager
def _no_complaint() -> Iterator[None]:
    """Refuse a paper with a missing letter or picture, which WeasyPrint would only log."""
    complaints = _Complaints()
    WEASYPRINT.addHandler(complaints)
    try:
        yield
    except FatalURLFetchingError as refused:
        # It derives from BaseException: named here, or it would end the process.
        asked = str(refused).replace(f"{ROOT.as_uri()}/", "")
        raise CannotDraw(f"{asked}: only prepared files of certificates/ are used.") from refused
    finally:
        WEASYPRINT.removeHandler(complaints)
    if complaints.said:
        raise CannotDraw(f"The paper cannot be drawn: {'; '.join(complaints.said)}.")
