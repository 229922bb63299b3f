"""The fields of a kind as an asset's page tells them: what a rep says or shows first, then its text, then the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.library.kinds import KindField, KindSpec

BULLET = re.compile(r"(?:[-*+•–]|\d{1,2}[.)])\s+")
QUOTED = re.compile(r'(“[^”]+”|"[^"]+"|„[^“]+“|«[^»]+»)\s*[:–—-]?\s*(?=\S)')


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a field that is a list of points; `said`: what it answers, when it begins with that in quotes."""

    text: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One field that is filled in; `by`: who said it, of a quote."""

    known: KindField
    text: str
    by: str = ""

    @property
    def points(self) -> list[Point]:
        """Its lines, without the bullets that people type."""
        return list(_points(self.text))


@dataclass(frozen=True, slots=True)
class Telling:
    """The fields that are filled in, by where they stand; all but the last before the text, in this order."""

    large: list[Told] = field(default_factory=list)
    lines: list[Told] = field(default_factory=list)
    points: list[Told] = field(default_factory=list)
    words: list[Told] = field(default_factory=list)
    quotes: list[Told] = field(default_factory=list)
    below: list[Told] = field(default_factory=list)


def tell(spec: KindSpec, values: Mapping[str, Any]) -> Telling:
    """What of an asset's fields its page tells, besides its heart."""
    filled = [(known, str(values[known.key])) for known in spec.fields if values.get(known.key)]
    by = " · ".join(text for known, text in filled if known.place == "by")
    quoted = any(known.place == "quote" for known, _ in filled)
    telling = Telling()
    places = {
        "large": telling.large,
        "line": telling.lines,
        "points": telling.points,
        "words": telling.words,
        "quote": telling.quotes,
    }
    for known, text in filled:
        if known.key == spec.heart or (known.place == "by" and quoted):
            continue
        places.get(known.place, telling.below).append(Told(known, text, by if known.place == "quote" else ""))
    return telling


def _points(text: str) -> Iterator[Point]:
    for line in map(str.strip, text.splitlines()):
        words = BULLET.sub("", line, count=1) if BULLET.match(line) else line
        if not words:
            continue
        quoted = QUOTED.match(words)
        yield Point(words[quoted.end() :], quoted[1]) if quoted else Point(words)
