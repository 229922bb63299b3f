"""The index at one moment: its segments side by side, documents numbered through, deletions applied."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.index import TOC

from hub.search.whoosh_index.files import MappedStorage, reading
from hub.search.whoosh_index.postings import Ints, Postings, concatenated
from hub.search.whoosh_index.schema import AUDIENCE, TAG_SEPARATOR, Parts
from hub.search.whoosh_index.segment import SegmentView

Mask = npt.NDArray[np.bool_]
INDEX_NAME = "MAIN"
_AUDIENCES_KEPT = 64


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """A facet's values, and parallel arrays: documents[i] has values[codes[i]]."""

    values: tuple[str, ...]
    codes: Ints
    documents: Ints

    def having(self, chosen: tuple[str, ...], size: int) -> Mask:
        """Documents with one of the chosen values."""
        wanted = np.isin(
            np.arange(len(self.values)), [i for i, value in enumerate(self.values) if value in chosen]
        )
        mask = np.zeros(size, np.bool_)
        mask[self.documents[wanted[self.codes]]] = True
        return mask

    def counts(self, mask: Mask) -> dict[str, int]:
        """How many of the masked documents have each value; values of none are left out."""
        counts = np.bincount(self.codes[mask[self.documents]], minlength=len(self.values))
        return {value: int(count) for value, count in zip(self.values, counts, strict=True) if count}


def generation(folder: Path) -> int:
    """The number of the last commit; -1 when there is none."""
    return int(TOC._latest_generation(MappedStorage(folder), INDEX_NAME))  # noqa: SLF001


class Snapshot:
    """Immutable once made. Made from the one before it, whose unchanged segments it shares."""

    def __init__(self, folder: Path, before: Snapshot | None = None) -> None:
        """Raises `Damaged` when the files cannot be read."""
        self.folder = folder
        known = {view.id: view for view in before.views} if before and before.folder == folder else {}
        with reading():
            toc = TOC.read(MappedStorage(folder), INDEX_NAME)
            self.generation: int = toc.generation
            self.views: list[SegmentView] = [
                known.get(s.segment_id()) or SegmentView(folder, s) for s in toc.segments
            ]
            self.bases = np.cumsum([0, *(view.size for view in self.views)])
            self.size = int(self.bases[-1])
            self.live = self._live(toc.segments)
        self.keys: Ints = self._numbers("key").astype(np.int64)
        self.stamps = self._numbers("stamp")
        self.title_words = self._numbers("title_words")
        self.other_words = self._numbers("all_words") - self.title_words
        self._audiences: OrderedDict[frozenset[str], Mask] = OrderedDict()
        self._lock = Lock()

    @property
    def count(self) -> int:
        return int(self.live.sum())

    @cached_property
    def mean_lengths(self) -> tuple[float, float]:
        """Words of a title, and of all the rest, on average; at least 1."""
        if not self.size:
            return 1.0, 1.0
        return max(1.0, float(self.title_words.mean())), max(1.0, float(self.other_words.mean()))

    def visible(self, viewers: frozenset[str]) -> Mask:
        """The documents a holder of these audience tokens may see."""
        with self._lock:
            if viewers in self._audiences:
                self._audiences.move_to_end(viewers)
                return self._audiences[viewers]
        mask = np.zeros(self.size, np.bool_)
        for base, view in zip(self.bases, self.views, strict=False):
            for token in viewers:
                documents = view.tags.get(f"{AUDIENCE}{TAG_SEPARATOR}{token}")
                if documents is not None:
                    mask[documents + base] = True
        mask &= self.live
        with self._lock:
            self._audiences[viewers] = mask
            if len(self._audiences) > _AUDIENCES_KEPT:
                self._audiences.popitem(last=False)
        return mask

    @cached_property
    def facets(self) -> dict[str, FacetColumn]:
        gathered: dict[str, dict[str, list[Ints]]] = {}
        for base, view in zip(self.bases, self.views, strict=False):
            for tag, documents in view.tags.items():
                name, _, value = tag.partition(TAG_SEPARATOR)
                if name != AUDIENCE:
                    gathered.setdefault(name, {}).setdefault(value, []).append(documents + base)
        return {name: _facet_column(values) for name, values in gathered.items()}

    @cached_property
    def title_ranks(self) -> Ints:
        """Each document's place when all are sorted by title."""
        with reading():
            titles = [title.casefold() for view in self.views for title in view.titles]
        order = sorted(range(self.size), key=titles.__getitem__)
        ranks = np.empty(self.size, np.int64)
        ranks[order] = np.arange(self.size)
        return ranks

    def postings(self, term: str) -> Postings:
        """Raises `Damaged`."""
        with reading():
            found = [
                (int(base), view.postings(term)) for base, view in zip(self.bases, self.views, strict=False)
            ]
        return concatenated(found)

    def parts(self, document: int) -> Parts:
        view, local = self._place(document)
        with reading():
            return view.parts(local)

    def check(self) -> None:
        """Read each file to its end. Raises `Damaged`."""
        with reading():
            for view in self.views:
                view.check()

    def _place(self, document: int) -> tuple[SegmentView, int]:
        number = int(np.searchsorted(self.bases, document, side="right")) - 1
        return self.views[number], document - int(self.bases[number])

    def _numbers(self, name: str) -> npt.NDArray[Any]:
        return np.concatenate([view.numbers[name] for view in self.views]) if self.views else np.zeros(0)

    def _live(self, segments: list[Any]) -> Mask:
        live = np.ones(self.size, np.bool_)
        for base, segment in zip(self.bases, segments, strict=False):
            deleted = np.fromiter(segment.deleted_docs(), np.int64)
            live[deleted + base] = False
        return live


def _facet_column(values: dict[str, list[Ints]]) -> FacetColumn:
    documents = [np.concatenate(parts) for parts in values.values()]
    codes = np.repeat(np.arange(len(values)), [len(part) for part in documents])
    return FacetColumn(tuple(values), codes, np.concatenate(documents))
