"""How a document lies in Tantivy's files. A change here needs a new `VERSION`: older indexes are then rebuilt."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import tantivy

from hub.search.folder_engine.columns import stamp_of, tags_of
from hub.search.folder_engine.damage import Damaged
from hub.search.folder_engine.parts import pack_parts, texts_of
from hub.search.port import Document
from hub.search.tantivy_index.texts import Record
from hub.search.tantivy_index.words import NO_TERM, Writing

VERSION = 7
#: A title goes in so often. Its copies make the text longer, so it is once more than Whoosh's `TITLE_WEIGHT` says.
TITLE_TIMES = 4
#: So many ids share one number with a bit for each: a float holds their sum exactly.
BLOCK = 48
_TOKENIZER = "terms"
FORMS = "forms"


def schema() -> tantivy.Schema:
    """`key` is the id, `after` the commit before its own; `row` is what `rows` keeps of a document."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=_TOKENIZER)
    builder.add_text_field("form", tokenizer_name=FORMS, index_option="basic")
    builder.add_integer_field("key", indexed=True, fast=True)
    builder.add_unsigned_field("after", indexed=True, fast=True)
    builder.add_unsigned_field("block", fast=True)
    builder.add_float_field("bit", fast=True)
    builder.add_bytes_field("row", stored=True)
    return builder.build()


def register_tokenizer(index: tantivy.Index) -> None:
    """To be done before documents are put in."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    index.register_tokenizer(FORMS, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.register_tokenizer(_TOKENIZER, words.filter(tantivy.Filter.custom_stopword([NO_TERM])).build())


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document on its way in: what Tantivy gets but for what `complete` adds, and what lies beside."""

    made: tantivy.Document
    row: list[Any]
    record: Record

    def complete(self, place: tuple[int, int], after: int) -> bytes:
        """Add where the record is and how long, and the commit before its own; the row as it is kept."""
        row = json.dumps([*place, *self.row], ensure_ascii=False).encode("utf-8", "replace")
        self.made.add_bytes("row", row)
        self.made.add_unsigned("after", after)
        return row


def prepared(document: Document) -> Prepared:
    """The title goes in several times, for it counts more."""
    made = tantivy.Document()
    texts = texts_of(document)
    writing = Writing()
    starts, leads = [], []
    for part, (title, text) in enumerate(texts):
        starts.append(len(writing.numbers))
        value, lead = writing.add(title, text)
        leads.append(lead)
        for _ in range(TITLE_TIMES if part == 0 else 1):
            if isinstance(value, str):
                made.add_text("text", value)
            else:
                made.add_pre_tokenized_text("text", value)
    made.add_text("form", writing.forms)
    made.add_integer("key", document.id)
    made.add_unsigned("block", document.id // BLOCK)
    made.add_float("bit", float(1 << document.id % BLOCK))
    row = [document.id, stamp_of(document), texts[0][1], tags_of(document)]
    parts = pack_parts(document, texts, starts, leads)
    return Prepared(made, row, Record(parts, writing.numbers.tobytes(), writing.pairs.tobytes()))


def row_of(document: tantivy.Document) -> bytes:
    """What `rows` keeps of a stored document."""
    row = document.get_first("row")
    if not isinstance(row, bytes):
        raise Damaged("a document has no row")
    return row
