"""Where units stand, from postings, and how well documents match them (BM25F: the title counts more than the rest)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hub.search.folder_engine.columns import Floats, Ints, Mask
from hub.search.folder_engine.matching import SYNONYM_WEIGHT, TITLE_WEIGHT, rarity
from hub.search.folder_engine.opened import Opened, Standing
from hub.search.folder_engine.parts import Parts
from hub.search.typed import Unit
from hub.search.whoosh_index.postings import Postings

_SATURATION = 1.5
_TITLE_LENGTH_COUNTS, _LENGTH_COUNTS = 0.3, 0.6
_POSITION_BITS = 40
_SHIFT = 1 << 16


@dataclass(frozen=True)
class Found:
    """Implements `UnitMatch`; `size` is the number of documents of the snapshot."""

    unit: Unit
    postings: Postings
    size: int
    synonyms: tuple[Found, ...] = ()

    @cached_property
    def rarity(self) -> float:
        return rarity(len(self.postings.documents), self.size)

    @cached_property
    def mask(self) -> Mask:
        mask = np.zeros(self.size, np.bool_)
        for found in (self, *self.synonyms):
            mask[found.postings.documents] = True
        return mask


class Pages(Opened):
    """Some documents, which postings tell the positions of."""

    def __init__(self, documents: Ints, parts: Sequence[Parts]) -> None:
        super().__init__(parts)
        self._documents = documents

    def standing(self, found: Found) -> Standing:
        postings = found.postings
        at = np.searchsorted(postings.documents, self._documents)
        at[at == len(postings.documents)] = 0
        having = np.flatnonzero(postings.documents[at] == self._documents if len(postings.documents) else [])
        starts, ends = postings.starts[at[having]], postings.starts[at[having] + 1]
        some = [
            postings.positions[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        return Standing(np.repeat(having, ends - starts), np.concatenate([np.zeros(0, np.int64), *some]))


@dataclass(frozen=True)
class Lengths:
    """Words of each document's title, and of all the rest."""

    title: npt.NDArray[np.number]
    other: npt.NDArray[np.number]

    @cached_property
    def means(self) -> tuple[float, float]:
        """At least 1."""
        if not len(self.title):
            return 1.0, 1.0
        return max(1.0, float(self.title.mean())), max(1.0, float(self.other.mean()))


def side_by_side(postings: list[Postings], offsets: list[int]) -> Postings:
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


def scores(found: Sequence[Found], words: Lengths) -> Floats:
    """A score for each document of the snapshot; 0 where no unit stands."""
    total = np.zeros(len(words.title))
    for unit_match in found:
        times = unit_match.unit.times
        if not unit_match.synonyms:
            _add(unit_match, times * unit_match.rarity, words, total)
            continue
        best = np.zeros(len(total))
        _add(unit_match, times * unit_match.rarity, words, best)
        for synonym in unit_match.synonyms:
            score = np.zeros(len(total))
            _add(synonym, times * SYNONYM_WEIGHT * min(unit_match.rarity, synonym.rarity), words, score)
            np.maximum(best, score, out=best)
        total += best
    return total


def _add(unit_match: Found, rarity: float, words: Lengths, total: Floats) -> None:
    """Add the score of one unit, without its synonyms."""
    postings = unit_match.postings
    documents = postings.documents
    if not len(documents):
        return
    mean_title, mean_other = words.means
    lengths = np.diff(postings.starts)
    in_title = postings.positions < np.repeat(words.title[documents], lengths)
    title = np.add.reduceat(in_title, postings.starts[:-1], dtype=np.float64)
    other = lengths - title
    title_norm = 1 + _TITLE_LENGTH_COUNTS * (words.title[documents] / mean_title - 1)
    other_norm = 1 + _LENGTH_COUNTS * (words.other[documents] / mean_other - 1)
    weight = TITLE_WEIGHT * title / title_norm + other / other_norm
    total[documents] += rarity * weight * (_SATURATION + 1) / (_SATURATION + weight)
