"""All words as they are written, in a file beside Tantivy's, for looking through those a mistyped word may be meant as.

Tantivy's binding tells the words of one beginning in a millisecond or two, and to make arrays of their letters took as long.
Here a few numbers of each word tell which are worth it. They are those of all documents up to some commit."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hub.search.distance import Words, alike
from hub.search.folder_engine.columns import Ints
from hub.search.tantivy_index import beside
from hub.search.tantivy_index.finding import Asker

NAME = "forms"
_LAST = "\U0010ffff"
_AT_ONCE = 10_000


@dataclass(frozen=True)
class Written:
    """Sorted words, one after the other in `text`; word n is the bytes `ends[n]` to `ends[n + 1]`."""

    commit: int
    text: bytes
    ends: Ints
    lengths: npt.NDArray[np.uint8]
    letters: npt.NDArray[np.uint64]

    def like(self, typed: str, beginning: str, most: int) -> Words:
        """The words that begin so and may be so few edits from what was typed, and some others."""
        every = range(len(self.lengths))
        first = bisect_left(every, beginning, key=self._word)
        last = bisect_left(every, beginning + _LAST, lo=first, key=self._word)
        near = alike(typed, self.letters[first:last], self.lengths[first:last], most)
        return Words([self._word(number) for number in (np.flatnonzero(near) + first).tolist()])

    def _word(self, number: int) -> str:
        return self.text[self.ends[number] : self.ends[number + 1]].decode()


def write(folder: Path, asker: Asker, commit: int) -> None:
    """Keep them, durably and in one step."""
    words = sorted(asker.forms_beginning(""))
    # Not all at once: an array of letters takes a hundred bytes for each word.
    letters = [Words(words[at : at + _AT_ONCE]).letters for at in range(0, len(words), _AT_ONCE)]
    beside.write(
        folder / NAME,
        commit=np.array(commit),
        text=np.frombuffer("".join(words).encode(), np.uint8),
        ends=np.cumsum([0, *(len(word.encode()) for word in words)]).astype(np.uint32),
        lengths=np.array([len(word) for word in words], np.uint8),
        letters=np.concatenate([np.zeros(0, np.uint64), *letters]),
    )


def read(folder: Path) -> Written:
    """Raises `Damaged`."""
    kept = beside.read(folder / NAME)
    ends = kept["ends"].astype(np.int64)
    return Written(int(kept["commit"]), kept["text"].tobytes(), ends, kept["lengths"], kept["letters"])
