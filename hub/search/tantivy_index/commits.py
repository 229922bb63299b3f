"""Writing into one index directory. The caller holds the writer's lock."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import tantivy

from hub.search.port import Document, Progress
from hub.search.tantivy_index import common_words, rows, texts, written
from hub.search.tantivy_index.files import last_commit
from hub.search.tantivy_index.finding import Asker
from hub.search.tantivy_index.places import Places
from hub.search.tantivy_index.schema import Prepared, prepared, register_tokenizer, schema

_EVERY = 100
#: More documents than this that are not in the file of rows, and it is written anew.
LATER_MOST = 500
# The least that Tantivy takes for each thread, which is room for some thousand documents.
_CHANGE_BYTES, _BUILD_BYTES, _BUILD_THREADS = 15_000_000, 256_000_000, 1
_ROOM_BYTES = 2 * _CHANGE_BYTES
_OS_ERROR = re.compile(r"\(os error (\d+)\)")


def create(folder: Path) -> None:
    """An empty index in a new directory."""
    folder.mkdir(parents=True)
    tantivy.Index(schema(), str(folder), reuse=False)
    (folder / texts.NAME).touch()
    _keep(folder, rows.Gathering().rows(), 0)


def build(folder: Path, documents: Iterable[Document], progress: Progress) -> int:
    """Fill an empty index in one commit; how many documents went in. An id that comes again is left out."""
    seen: set[int] = set()
    kept = rows.Gathering()
    with (
        _writing(folder, _BUILD_BYTES, _BUILD_THREADS) as writer,
        texts.adding(folder) as added,
    ):
        for document in documents:
            if document.id in seen:
                continue
            seen.add(document.id)
            one = prepared(document)
            kept.add(one.complete(added.add(one.record), 0))
            writer.add_document(one.made)
            if len(seen) % _EVERY == 0:
                progress(len(seen))
    _keep(folder, kept.rows(), last_commit(folder))
    progress(len(seen))
    return len(seen)


def change(folder: Path, documents: Mapping[int, Prepared], deleted: Iterable[int]) -> None:
    """Replace these documents and delete those, in one commit."""
    before = last_commit(folder)
    with _writing(folder, _CHANGE_BYTES, 1) as writer, texts.adding(folder) as added:
        for key in {*documents, *deleted}:
            writer.delete_documents_by_term("key", key)
        for one in documents.values():
            one.complete(added.add(one.record), before)
            writer.add_document(one.made)


def keep_columns(folder: Path) -> None:
    """Write the files beside Tantivy's anew when many documents have come since, each of which a process that opens the index
    reads."""
    last = last_commit(folder)
    asker = Asker(tantivy.Index.open(str(folder)))
    if asker.count(asker.later_than(rows.last_kept(folder))) > LATER_MOST:
        kept, commit = rows.read(folder)
        both = (kept, asker.since(commit))
        places = Places(np.concatenate([some.numbers["key"] for some in both]))
        live = asker.mask(tantivy.Query.all_query(), places)
        rows.write(folder, rows.joined(both, live), last)
    if common_words.is_behind(folder, asker):
        _keep_words(folder, rows.read(folder)[0], rows.last_kept(folder))


def _keep(folder: Path, all_rows: rows.Rows, commit: int) -> None:
    rows.write(folder, all_rows, commit)
    _keep_words(folder, all_rows, commit)


def _keep_words(folder: Path, all_rows: rows.Rows, commit: int) -> None:
    asker = Asker(tantivy.Index.open(str(folder)))
    written.write(folder, asker, commit)
    common_words.write(folder, asker, all_rows.numbers["key"], commit)


@contextmanager
def _writing(folder: Path, heap: int, threads: int) -> Iterator[tantivy.IndexWriter]:
    """A writer whose work is committed at the end, or, when something fails, forgotten."""
    with _told(folder):
        index = tantivy.Index.open(str(folder))
        register_tokenizer(index)
        writer = index.writer(heap, threads)
        try:
            yield writer
            writer.commit()
        except BaseException:
            with suppress(ValueError):
                writer.rollback()
            raise
        finally:
            with suppress(ValueError):
                writer.wait_merging_threads()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Give errors of the system back their numbers: Tantivy tells them in words, or hardly, when a thread of its meets them."""
    try:
        yield
    except ValueError as error:
        if told := _OS_ERROR.search(str(error)):
            raise OSError(int(told[1]), str(error)) from error
        if shutil.disk_usage(folder).free < _ROOM_BYTES:
            raise OSError(errno.ENOSPC, str(error)) from error
        raise
