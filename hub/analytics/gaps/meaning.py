"""Which searches mean the same. The rule, in this order:

1. The words are taken as the search takes them: filters typed (`kind:deck`) and words left out (`-demo`) stay apart.
2. Words are compared by their stems, without stop words.
3. A typo is folded onto its correction: a word that the library does not have (in titles, summaries and terms), of five letters
   or more, or of four with two neighbours swapped, becomes the word one edit away (a letter more, less or other, two swapped)
   that the library has and more people type, else one that three times as many people type, and at least three.
4. Synonyms are united: words of the company's list with what they mean and all that share one of these, then each term with its
   synonyms; a phrase of several terms belongs to the first. The longest phrase wins.
5. What is left is a set: order and repetition do not matter. A search of stop words alone means itself.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from hub.search.distance import edits
from hub.search.language import compose, tokens
from hub.search.typed import Unit, parse

KEY_MOST = 500
SHORTEST = 4
MANY = 3  # people, and times as many people, that make a word the right one

Stems = tuple[str, ...]


class Meaning:
    """The rule for one hub at one moment. `united`: names of groups and their phrases; `known`: stems of the library; `typed`:
    people by stem."""

    def __init__(
        self,
        united: Iterable[tuple[str, Sequence[str]]] = (),
        known: Collection[str] = (),
        typed: Mapping[str, int] | None = None,
    ) -> None:
        self._phrases = phrases(united)
        self._longest = max(map(len, self._phrases), default=1)
        self._right = corrections(typed or {}, known)

    @property
    def digest(self) -> str:
        """Changes when what words mean changes."""
        told = repr((sorted(self._phrases.items()), sorted(self._right.items())))
        return hashlib.sha256(told.encode()).hexdigest()

    def key(self, folded: str) -> str:
        """What all searches of the same meaning have in common."""
        stems, apart = taken(folded)
        said = self._united([self._right.get(stem, stem) for stem in stems]) | apart
        return " ".join(sorted(said))[:KEY_MOST] or folded[:KEY_MOST]

    def _united(self, said: Sequence[str]) -> set[str]:
        found: set[str] = set()
        at = 0
        while at < len(said):
            for length in range(min(self._longest, len(said) - at), 0, -1):
                if (name := self._phrases.get(tuple(said[at : at + length]))) is not None:
                    found.add(name)
                    at += length
                    break
            else:
                found.add(said[at])
                at += 1
        return found


@lru_cache(maxsize=1 << 17)
def taken(folded: str) -> tuple[Stems, frozenset[str]]:
    """The stems of what is looked for, in order; and what stands apart: words left out, filters."""
    read = parse(folded)
    left_out = {f"-{stem}" for unit in read.excluded for stem in stems_of(unit)}
    filters = {
        f"{'-' if one.excluded else ''}{one.facet}={','.join(sorted(one.values)).casefold()}"
        for one in read.filters
    }
    return tuple(stem for unit in read.units for stem in stems_of(unit)), frozenset(left_out | filters)


def phrases(united: Iterable[tuple[str, Sequence[str]]]) -> dict[Stems, str]:
    """Phrase → the name of its group, the first that claims it."""
    found: dict[Stems, str] = {}
    for name, said in united:
        for phrase in said:
            if stems := stems_of_text(phrase):
                found.setdefault(stems, name)
    return found


def corrections(typed: Mapping[str, int], known: Collection[str]) -> dict[str, str]:
    """Typo → the word that was meant, by rule 3."""
    words = {word for word in {*typed, *known} if len(word) >= SHORTEST and word.isalpha()}
    near = _by_deletions(words)
    found: dict[str, str] = {}
    for word in sorted(set(typed) & words - set(known)):
        others = {other for part in _deletions(word) for other in near.get(part, ())} - {word}
        right = [
            (other not in known, -typed.get(other, 0), other)
            for other in others
            if _meant(word, other, typed, other in known) and _one_edit(word, other)
        ]
        if right:
            found[word] = min(right)[2]
    return {word: found.get(right, right) for word, right in found.items()}


def stems_of(unit: Unit) -> Stems:
    return tuple(stem for _, stem in unit.terms)


def stems_of_text(text: str) -> Stems:
    """The stems of a text in order, without stop words."""
    return tuple(token.terms[-1] for token in tokens(compose(text)) if token.terms)


def _meant(word: str, other: str, typed: Mapping[str, int], known: bool) -> bool:
    mine, theirs = typed[word], typed.get(other, 0)
    return theirs > mine if known else theirs >= max(MANY, MANY * mine)


def _one_edit(word: str, other: str) -> bool:
    if min(len(word), len(other)) == SHORTEST and sorted(word) != sorted(other):
        return False
    return edits(word, other) == 1


def _by_deletions(words: Iterable[str]) -> dict[str, list[str]]:
    near: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for part in _deletions(word):
            near[part].append(word)
    return near


def _deletions(word: str) -> set[str]:
    """The word and what is left of it without one letter: what is one edit apart shares one of these."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}
