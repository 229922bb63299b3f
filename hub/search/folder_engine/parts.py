"""The parts of a document (title, summary, body, extra, then its passages), as they are indexed and kept to be shown.

Their words have consecutive positions, with a gap between two parts: where a position falls says which part it is in."""

from __future__ import annotations

import json
import zlib
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hub.search.highlight import sample
from hub.search.language import compose
from hub.search.port import Document

#: Between two parts, so that no phrase runs from one into the next.
GAP = 100
#: What a part has beyond this (some 35,000 words) is not looked at.
PART_CHARS_MOST = 200_000
#: title, summary, body, extra; the passages follow.
PARTS_BEFORE_PASSAGES = 4


def texts_of(document: Document) -> list[tuple[str, str]]:
    """The document's parts, composed: a title and a text each; the first four have no title."""
    own = (document.title, document.summary, document.body, document.extra)
    return [("", _text(text)) for text in own] + [(_text(p.title), _text(p.text)) for p in document.passages]


def _text(text: str) -> str:
    return compose(text[:PART_CHARS_MOST])


def pack_parts(
    document: Document, texts: list[tuple[str, str]], starts: list[int], leads: list[int]
) -> bytes:
    """The texts that can be shown, each compressed by itself, so that a search unpacks only the passages it shows.

    `starts` are the positions of each part's first word, `leads` how many words its title has."""
    shown = [[document.kind], *([text, sample(text)] for _, text in texts[:3])]
    packed = [_pack(shown)]
    passages = zip(
        document.passages, texts[PARTS_BEFORE_PASSAGES:], leads[PARTS_BEFORE_PASSAGES:], strict=True
    )
    for passage, (title, text), lead in passages:
        packed.append(
            _pack(
                [passage.number, passage.kind, title, passage.start_s, passage.part, text, sample(text), lead]
            )
        )
    head = array("I", [len(starts), *starts, *map(len, packed)])
    return head.tobytes() + b"".join(packed)


def _pack(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), 1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that can be shown, with `highlight.sample` of it; `lead` words of its part come before it."""

    text: str
    samples: list[int]
    lead: int = 0


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage; the words of its title lead those of its text."""

    number: int
    kind: str
    title: str
    start_s: float | None
    in_part: str
    shown: Shown


class Parts:
    """What `pack_parts` made: where the parts start (positions of words), and their texts."""

    def __init__(self, packed: bytes) -> None:
        count = array("I", packed[:4])[0]
        passages = count - PARTS_BEFORE_PASSAGES
        numbers = array("I", packed[4 : 4 * (count + passages + 2)])
        self.starts = numbers[:count]
        self._lengths = numbers[count:]
        self._packed = packed
        self._base = 4 * (len(numbers) + 1)
        (self.kind,), *own = self._unpack(0)
        self.title, self.summary, self.body = (Shown(*text) for text in own)

    def passage(self, part: int) -> ShownPassage:
        """The passage that is this part."""
        number, kind, title, start_s, in_part, *shown = self._unpack(part - PARTS_BEFORE_PASSAGES + 1)
        return ShownPassage(number, kind, title, start_s, in_part, Shown(*shown))

    def text(self, part: int) -> Shown:
        """Any part's text; the extra is not kept."""
        if part >= PARTS_BEFORE_PASSAGES:
            return self.passage(part).shown
        return (self.title, self.summary, self.body, Shown("", []))[part]

    def by_part(self, positions: Iterable[int]) -> dict[int, list[int]]:
        """Positions as numbers of words within the part they fall in."""
        numbers: defaultdict[int, list[int]] = defaultdict(list)
        for position in positions:
            part = bisect_right(self.starts, position) - 1
            numbers[part].append(position - self.starts[part])
        return numbers

    def _unpack(self, index: int) -> Any:
        start = self._base + sum(self._lengths[:index])
        return json.loads(zlib.decompress(self._packed[start : start + self._lengths[index]]))
