"""The parts of a document (title, summary, body, extra, then its passages), as they are indexed and kept to be shown.

Their words have consecutive positions, with a gap between two parts: where a position falls says which part it is in."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from hub.search.highlight import sample
from hub.search.language import compose, word_pattern
from hub.search.port import Document

#: Between two parts, so that no phrase runs from one into the next.
GAP = 100
#: What a part has beyond this (some 35,000 words) is not looked at.
PART_CHARS_MOST = 200_000
#: title, summary, body, extra; the passages follow.
PARTS_BEFORE_PASSAGES = 4


def texts_of(document: Document) -> list[tuple[str, str]]:
    """The document's parts, composed and with single spaces: a title and a text each; the first four have no title."""
    own = (document.title, document.summary, document.body, document.extra)
    return [("", _text(text)) for text in own] + [(_text(p.title), _text(p.text)) for p in document.passages]


def _text(text: str) -> str:
    return " ".join(compose(text[:PART_CHARS_MOST]).split())


def pack_parts(
    document: Document, texts: list[tuple[str, str]], starts: list[int], leads: list[int]
) -> bytes:
    """The texts that can be shown, so that any of them is cut out without reading the others. Not compressed: twenty are shown in
    each search.

    `starts` are the positions of each part's first word, `leads` how many words its title has."""
    blocks = [
        _block([document.kind], texts[0][1]),
        *(_block([], text) for _, text in texts[1:PARTS_BEFORE_PASSAGES]),
    ]
    passages = zip(
        document.passages, texts[PARTS_BEFORE_PASSAGES:], leads[PARTS_BEFORE_PASSAGES:], strict=True
    )
    for passage, (title, text), lead in passages:
        about = [passage.number, passage.kind, title, passage.start_s, passage.part, lead]
        blocks.append(_block(about, text))
    head = array("I", [len(starts), *starts, *(len(field) for block in blocks for field in block)])
    return b"".join((head.tobytes(), *(field for block in blocks for field in block)))


def _block(about: list[Any], text: str) -> tuple[bytes, bytes, bytes]:
    """What is to be known of a text, the text, and `highlight.sample` of it."""
    told = json.dumps(about, ensure_ascii=False) if about else ""
    samples = array("I", sample(text)).tobytes()
    return told.encode("utf-8", "replace"), text.encode("utf-8", "replace"), samples


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that can be shown, with `highlight.sample` of it; `lead` words of its part come before it."""

    text: str
    samples: Sequence[int]
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

    def __init__(self, packed: bytes | memoryview) -> None:
        count = int.from_bytes(packed[:4], sys.byteorder)
        numbers = np.frombuffer(packed, np.uint32, 4 * count, 4)
        self.starts: npt.NDArray[np.uint32] = numbers[:count]
        self._ends = [0, *accumulate(numbers[count:].tolist())]
        self._texts = memoryview(packed)[4 * (1 + len(numbers)) :]
        if self._ends[-1] > len(self._texts):
            raise ValueError("a text is cut off")

    @property
    def kind(self) -> str:
        (kind,) = self._about(0)
        return str(kind)

    @property
    def title(self) -> Shown:
        return self._shown(0)

    @property
    def summary(self) -> Shown:
        return self._shown(1)

    @property
    def body(self) -> Shown:
        return self._shown(2)

    def passage(self, part: int) -> ShownPassage:
        """The passage that is this part."""
        number, kind, title, start_s, in_part, lead = self._about(part)
        return ShownPassage(number, kind, title, start_s, in_part, self._shown(part, lead))

    def words(self, part: int) -> list[str]:
        """The words of any part, those of its title first, by their numbers."""
        own = self.passage(part) if part >= PARTS_BEFORE_PASSAGES else None
        texts = (own.title, own.shown.text) if own else (self._shown(part).text,)
        return [word for text in texts for word in word_pattern(text).findall(text)]

    def _field(self, number: int) -> memoryview:
        return self._texts[self._ends[number] : self._ends[number + 1]]

    def _about(self, block: int) -> Any:
        return json.loads(bytes(self._field(3 * block)))

    def _shown(self, block: int, lead: int = 0) -> Shown:
        return Shown(str(self._field(3 * block + 1), "utf-8"), self._field(3 * block + 2).cast("I"), lead)
