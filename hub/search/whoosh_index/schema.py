"""How a document lies in Whoosh's files. A change here needs a new `VERSION`: older indexes are then rebuilt.

One field `text` holds the words of all parts at consecutive positions, so titles count more and passages need no index of their
own."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Generator
from typing import Any

from whoosh import columns, fields, formats
from whoosh.analysis.analyzers import IDAnalyzer

from hub.search.folder_engine.columns import stamp_of, tags_of
from hub.search.folder_engine.parts import GAP, pack_parts, texts_of
from hub.search.forms import forms_of
from hub.search.language import add_occurrences, words_of
from hub.search.port import Document

VERSION = 7


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
        form=Tags(),
        title=fields.COLUMN(columns.VarBytesColumn()),
        parts=fields.COLUMN(columns.VarBytesColumn()),
        **{name: fields.COLUMN(columns.NumericColumn(code)) for name, code in NUMBERS.items()},
    )


def fields_of(document: Document) -> dict[str, Any]:
    """What Whoosh's writer is given for a document."""
    occurrences: defaultdict[str, list[int]] = defaultdict(list)
    texts = texts_of(document)
    starts, words, leads, position = [], [], [], 0
    for title, text in texts:
        starts.append(position)
        middle = add_occurrences(title, position, occurrences)
        end = add_occurrences(text, middle, occurrences)
        leads.append(middle - position)
        words.append(end - position)
        position = end + GAP
    return {
        "id": (str(document.id),),
        "tag": tags_of(document),
        "text": occurrences,
        "form": tuple(forms_of({word for pair in texts for text in pair for word in words_of(text)})),
        "title": texts[0][1].encode("utf-8", "replace"),
        "parts": pack_parts(document, texts, starts, leads),
        "key": document.id,
        "stamp": stamp_of(document),
        "title_words": words[0],
        "all_words": sum(words),
    }
