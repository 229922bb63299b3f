"""Whoosh's segments side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import TOC

from hub.search.distance import Words
from hub.search.folder_engine.columns import Floats, Ints, Mask
from hub.search.folder_engine.damage import reading
from hub.search.folder_engine.parts import Parts
from hub.search.folder_engine.snapshot import Snapshot
from hub.search.typed import Unit
from hub.search.whoosh_index.files import PlacedStorage
from hub.search.whoosh_index.finding import Found, Lengths, Pages, scores, side_by_side
from hub.search.whoosh_index.postings import Postings, concatenated
from hub.search.whoosh_index.segment import SegmentView

INDEX_NAME = "MAIN"


def generation(folder: Path) -> int:
    """The number of the last commit; -1 when there is none."""
    return int(TOC._latest_generation(PlacedStorage(folder), INDEX_NAME))  # noqa: SLF001


class WhooshSnapshot(Snapshot):
    """Made from the one before it, whose unchanged segments it shares."""

    views: Sequence[SegmentView]

    def __init__(self, folder: Path, before: Snapshot | None = None) -> None:
        """Raises `Damaged` when the files cannot be read."""
        held = before.views if isinstance(before, WhooshSnapshot) and before.folder == folder else ()
        known = {view.id: view for view in held}
        with reading():
            toc = TOC.read(PlacedStorage(folder), INDEX_NAME)
            views = [known.get(s.segment_id()) or SegmentView(folder, s) for s in toc.segments]
            super().__init__(folder, toc.generation, views, _live(views, toc.segments))
        title_words = self.numbers("title_words")
        self._lengths = Lengths(title_words, self.numbers("all_words") - title_words)

    def find(self, unit: Unit) -> Found:
        postings = [self.postings(term) for _, term in unit.terms]
        found = postings[0] if unit.is_word else side_by_side(postings, [offset for offset, _ in unit.terms])
        return Found(unit, found, self.size, tuple(self.find(synonym) for synonym in unit.synonyms))

    def best(
        self, found: Sequence[Found], documents: Ints, factors: Floats | None, most: int
    ) -> tuple[Ints, Floats]:
        score = scores(found, self._lengths)[documents]
        if factors is not None:
            score = score * factors
        if len(documents) > 4 * most > 0:
            near = score >= np.partition(score, -most)[-most]
            documents, score = documents[near], score[near]
        return documents, score

    def postings(self, term: str) -> Postings:
        """Raises `Damaged`."""
        with reading():
            found = [
                (int(base), view.postings(term)) for base, view in zip(self.bases, self.views, strict=False)
            ]
        return concatenated(found)

    def opened(self, documents: Ints) -> Pages:
        with reading():
            return Pages(documents, [self._parts(document) for document in documents.tolist()])

    def _parts(self, document: int) -> Parts:
        number, local = self.place(document)
        return self.views[number].parts(local)

    def forms_like(self, typed: str, beginning: str, most: int) -> Iterable[Words]:  # noqa: ARG002
        with reading():
            return [view.forms_beginning(beginning) for view in self.views]

    def having_form(self, form: str) -> int:
        with reading():
            return sum(len(view.having_form(form)) for view in self.views)

    def form_mask(self, form: str) -> Mask:
        mask = np.zeros(self.size, np.bool_)
        with reading():
            for base, view in zip(self.bases, self.views, strict=False):
                mask[view.having_form(form) + base] = True
        return mask

    def check(self) -> None:
        with reading():
            for view in self.views:
                view.check()


def _live(views: Sequence[SegmentView], segments: list[Any]) -> Mask:
    live = np.ones(sum(view.size for view in views), np.bool_)
    base = 0
    for view, segment in zip(views, segments, strict=True):
        live[np.fromiter(segment.deleted_docs(), np.int64) + base] = False
        base += view.size
    return live
