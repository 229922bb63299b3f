"""Quoted stop words. No index has them, so whether they stand where they should is read in the texts that are kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hub.search.folder_engine.columns import Mask
from hub.search.folder_engine.damage import reading
from hub.search.folder_engine.parts import Parts
from hub.search.folder_engine.snapshot import Snapshot, UnitMatch
from hub.search.language import Unit, fold

#: Of more documents than this that have the other words of a phrase, the best are read.
READ_MOST = 500


def standing(snapshot: Snapshot, unit_match: UnitMatch, among: Mask) -> Mask:
    """Which of these documents have the unit, with its common words, or one of its synonyms."""
    mask = unit_match.mask & among
    if not unit_match.unit.common:
        return mask
    documents = np.flatnonzero(mask)
    if len(documents) > READ_MOST:
        best, scored = snapshot.best((unit_match,), documents, None, READ_MOST)
        documents = best[np.argsort(-scored, kind="stable")[:READ_MOST]]
    having = np.zeros_like(mask)
    having[[n for n in documents.tolist() if _has(snapshot, unit_match, n)]] = True
    return having


def _has(snapshot: Snapshot, unit_match: UnitMatch, document: int) -> bool:
    if any(synonym.positions(document) for synonym in unit_match.synonyms):
        return True
    return bool(whole(snapshot.parts(document), unit_match.unit, unit_match.positions(document)))


def whole(parts: Parts, unit: Unit, positions: Sequence[int]) -> Sequence[int]:
    """Those of the unit's positions in a document where its common words stand too."""
    if not unit.common:
        return positions
    kept: list[int] = []
    for part, numbers in parts.by_part(positions).items():
        with reading():
            words = dict(enumerate(parts.words(part)))
        start = parts.starts[part]
        kept += [
            start + number
            for number in numbers
            if all(fold(words.get(number + distance, "")) == word for distance, word in unit.common)
        ]
    return kept
