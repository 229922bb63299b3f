"""Postings on their way into a segment, gathered by term. Whoosh's own pool sorts each by itself: a build takes twice as long."""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import IO, Any

Posting = tuple[str, bytes, int, float, bytes]
#: field, term, document numbers, values
_Row = tuple[str, bytes, "array[int]", list[bytes]]
_POSTING_BYTES = 60


class TermPool:
    """Takes the place of `SegmentWriter.pool`: the same methods. Spills sorted runs into unnamed files above `limit_mb`.

    Documents come in rising order, so each run's documents follow those of the run before. Weights are all 1 in our fields."""

    def __init__(self, limit_mb: int = 128) -> None:
        self._limit = limit_mb * 1024 * 1024 // _POSTING_BYTES
        self._count = 0
        self._terms: dict[tuple[str, bytes], tuple[array[int], list[bytes]]] = {}
        self._runs: list[IO[bytes]] = []

    def add(self, item: Posting) -> None:
        field, term, document, _, value = item
        row = self._terms.get((field, term))
        if row is None:
            row = self._terms[(field, term)] = (array("I"), [])
        row[0].append(document)
        row[1].append(value)
        self._count += 1
        if self._count >= self._limit:
            self._spill()

    def iter_postings(self) -> Iterator[Posting]:
        rows = merge(*map(_read, self._runs), self._sorted(), key=itemgetter(0, 1))
        for (field, term), same in groupby(rows, key=itemgetter(0, 1)):
            for _, _, documents, values in same:
                for document, value in zip(documents, values, strict=True):
                    yield field, term, document, 1.0, value

    def cleanup(self) -> None:
        for run in self._runs:
            run.close()
        self._runs = []

    def _sorted(self) -> Iterator[_Row]:
        for field, term in sorted(self._terms):
            yield field, term, *self._terms[(field, term)]

    def _spill(self) -> None:
        run = tempfile.TemporaryFile(prefix="hub-search-")  # noqa: SIM115 (closed in cleanup)
        for row in self._sorted():
            pickle.dump(row, run, pickle.HIGHEST_PROTOCOL)
        self._runs.append(run)
        self._terms = {}
        self._count = 0


def _read(run: IO[bytes]) -> Iterator[_Row]:
    run.seek(0)
    while True:
        try:
            row: Any = pickle.load(run)  # noqa: S301 (our own unnamed file)
        except EOFError:
            return
        yield row
