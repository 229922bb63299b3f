"""How a document lies in Whoosh's files. A change here needs a new `VERSION`: older indexes are then rebuilt.

One field `text` holds the words of title, summary, body, extra and passages at consecutive positions, with a gap between them:
where a position falls says which part of the document it is in, so titles count more and passages need no index of their own."""

from __future__ import annotations

import json
import zlib
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any

from whoosh import columns, fields, formats
from whoosh.analysis.analyzers import IDAnalyzer

from hub.search.highlight import sample
from hub.search.language import add_occurrences, compose
from hub.search.port import Document

VERSION = 2
#: Between two parts, so that no phrase runs from one into the next.
GAP = 100
TAG_SEPARATOR = "\x1f"
#: The tags an audience is kept as; no facet can have this name, for facets are words.
AUDIENCE = "@"
#: What a part has beyond this (some 35,000 words) is not looked at.
PART_CHARS_MOST = 200_000
#: title, summary, body, extra; the passages follow.
PARTS_BEFORE_PASSAGES = 4


def _unused_analyzer() -> Any:
    """Whoosh wants one in each field; ours are given their terms."""
    return IDAnalyzer()


class PackedPositions(formats.Positions):
    """Positions as 32-bit numbers, which numpy reads at once, where Whoosh would pickle a list for each document."""

    def encode(self, poslist: Any) -> bytes:
        return array("I", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return list(array("I", valuestring))

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // 4


class Occurrences(fields.FieldType):
    """A field that is given its terms with their positions, ready-made."""

    def __init__(self) -> None:
        super().__init__(PackedPositions(), _unused_analyzer())

    def index(
        self, value: dict[str, list[int]], **_: Any
    ) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        for term, positions in value.items():
            yield term.encode("utf-8", "replace"), len(positions), 1.0, array("I", positions).tobytes()


class Tags(fields.FieldType):
    """A field that is given its terms and keeps only that they are there."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), _unused_analyzer())

    def index(
        self, value: tuple[str, ...], **_: Any
    ) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        for tag in value:
            yield tag.encode("utf-8", "replace"), 1, 1.0, b""


#: The numbers kept for each document: its id, when it was published or changed (seconds), words in the title, words in all.
NUMBERS = {"key": "q", "stamp": "d", "title_words": "I", "all_words": "I"}


def schema() -> fields.Schema:
    return fields.Schema(
        id=Tags(),
        tag=Tags(),
        text=Occurrences(),
        title=fields.COLUMN(columns.VarBytesColumn()),
        parts=fields.COLUMN(columns.VarBytesColumn()),
        **{name: fields.COLUMN(columns.NumericColumn(code)) for name, code in NUMBERS.items()},
    )


def fields_of(document: Document) -> dict[str, Any]:
    """What Whoosh's writer is given for a document."""
    occurrences: defaultdict[str, list[int]] = defaultdict(list)
    own = [_text(t) for t in (document.title, document.summary, document.body, document.extra)]
    passages = [(_text(p.title), _text(p.text)) for p in document.passages]
    starts, words, leads, position = [], [], [], 0
    for title, text in (*(("", text) for text in own), *passages):
        starts.append(position)
        middle = add_occurrences(title, position, occurrences)
        end = add_occurrences(text, middle, occurrences)
        leads.append(middle - position)
        words.append(end - position)
        position = end + GAP
    facets = ((name, value) for name, values in document.facet_values().items() for value in values)
    tags = [f"{name}{TAG_SEPARATOR}{value}" for name, value in facets]
    tags += [f"{AUDIENCE}{TAG_SEPARATOR}{token}" for token in document.viewers]
    return {
        "id": (str(document.id),),
        "tag": tuple(tags),
        "text": occurrences,
        "title": own[0].encode("utf-8", "replace"),
        "parts": _pack_parts(document, starts, own, passages, leads[PARTS_BEFORE_PASSAGES:]),
        "key": document.id,
        "stamp": (document.published or document.updated).timestamp(),
        "title_words": words[0],
        "all_words": sum(words),
    }


def _text(text: str) -> str:
    return compose(text[:PART_CHARS_MOST])


def _pack_parts(
    document: Document, starts: list[int], own: list[str], passages: list[tuple[str, str]], leads: list[int]
) -> bytes:
    """The texts that can be shown, each compressed by itself, so that a search unpacks only the passages it shows."""
    shown = [[document.kind], *([text, sample(text)] for text in own[:3])]
    packed = [_pack(shown)]
    for passage, (title, text), lead in zip(document.passages, passages, leads, strict=True):
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
    """What `_pack_parts` made: where the parts start (positions of words), and their texts."""

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
