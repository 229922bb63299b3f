"""Quoted stop words. No index has them, so whether they stand where they should is read in the texts that are kept."""

from __future__ import annotations

import numpy as np

from hub.search.folder_engine.columns import Ints, Mask
from hub.search.folder_engine.damage import reading
from hub.search.folder_engine.opened import Opened, Standing, together
from hub.search.folder_engine.snapshot import Snapshot, UnitMatch
from hub.search.language import fold
from hub.search.typed import Unit

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
    having[_having(snapshot, unit_match, documents)] = True
    return having


def _having(snapshot: Snapshot, unit_match: UnitMatch, documents: Ints) -> Ints:
    """Those of the documents that have the unit, with its common words, or one of its synonyms."""
    opened = snapshot.opened(documents)
    own = whole(opened, unit_match.unit, opened.standing(unit_match))
    synonyms = [opened.standing(synonym) for synonym in unit_match.synonyms]
    return documents[together([own, *synonyms]).which]


def whole(opened: Opened, unit: Unit, standing: Standing) -> Standing:
    """Those places of the unit where its common words stand too."""
    if not unit.common:
        return standing
    parts, numbers = opened.by_part(standing)
    places = zip(standing.which.tolist(), (parts - opened.first[standing.which]).tolist(), strict=True)
    kept: list[bool] = []
    read: tuple[int, int] | None = None
    words: list[str] = []
    for place, number in zip(places, numbers.tolist(), strict=True):
        if place != read:
            read, (document, part) = place, place
            with reading():
                words = opened.parts[document].words(part)
        said = ((number + distance, word) for distance, word in unit.common)
        kept.append(all(0 <= at < len(words) and fold(words[at]) == word for at, word in said))
    return standing.only(np.array(kept, np.bool_))
