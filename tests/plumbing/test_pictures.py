"""Files that teams send: shown, or refused in words; and whatever is in them does no harm."""

import io
import os
import subprocess
import sys
import time
import zlib

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from app.plumbing.pictures import ROOT, TILE, UnfitFile, look_at, pictures_of
from tests.posters.files import a_pdf, a_picture, a_vast_png, saved


def refusal_of(content: bytes, filename: str = "poster.pdf") -> str:
    with pytest.raises(UnfitFile) as refused:
        look_at(content, filename=filename)
    return str(refused.value)


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "filename", "kind", "pages"),
    [
        (a_pdf(), "poster.pdf", "pdf", 1),
        (a_pdf(pages=50), "Poster.PDF", "pdf", 50),
        (a_picture("PNG"), "poster.png", "png", 1),
        (a_picture("JPEG"), "poster.jpeg", "jpeg", 1),
        (a_picture("JPEG"), "without an ending", "jpeg", 1),
    ],
)
def test_a_poster_is_known_by_its_content(content, filename, kind, pages):
    looks = look_at(content, filename=filename)

    assert (looks.kind, looks.pages) == (kind, pages)


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"", "poster.pdf"),
        (b"<!doctype html><script>alert(1)</script>", "poster.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "poster.png"),
        (b"GIF89a" + b"\0" * 100, "poster.png"),
        (b"PK\x03\x04" + b"\0" * 100, "poster.pptx"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "poster.png"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "poster.jpg"),
        (b"MZ\x90\0", "poster.exe"),
        (b"\n\n%PDF-1.7\n", "poster.pdf"),
    ],
)
def test_what_is_no_poster_is_refused(content, filename):
    assert "not a PDF, PNG or JPEG" in refusal_of(content, filename)


@pytest.mark.parametrize(
    ("content", "filename", "words"),
    [
        (a_picture("PNG"), "poster.pdf", "called .pdf, but inside it is a PNG picture"),
        (a_pdf(), "poster.png", "called .png, but inside it is a PDF"),
        (a_picture("JPEG"), "poster.html", "called .html, but inside it is a JPEG picture"),
        (a_pdf(pages=500), "poster.pdf", "has 500 pages; 50 is the most"),
        (
            saved(opened(a_pdf()), encryption=pikepdf.Encryption(user="secret", owner="o")),
            "poster.pdf",
            "locked with a password",
        ),
        (
            saved(opened(a_pdf()), encryption=pikepdf.Encryption(user="", owner="o")),
            "poster.pdf",
            "This PDF is protected",
        ),
        (a_vast_png(40_000, 40_000), "poster.png", "40,000 × 40,000 pixels; 12,000 on a side"),
        (a_vast_png(12_000, 12_000), "poster.png", "40 million altogether is the most"),
        (a_pdf()[:60], "poster.pdf", "This PDF cannot be read"),
        (b"%PDF-1.7\nnonsense", "poster.pdf", "This PDF cannot be read"),
        (a_picture("PNG")[:200], "poster.png", "This picture cannot be read"),
        (a_picture("JPEG")[:400], "poster.jpg", "This picture cannot be read"),
        (b"%PDF-" + b"\0" * (200 << 20), "poster.pdf", "has 200 MB; 20 MB is the most"),
    ],
)
def test_a_poster_that_cannot_be_shown_is_refused_in_words_that_help(content, filename, words):
    began = time.process_time()

    assert words in refusal_of(content, filename)

    assert time.process_time() - began < 2  # of ours; the file is read by another process


def a_pdf_that_acts() -> bytes:
    """A PDF with everything in it that a reader could run, follow, open or learn."""
    pdf = opened(a_pdf())
    name, words = pikepdf.Name, pikepdf.String
    script = pdf.make_indirect(pikepdf.Dictionary(S=name.JavaScript, JS=words("app.alert('RUNS')")))
    pdf.Root.OpenAction = script
    pdf.Root.AA = pikepdf.Dictionary(WC=script)
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([words("x"), script]))
    )
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<xdp>RUNS</xdp>"), Fields=[])
    pdf.Root.URI = pikepdf.Dictionary(Base=words("http://elsewhere.example/"))
    page = pdf.pages[0]
    page.AA = pikepdf.Dictionary(O=script)
    launch = pikepdf.Dictionary(S=name.Launch, F=words("RUNS.exe"))
    page.Annots = pikepdf.Array(
        [
            pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=name.Annot,
                    Subtype=name.Link,
                    Rect=[0, 0, 100, 100],
                    A=launch,
                )
            )
        ]
    )
    page.PieceInfo = pikepdf.Dictionary(Maker=pikepdf.Dictionary(Private=words("Ruth Adeleke")))
    pdf.attachments["RUNS.js"] = b"RUNS"
    with pdf.open_metadata() as about:
        about["dc:creator"] = ["Ruth Adeleke"]
    pdf.docinfo["/Author"] = "Ruth Adeleke"
    return saved(pdf, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def test_a_pdf_keeps_its_pages_and_nothing_that_runs_or_tells():
    sent = a_pdf_that_acts()
    assert b"RUNS" in sent and b"Ruth Adeleke" in sent

    clean = pictures_of(sent, kind="pdf").original

    with opened(clean) as pdf:
        laid_open = saved(
            pdf,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
        assert len(pdf.pages) == 1
        assert not {"/OpenAction", "/AA", "/Names", "/AcroForm", "/Metadata", "/URI"} & set(
            pdf.Root.keys()
        )
        assert set(pdf.docinfo.keys()) == set()
    for trace in (b"RUNS", b"Ruth", b"JavaScript", b"Launch", b"Annot", b"XFA", b"elsewhere"):
        assert trace not in laid_open
    assert b"(Aim) Tj" in laid_open


def test_a_photograph_tells_nothing_about_where_it_was_taken():
    made = io.BytesIO()
    about = Image.Exif()
    about[0x010F] = "Ruth's camera"
    about.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (300, 200)).save(made, "JPEG", exif=about, comment=b"at home")
    assert b"camera" in made.getvalue()

    clean = pictures_of(made.getvalue(), kind="jpeg").original

    with Image.open(io.BytesIO(clean)) as picture:
        assert dict(picture.getexif()) == {}
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"camera" not in clean and b"at home" not in clean


def test_a_png_keeps_its_pixels_and_no_words():
    made, said = io.BytesIO(), PngImagePlugin.PngInfo()
    said.add_text("Author", "Ruth Adeleke")
    said.add_itxt("XML:com.adobe.xmp", "<x>Ruth</x>")
    Image.new("RGBA", (30, 20), (255, 0, 0, 0)).save(made, "PNG", pnginfo=said)

    clean = pictures_of(made.getvalue() + b"<script>alert(1)</script>", kind="png").original

    assert b"Ruth" not in clean and b"script" not in clean
    with Image.open(io.BytesIO(clean)) as picture:
        assert picture.getpixel((3, 3)) == (255, 255, 255)  # what was transparent is paper


def test_an_a0_poster_is_sharp_at_every_size():
    pictures = pictures_of(a_pdf(size=(2384, 3370)), kind="pdf")

    assert max(pictures.small_size) == 1700
    assert len(pictures.small) <= 300_000
    assert max(pictures.large_size) == 4000
    assert (pictures.columns, pictures.rows) == (6, 8)
    assert set(pictures.tiles) == {f"tile-{row}-{col}" for row in range(8) for col in range(6)}
    sizes = {Image.open(io.BytesIO(tile)).size for tile in pictures.tiles.values()}
    assert sizes == {(TILE, TILE)}


def test_a_picture_full_of_detail_still_opens_fast_on_a_phone():
    noise = Image.frombytes("RGB", (500, 700), os.urandom(500 * 700 * 3)).resize((1500, 2100))
    made = io.BytesIO()
    noise.save(made, "JPEG", quality=80)

    assert len(pictures_of(made.getvalue(), kind="jpeg").small) <= 300_000


def test_a_small_picture_comes_with_advice():
    assert "only 1,200 × 1,700 pixels" in look_at(a_picture(), filename="a.png").advice
    assert look_at(a_picture(size=(2400, 3400)), filename="a.png").advice == ""


def test_small_letters_come_with_advice():
    words = ") Tj 0 -4 Td (".join(["so many words in so small letters"] * 60)

    advice = look_at(a_pdf(words=words, letters=2), filename="a.pdf").advice

    assert "Most of the text on this poster is small" in advice
    assert look_at(a_pdf(words=words, letters=12), filename="a.pdf").advice == ""


def a_pdf_that_never_ends() -> bytes:
    """Forms inside forms inside forms: 10 to the power of 12 rectangles to fill."""
    pdf = opened(a_pdf())
    inner = pdf.make_stream(b"0 0 500 500 re f " * 10)
    inner.Type, inner.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    inner.BBox = pikepdf.Array([0, 0, 800, 1100])
    for _ in range(11):
        outer = pdf.make_stream(b"/X Do " * 10)
        outer.Type, outer.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        outer.BBox = pikepdf.Array([0, 0, 800, 1100])
        outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=pdf.make_indirect(inner)))
        inner = outer
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=pdf.make_indirect(inner)))
    page.Contents = pdf.make_stream(b"/X Do")
    return saved(pdf)


def a_pdf_that_swells() -> bytes:
    """A page whose words are 600 megabytes, packed into one."""
    pdf = opened(a_pdf())
    packer = zlib.compressobj(9)
    some = b"0 0 1 1 re " * 100_000
    packed = b"".join(packer.compress(some) for _ in range(600)) + packer.flush()
    pdf.pages[0].Contents = pikepdf.Stream(pdf, packed, Filter=pikepdf.Name.FlateDecode)
    return saved(pdf, compress_streams=False)


@pytest.mark.parametrize("made", [a_pdf_that_never_ends, a_pdf_that_swells])
def test_a_file_that_needs_too_much_is_ended_and_the_next_one_is_read(made):
    content = made()

    assert "too much time or memory" in refusal_of(content)

    assert look_at(a_pdf(), filename="next.pdf").pages == 1


def test_the_process_that_reads_files_can_reach_nothing():
    tried = """
import os, socket
from app.plumbing.darkroom.child import _shut_the_door
_shut_the_door(5)
for act in (lambda: socket.socket(), lambda: open("/etc/hostname"), os.fork, os.pipe):
    try:
        act()
    except OSError as no:
        os.write(1, b"no ")
"""
    said = subprocess.run(
        [sys.executable, "-c", tried], cwd=ROOT, capture_output=True, check=False, timeout=60
    )

    assert said.stdout.split()[:2] == [b"no", b"no"], said.stderr
    assert said.stdout.split()[-1] == b"no"
