"""Rich Text: its words, without fonts, styles, pictures and fields' instructions."""

from __future__ import annotations

import codecs
import re

from hub.media import wording
from hub.media.faults import Unusable
from hub.media.report import Report
from hub.media.sections import report_sections
from hub.media.task import Task

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|([\r\n]+)|([^\\{}\r\n]+)"
)
_BREAKS = {"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "tab": "\t", "cell": " | "}
_SIGNS = {
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "endash": "–",
    "emdash": "—",
    "emspace": " ",
    "enspace": " ",
}
# Groups whose text is none of the document's.
_SILENT = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer",
    "footerl", "footerr", "footerf", "ftnsep", "themedata", "datastore", "listtable", "listoverridetable", "rsidtbl",
    "generator", "xmlnstbl", "fldinst", "latentstyles", "filetbl", "revtbl", "private", "nonshppict", "bin",
}  # fmt: skip
_PAGES = {
    77: "mac_roman",
    128: "cp932",
    134: "cp936",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    204: "cp1251",
}
_ESCAPED = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_DEEPEST = 200


def read(task: Task, report: Report) -> None:
    """Passages of the document's words. Headings are not told apart: RTF names them as it likes."""
    with task.path.open("rb") as file:
        data = file.read(task.limits.zip_bytes)
    text = "".join(_Words(data).pieces)
    text = text.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    )  # letters beyond the first plane come in halves
    report_sections(((False, _row(line)) for line in text.split("\n")), report)
    if not report.has_text:
        raise Unusable(wording.damaged(task.label), "no text in it")


def _row(line: str) -> str:
    """A row of a table ends with a bar; one without words is an empty line."""
    line = line.strip().removesuffix("|").rstrip()
    return line if line.strip(" |") else ""


class _Words:
    """Reads the text of a document into `pieces`. A group begins with what holds around it and ends with what held before."""

    def __init__(self, data: bytes) -> None:
        self.pieces: list[str] = []
        self._page = "cp1252"
        self._bytes = bytearray()  # of a letter that may have two
        self._silent, self._stand_in = False, 1
        self._skip = (
            0  # characters still to be left out, which stand in for a letter that was given by number
        )
        self._outer: list[tuple[bool, int]] = []
        self._too_deep = 0
        for token in _TOKEN.finditer(data):
            self._take(*token.groups())
        self._flush()

    def _take(
        self, word: bytes, number: bytes, code: bytes, sign: bytes, brace: bytes, _: bytes, plain: bytes
    ) -> None:
        if not code:
            self._flush()
        if brace:
            self._group(begins=brace == b"{")
        elif sign:
            self._sign(sign)
        elif word:
            self._word(word.decode("ascii"), int(number) if number else None)
        elif code:
            self._letters(bytes([int(code, 16)]), now=False)
        elif plain:
            self._letters(plain, now=True)

    def _group(self, *, begins: bool) -> None:
        self._skip = 0
        if begins and len(self._outer) < _DEEPEST:
            self._outer.append((self._silent, self._stand_in))
        elif begins:
            self._too_deep += 1
        elif self._too_deep:
            self._too_deep -= 1
        elif self._outer:
            self._silent, self._stand_in = self._outer.pop()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":  # a group that a reader may leave out when it does not know it
            self._silent = True
        elif not self._silent:
            self.pieces.append(_ESCAPED.get(sign, ""))

    def _word(self, name: str, number: int | None) -> None:
        if name in _SILENT:
            self._silent = True
        elif name == "ansicpg" and number is not None:
            self._page = _codec(number, self._page)
        elif name == "uc" and number is not None:
            self._stand_in = max(0, min(number, 10))
        elif name == "u" and number is not None and not self._silent:
            self.pieces.append(chr(number & 0xFFFF))
            self._skip = self._stand_in
        elif not self._silent:
            self.pieces.append(_BREAKS.get(name) or _SIGNS.get(name, ""))

    def _letters(self, letters: bytes, *, now: bool) -> None:
        left = letters[self._skip :]
        self._skip = max(0, self._skip - len(letters))
        if not self._silent:
            self._bytes += left
        if now:
            self._flush()

    def _flush(self) -> None:
        if self._bytes:
            self.pieces.append(self._bytes.decode(self._page, "replace"))
            self._bytes.clear()


def _codec(number: int, otherwise: str) -> str:
    name = _PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return otherwise
    return name
