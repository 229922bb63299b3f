"""Texts: decoding them, and telling web pages, drawings, playlists, captions and Markdown from plain text."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath

from hub.media.kinds import PLAYLIST

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# What may stand before the first element: declarations, comments, doctypes, space.
_PROLOG = re.compile(r"\s*(?:<\?[^>]*>|<!--.*?-->)\s*", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+([a-z]+)(?:[^\[>]|\[[^\]]*\])*>\s*", re.IGNORECASE)
_ELEMENT = re.compile(r"<(?:[a-z][\w-]*:)?([a-z][\w-]*)[\s/>]", re.IGNORECASE)
_HTML_ELEMENTS = (
    "html head body title script style meta link base iframe object embed form div span p a b i u em strong h1 h2 h3 h4 "
    "h5 h6 table tr td ul ol li img br hr pre font center main section article header footer nav video audio math"
)
_BY_ELEMENT = {"svg": "image/svg+xml", "mpd": PLAYLIST} | dict.fromkeys(_HTML_ELEMENTS.split(), "text/html")
_HTML_INSIDE = re.compile(r"<(?:html|body|script|iframe|object|embed)[\s>]", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
# Bounded repeats, here and below: these run in the web process on whatever was uploaded.
_MARKS = re.compile(
    r"\[[^\[\]\n]{1,200}\]\([^()\n]{1,300}\)|^[ \t]{0,8}[-*] \S|\*\*\S|^```|^> \S", re.MULTILINE
)
_FRONT_MATTER = re.compile(r"\A---\r?\n[\w-]{1,60}:")
_PLAYLISTS = ("#EXTM3U", "ffconcat version", "[playlist]", "[Reference]")
_SRT = re.compile(
    r"\A\s{0,100}\d{1,6}[ \t]{0,9}\r?\n[ \t]{0,9}(?:\d{1,4}:)?\d\d?:\d\d[,.]\d{1,3}[ \t]{0,9}-->"
)
_BY_NAME = {
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "markdown": "text/markdown",
    "mdx": "text/markdown",
    "txt": "text/plain",
}


def decode(data: bytes) -> str:
    """Text of any usual encoding: by its byte-order mark, else UTF-8, else Windows-1252. Never fails."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def sniff_text(head: bytes, filename: str) -> str | None:
    """Which kind of text it is; None when it is not one.

    The name decides only between kinds of plain text, which are all handled alike and harmlessly: what is named .txt and is a
    text is shown to the letter, also where it quotes HTML.
    """
    ending = PurePath(filename).suffix.lower().lstrip(".")
    # A list of odd characters is still a text when it is named as one.
    most = len(head) // (100 if ending in _BY_NAME and b"\0" not in head else 1000)
    if not head.startswith(tuple(mark for mark, _ in _BOMS)) and len(_CONTROL.findall(head)) > most:
        return None
    text = decode(head)
    return (None if ending == "txt" else _markup(text)) or _plain(text, filename)


def _plain(text: str, filename: str) -> str:
    first = text.lstrip()[:64]
    if first.startswith(_PLAYLISTS) or re.match(r"v=0\r?\no=", first):
        return PLAYLIST
    if first.startswith("WEBVTT"):
        return "text/vtt"
    if _SRT.match(text):
        return "application/x-subrip"
    markdown = _FRONT_MATTER.match(text) or (_HEADING.search(text) and _MARKS.search(text))
    named = _BY_NAME.get(PurePath(filename).suffix.lower().lstrip("."))
    return named or ("text/markdown" if markdown else "text/plain")


def _markup(text: str) -> str | None:
    """HTML, SVG, a DASH playlist or other XML, by the first element; HTML also where scripts follow a text."""
    place = 0
    xml = text.lstrip().startswith("<?xml")
    while match := _PROLOG.match(text, place):
        place = match.end()
    rest = text[place:].lstrip()
    if doctype := _DOCTYPE.match(rest):
        if doctype[1].lower() == "html":
            return "text/html"
        rest = rest[doctype.end() :]
        while match := _PROLOG.match(rest):
            rest = rest[match.end() :]
    element = _ELEMENT.match(rest)
    name = element[1].lower() if element else ""
    if name in _BY_ELEMENT:
        return _BY_ELEMENT[name]
    if xml or (doctype and element):
        return "application/xml"
    return "text/html" if _unmarked_html(text) else None


def _unmarked_html(text: str) -> bool:
    """Browsers would run a script that follows harmless words. Markdown quotes such elements, so it must not look like it."""
    return bool(_HTML_INSIDE.search(text[:2048])) and not (_HEADING.search(text) or _FRONT_MATTER.match(text))
