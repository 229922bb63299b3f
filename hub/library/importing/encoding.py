"""Bytes of a file as text: which encoding it is in, and what no text should hold taken out."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What is left of typographic characters when only the low byte of their code survived a conversion.
LOW_BYTES = {0x13: "–", 0x14: "—", 0x18: "‘", 0x19: "’", 0x1C: "“", 0x1D: "”"}

UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\uf8ff]"
)


class NotText(Exception):
    """The bytes are no text in any encoding we know."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with `\\n` line ends, in NFC. `odd_line`: the first line that is not UTF-8 when Windows-1252 was assumed, else 0."""

    text: str
    odd_line: int = 0


def decode(raw: bytes) -> Decoded:
    """Read bytes as UTF-8, as what their byte order mark says, or else as Windows-1252.

    Raises:
        NotText: they hold null bytes, or not what their mark says.
    """
    for bom, name in BOMS:
        if raw.startswith(bom):
            try:
                return Decoded(tidy(raw.decode(name)))
            except UnicodeDecodeError as error:
                raise NotText from error
    if b"\x00" in raw:
        raise NotText
    try:
        return Decoded(tidy(raw.decode("utf-8")))
    except UnicodeDecodeError as error:
        odd_line = raw.count(b"\n", 0, error.start) + 1
        return Decoded(tidy(raw.decode("cp1252", errors="replace")), odd_line)


def tidy(text: str) -> str:
    """Line ends, control characters and composed letters made alike; the number of lines stays."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(LOW_BYTES)
    return unicodedata.normalize("NFC", UNSEEN.sub("", text))
