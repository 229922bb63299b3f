"""Writing into one index directory. The caller holds the writer's lock."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from hub.search.port import Document, Progress
from hub.search.whoosh_index import sums
from hub.search.whoosh_index.files import PlacedStorage
from hub.search.whoosh_index.pool import TermPool
from hub.search.whoosh_index.schema import fields_of, schema
from hub.search.whoosh_index.snapshot import INDEX_NAME

_BLOCK_POSTINGS = 1024
#: More segments than this are tidied; only small ones, for a merge takes 3 ms a document.
SEGMENTS_MOST = 12
_MERGED_AT_ONCE = 10
_SMALL = 500
_EVERY = 100


def create(folder: Path) -> None:
    """An empty index in a new directory."""
    folder.mkdir(parents=True)
    FileIndex.create(PlacedStorage(folder), schema(), INDEX_NAME)


def build(folder: Path, documents: Iterable[Document], progress: Progress, memory_mb: int = 128) -> int:
    """Fill an empty index in one commit; how many documents went in. An id that comes again is left out."""
    seen: set[int] = set()
    with _writer(folder, memory_mb) as writer:
        for document in documents:
            if document.id in seen:
                continue
            seen.add(document.id)
            writer.add_document(**fields_of(document))
            if len(seen) % _EVERY == 0:
                progress(len(seen))
        writer.mergetype = _keep
    progress(len(seen))
    return len(seen)


def change(folder: Path, documents: dict[int, dict[str, Any]], deleted: Iterable[int]) -> None:
    """Replace these documents (their fields by id) and delete those, in one commit."""
    with _writer(folder) as writer:
        for number in {*documents, *deleted}:
            writer.delete_by_term("id", str(number))
        for fields in documents.values():
            writer.add_document(**fields)
        writer.mergetype = _keep


def tidy(folder: Path) -> bool:
    """Merge small segments when there are many; apart from `change`, so that a change is found before the merge is done."""
    segments = TOC.read(PlacedStorage(folder), INDEX_NAME).segments
    small = [segment for segment in segments if segment.doc_count_all() < _SMALL]
    if len(segments) <= SEGMENTS_MOST or len(small) < _MERGED_AT_ONCE:
        return False
    with _writer(folder) as writer:
        writer.mergetype = _merge_smallest
    return True


def _writer(folder: Path, memory_mb: int = 128) -> Any:
    shutil.rmtree(folder / f"{INDEX_NAME}.tmp", ignore_errors=True)
    index = FileIndex(PlacedStorage(folder), indexname=INDEX_NAME)
    codec = W3Codec(blocklimit=_BLOCK_POSTINGS, compression=0)
    codec.length_stats = False
    writer: Any = SegmentWriter(index, codec=codec, compound=False)
    writer.pool = TermPool(memory_mb)
    name_them = writer._commit_toc  # noqa: SLF001

    def seal_and_name_them(segments: list[Any]) -> None:
        for segment in segments:
            sums.seal(folder, segment.segment_id())
        name_them(segments)

    writer._commit_toc = seal_and_name_them  # noqa: SLF001
    return writer


_Policy = Callable[[Any, list[Any]], list[Any]]


def _keep(_writer: Any, segments: list[Any]) -> list[Any]:
    return [segment for segment in segments if segment.doc_count()]


def _merge_smallest(writer: Any, segments: list[Any]) -> list[Any]:
    by_size = sorted(_keep(writer, segments), key=lambda segment: segment.doc_count_all())
    small = [segment for segment in by_size[:_MERGED_AT_ONCE] if segment.doc_count_all() < _SMALL]
    for segment in small:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment in by_size and segment not in small]
