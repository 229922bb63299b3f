"""Types that share a container: Office and OpenDocument in ZIP, old Office in OLE, MP4 and its relatives, WebM, RIFF, Ogg."""

from __future__ import annotations

import struct
from typing import BinaryIO

from hub.media.kinds import DOCM, DOCX, ENCRYPTED_OFFICE, PPTM, PPTX, XLSM, XLSX

_DIRECTORY_BYTES = 256 * 1024  # of a ZIP's list of members; enough for thousands of them
_BY_MEMBER: tuple[tuple[str, str], ...] = (
    ("ppt/presentation.xml", PPTX),
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", XLSX),
    ("AndroidManifest.xml", "application/vnd.android.package-archive"),
    ("META-INF/MANIFEST.MF", "application/java-archive"),
)
_WITH_MACROS = {PPTX: PPTM, DOCX: DOCM, XLSX: XLSM}
_BY_FOLDER: tuple[tuple[str, str], ...] = (("ppt/", PPTX), ("word/", DOCX), ("xl/", XLSX))
_IWORK_FOLDERS = {
    ".key/": "application/vnd.apple.keynote",
    ".pages/": "application/vnd.apple.pages",
    ".numbers/": "application/vnd.apple.numbers",
}
_MIMETYPES = {
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/epub+zip",
}
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("PP40", "application/vnd.ms-powerpoint"),
)


def sniff_zip(file: BinaryIO, head: bytes) -> str | None:
    """Told by the members. Nothing is uncompressed."""
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return None
    if head[30:38] == b"mimetype":
        start = 38 + int.from_bytes(head[28:30], "little")
        named = head[start : start + 100].split(b"PK", 1)[0].decode("ascii", "replace").strip()
        named = next((mime for mime in _MIMETYPES if named.startswith(mime)), "")
        if named:
            return named
    members = _members(file) or _members_from_start(head)
    office = "[Content_Types].xml" in members
    for member, mime in _BY_MEMBER:
        if member in members and (office or not mime.startswith("application/vnd.openxml")):
            macros = any(name.endswith("vbaProject.bin") for name in members)
            return _WITH_MACROS.get(mime, mime) if macros else mime
    if office:
        for folder, mime in _BY_FOLDER:
            if any(name.startswith(folder) for name in members):
                return mime
    return _iwork(members) or "application/zip"


def _members(file: BinaryIO) -> set[str]:
    """Names in the central directory, as far as the first 256 KiB of it go."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read(65_557)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        return set()
    length, start = struct.unpack("<II", tail[place + 12 : place + 20])
    file.seek(min(start, size))
    return _names(file.read(min(length, _DIRECTORY_BYTES)), b"PK\x01\x02", 46, 28)


def _members_from_start(head: bytes) -> set[str]:
    """Names by the local headers at the start, for a ZIP whose end is missing: so that a truncated deck is still a deck."""
    names: set[str] = set()
    place = 0
    while (place := head.find(b"PK\x03\x04", place)) >= 0 and len(names) < 1000:
        names |= _names(head[place : place + 30 + 512], b"PK\x03\x04", 30, 26, only_first=True)
        place += 4
    return names


def _names(data: bytes, mark: bytes, fixed: int, length_at: int, *, only_first: bool = False) -> set[str]:
    names: set[str] = set()
    place = 0
    while data[place : place + 4] == mark and len(data) >= place + fixed:
        name_length = int.from_bytes(data[place + length_at : place + length_at + 2], "little")
        names.add(data[place + fixed : place + fixed + name_length].decode("utf-8", "replace"))
        if only_first:
            break
        extra = sum(struct.unpack("<HH", data[place + length_at + 2 : place + length_at + 6]))
        place += fixed + name_length + extra
    return names


def _iwork(members: set[str]) -> str | None:
    packaged = next((name for name in members if name.endswith("/Index.zip")), "")
    for ending, mime in _IWORK_FOLDERS.items():
        if ending in packaged:
            return mime
    if "index.apxl" in members or any(
        name.startswith(("Index/Slide", "Index/MasterSlide")) for name in members
    ):
        return "application/vnd.apple.keynote"
    if any(name.startswith("Index/CalculationEngine") for name in members) and any(
        name.startswith("Index/Tables/") for name in members
    ):
        return "application/vnd.apple.numbers"
    return "application/vnd.apple.pages" if "Index/Document.iwa" in members else None


def sniff_ole(file: BinaryIO, head: bytes) -> str | None:
    """Told by the names in the first sectors of the directory."""
    if len(head) < 76:
        return "application/x-ole-storage"
    sector = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    first = int.from_bytes(head[48:52], "little")
    file.seek(min((first + 1) * sector, file.seek(0, 2)))
    directory = file.read(16 * 1024)
    names = _outermost(directory)
    return next((mime for name, mime in _OLE_STREAMS if name in names), "application/x-ole-storage")


def _outermost(directory: bytes) -> set[str]:
    """Names right under the root: a deck may hold a whole workbook further down. Entries form a binary tree."""
    names: set[str] = set()
    waiting, seen = [int.from_bytes(directory[76:80], "little")], set[int]()
    while waiting:
        index = waiting.pop()
        entry = directory[index * 128 : index * 128 + 128]
        if index in seen or len(entry) < 128:
            continue
        seen.add(index)
        length = min(int.from_bytes(entry[64:66], "little"), 64)
        names.add(entry[: max(0, length - 2)].decode("utf-16-le", "replace"))
        waiting += [int.from_bytes(entry[68:72], "little"), int.from_bytes(entry[72:76], "little")]
    return names


_BY_BRAND = {
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"M4P ": "audio/mp4",
    b"F4A ": "audio/mp4",
}


def sniff_isobmff(head: bytes) -> str | None:
    """MP4, QuickTime, M4A, HEIC, AVIF: told by the brands."""
    if head[4:8] in {b"moov", b"mdat", b"wide", b"pnot", b"free", b"skip"} and len(head) > 8:
        return "video/quicktime"
    if head[4:8] != b"ftyp":
        return None
    size = min(max(int.from_bytes(head[:4], "big"), 16), 512)
    brand = head[8:12]
    brands = {brand, *(head[place : place + 4] for place in range(16, size, 4))}
    if brands & {b"avif", b"avis"}:
        return "image/avif"
    if brands & {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}:
        return "image/heic"
    return _BY_BRAND.get(brand, "video/3gpp" if brand.startswith((b"3gp", b"3g2")) else "video/mp4")


def sniff_ebml(head: bytes) -> str | None:
    """WebM or Matroska."""
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    return "video/webm" if b"\x42\x82\x84webm" in head[:128] else "video/x-matroska"


def sniff_riff(head: bytes) -> str | None:
    """WAV, AVI, WebP."""
    if head[:4] not in {b"RIFF", b"RF64"}:
        return None
    return {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo", b"WEBP": "image/webp"}.get(head[8:12])


def sniff_ogg(head: bytes) -> str | None:
    """Ogg with pictures or without."""
    if not head.startswith(b"OggS"):
        return None
    return "video/ogg" if b"\x80theora" in head[:4096] else "audio/ogg"
