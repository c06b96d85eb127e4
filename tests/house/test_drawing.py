"""What a text can talk the drawing engine into: no file is read for it, nobody is asked (trust 7.6).

A canary server listens, and canary files hold a secret. Three walls stand one behind the other:
words are escaped, the engine may fetch nothing, and its process may not reach the network. Each is
tried alone, and a last test takes them away to see that there was something to stop.
"""

import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest

from app.certificates.actions.issuing import (
    attendances_ready,
    award_recognition,
    completions_ready,
    issue_attendances,
    issue_completions,
    team_to_recognise,
)
from app.certificates.models import CertificateIssue
from app.certificates.rules import Holder
from app.plumbing.database import db, transaction
from app.plumbing.drawing import wire
from app.plumbing.files import file_content
from app.plumbing.pdf import (
    CannotDraw,
    certificate_pdfs,
    certificates_pdf,
    designs,
    document_pdf,
    sample,
)
from app.plumbing.queue import run_due
from tests.factories.certificates import (
    AFTER_THE_SUMMIT,
    HELEN,
    a_complete_person,
    a_rule,
)
from tests.factories.events import an_event
from tests.factories.programmes import a_programme, a_team

SECRET = "CANARYHATCHED"
LOOKS_LIKE_AN_IMAGE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="20"><text y="15">{}</text></svg>'
)

# Short, so that one fits into any line of a certificate. SITE is the canary server; TXT, SVG and
# CSS are files with the secret in them.
VECTORS = (
    "<img src=SITE/1.png>",
    "<img src=SVG>",
    "<img src=SITE alt=x srcset='SITE/2x 2x'>",
    "<link rel=stylesheet href=SITE/3.css>",
    "<link rel=stylesheet href=CSS>",
    "<link rel=attachment href=TXT>",
    "<link rel=attachment href=SITE/4>",
    "<a rel=attachment href=TXT>x</a>",
    "<a rel=attachment href=SITE/5>x</a>",
    "<style>@import 'SITE/6.css';</style>",
    "<style>@import url(CSS);</style>",
    "<style>body{background:url(SITE/7)}</style>",
    "<style>@page{background:url(SITE/8)}</style>",
    "<style>@font-face{font-family:x;src:url(SITE/9)}</style>",
    "<style>*{list-style:url(SITE/10);display:list-item}</style>",
    "<style>p:before{content:url(SVG)}</style><p>",
    "<style>p:before{content:url(SITE/11)}</style><p>",
    "<style>p{border-image:url(SITE/12) 1;border:1px solid}</style><p>x",
    "<style>@counter-style x{symbols:url(SITE/13)}</style>",
    "<p style='background:url(SITE/14)'>x",
    "<p style=background:url(SVG)>x",
    "<object data=SVG></object>",
    "<object data=SITE/15></object>",
    "<embed src=SVG>",
    "<embed src=SITE/16>",
    "<iframe src=TXT></iframe>",
    "<svg><image href=SITE/17 width=9 height=9 /></svg>",
    "<svg width=9 height=9><use href=SVG#x /></svg>",
    "<svg><style>@import 'SITE/18';</style></svg>",
    "<base href=SITE/><img src=19.png>",
    "<meta http-equiv=refresh content='0;SITE/20'>",
    "<video poster=SITE/21></video>",
    "<input type=image src=SITE/22>",
    "<table background=SITE/23><tr><td>x</table>",
    "<body background=SITE/24>",
    "<link rel=icon href=SITE/25>",
    "<img src='data:image/svg+xml,<svg><image href=\"SITE/26\"/></svg>'>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'TXT'>]>&y;",
    "<xi:include href=TXT parse=text />",
    "<script src=SITE/27></script>",
    "<img src=../../../../../etc/passwd>",
    "<img src=code:0>",
    "{% include 'TXT' %}",
    "{{ self.__init__.__globals__ }}",
)


TURNS = len(VECTORS) if os.environ.get("HOORAY_EVERY_BAD_TEXT") else 26
"""How many of them stand in each field of each design."""


@dataclass
class Canary:
    """A server that must not be asked, and files that must not be read."""

    site: str
    folder: Path
    asked: list[str] = field(default_factory=list)

    def vectors(self) -> list[str]:
        files = {
            name.upper(): (self.folder / f"s.{name}").as_uri() for name in ("txt", "svg", "css")
        }
        return [_told(vector, {"SITE": self.site, **files}) for vector in VECTORS]


def _told(vector: str, places: Mapping[str, str]) -> str:
    for name, place in places.items():
        vector = vector.replace(name, place)
    return vector


@pytest.fixture
def canary() -> Iterator[Canary]:
    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/svg+xml")
            self.end_headers()
            self.wfile.write(LOOKS_LIKE_AN_IMAGE.format(SECRET).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    # The path stands in every line of a certificate: a short name of digits fits, and letters drawn
    # by chance may be too wide.
    with numbered_folder() as folder:
        (folder / "s.txt").write_text(SECRET)
        (folder / "s.svg").write_text(LOOKS_LIKE_AN_IMAGE.format(SECRET))
        (folder / "s.css").write_text(f"html:before {{ content: '{SECRET}' }}")
        found = Canary(f"http://127.0.0.1:{server.server_port}", folder)
        listening = threading.Thread(target=server.serve_forever, args=(0.05,))
        listening.start()
        yield found
        server.shutdown()
        listening.join()
        server.server_close()


@contextmanager
def numbered_folder() -> Iterator[Path]:
    """Lend a folder whose name is the number of this process."""
    folder = Path(gettempdir(), str(os.getpid()))
    folder.mkdir()
    try:
        yield folder
    finally:
        rmtree(folder)


def words_in(pdf: bytes) -> str:
    """Return what a reader can copy out of a file, without blanks and without kinds of quotes."""
    file = pypdfium2.PdfDocument(pdf)
    return plain("".join(page.get_textpage().get_text_range() for page in file))


def plain(text: str) -> str:
    left_out = "'\"‘’“”-\ufffe\x02"  # hyphens at the end of a line are read in several ways
    return "".join(c for c in text if not c.isspace() and c not in left_out)


TEXTS_OF_OURS = {"check_url"}  # an address that we write; it is in the code, not among the words


def filled_with(design: str, vectors: Sequence[str]) -> list[tuple[dict[str, object], list[str]]]:
    """Return certificates in every field of which another vector stands each time."""
    return [_filled(sample(design), vectors[t:] + vectors[:t]) for t in range(TURNS)]


def _filled(
    fields: Mapping[str, object], vectors: Sequence[str]
) -> tuple[dict[str, object], list[str]]:
    coming = iter(vectors)

    def other(name: str, value: object) -> object:
        if isinstance(value, str) and name not in TEXTS_OF_OURS:
            return next(coming)
        if isinstance(value, list):
            return [other(name, one) for one in value]
        if isinstance(value, dict):
            return {key: other(key, one) for key, one in value.items()}
        return value

    filled = {name: other(name, value) for name, value in fields.items()}
    left = list(coming)
    return filled, list(vectors[: len(vectors) - len(left)])


def assert_nothing_came_in(pdf: bytes) -> None:
    """Look for the secret in every word, every stream and every name of a file."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert not file.attachments
        assert not {"/AA", "/OpenAction", "/AcroForm"} & set(file.Root)
        for part in file.objects:
            if isinstance(part, pikepdf.Stream) and part.get("/Subtype") != "/OpenType":
                assert SECRET.encode() not in part.read_bytes()
            assert getattr(part, "Type", None) not in {"/EmbeddedFile", "/Filespec"}
    assert SECRET not in words_in(pdf)


@pytest.mark.parametrize("design", sorted(designs()))
def test_a_certificate_prints_what_would_fetch_as_words(canary, design):
    certificates = filled_with(design, canary.vectors())

    drawn = certificate_pdfs([(design, fields) for fields, _ in certificates])

    assert canary.asked == []
    for (_, told), pdf in zip(certificates, drawn, strict=True):
        assert not isinstance(pdf, CannotDraw), pdf
        assert_nothing_came_in(pdf)
        printed = words_in(pdf)
        assert [vector for vector in told if plain(vector) not in printed] == []


def test_a_print_file_prints_what_would_fetch_as_words(canary):
    pages = [
        (design, fields)
        for design in designs()
        for fields, _ in filled_with(design, canary.vectors())[::5]
    ]

    pdf = certificates_pdf(pages, blank_last=True, title=canary.vectors()[1])

    assert canary.asked == []
    assert_nothing_came_in(pdf)


def test_a_paper_fetches_nothing_even_when_it_is_told_to(canary):
    drawn = [_document_or_refusal(vector) for vector in canary.vectors()]

    assert canary.asked == []
    assert sum(isinstance(pdf, CannotDraw) for pdf in drawn) >= 15
    for pdf in drawn:
        if not isinstance(pdf, CannotDraw):
            assert_nothing_came_in(pdf)


def _document_or_refusal(vector: str) -> bytes | CannotDraw:
    try:
        return document_pdf(f"<html lang=en><body>{vector}", title="A paper")
    except CannotDraw as refusal:
        return refusal


def test_every_text_of_a_programme_comes_to_paper_as_words(app, canary):
    vectors = [vector for vector in canary.vectors() if SECRET not in vector and "{" not in vector]
    texts = iter(vectors)
    programme = a_programme(
        **{
            name: next(texts)
            for name in (
                "title",
                "host_organisation",
                "commissioner",
                "aims",
                "signatory_name",
                "signatory_role",
            )
        }
    )
    event = an_event(programme, title=next(texts), venue=next(texts))
    team = a_team(programme, name=next(texts))
    for holder in Holder:
        a_rule(programme, holder)
    a_complete_person(next(texts), team=team)
    a_complete_person("Gwen Price", team=team, certificate_name=next(texts))
    citation = next(texts) + " for all"
    with transaction():
        ready = len(completions_ready(programme, at=AFTER_THE_SUMMIT).awards)
        issue_completions(programme, expected=ready, batch="c", by=HELEN, at=AFTER_THE_SUMMIT)
        ready = len(attendances_ready(event).awards)
        issue_attendances(event, expected=ready, batch="a", by=HELEN, at=AFTER_THE_SUMMIT)
        whom = team_to_recognise(team)
        award_recognition(
            event, whom, citation=citation, recognition=uuid4(), by=HELEN, at=AFTER_THE_SUMMIT
        )

    run_due(lambda: AFTER_THE_SUMMIT + timedelta(minutes=1))

    db.session.rollback()
    issues = db.session.query(CertificateIssue).all()
    assert {issue.design for issue in issues} == set(designs())
    papers = [file_content(issue.file_key) for issue in issues if issue.file_key]
    assert len(papers) == len(issues)
    for paper in papers:
        assert_nothing_came_in(paper)
    printed = "".join(words_in(paper) for paper in papers)
    assert [
        text for text in vectors[: vectors.index(citation[:-8]) + 1] if plain(text) not in printed
    ] == []
    assert canary.asked == []


PROCESS = """
import sys
from weasyprint.urls import URLFetcher
from app.plumbing.drawing import child, renderer
class Anything(URLFetcher):
    def __init__(self): super().__init__(fail_on_errors=False, timeout=2)
renderer.NothingFetched = Anything
if "may go out" in sys.argv: child._stay_at_the_easel = lambda event, arguments: None
child.main()
"""
"""The drawing process with its first wall cut, and with both walls cut."""


def drawn_without_a_wall(vectors: Sequence[str], *cuts: str) -> list[bytes]:
    requests = [
        {"draw": "document", "html": f"<html lang=en><body>{v}", "title": "A", "pages": 1}
        for v in vectors
    ]
    said = subprocess.run(
        [sys.executable, "-c", PROCESS, *cuts],
        input=b"".join(map(wire.packed, requests)),
        capture_output=True,
        timeout=60,
        check=False,
    ).stdout
    read = io.BytesIO(said).read
    frames = []
    while head := read(wire.FRAME.size):
        kind, length = wire.FRAME.unpack(head)
        frames.append((wire.Kind(kind), read(length)))
    return [body for kind, body in frames if kind is wire.Kind.DRAWN]


def test_the_drawing_process_reaches_no_network_even_if_it_would_fetch(canary):
    drawn_without_a_wall(canary.vectors())

    assert canary.asked == []


def test_without_its_walls_the_engine_would_ask_and_read(canary):
    """The control: what the tests above would see if there were no walls."""
    drawn = drawn_without_a_wall(canary.vectors(), "may go out")

    came_in = 0
    for pdf in drawn:
        try:
            assert_nothing_came_in(pdf)
        except AssertionError:
            came_in += 1
    assert len(set(canary.asked)) >= 15
    assert came_in >= 3
