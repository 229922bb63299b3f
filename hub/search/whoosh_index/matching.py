"""Which documents match a typed query, and how well (BM25F: the title counts more than the rest)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hub.search.language import Unit
from hub.search.port import Note
from hub.search.whoosh_index.postings import Floats, Ints, Postings
from hub.search.whoosh_index.snapshot import Mask, Snapshot

TITLE_WEIGHT = 4.0
_SATURATION = 1.2
_TITLE_LENGTH_COUNTS, _LENGTH_COUNTS = 0.3, 0.6
_POSITION_BITS = 40
_SHIFT = 1 << 16


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """A unit and where it stands; `rarity` is its inverse document frequency."""

    unit: Unit
    postings: Postings
    rarity: float

    def mask(self, size: int) -> Mask:
        mask = np.zeros(size, np.bool_)
        mask[self.postings.documents] = True
        return mask

    def positions(self, document: int) -> Ints:
        """Where the unit stands in a document: the position of its first word."""
        at = int(np.searchsorted(self.postings.documents, document))
        if at == len(self.postings.documents) or self.postings.documents[at] != document:
            return self.postings.positions[:0]
        return self.postings.positions[self.postings.starts[at] : self.postings.starts[at + 1]]


@dataclass(frozen=True, slots=True)
class Match:
    """The documents that have all of `units` (a subset of the typed ones), none of the excluded, and may be seen."""

    mask: Mask
    units: tuple[UnitMatch, ...] = ()
    dropped: tuple[UnitMatch, ...] = ()
    missing: tuple[Unit, ...] = field(default=())

    @property
    def note(self) -> Note:
        return Note.FEWER_WORDS if self.dropped and self.units else Note.ALL_WORDS


def match(snapshot: Snapshot, visible: Mask, units: tuple[Unit, ...], excluded: tuple[Unit, ...]) -> Match:
    """Documents with all units; when there are none, those with the most telling units that some document has together.

    Which units are left out depends on what may be seen alone, not on filters, so that facet counts stay comparable."""
    allowed = visible.copy()
    for unit in excluded:
        allowed[find(snapshot, unit).postings.documents] = False
    found = tuple(find(snapshot, unit) for unit in units)
    masks = [unit_match.mask(snapshot.size) & allowed for unit_match in found]
    missing = tuple(m.unit for m, mask in zip(found, masks, strict=True) if not mask.any())
    everything = np.logical_and.reduce([allowed, *masks])
    if everything.any() or not found:
        return Match(everything, found, missing=missing)
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


def find(snapshot: Snapshot, unit: Unit) -> UnitMatch:
    """Where the unit stands, in any document."""
    postings = [snapshot.postings(term) for _, term in unit.terms]
    found = postings[0] if unit.is_word else _side_by_side(postings, [offset for offset, _ in unit.terms])
    count = len(found.documents)
    return UnitMatch(unit, found, float(np.log(1 + (snapshot.size - count + 0.5) / (count + 0.5))))


def _side_by_side(postings: list[Postings], offsets: list[int]) -> Postings:
    """Where all terms stand at these distances: positions are compared together with their documents, as one number."""
    rarest, *others = sorted(zip(postings, offsets, strict=True), key=lambda pair: len(pair[0].positions))
    together = _places(*rarest)
    for postings_, offset in others:
        together = together[_contained(together, _places(postings_, offset))]
    documents, starts = np.unique(together >> _POSITION_BITS, return_index=True)
    positions = (together & ((1 << _POSITION_BITS) - 1)) - _SHIFT
    return Postings(documents, np.append(starts, len(positions)), positions)


def _places(postings: Postings, offset: int) -> Ints:
    """Document and position in one number. A position less its offset may fall below 0, into the document before: the shift
    keeps them apart."""
    documents = np.repeat(postings.documents, np.diff(postings.starts))
    return (documents << _POSITION_BITS) + (postings.positions - offset + _SHIFT)


def _contained(few: Ints, many: Ints) -> Mask:
    """Which of the few sorted numbers are among the many sorted ones."""
    if not len(many):
        return np.zeros(len(few), np.bool_)
    at = np.searchsorted(many, few)
    at[at == len(many)] = 0
    return np.asarray(many[at] == few)


def scores(snapshot: Snapshot, found: Match) -> Floats:
    """A score for each document of the snapshot; 0 where no unit stands."""
    total = np.zeros(snapshot.size)
    mean_title, mean_other = snapshot.mean_lengths
    for unit_match in found.units:
        postings = unit_match.postings
        documents = postings.documents
        if not len(documents):
            continue
        lengths = np.diff(postings.starts)
        in_title = postings.positions < np.repeat(snapshot.title_words[documents], lengths)
        title = np.add.reduceat(in_title, postings.starts[:-1], dtype=np.float64)
        other = lengths - title
        title_norm = 1 + _TITLE_LENGTH_COUNTS * (snapshot.title_words[documents] / mean_title - 1)
        other_norm = 1 + _LENGTH_COUNTS * (snapshot.other_words[documents] / mean_other - 1)
        weight = TITLE_WEIGHT * title / title_norm + other / other_norm
        total[documents] += unit_match.rarity * weight * (_SATURATION + 1) / (_SATURATION + weight)
    return total
