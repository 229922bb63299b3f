"""Which documents match a typed query."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from hub.search.folder_engine.columns import Mask
from hub.search.folder_engine.phrases import standing
from hub.search.folder_engine.snapshot import Snapshot, UnitMatch
from hub.search.port import Note
from hub.search.typed import Unit

# These numbers are those that did best on seven judged collections (docs/performance.md, Relevance).
#: How much a word in the title counts beside one in the rest.
TITLE_WEIGHT = 3.0
#: How much a synonym counts beside the word.
SYNONYM_WEIGHT = 0.8
#: Of one or two words, and of a longer query, so many documents with all of the words are enough; else those with some of them
#: are found too:
FEW_UNITS = 2
FEW_PLENTY, PLENTY = 3, 10
#: either of two words; two of three; of more, this share of the words that the best document has.
LEAST_SHARE = 0.25
#: How much more it counts to have all of the words, where not all do.
WHOLE_WEIGHT = 1.5


def rarity(having: int, documents: int) -> float:
    """Inverse document frequency."""
    return float(np.log(1 + (documents - having + 0.5) / (having + 0.5)))


@dataclass(frozen=True, slots=True)
class Match:
    """The allowed documents that match. `units` stand in some of them and count in the score, `dropped` in none; `missing` stand
    in none that is allowed; `whole` are the documents that have all units, where others match too."""

    mask: Mask
    units: tuple[UnitMatch, ...] = ()
    dropped: tuple[UnitMatch, ...] = ()
    missing: frozenset[Unit] = frozenset()
    note: Note = Note.ALL_WORDS
    whole: Mask | None = None


def match(snapshot: Snapshot, found: tuple[UnitMatch, ...], allowed: Mask) -> Match:
    """Documents with all units; where there are none, or few, those with enough of the units.

    How many are enough depends on what may be seen alone, not on filters, so that facet counts stay comparable."""
    if not found:
        return Match(allowed)
    everything = snapshot.together(found) & allowed
    for unit_match in found:
        if unit_match.unit.common:
            everything = standing(snapshot, unit_match, everything)
    having_all = int(np.count_nonzero(everything))
    if having_all >= plenty(len(found)):
        return Match(everything, found)
    masks = [standing(snapshot, unit_match, allowed) for unit_match in found]
    missing = frozenset(m.unit for m, mask in zip(found, masks, strict=True) if not mask.any())
    counts = np.sum(masks, axis=0, dtype=np.int16)
    some = np.asarray(counts >= enough(int(counts.max(initial=0)), len(found)))
    if having_all and np.count_nonzero(some) == having_all:
        return Match(everything, found)
    stands = [bool((mask & some).any()) for mask in masks]
    kept = tuple(m for m, here in zip(found, stands, strict=True) if here)
    dropped = tuple(m for m, here in zip(found, stands, strict=True) if not here)
    if having_all:
        return Match(some, kept, dropped, missing, Note.MOST_WORDS, everything)
    return Match(some, kept, dropped, missing, Note.FEWER_WORDS)


def plenty(units: int) -> int:
    """So many documents with all of the units are enough."""
    if units == 1:
        return 1
    return FEW_PLENTY if units <= FEW_UNITS else PLENTY


def enough(most: int, units: int) -> int:
    """How many of the units a document must have when the best one has `most` of them; at least one."""
    if units <= FEW_UNITS:
        return 1
    return max(1, min(most, 2) if units == FEW_UNITS + 1 else ceil(most * LEAST_SHARE))
