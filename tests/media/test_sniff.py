"""The type comes from the content; a name that says otherwise is reported; sniffing stays cheap on anything."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from hub.media import FileType, sniff
from tests.processor import at_most

from .inputs import make_deck, make_document, make_pdf, photo

EXE = b"MZ\x90\x00" + b"\x00" * 60 + b"PE\x00\x00" + bytes(200)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def look(tmp_path: Path, data: bytes, name: str = "file") -> FileType:
    path = tmp_path / "uploaded"
    path.write_bytes(data)
    return sniff(path, name)


def zipped(*members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for member in members:
            package.writestr(member, "x")
    return out.getvalue()


def ole(*names: str, below: str = "") -> bytes:
    """The header and directory of an OLE file: `names` right under the root, `below` one level further down."""

    def entry(name: str, left: int, right: int, child: int) -> bytes:
        text = name.encode("utf-16-le")
        links = b"".join(number.to_bytes(4, "little", signed=True) for number in (left, right, child))
        head = text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little") + b"\1\1" + links
        return head.ljust(128, b"\0")

    header = bytearray(OLE.ljust(512, b"\0"))
    header[30:32] = (9).to_bytes(2, "little")
    entries = [entry("Root Entry", -1, -1, 1)]
    last = len(names)
    for place, name in enumerate(names, start=1):
        entries.append(
            entry(name, -1, place + 1 if place < last else -1, last + 1 if below and place == 1 else -1)
        )
    if below:
        entries.append(entry(below, -1, -1, -1))
    return bytes(header) + b"".join(entries).ljust(2048, b"\0")


@pytest.mark.parametrize(
    ("data", "mime", "family"),
    [
        (b"", "application/x-empty", "unknown"),
        (b"%PDF-1.4\n%\xe2\xe3", "application/pdf", "pdf"),
        (b"junk\x00\x01\x02" * 20 + b"%PDF-1.4\n", "application/pdf", "pdf"),
        (b"\r\n%PDF-1.4\nplain", "application/pdf", "pdf"),
        (EXE, "application/vnd.microsoft.portable-executable", "program"),
        (b"\x7fELF\x02\x01\x01", "application/x-executable", "program"),
        (b"#!/bin/sh\nrm -rf /\n", "text/x-shellscript", "program"),
        (b"{\\rtf1\\ansi hello}", "application/rtf", "document"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav", "audio"),
        (b"RIFF\x24\0\0\0AVI LIST", "video/x-msvideo", "video"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0", "audio/mp4", "audio"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", "video/mp4", "video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  \0\0\0\x08wide", "video/quicktime", "video"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heic", "image"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "image/avif", "image"),
        (
            b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm",
            "video/webm",
            "video",
        ),
        (b"\x1aE\xdf\xa3\xa3B\x82\x88matroska", "video/x-matroska", "video"),
        (b"OggS\0\2" + b"\0" * 20 + b"\x80theora", "video/ogg", "video"),
        (b"OggS\0\2" + b"\0" * 20 + b"OpusHead", "audio/ogg", "audio"),
        (b"ID3\x04\0\0\0\0\0\x02\0\0\xff\xfb\x90\x00" + bytes(600), "audio/mpeg", "audio"),
        (b"ID3\x04\0\0\0\0\0\x00fLaC", "audio/flac", "audio"),
        (b"\x47" + b"\0" * 187 + b"\x47" + b"\0" * 187 + b"\x47", "video/mp2t", "video"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "application/x-7z-compressed", "archive"),
        (ole("WordDocument", "1Table"), "application/msword", "document"),
        (ole("Current User", "PowerPoint Document"), "application/vnd.ms-powerpoint", "slides"),
        (ole("EncryptionInfo", "EncryptedPackage"), "application/x-ole-encrypted", "document"),
        (ole("Object1", below="Workbook"), "application/x-ole-storage", "unknown"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "sheet", "sheet"),
        (zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macro", "document"),
        (zipped("readme.txt", "word/document.xml"), "application/zip", "archive"),
        (zipped("Deck.key/Index.zip"), "application/vnd.apple.keynote", "slides"),
        (zipped("Index/Document.iwa", "Index/Slide-1.iwa"), "application/vnd.apple.keynote", "slides"),
        (zipped("META-INF/MANIFEST.MF", "A.class"), "application/java-archive", "program"),
        (b"<!DOCTYPE html><p>hi", "text/html", "html"),
        (b"<!-- x --><script>alert(1)</script>", "text/html", "html"),
        (b"Hello <script>alert(1)</script>", "text/html", "html"),
        (b"\xff\xfe" + "<html><body>hi".encode("utf-16-le"), "text/html", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x "y">]><svg xmlns="a"/>', "image/svg+xml", "svg"),
        (b"<svg:svg xmlns:svg='a'></svg:svg>", "image/svg+xml", "svg"),
        (b"<?xml version='1.0'?><note/>", "application/xml", "text"),
        (b"#EXTM3U\nhttp://a/b.ts", "application/vnd.apple.mpegurl", "unknown"),
        (b"ffconcat version 1.0\nfile x", "application/vnd.apple.mpegurl", "unknown"),
        (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", "application/vnd.apple.mpegurl", "unknown"),
        (b"<?xml version='1.0'?><MPD><Period/></MPD>", "application/vnd.apple.mpegurl", "unknown"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nhi", "text/vtt", "text"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nhi\n", "application/x-subrip", "text"),
        (b"# Title\n\nSee [this](http://a).\n", "text/markdown", "markdown"),
        (b"---\ntitle: x\n---\nwords", "text/markdown", "markdown"),
        ("Grüße aus Köln".encode("cp1252"), "text/plain", "text"),
        (b"A contract mentions %PDF-1.4 as format", "text/plain", "text"),
        (bytes(range(256)) * 4, "application/octet-stream", "unknown"),
    ],
)
def test_type_is_told_by_content(tmp_path: Path, data: bytes, mime: str, family: str) -> None:
    found = look(tmp_path, data)
    assert (mime in found.mime, found.family) == (True, family), found
    assert found.label


def test_text_that_is_named_so_is_shown_to_the_letter(tmp_path: Path) -> None:
    quoted = b"<div id=1><form id=test></form>\n<script>alert(1)</script>\n"
    odd = b"Names:\n" + b"Ada, Bo, Cy\n" * 20 + b"\x01\x02\n"
    for data in (quoted, odd):
        found = look(tmp_path, data, "strings.txt")
        assert (found.mime, found.claimed) == ("text/plain", None)
    assert look(tmp_path, quoted, "page.html").mime == "text/html"
    assert look(tmp_path, odd, "strings").family == "unknown"
    assert look(tmp_path, odd + b"\0", "strings.txt").family == "unknown"
    assert look(tmp_path, EXE, "strings.txt").family == "program"


def test_office_files_as_libraries_write_them(tmp_path: Path) -> None:
    deck, document = make_deck(tmp_path / "a"), make_document(tmp_path / "b")
    assert sniff(deck, "a.pptx").family == "slides"
    assert sniff(document, "b.docx").family == "document"
    assert sniff(deck, "a.docx").claimed == "Word document"


def test_truncated_deck_is_still_a_deck(tmp_path: Path) -> None:
    data = make_deck(tmp_path / "deck").read_bytes()
    assert look(tmp_path, data[: len(data) // 2], "deck.pptx").family == "slides"


@pytest.mark.parametrize(
    ("data", "name", "claimed"),
    [
        (EXE, "offer.pdf", "PDF"),
        (b"<html><script>", "offer.pdf", "PDF"),
        (b"<svg/>", "photo.png", "PNG image"),
        (b"#EXTM3U\n", "film.mp4", "MP4 video"),
        (b"%PDF-1.4", "offer.PDF", None),
        (b"\xff\xd8\xff\xe0", "photo.png", None),
        (b"words", "notes.md", None),
        (b"words", "no-extension", None),
        (b"", "offer.pdf", None),
    ],
)
def test_name_that_says_otherwise_is_reported(
    tmp_path: Path, data: bytes, name: str, claimed: str | None
) -> None:
    assert look(tmp_path, data, name).claimed == claimed


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "ICO", "AVIF"])
def test_images(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "image"
    photo().save(path, kind)
    assert sniff(path, "x").family == "image"
    with Image.open(path) as image:
        assert image.format == kind


@pytest.mark.parametrize(
    "evil",
    [
        b"[" * 65536,
        b"[a](" * 16384,
        b" " * 65536,
        b"\n" * 65536,
        b"<!--" * 16384,
        b"<!DOCTYPE x [" * 5000,
        b"---\n-a: b c d e f g\n" + b"-a: b c d\n" * 6000,
        b"<" * 65536,
        b"<?" * 30000,
        b"PK\x03\x04" * 16000,
        b"PK\x05\x06" * 9000,
        b"\xff\xfb" * 30000,
        b"ID3" + b"\x7f" * 60000,
        OLE + b"\xff" * 65000,
        OLE + b"\x01" * 65000,
        b"\x00\x00\x00\x01ftyp" * 8000,
    ],
)
def test_sniffing_hostile_bytes_is_quick(tmp_path: Path, evil: bytes) -> None:
    with at_most(seconds=1):
        assert look(tmp_path, evil, "x.pdf").family


def test_reads_little_of_a_large_file(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "large.pdf", ["x"])
    with path.open("r+b") as file:
        file.truncate(50 * 2**30)
    assert sniff(path, "large.pdf").mime == "application/pdf"


def test_unreadable_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sniff(tmp_path / "gone", "gone.pdf")


def test_foreign_types_get_a_name(tmp_path: Path) -> None:
    found = look(tmp_path, b"SQLite format 3\x00" + bytes(200))
    assert (found.family, "SQLite" in found.label) == ("unknown", True)
    assert look(tmp_path, b"\x01\x02\x03\x04" * 50).label == "File of unknown type"


def test_docx_of_another_producer_is_known_by_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    Document().save(str(path))
    assert look(tmp_path, zipped("[Content_Types].xml", "word/document2.xml"), "x.docx").family == "document"
