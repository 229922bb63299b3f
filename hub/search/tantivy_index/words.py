"""The words of one document: how Tantivy is given them, and numbers of them by position, kept beside.

Tantivy gives out no positions; which words of a hit matched is told from the numbers. The hub's own terms go in, joined by
spaces. Words without a term (stop words) hold their places as `NO_TERM`, which Tantivy's filter takes out: so phrases agree with
`hub.search.language`."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import tantivy

from hub.search.folder_engine.columns import Mask
from hub.search.folder_engine.opened import Opened, Standing
from hub.search.folder_engine.parts import GAP, Parts
from hub.search.folder_engine.snapshot import UnitMatch
from hub.search.language import is_unspaced, term_of, tokens, word_pattern
from hub.search.tantivy_index.texts import Record

NO_TERM = "."
_GAP = f"{NO_TERM} " * GAP
_EMPTY = array("I", [0] * GAP)


def number_of(term: str) -> int:
    """A number that two terms of one document hardly share; 0 for no term."""
    return (zlib.crc32(term.encode("utf-8", "replace")) or 1) if term else 0


@lru_cache(maxsize=1 << 17)
def _indexed(word: str) -> tuple[str, int]:
    """What Tantivy is given for a word, and the number of its term."""
    term = term_of(word)
    return term or NO_TERM, number_of(term)


class Writing:
    """Takes the parts of a document one after the other; `numbers` are those of the terms by position, `pairs` those of the
    second terms that characters of unspaced scripts have, `written` the words as they come in the text."""

    def __init__(self) -> None:
        self.written: set[str] = set()
        self.numbers, self.pairs = array("I"), array("I")

    def add(self, title: str, text: str) -> tuple[str | tantivy.PreTokenizedString, int]:
        """Add a part and the gap after it; what Tantivy is given of it, and how many words its title has."""
        if is_unspaced(title) or is_unspaced(text):
            made, lead = self._add_unspaced(title, text)
            self.numbers.extend(_EMPTY)
            return made, lead
        written = word_pattern(title).findall(title)
        lead = len(written)
        written += word_pattern(text).findall(text)
        self.written.update(written)
        terms, numbers = zip(*map(_indexed, written), strict=True) if written else ((), ())
        self.numbers.extend(numbers)
        self.numbers.extend(_EMPTY)
        return _GAP + " ".join(terms), lead

    def _add_unspaced(self, title: str, text: str) -> tuple[tantivy.PreTokenizedString, int]:
        """As `add`, with two terms in one place, which a text of terms cannot say."""
        before = len(self.numbers)
        of_title = list(tokens(title))
        made: list[tantivy.Token] = []
        for shown in (title, text):
            self.written.update(word_pattern(shown).findall(shown))
        for token in (*of_title, *tokens(text)):
            position = len(self.numbers) - before + GAP
            made += [tantivy.Token(term, position, 0) for term in token.terms]
            first, second = (*token.terms, "", "")[:2]
            if second:
                self.pairs.extend([0] * (len(self.numbers) - len(self.pairs)))
                self.pairs.append(number_of(second))
            self.numbers.append(number_of(first))
        return tantivy.PreTokenizedString("", made), len(of_title)


class Reading(Opened):
    """The numbers that `Writing` made of some documents, one after the other: each ends with a gap, so no phrase runs on."""

    def __init__(self, records: Sequence[Record]) -> None:
        super().__init__([Parts(record.parts) for record in records])
        self._numbers = np.frombuffer(b"".join(record.words for record in records), np.uint32)
        self._bases = np.cumsum([0, *(len(record.words) // 4 for record in records)])
        self._pairs = np.zeros_like(self._numbers) if any(record.pairs for record in records) else None
        if self._pairs is not None:
            for base, record in zip(self._bases.tolist(), records, strict=False):
                pairs = np.frombuffer(record.pairs, np.uint32)
                self._pairs[base : base + len(pairs)] = pairs

    def standing(self, found: UnitMatch) -> Standing:
        (_, first), *others = found.unit.terms
        here = np.flatnonzero(self._having(first))
        for offset, term in others:
            here = here[here < len(self._numbers) - offset]
            here = here[self._having(term)[here + offset]]
        which = np.searchsorted(self._bases, here, side="right") - 1
        return Standing(which, here - self._bases[which])

    def _having(self, term: str) -> Mask:
        number = number_of(term)
        having: Mask = self._numbers == number
        if self._pairs is not None:
            having |= self._pairs == number
        return having
