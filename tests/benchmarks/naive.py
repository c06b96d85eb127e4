"""The reference for drawing: the same design by `HTML(...).write_pdf()`, everything anew each time.

python -m tests.benchmarks.naive HOW_MANY
"""

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from app.plumbing.drawing.designs import sample
from app.plumbing.drawing.fonts import write_fontconfig
from app.plumbing.drawing.places import CERTIFICATES
from app.plumbing.drawing.setting import curly, direction, fitted, in_a_row, in_words
from app.plumbing.qr import qr_svg

folder = tempfile.mkdtemp(prefix="naive-")
os.environ["FONTCONFIG_FILE"] = str(write_fontconfig(Path(folder)))
from weasyprint import HTML  # noqa: E402 - after its fonts are named


def drawn(person: dict[str, object]) -> bytes:
    """Draw one certificate as the first page of WeasyPrint's manual does."""
    templates = Environment(loader=FileSystemLoader(CERTIFICATES), autoescape=True)
    templates.filters.update(
        curly=curly, direction=direction, fitted=fitted, in_a_row=in_a_row, in_words=in_words
    )
    code = Path(folder) / "code.svg"
    code.write_text(qr_svg(str(person["check_url"]), title="check"))
    body = templates.get_template("completion/page.html").render(person, code=code.as_uri())
    html = templates.get_template("shared/certificate.html").render(
        lang="en-GB", pages=[Markup(body)], blank=None
    )
    sheets = [CERTIFICATES / "shared/certificate.css", CERTIFICATES / "completion/page.css"]
    return HTML(string=html, base_url=f"{CERTIFICATES.as_uri()}/").write_pdf(
        stylesheets=sheets, pdf_variant="pdf/ua-1"
    )


how_many = int(sys.argv[1])
who = dict(sample("completion"))
drawn(who)
began = time.process_time()
sizes = [
    len(drawn(who | {"recipient": f"Dr Siân O’Connor {number}"})) for number in range(how_many)
]
took = time.process_time() - began
sys.stdout.write(
    json.dumps(
        {
            "a_second": how_many / took,
            "bytes": max(sizes),
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )
)
