"""The words of one document: how Tantivy is given them, and numbers of them by position, kept beside.

Tantivy gives out no positions; which words of a hit matched is told from the numbers. The hub's own terms go in, joined by
spaces. Words without a term (stop words) hold their places as `NO_TERM`, which Tantivy's filter takes out: so phrases agree with
`hub.search.language`."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from threading import Lock

import numpy as np
import tantivy

from hub.search.folder_engine.columns import Mask
from hub.search.folder_engine.opened import Opened, Standing
from hub.search.folder_engine.parts import GAP, Parts
from hub.search.folder_engine.snapshot import UnitMatch
from hub.search.forms import form_of
from hub.search.language import is_unspaced, term_of, tokens, words_of
from hub.search.tantivy_index.texts import Record

NO_TERM = "."
#: So many words are kept for the next documents, 30 MB of them.
_WORDS_MOST = 1 << 17
_GAP = f"{NO_TERM} " * GAP
_EMPTY = array("I", [0] * GAP)


def number_of(term: str) -> int:
    """A number that two terms of one document hardly share; 0 for no term."""
    return (zlib.crc32(term.encode("utf-8", "replace")) or 1) if term else 0


class _Vocabulary(dict[str, int]):
    """Words met so far, each with a number, by which are found its term, the number of that, and the word as it may be put right
    to. A rebuild meets a word thousands of times: its term is made once, and a look in a dictionary is all that each of a
    text's words takes."""

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[str] = []
        self.forms: list[str] = []
        self.numbers = np.zeros(1 << 12, np.uint32)
        self._lock = Lock()

    def __missing__(self, word: str) -> int:
        with self._lock:
            if word not in self:
                self._learn(word)
            return self[word]

    def _learn(self, word: str) -> None:
        at, term = len(self.terms), term_of(word)
        if at == len(self.numbers):
            self.numbers = np.concatenate([self.numbers, np.zeros_like(self.numbers)])
        self.numbers[at] = number_of(term)
        self.terms.append(term or NO_TERM)
        self.forms.append(form_of(word))
        self[word] = at


_vocabularies = [_Vocabulary()]


def _known_words() -> _Vocabulary:
    """That of all documents, until it has grown too large: then a new one is begun."""
    if len(_vocabularies[0]) > _WORDS_MOST:
        _vocabularies[0] = _Vocabulary()
    return _vocabularies[0]


class Writing:
    """Takes the parts of a document one after the other; `numbers` are those of the terms by position, `pairs` those of the
    second terms that characters of unspaced scripts have."""

    def __init__(self) -> None:
        self.numbers, self.pairs = array("I"), array("I")
        self._vocabulary = _known_words()
        self._met: set[int] = set()

    @property
    def forms(self) -> str:
        """The words as they are written, joined by spaces."""
        return " ".join(map(self._vocabulary.forms.__getitem__, self._met))

    def add(self, title: str, text: str) -> tuple[str | tantivy.PreTokenizedString, int]:
        """Add a part and the gap after it; what Tantivy is given of it, and how many words its title has."""
        if is_unspaced(title) or is_unspaced(text):
            made, lead = self._add_unspaced(title, text)
            self.numbers.extend(_EMPTY)
            return made, lead
        written = words_of(title)
        lead = len(written)
        written += words_of(text)
        met = list(map(self._vocabulary.__getitem__, written))
        self._met.update(met)
        self.numbers.frombytes(self._vocabulary.numbers[np.array(met, np.intp)].tobytes())
        self.numbers.extend(_EMPTY)
        return _GAP + " ".join(map(self._vocabulary.terms.__getitem__, met)), lead

    def _add_unspaced(self, title: str, text: str) -> tuple[tantivy.PreTokenizedString, int]:
        """As `add`, with two terms in one place, which a text of terms cannot say."""
        before = len(self.numbers)
        of_title = list(tokens(title))
        made: list[tantivy.Token] = []
        for shown in (title, text):
            self._met.update(map(self._vocabulary.__getitem__, words_of(shown)))
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
