"""What the child tells: one JSON object a line, written as it goes, so that a child that is killed leaves what it had.

The parent trusts none of it: types, sizes and paths are checked, and every rendition is sniffed again.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TextIO, get_args

from hub.media.filetype import sniff
from hub.media.limits import Limits
from hub.media.outcome import Facts, Passage, PassageKind, Rendition, RenditionKind

REPORT_BYTES = 64 * 1024 * 1024
PASSAGE_CHARS = 200_000
_LINE_BYTES = 2 * 1024 * 1024  # holds a passage, escaped; bounds what one line of a hostile child can cost
_RENDITION_MIMES = {
    "poster": ("image/webp",),
    "thumbnail": ("image/webp",),
    "page": ("image/webp",),
    "preview": ("image/webp",),
    "strip": ("image/webp",),
    "mp4": ("video/mp4",),
    "webm": ("video/webm",),
    "audio": ("audio/mp4",),
}
_FACT_TYPES = {field.name: str(field.type).split(" |")[0] for field in fields(Facts)}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Report:
    """The child's side. Passages beyond the limits are left out; the first time, that is noted as a shortfall."""

    def __init__(self, out: TextIO, limits: Limits) -> None:
        self._out = out
        self._limits = limits
        self._chars = 0
        self._passages = 0
        self._cut = False
        self.has_shortfall = False

    def _write(self, kind: str, value: object) -> None:
        self._out.write(json.dumps({kind: value}) + "\n")
        self._out.flush()

    def begin(self) -> None:
        """From here on, what goes wrong is the file's fault."""
        self._write("begin", True)

    def end(self) -> None:
        self._write("end", True)

    def fault(self, words: str) -> None:
        """This machine failed, not the file."""
        self._write("fault", words)

    def confined(self, **held: bool) -> None:
        """Which confinements hold, by trial."""
        self._write("confined", held)

    def unfinished(self) -> None:
        """Converting it would take long, and was not asked for."""
        self._write("unfinished", True)

    def facts(self, **facts: object) -> None:
        self._write("facts", facts)

    def shortfall(self, reason: str, detail: str = "") -> None:
        """Something could not be made of this file. The first reason is the one that people see."""
        self.has_shortfall = True
        self._write("shortfall", [reason, detail])

    @property
    def full(self) -> bool:
        """No more text is taken."""
        return self._chars >= self._limits.text_chars or self._passages >= self._limits.passages

    def passage(
        self,
        kind: PassageKind,
        number: int,
        title: str,
        text: str,
        *,
        start_s: float | None = None,
        end_s: float | None = None,
    ) -> None:
        text = text.strip()[:PASSAGE_CHARS]
        if not text:
            return
        if self.full:
            if not self._cut:
                self._cut = True
                self.shortfall(
                    "This file holds more text than Hub reads; search finds only the first part of it."
                )
            return
        text = text[: self._limits.text_chars - self._chars]
        self._chars += len(text)
        self._passages += 1
        self._write("passage", [kind, number, title.strip()[:300], text, start_s, end_s])

    @property
    def has_text(self) -> bool:
        return self._passages > 0

    def rendition(
        self,
        kind: RenditionKind,
        path: Path,
        mime: str,
        size: tuple[int, int] | None,
        page: int | None = None,
    ) -> None:
        width, height = size or (None, None)
        self._write("rendition", [kind, path.name, mime, page, width, height])


@dataclass
class Told:
    """The parent's side: what of a report passed the checks."""

    begun: bool = False
    ended: bool = False
    fault: str = ""
    unfinished: bool = False
    confined: dict[str, bool] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)
    renditions: list[Rendition] = field(default_factory=list)
    shortfalls: list[tuple[str, str]] = field(default_factory=list)


def read_report(path: Path, folder: Path, limits: Limits) -> Told:
    """Read the report at `path`; renditions are taken only from `folder`. What is malformed is left out."""
    told = Told()
    if not path.is_file() or path.is_symlink():
        return told
    if path.stat().st_size > REPORT_BYTES:
        told.begun = True  # only a reader that a file has taken over writes so much
        return told
    with path.open("rb") as file:
        while line := file.readline(_LINE_BYTES):
            try:
                _take(told, json.loads(line), folder, limits)
            except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OSError):
                continue  # a line cut off by the kill, or no line of ours
    return told


def _take(told: Told, message: dict[str, Any], folder: Path, limits: Limits) -> None:
    [(kind, value)] = message.items()
    match kind:
        case "begin":
            told.begun = True
        case "end":
            told.ended = True
        case "unfinished":
            told.unfinished = value is True
        case "fault":
            told.fault = clean(str(value), 500)
        case "confined":
            told.confined |= {str(name): held is True for name, held in value.items()}
        case "facts":
            told.facts |= {name: _fact(name, fact) for name, fact in value.items() if fact is not None}
        case "shortfall":
            told.shortfalls.append((clean(value[0], 500), clean(value[1], 2000)))
        case "passage" if len(told.passages) < limits.passages:
            told.passages.append(_passage(value))
        case "rendition" if len(told.renditions) < limits.page_images + 10:
            told.renditions.append(_rendition(value, folder))


def clean(text: object, longest: int) -> str:
    """Text a database and a page can take. Raises TypeError for what is no text."""
    if not isinstance(text, str):
        raise TypeError("no text")
    return _UNPRINTABLE.sub(" ", text.replace("\r\n", "\n").replace("\x0b", "\n"))[:longest]


def _fact(name: str, value: object) -> object:
    match _FACT_TYPES[name]:
        case "int":
            return _whole(value)
        case "float":
            return _seconds(value)
        case "bool":
            if not isinstance(value, bool):
                raise TypeError(name)
            return value
        case _:
            return clean(value, 300).strip() or None


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise TypeError("no plain whole number")
    return value


def _seconds(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value) or not 0 <= value < 1e9:
        raise TypeError("no length of time")
    return float(value)


def _passage(value: list[Any]) -> Passage:
    kind, number, title, text, start, end = value
    if kind not in get_args(PassageKind):
        raise ValueError(kind)
    return Passage(
        kind,
        _whole(number),
        " ".join(clean(title, 300).split()),
        clean(text, PASSAGE_CHARS),
        None if start is None else _seconds(start),
        None if end is None else _seconds(end),
    )


def _rendition(value: list[Any], folder: Path) -> Rendition:
    kind, name, mime, page, width, height = value
    path = folder / name
    if mime not in _RENDITION_MIMES[kind] or path.parent != folder or path.is_symlink() or not path.is_file():
        raise ValueError(name)
    if sniff(path, name).mime != mime:
        raise ValueError(f"{name} is not {mime}")
    size = path.stat().st_size
    return Rendition(
        kind,
        path,
        mime,
        size,
        None if page is None else _whole(page),
        None if width is None else _whole(width),
        None if height is None else _whole(height),
    )
