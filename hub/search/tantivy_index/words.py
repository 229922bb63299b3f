"""The words of one document: how Tantivy is given them, and numbers of them by position, kept beside.

Tantivy gives out no positions; which words of a hit matched is told from the numbers. The hub's own terms go in, joined by
spaces. Words without a term (stop words) hold their places as `NO_TERM`, which Tantivy's filter takes out: so phrases agree with
`hub.search.language`."""

from __future__ import annotations

import zlib
from array import array
from functools import lru_cache

import numpy as np
import tantivy

from hub.search.folder_engine.columns import Mask
from hub.search.folder_engine.parts import GAP
from hub.search.language import Unit, is_unspaced, term_of, tokens, word_pattern

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


class Reading:
    """The numbers that `Writing` made."""

    def __init__(self, numbers: bytes, pairs: bytes) -> None:
        self._numbers = np.frombuffer(numbers, np.uint32)
        self._pairs = np.frombuffer(pairs, np.uint32)

    def positions(self, unit: Unit) -> list[int]:
        """Where the unit stands: the positions of its first words."""
        if unit.is_word:
            here = self._having(unit.terms[0][1])
        else:
            size = max(0, len(self._numbers) - unit.terms[-1][0])
            here = np.logical_and.reduce(
                [self._having(term)[offset : offset + size] for offset, term in unit.terms]
            )
        found: list[int] = here.nonzero()[0].tolist()
        return found

    def _having(self, term: str) -> Mask:
        number = number_of(term)
        having: Mask = self._numbers == number
        if len(self._pairs):
            having[: len(self._pairs)] |= self._pairs == number
        return having
