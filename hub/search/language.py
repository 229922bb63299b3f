"""Words: how texts become terms and how a typed query becomes units to match. Knows no engine.

Texts are cut into words at anything that is neither letter nor digit; words lose case, accents and English endings. Japanese,
Chinese, Korean, Thai and their like have no spaces, so they are kept as single characters and pairs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import Stemmer

WORDS_MOST = 64
CHARS_MOST = 10_000
WORD_CHARS_MOST = 64
#: More synonyms of one word than these are not looked for.
SYNONYMS_MOST = 24

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0b82\u0bbe-\u0bcd"
_UNSPACED_CHAR = re.compile(f"[{_UNSPACED}]")
# Three patterns that agree, because the general one is four times slower than the one for plain text.
_ASCII_WORD = re.compile("[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_SPACED_WORD = re.compile(f"[^\\W_]+(?:[{_MARKS}]+[^\\W_]*|['’][^\\W_]+)*")
_ANY_WORD = re.compile(f"[{_UNSPACED}]|{_SPACED_WORD.pattern.replace('_]', f'_{_UNSPACED}]')}")

STOP_WORDS = frozenset(
    """
    a an and are as at be been but by can do does for from had has have how i if in into is it its me my no not of
    on or our so such than that the their them then there these they this those to was we were what when which
    will with you your
    """.split()  # noqa: SIM905
)
# "IT" is a vertical and a persona; "it" is noise.
_KEPT_IN_CAPITALS = frozenset({"IT"})
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_ENGLISH = Stemmer.Stemmer("english", 0)  # keeps nothing itself: `term_of` does


def fold(text: str) -> str:
    """Without case, accents and width: "Überblick" and "uberblick", "ＡＢＣ" and "abc" are the same."""
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", bare.casefold().translate(_LETTERS))


@lru_cache(maxsize=1 << 17)
def term_of(word: str) -> str:
    """The term a word is indexed and looked up by; empty for a stop word."""
    term = fold(word[:WORD_CHARS_MOST])
    if term in STOP_WORDS:
        return term if word in _KEPT_IN_CAPITALS else ""
    term = term.removesuffix("'s").replace("'", "")
    return str(_ENGLISH.stemWord(term)) if term.isascii() and term.isalpha() else term


def compose(text: str) -> str:
    """The text with letters and their accents as one character, as the other functions here expect it."""
    return (
        text
        if text.isascii() or unicodedata.is_normalized("NFC", text)
        else unicodedata.normalize("NFC", text)
    )


def word_pattern(text: str) -> re.Pattern[str]:
    """What finds the words of this text: a character of an unspaced script, or a run of letters and digits with the marks and
    apostrophes inside it."""
    if text.isascii():
        return _ASCII_WORD
    return _ANY_WORD if _UNSPACED_CHAR.search(text) else _SPACED_WORD


def is_unspaced(text: str) -> bool:
    """Whether some of its characters are words by themselves, so that `tokens` may give two terms at one place."""
    return word_pattern(text) is _ANY_WORD


@dataclass(frozen=True, slots=True)
class Token:
    """A word at its place: `position` counts words, `start` and `end` characters. A stop word has no terms; a character of an
    unspaced script has itself and the pair it begins."""

    position: int
    start: int
    end: int
    terms: tuple[str, ...]


def tokens(text: str) -> Iterator[Token]:
    """The words of a composed text in order."""
    pattern = word_pattern(text)
    for position, match in enumerate(pattern.finditer(text)):
        word, end = match[0], match.end()
        if pattern is _ANY_WORD and _UNSPACED_CHAR.match(word):
            pair = text[match.start() : end + 1]
            terms: tuple[str, ...] = (fold(word),)
            if len(pair) == 2 and _UNSPACED_CHAR.match(pair[1]):
                terms = (fold(word), fold(pair))
        else:
            term = term_of(word)
            terms = (term,) if term else ()
        yield Token(position, match.start(), end, terms)


def add_occurrences(text: str, start: int, into: defaultdict[str, list[int]]) -> int:
    """Note the positions of the text's terms, counted from `start`; the position after its last word."""
    text = compose(text)
    pattern = word_pattern(text)
    position = start - 1
    if pattern is not _ANY_WORD:
        for position, term in enumerate(map(term_of, pattern.findall(text)), start):
            if term:
                into[term].append(position)
        return position + 1
    for token in tokens(text):
        position = start + token.position
        for term in token.terms:
            into[term].append(position)
    return position + 1


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
_LETTER = f"[\\w'’{_MARKS}{_UNSPACED}]"
_JOINED = re.compile(f"{_LETTER}+(?:[-.&@+_‐‑]+{_LETTER}+)*")


def parse(text: str) -> Parsed:
    """Read what was typed. Never fails: what cannot be understood is taken as words, or left out."""
    text = compose(text)
    cut = len(text) > CHARS_MOST
    text = text[:CHARS_MOST].translate(_QUOTES)
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
        elif pair_at != token.position - 1 or not _UNSPACED_CHAR.match(text[token.start]):
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


def title_words(text: str) -> list[str]:
    """The folded words of a title, stop words too."""
    text = compose(text)
    return [fold(word) for word in word_pattern(text).findall(text)]
