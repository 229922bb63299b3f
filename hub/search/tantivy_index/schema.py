"""How a document lies in Tantivy's files. A change here needs a new `VERSION`: older indexes are then rebuilt."""

from __future__ import annotations

import json

import tantivy

from hub.search.folder_engine.columns import stamp_of, tags_of
from hub.search.folder_engine.damage import Damaged
from hub.search.folder_engine.matching import TITLE_WEIGHT
from hub.search.folder_engine.parts import Parts, pack_parts, texts_of
from hub.search.port import Document
from hub.search.tantivy_index.words import NO_TERM, Reading, Writing

VERSION = 1
#: So many ids share one number with a bit for each: a float holds their sum exactly.
BLOCK = 48
_TOKENIZER = "terms"


def schema() -> tantivy.Schema:
    """`key` is the id, `after` the commit before its own; `row` is what `rows` keeps of a document, the rest is for showing."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=_TOKENIZER)
    builder.add_integer_field("key", indexed=True, fast=True)
    builder.add_unsigned_field("after", indexed=True, fast=True)
    builder.add_unsigned_field("block", fast=True)
    builder.add_float_field("bit", fast=True)
    for name in ("row", "parts", "words", "pairs"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def register_tokenizer(index: tantivy.Index) -> None:
    """To be done before documents are put in."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    index.register_tokenizer(_TOKENIZER, words.filter(tantivy.Filter.custom_stopword([NO_TERM])).build())


def prepared(document: Document) -> tantivy.Document:
    """What Tantivy's writer is given; the commit adds `after`. The title goes in as often as it counts more."""
    made = tantivy.Document()
    texts = texts_of(document)
    writing = Writing()
    starts, leads = [], []
    for part, (title, text) in enumerate(texts):
        starts.append(len(writing.numbers))
        value, lead = writing.add(title, text)
        leads.append(lead)
        for _ in range(int(TITLE_WEIGHT) if part == 0 else 1):
            if isinstance(value, str):
                made.add_text("text", value)
            else:
                made.add_pre_tokenized_text("text", value)
    row = [document.id, stamp_of(document), texts[0][1], tags_of(document)]
    made.add_integer("key", document.id)
    made.add_unsigned("block", document.id // BLOCK)
    made.add_float("bit", float(1 << document.id % BLOCK))
    made.add_bytes("row", json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))
    made.add_bytes("parts", pack_parts(document, texts, starts, leads))
    made.add_bytes("words", writing.numbers.tobytes())
    made.add_bytes("pairs", writing.pairs.tobytes())
    return made


def row_of(document: tantivy.Document) -> bytes:
    """What `rows` keeps of a document; stored documents have it too."""
    return _bytes(document, "row")


def parts_of(document: tantivy.Document) -> Parts:
    return Parts(_bytes(document, "parts"))


def words_of(document: tantivy.Document) -> Reading:
    return Reading(_bytes(document, "words"), _bytes(document, "pairs"))


def _bytes(document: tantivy.Document, name: str) -> bytes:
    value = document.get_first(name)
    if not isinstance(value, bytes):
        raise Damaged(f"a document has no {name}")
    return value
