"""What is typed: how a query becomes units to match, and filters. Knows no engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from hub.search.language import (
    MARKS,
    UNSPACED,
    UNSPACED_CHAR,
    WORD_CHARS_MOST,
    compose,
    fold,
    title_words,
    tokens,
    word_pattern,
)

WORDS_MOST = 64
CHARS_MOST = 10_000
#: More synonyms of one word than these are not looked for.
SYNONYMS_MOST = 24


@dataclass(frozen=True, slots=True)
class Unit:
    """Something to match: one term, or several at these distances from the first, `length` words in all. `text` is as it is
    looked for, `typed` what it is looked for in place of. Where one of its synonyms stands is as good. `times` says how often it
    was typed: what is said twice counts twice. `common` are the stop words of what is quoted, likewise at their distances from
    the first term: no index has them, the texts do."""

    text: str
    terms: tuple[tuple[int, str], ...]
    length: int = 1
    quoted: bool = False
    typed: str = ""
    synonyms: tuple[Unit, ...] = ()
    times: int = 1
    common: tuple[tuple[int, str], ...] = ()

    @property
    def is_word(self) -> bool:
        return len(self.terms) == 1

    @property
    def reach(self) -> range:
        """The distances of all its words from the first term."""
        if not self.common:
            return range(self.length)
        distances = [distance for distance, _ in self.common]
        return range(min([0, *distances]), max([self.length, *(distance + 1 for distance in distances)]))


@dataclass(frozen=True, slots=True)
class TypedFilter:
    """`facet:value,value` in the box. The engine decides whether the facet and a value exist; if not, `words` are looked for."""

    facet: str
    values: tuple[str, ...]
    excluded: bool
    words: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A typed query: `units` must match, `excluded` must not. `common` are the stop words left out, `cut` says that words
    beyond the limit were. `browse` is true when nothing was typed, or only `*`: everything is meant."""

    units: tuple[Unit, ...] = ()
    excluded: tuple[Unit, ...] = ()
    filters: tuple[TypedFilter, ...] = ()
    common: tuple[str, ...] = ()
    cut: bool = False
    browse: bool = False


_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_CHUNK = re.compile(
    r'(?P<minus>(?<!\S)[-−])?(?:(?P<field>[^\W\d_]\w{0,40}):(?=[\w"]))?(?:"(?P<phrase>[^"]*)"|(?P<words>[^\s"]+)|")'
)
# What joins parts into one thing to be found together: follow-up, AT&T, 3.5, docs.example.com
_LETTER = f"[\\w'’{MARKS}{UNSPACED}]"
_JOINED = re.compile(f"{_LETTER}+(?:[-.&@+_‐‑]+{_LETTER}+)*")


def plain_quotes(text: str) -> str:
    """The text with quotes as a keyboard has them: phones type others."""
    return text.translate(_QUOTES)


def parse(text: str) -> Parsed:
    """Read what was typed. Never fails: what cannot be understood is taken as words, or left out."""
    text = compose(text)
    cut = len(text) > CHARS_MOST
    text = plain_quotes(text[:CHARS_MOST])
    if not text.strip(" \t\r\n*"):
        return Parsed(cut=cut, browse=True)
    reader = _Reader()
    for match in _CHUNK.finditer(text):
        if not reader.read(match):
            cut = True
            break
    return Parsed(
        units=tuple(replace(unit, times=times) for unit, times in Counter(reader.units).items()),
        excluded=tuple(dict.fromkeys(reader.excluded)),
        filters=tuple(reader.filters),
        common=tuple(dict.fromkeys(reader.common)),
        cut=cut,
    )


class _Reader:
    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.excluded: list[Unit] = []
        self.filters: list[TypedFilter] = []
        self.common: list[str] = []
        self._words = 0

    def read(self, match: re.Match[str]) -> bool:
        """Take one chunk; false when the limit of words is reached."""
        minus, name, phrase, words = match["minus"], match["field"], match["phrase"], match["words"]
        if phrase is None and words is None:
            return True
        units, common = _units(phrase, words or "")
        room = WORDS_MOST - self._words
        fits = len(units) <= room
        units = units[:room]
        self._words += len(units)
        if name:
            self._filter(name, phrase, words, bool(minus), units)
        else:
            (self.excluded if minus else self.units).extend(units)
            self.common.extend(common)
        return fits

    def _filter(
        self, name: str, phrase: str | None, words: str | None, excluded: bool, units: list[Unit]
    ) -> None:
        values = (phrase,) if phrase is not None else tuple(v for v in (words or "").split(",") if v)
        named, _ = _units(None, name)
        self.filters.append(TypedFilter(name.casefold(), values, excluded, (*named, *units)))


def _units(phrase: str | None, words: str) -> tuple[list[Unit], list[str]]:
    parts = [phrase[: WORD_CHARS_MOST * WORDS_MOST]] if phrase is not None else _JOINED.findall(words)
    units, common = [], []
    for part in parts:
        if unit := unit_of(part, quoted=phrase is not None):
            units.append(unit)
        elif word_pattern(part).search(part):
            common.append(part.strip("'’"))
    return units, common


def unit_of(text: str, *, quoted: bool = False) -> Unit | None:
    """The words of the text, to be found side by side; none if there are only stop words."""
    found: list[tuple[int, str]] = []
    common: list[tuple[int, str]] = []
    pair_at = -2
    for token in tokens(text):
        if not token.terms:
            common.append((token.position, fold(text[token.start : token.end])))
        elif len(token.terms) == 2:
            found.append((token.position, token.terms[1]))
            pair_at = token.position
        elif pair_at != token.position - 1 or not UNSPACED_CHAR.match(text[token.start]):
            found.append((token.position, token.terms[0]))
    if not found:
        return None
    first = found[0][0]
    found = found[:WORDS_MOST]
    last = found[-1][0] + (1 if found[-1][0] == pair_at else 0)
    terms = tuple((position - first, term) for position, term in found)
    said = tuple((position - first, word) for position, word in common) if quoted else ()
    return Unit(text, terms, last - first + 1, quoted, common=said)


def put_right(units: tuple[Unit, ...], words: Mapping[Unit, str]) -> tuple[Unit, ...]:
    """The units with these words in place of some. A word that was typed beside, in whatever spelling, is then said more often:
    it is no other word that a document should have too."""
    right: list[Unit] = []
    for unit in units:
        other = unit_of(words[unit]) if unit in words else None
        new = replace(other, typed=unit.text, times=unit.times) if other else unit
        same = (n for n, one in enumerate(right) if one.terms == new.terms and (one.typed or new.typed))
        if (at := next(same, None)) is None:
            right.append(new)
        else:
            as_typed = new if right[at].typed else right[at]
            right[at] = replace(as_typed, times=right[at].times + new.times)
    return tuple(right)


def with_synonyms(units: tuple[Unit, ...], synonyms: Mapping[str, tuple[str, ...]]) -> tuple[Unit, ...]:
    """The units, each with its synonyms. Those of a key of several words go to each of its words: to have the synonym or this
    word, and the synonym or that word, is to have the synonym or both."""
    if not synonyms:
        return units
    keys = _keys(tuple((key, tuple(others)) for key, others in synonyms.items()))
    added: list[dict[Unit, None]] = [{} for _ in units]
    for first, unit in enumerate(units):
        for terms, others in keys.get(unit.terms[0][1], ()):
            for number in range(first, _end(units, first, terms)):
                added[number].update((other, None) for other in others if other.terms != units[number].terms)
    return tuple(
        replace(unit, synonyms=tuple(others)[:SYNONYMS_MOST]) if others else unit
        for unit, others in zip(units, added, strict=True)
    )


_Keys = dict[str, list[tuple[tuple[str, ...], tuple[Unit, ...]]]]


@lru_cache(maxsize=4)
def _keys(synonyms: tuple[tuple[str, tuple[str, ...]], ...]) -> _Keys:
    """First term of a key → all its terms, and what counts as it."""
    keys: _Keys = {}
    for key, others in synonyms:
        if unit := unit_of(compose(key)):
            terms = tuple(term for _, term in unit.terms)
            counting = tuple(found for other in others if (found := unit_of(compose(other))))
            keys.setdefault(terms[0], []).append((terms, counting))
    return keys


def _end(units: tuple[Unit, ...], first: int, terms: tuple[str, ...]) -> int:
    """The number after the units, from the first on, whose terms are these; the first when they are not."""
    at, number = 0, first
    while at < len(terms) and number < len(units):
        own = tuple(term for _, term in units[number].terms)
        if terms[at : at + len(own)] != own:
            return first
        at, number = at + len(own), number + 1
    return number if at == len(terms) else first


def begun(text: str) -> tuple[tuple[str, ...], str]:
    """For suggestions: the folded whole words and the last word, which may be only begun (empty after a space)."""
    words = title_words(text[:CHARS_MOST])[:WORDS_MOST]
    if not words:
        return (), ""
    whole = not text[-1:].isalnum()
    return (tuple(words), "") if whole else (tuple(words[:-1]), words[-1])
