"""The hub's terms as an import sees them: plain words to match what files say against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from sqlalchemy.orm import Session

from hub.library import taxonomy
from hub.library.importing import industries
from hub.library.models import FACETS
from hub.library.taxonomy import fold

ENOUGH = 6  # points a vertical must score in running text
MOST = 18  # points that one word can bring
CLEARLY = 2  # times as many points as the next one must have


@dataclass(frozen=True)
class Word:
    """A term: `names` are all its folded words, the label first."""

    facet: str
    key: str
    label: str
    names: tuple[str, ...]
    keys: tuple[
        str, ...
    ] = ()  # its own, and those of terms that were merged into it, which mappings may still say

    @property
    def said(self) -> str:
        return f"{self.facet}:{self.key}"


@dataclass(frozen=True)
class Vocabulary:
    """Every term that is offered, and those that are `retired`, or removed: they are meant only where they are named outright."""

    words: tuple[Word, ...] = field(default=())
    retired: tuple[Word, ...] = ()

    @classmethod
    def of(cls, session: Session) -> Vocabulary:
        """The terms of a hub, with the usual words for the verticals it begins with."""
        words: list[Word] = []
        retired: list[Word] = []
        catalogue = taxonomy.catalogue(session)
        for facet, terms in catalogue.shown().items():
            for term in (*terms, *catalogue.removed(facet)):
                offered = term.retired_at is None
                more = industries.WORDS.get(term.key, ()) if facet == "vertical" and offered else ()
                names = dict.fromkeys(fold(name) for name in (term.label, *map(str, term.synonyms), *more))
                keys = catalogue.keys(facet, term.key)
                word = Word(facet, term.key, term.label, tuple(name for name in names if name), keys)
                (words if offered else retired).append(word)
        return cls(tuple(words), tuple(retired))

    def labels(self, facet: str) -> list[str]:
        return [word.label for word in self.words if word.facet == facet]

    def find(self, facet: str, value: str) -> Word | None:
        """The term of this facet that a value names exactly: by label, key or synonym."""
        name = fold(value)
        return self._by_name.get((facet, name)) if name else None

    def named(self, facet: str, value: str) -> Word | None:
        """What a file or a mapping means that names a term outright: a retired one too, when no other goes by that name."""
        return self.find(facet, value) or self._by_old_name.get((facet, fold(value)))

    def tagged(self, tag: str) -> Word | None:
        """The term of any facet that a tag names; words that say little alone do not count, and a stage only by its label."""
        name = fold(tag)
        if name in industries.WEAK:
            return None
        for facet in FACETS:
            word = self._by_name.get((facet, name))
            if word is not None and (facet != "stage" or word.names[0] == name):
                return word
        return None

    def verticals_in(self, phrase: str) -> list[Word]:
        """The verticals that an industry in somebody's own words speaks of; the telling words decide, the last one first."""
        exact = self.find("vertical", phrase)
        if exact is not None:
            return [exact]
        text = fold(phrase)
        found: list[tuple[int, Word, str]] = []
        for word in self._verticals:
            found += [(match.end(), word, match[1]) for match in self._pattern(word.names).finditer(text)]
        telling = [hit for hit in found if hit[2] not in industries.WEAK]
        best = max(telling or found, key=lambda hit: (hit[0], len(hit[2])), default=None)
        return [best[1]] if best else []

    def vertical_told(self, parts: Iterable[tuple[str, int]]) -> Word | None:
        """The vertical that running text clearly is about, if any: its telling words counted, by the weight of each part."""
        points: dict[str, int] = {}
        folded = [(fold(text), weight) for text, weight in parts]
        for word in self._verticals:
            pattern = self._pattern(tuple(name for name in word.names if name not in industries.COMMON))
            seen: dict[str, int] = {}
            for text, weight in folded:
                for match in pattern.finditer(text):
                    seen[match[1]] = min(seen.get(match[1], 0) + weight, MOST)
            points[word.key] = sum(seen.values())
        ranked = sorted(points.values(), reverse=True)
        if not ranked or ranked[0] < ENOUGH or (len(ranked) > 1 and ranked[0] < CLEARLY * ranked[1]):
            return None
        return next(word for word in self._verticals if points[word.key] == ranked[0])

    def near(self, facet: str, value: str) -> str:
        """What a person could have meant: the nearest label, or all of them."""
        labels = self.labels(facet)
        if not labels:
            return f"the hub has no {FACETS[facet].lower()} yet"
        close = get_close_matches(value, labels, n=1, cutoff=0.7)
        return (f"did you mean “{close[0]}”? " if close else "") + "The hub knows: " + ", ".join(labels[:30])

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], Word]:
        return _by_names(self.words)

    @cached_property
    def _by_old_name(self) -> dict[tuple[str, str], Word]:
        return _by_names(self.retired)

    @cached_property
    def _verticals(self) -> list[Word]:
        return [word for word in self.words if word.facet == "vertical"]

    @cached_property
    def _patterns(self) -> dict[Sequence[str], re.Pattern[str]]:
        return {}

    def _pattern(self, names: tuple[str, ...]) -> re.Pattern[str]:
        if names not in self._patterns:
            ordered = sorted(names, key=len, reverse=True)
            choice = "|".join(map(re.escape, ordered)) or r"(?!)"
            self._patterns[names] = re.compile(rf"\b({choice})(?:s|es)?\b")
        return self._patterns[names]


def _by_names(words: Sequence[Word]) -> dict[tuple[str, str], Word]:
    """Words by facet and name: labels and keys before other words for a term, which may be another's name."""
    named: dict[tuple[str, str], Word] = {}
    for word in words:
        for name in (*word.names[:1], fold(word.key)):
            named.setdefault((word.facet, name), word)
    for word in words:
        for name in (*word.names, *map(fold, word.keys)):
            named.setdefault((word.facet, name), word)
    return named
