"""Words: how texts become terms. Knows no engine.

Texts are cut into words at anything that is neither letter nor digit; words lose case, accents and English endings. Japanese,
Chinese, Korean, Thai and their like have no spaces, so they are kept as single characters and pairs."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
import Stemmer

WORD_CHARS_MOST = 64

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0b82\u0bbe-\u0bcd"
UNSPACED_CHAR = re.compile(f"[{UNSPACED}]")
# Three patterns that agree, because the general one is four times slower than the one for plain text.
_ASCII_WORD = re.compile("[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_PLAIN = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128) if code != ord("'")}
_STRAY_APOSTROPHE = re.compile("(?<![a-z0-9])'|'(?![a-z0-9])")
_OF_ASCII_WORD = np.array([chr(code).isalnum() and code < 128 for code in range(256)])
_LONG = 400
_SPACED_WORD = re.compile(f"[^\\W_]+(?:[{MARKS}]+[^\\W_]*|['’][^\\W_]+)*")
_ANY_WORD = re.compile(f"[{UNSPACED}]|{_SPACED_WORD.pattern.replace('_]', f'_{UNSPACED}]')}")

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
    return _ANY_WORD if UNSPACED_CHAR.search(text) else _SPACED_WORD


def words_of(text: str) -> list[str]:
    """The words of a composed text as `term_of` wants them: those of plain text in lower case. It is cut at spaces once all else
    that parts words is a space, in a third of the time that the pattern takes."""
    if text.isascii() and not any(word in text for word in _KEPT_IN_CAPITALS):
        spaced = text.translate(_PLAIN)
        # An apostrophe is part of a word between two letters or digits.
        if "'" not in spaced or not _STRAY_APOSTROPHE.search(spaced):
            return spaced.split()
    return word_pattern(text).findall(text)


def word_starts(text: str, every: int = 1) -> list[int]:
    """Where the first word of a composed text begins, and each so manieth after it. Long plain texts are looked through by numpy,
    in a fifth of the time."""
    if len(text) < _LONG or not text.isascii():
        return [match.start() for match in islice(word_pattern(text).finditer(text), 0, None, every)]
    codes = np.frombuffer(text.encode(), np.uint8)
    of_word = _OF_ASCII_WORD[codes]
    if "'" in text:
        inner = np.flatnonzero(codes[1:-1] == ord("'")) + 1
        of_word[inner] = of_word[inner - 1] & of_word[inner + 1]
    begins = np.flatnonzero(of_word[1:] > of_word[:-1]) + 1
    starts: list[int] = np.concatenate((np.flatnonzero(of_word[:1]), begins))[::every].tolist()
    return starts


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
        if pattern is _ANY_WORD and UNSPACED_CHAR.match(word):
            pair = text[match.start() : end + 1]
            terms: tuple[str, ...] = (fold(word),)
            if len(pair) == 2 and UNSPACED_CHAR.match(pair[1]):
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
        for position, term in enumerate(map(term_of, words_of(text)), start):
            if term:
                into[term].append(position)
        return position + 1
    for token in tokens(text):
        position = start + token.position
        for term in token.terms:
            into[term].append(position)
    return position + 1


def title_words(text: str) -> list[str]:
    """The folded words of a title, stop words too."""
    text = compose(text)
    return [fold(word) for word in word_pattern(text).findall(text)]
