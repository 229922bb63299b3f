"""Which documents match a typed query."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hub.search.folder_engine.columns import Mask
from hub.search.folder_engine.snapshot import Snapshot, UnitMatch
from hub.search.language import Unit
from hub.search.port import Note

#: How much a word in the title counts beside one in the rest.
TITLE_WEIGHT = 4.0
#: How much a synonym counts beside the word.
SYNONYM_WEIGHT = 0.8


def rarity(having: int, documents: int) -> float:
    """Inverse document frequency."""
    return float(np.log(1 + (documents - having + 0.5) / (having + 0.5)))


@dataclass(frozen=True, slots=True)
class Match:
    """The allowed documents that have all of `units`, a subset of those asked for; `missing` stand in none that is allowed."""

    mask: Mask
    units: tuple[UnitMatch, ...] = ()
    dropped: tuple[UnitMatch, ...] = ()
    missing: frozenset[Unit] = frozenset()

    @property
    def note(self) -> Note:
        return Note.FEWER_WORDS if self.dropped else Note.ALL_WORDS


def match(snapshot: Snapshot, found: tuple[UnitMatch, ...], allowed: Mask) -> Match:
    """Documents with all units; when there are none, those with the most telling units that some document has together.

    Which units are left out depends on what may be seen alone, not on filters, so that facet counts stay comparable."""
    if not found:
        return Match(allowed)
    everything = snapshot.together(found) & allowed
    if everything.any():
        return Match(everything, found)
    masks = [unit_match.mask & allowed for unit_match in found]
    missing = frozenset(m.unit for m, mask in zip(found, masks, strict=True) if not mask.any())
    told = np.zeros(snapshot.size)
    for unit_match, mask in zip(found, masks, strict=True):
        told[mask] += unit_match.rarity
    if not told.any():
        return Match(everything, (), found, missing)
    best = int(told.argmax())
    kept = tuple(m for m, mask in zip(found, masks, strict=True) if mask[best])
    dropped = tuple(m for m, mask in zip(found, masks, strict=True) if not mask[best])
    fewer = np.logical_and.reduce([mask for mask in masks if mask[best]])
    return Match(fewer, kept, dropped, missing)
