"""Files that the tests of media make for themselves: good ones, and ones that are meant badly."""

from __future__ import annotations

import base64
import io
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

from docx import Document
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


def make_pdf(
    path: Path, pages: list[str], *, password: str | None = None, picture: bytes | None = None
) -> Path:
    """A page for each text, with a bookmark; `picture` is drawn on every page."""
    encrypt = StandardEncryption(password, ownerPassword="owner", strength=128) if password else None
    canvas = Canvas(str(path), pagesize=(612, 792), encrypt=encrypt)
    canvas.setTitle("Made for a test")
    for number, text in enumerate(pages, start=1):
        canvas.bookmarkPage(f"p{number}")
        canvas.addOutlineEntry(f"Chapter {number}", f"p{number}")
        if picture:
            canvas.drawImage(ImageReader(io.BytesIO(picture)), 50, 300, 200, 200)
        if text:
            canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return path


def raw_pdf(objects: dict[int, bytes]) -> bytes:
    """A PDF of these objects; object 1 is the catalogue."""
    data, places = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = max(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        table += b"%010d 00000 n \n" % places.get(number, 0)
    return data + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))


def one_page_pdf(content: bytes, *, box: bytes = b"0 0 612 792", filters: bytes = b"") -> bytes:
    """A page that draws `content`."""
    return raw_pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            % box,
            4: b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), filters, content),
            5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        }
    )


def squeezed(data: bytes, times: int) -> bytes:
    """`data` repeated so often, deflated piece by piece."""
    press = zlib.compressobj(9)
    return b"".join(press.compress(data) for _ in range(times)) + press.flush()


def make_deck(path: Path) -> Path:
    """Two slides: title, body, notes, table, group and chart."""
    deck = Presentation()
    deck.core_properties.title = "Spring deck"
    first = deck.slides.add_slide(deck.slide_layouts[1])
    assert first.shapes.title is not None
    first.shapes.title.text = "Why us"
    first.placeholders[1].text_frame.text = "Audits take days, not weeks"
    notes = first.notes_slide.notes_text_frame
    assert notes is not None
    notes.text = "Pause after the number"
    second = deck.slides.add_slide(deck.slide_layouts[5])
    table = second.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for place, words in enumerate(("Plan", "Price", "Team", "490 euros")):
        table.cell(place // 2, place % 2).text = words
    outer = second.shapes.add_group_shape()
    inner = outer.shapes.add_group_shape()
    inner.shapes.add_textbox(Inches(1), Inches(3), Inches(2), Inches(1)).text_frame.text = "Deep inside"
    chart = CategoryChartData()  # type: ignore[no-untyped-call]
    chart.categories = ["First quarter", "Second quarter"]
    chart.add_series("Renewals", (1, 2))  # type: ignore[no-untyped-call]
    second.shapes.add_chart(XL_CHART_TYPE.PIE, Inches(1), Inches(4), Inches(3), Inches(2), chart)
    deck.save(str(path))
    return path


def make_document(path: Path) -> Path:
    """A heading, words, a table, another heading, words."""
    document = Document()
    document.add_heading("The problem", 1)
    document.add_paragraph("Spreadsheets everywhere")
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Before"
    table.cell(0, 1).text = "After"
    document.add_heading("The result", 2)
    document.add_paragraph("Forty hours saved")
    document.save(str(path))
    return path


def repacked(source: Path, target: Path, changed: dict[str, bytes]) -> Path:
    """A copy of a ZIP in which some members have other contents."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, changed.get(member, old.read(member)))
        for member in changed.keys() - set(old.namelist()):
            new.writestr(member, changed[member])
    return target


def photo(mode: str = "RGB", size: tuple[int, int] = (64, 32)) -> Image.Image:
    """A picture whose left half is dark."""
    image = Image.new(mode, size, "white")
    image.paste("black", (0, 0, size[0] // 2, size[1]))
    return image


def png_header(width: int, height: int, colour: int = 0) -> bytes:
    """The start of a PNG that claims this size, with a grain of data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", squeezed(b"\0" * 1000, 100))
        + chunk(b"IEND", b"")
    )


def run_lavfi(ffmpeg: Path, path: Path, *arguments: str) -> Path:
    """Let ffmpeg make a clip."""
    command = [str(ffmpeg), "-v", "error", "-y", "-nostdin", *arguments, str(path)]
    subprocess.run(command, check=True, timeout=150)
    return path


HEIC = zlib.decompress(  # 64 × 32, its left half black, to be shown turned by 90 degrees; nothing here could write one
    base64.b64decode(
        "eNpjYGCQSCupLMhIzUxmAILczDRDCJvRJDe1JJEBAhQzUnKKoGyGgszkEgY0wFeQWZILZjECsVxmTj7YOBcQnxEiyhgCpEWAWDkzMy8NrlYUyEll"
        "gvIyypINQcwdmQVFBUB6VmZBcj6QLgVKODMyJgCZE8A65T4w/Pn74wcDAz/zAqBGCQdGHsb//0EKmEEqmEFIbuoMzoVASU0nRkY0mQUKTWKRket8"
        "1jNmcIAEwMQJh0VA1WwujAeLL3SC3JpZXJAK9Z8DECsAMWdmUX4J0AwGscyCXFjoAL3I3MjUDGTJ5KYkgsJGQINxvWzDO+X+/zfazMu+XJEAAAoG"
        "Qmk="
    )
)
PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=2")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:duration=2")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "64k")


def make_open_document(path: Path, kind: str, body: str, *, title: str = "", encrypted: bool = False) -> Path:
    """An OpenDocument file of this `kind` (text, presentation, spreadsheet) around the XML of its body."""
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "presentation": "presentation",
            "svg": "svg-compatible",
        }.items()
    )
    content = (
        f'<office:document-content{names} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body>'
        f"<office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    meta = (
        f'<office:document-meta{names} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        f"<dc:title>{title}</dc:title></office:meta></office:document-meta>"
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    mime = f"application/vnd.oasis.opendocument.{kind}"
    locked = "<m:encryption-data/>" if encrypted else ""
    manifest = (
        f'<m:manifest xmlns:m="{space}"><m:file-entry m:full-path="/" m:media-type="{mime}"/>'
        f'<m:file-entry m:full-path="content.xml" m:media-type="text/xml">{locked}</m:file-entry></m:manifest>'
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", mime)
        package.writestr("content.xml", content)
        package.writestr("meta.xml", meta)
        package.writestr("META-INF/manifest.xml", manifest)
    return path
