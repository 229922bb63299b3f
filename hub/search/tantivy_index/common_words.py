"""The documents of the commonest words, as bits in a file beside Tantivy's.

Tantivy's binding tells them as sums of bits, a Python dictionary for each 48 ids: 4 ms for a common word at 100,000 documents,
where to unpack its bits takes 0.1. They are those of all documents up to some commit; what came later is asked of Tantivy."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hub.search.folder_engine.columns import Ints, Mask
from hub.search.tantivy_index import beside
from hub.search.tantivy_index.finding import LISTED_MOST, Asker
from hub.search.tantivy_index.places import Places
from hub.search.tantivy_index.rows import pack_texts, unpack_texts

NAME = "common"
#: So many words are kept, of those that more than one in so many documents have.
_WORDS_MOST, _ONE_IN = 1_000, 32
#: When more documents came later than this, and than this share of those before, the file is written anew.
_LATER_MOST, _LATER_SHARE = 500, 0.1
_BEGINNINGS = string.ascii_lowercase + string.digits


@dataclass(frozen=True)
class Common:
    """`bits` has a row for each term, with a bit for each of the `keys`, which are ids; all as of a commit."""

    commit: int
    keys: Ints
    terms: Sequence[str]
    bits: npt.NDArray[np.uint8]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {term: number for number, term in enumerate(self.terms)}

    @cached_property
    def _places(self) -> Places:
        return Places(self.keys)

    def __contains__(self, term: str) -> bool:
        return term in self._numbers

    def mask(self, term: str, sources: Ints) -> Mask:
        """The documents of a term it has, by `sources`."""
        # A last bit, which is 0, for those it does not know.
        having = np.zeros(len(self.keys) + 1, np.uint8)
        having[:-1] = np.unpackbits(self.bits[self._numbers[term]], count=len(self.keys))
        return having[sources].view(np.bool_)

    def sources(self, keys: Ints, later: Ints) -> Ints:
        """For each row of a snapshot, by its id, the bit that tells of it; `later` are the ids that came or changed since."""
        known = self._places.rows(keys)
        if len(later):
            known[np.isin(keys, later)] = -1
        return np.where(known < 0, len(self.keys), known)


def write(folder: Path, asker: Asker, keys: Ints, commit: int) -> None:
    """Keep them, durably and in one step; `keys` are the ids of all documents up to this commit."""
    places = Places(keys)
    least = max(LISTED_MOST, len(keys) // _ONE_IN)
    terms = sorted(
        (-documents, term)
        for beginning in _BEGINNINGS
        for term, documents in asker.terms_beginning(beginning)
        if documents > least
    )[:_WORDS_MOST]
    masks = [np.packbits(asker.mask(asker.term(term), places)) for _, term in terms]
    bits = np.array(masks, np.uint8).reshape(len(terms), -(-len(keys) // 8))
    named = pack_texts([term for _, term in terms])
    beside.write(folder / NAME, commit=np.array(commit), keys=keys, terms=named, bits=bits)


def read(folder: Path) -> Common:
    """Raises `Damaged`."""
    kept = beside.read(folder / NAME)
    return Common(int(kept["commit"]), kept["keys"], unpack_texts(kept["terms"]), kept["bits"])


def is_behind(folder: Path, asker: Asker) -> bool:
    """Whether so much came later that it should be written anew."""
    commit, size = int(beside.one(folder / NAME, "commit")), len(beside.one(folder / NAME, "keys"))
    return asker.count(asker.later_than(commit)) > max(_LATER_MOST, size * _LATER_SHARE)
