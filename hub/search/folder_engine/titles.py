"""The words of titles, for suggestions."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from hub.search.folder_engine.columns import Ints
from hub.search.language import title_words


class TitleIndex:
    """Folded words of titles, sorted, each with the documents that have it."""

    def __init__(self, titles: Sequence[str]) -> None:
        found: defaultdict[str, list[int]] = defaultdict(list)
        self.folded: list[str] = []
        for document, title in enumerate(titles):
            words = title_words(title)
            self.folded.append(" ".join(words))
            for word in set(words):
                found[word].append(document)
        self._words = sorted(found)
        self._documents = np.array([document for word in self._words for document in found[word]], np.int64)
        self._starts = np.cumsum([0, *(len(found[word]) for word in self._words)])

    def having(self, word: str, *, begun: bool = False) -> Ints:
        """The documents whose title has the word, or one that begins with it; unsorted, some twice."""
        first = bisect_left(self._words, word)
        last = bisect_left(self._words, word + "\U0010ffff") if begun else first
        if not begun and first < len(self._words) and self._words[first] == word:
            last = first + 1
        return self._documents[self._starts[first] : self._starts[last]]
