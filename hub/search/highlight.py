"""Marking what matched, as pieces of text: never HTML. Knows no engine: it is told the numbers of the words that matched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from hub.search.language import word_pattern
from hub.search.port import Fragment, Piece

FRAGMENT_CHARS = 220
_FRAGMENT_WORDS = 24
_LEAD_CHARS, _LEAD_WORDS = 60, 12
#: `sample` notes where each so manieth word begins, so that a fragment deep in a text is cut out without counting up to it.
SAMPLED = 32
_SPACE = re.compile(r"\s+")
Span = tuple[int, int]


def sample(text: str) -> list[int]:
    """Where every 32nd word of a composed text begins."""
    return [match.start() for match in islice(word_pattern(text).finditer(text), 0, None, SAMPLED)]


def spans(text: str, samples: Sequence[int], numbers: Iterable[int]) -> list[Span]:
    """Where the words with these numbers start and end; numbers beyond the text are left out."""
    wanted = sorted({number for number in numbers if 0 <= number < SAMPLED * len(samples)})
    if not wanted:
        return []
    skipped = wanted[0] // SAMPLED
    words = word_pattern(text).finditer(text, samples[skipped])
    near = list(islice(words, wanted[-1] - skipped * SAMPLED + 1))
    places = (number - skipped * SAMPLED for number in wanted)
    return [near[place].span() for place in places if place < len(near)]


def whole(text: str, samples: Sequence[int], numbers: Iterable[int]) -> Fragment:
    """All of the text with the words marked."""
    return _pieces(text, 0, len(text), spans(text, samples, numbers))


def fragments(
    text: str, samples: Sequence[int], places: Iterable[tuple[int, int]], count: int
) -> tuple[Fragment, ...]:
    """Up to `count` stretches of the text that show the most different units, in their order. `places` are numbers of words, each
    with the number of the unit it belongs to."""
    ordered = sorted(places)
    cut = (_fragment(text, samples, first, last, ordered) for first, last in _densest(ordered, count))
    return tuple(fragment for fragment in cut if fragment)


def _densest(places: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """The windows (first and last number of a word) with the most different units, apart from each other."""
    windows, last = [], 0
    for first, (number, _) in enumerate(places[:500]):
        last = max(last, first + 1)
        while last < len(places) and places[last][0] - number < _FRAGMENT_WORDS:
            last += 1
        inside = places[first:last]
        windows.append((-len({unit for _, unit in inside}), -len(inside), number, inside[-1][0]))
    chosen: list[tuple[int, int]] = []
    for _, _, start, end in sorted(windows):
        if len(chosen) < count and all(end + _LEAD_WORDS < s or start > e + _LEAD_WORDS for s, e in chosen):
            chosen.append((start, end))
    return sorted(chosen)


def _fragment(
    text: str, samples: Sequence[int], first: int, last: int, places: list[tuple[int, int]]
) -> Fragment:
    """The words first to last with some text before and after, cut at spaces."""
    near = [n for n, _ in places if first - _LEAD_WORDS <= n <= last + _FRAGMENT_WORDS]
    marked = spans(text, samples, near)
    ends = spans(text, samples, (first, last))
    if not ends:
        return ()
    start, end = ends[0][0], ends[-1][1]
    left = max(0, start - _LEAD_CHARS)
    right = min(len(text), max(end, left + FRAGMENT_CHARS))
    if left:
        space = _SPACE.search(text, left, start)
        left = space.end() if space else left
    if right < len(text):
        space_before = text.rfind(" ", end, right)
        right = space_before if space_before > 0 else right
    pieces = _pieces(text, left, right, [span for span in marked if left <= span[0] and span[1] <= right])
    before: tuple[Piece, ...] = (("… ", False),) if left else ()
    after: tuple[Piece, ...] = ((" …", False),) if right < len(text) else ()
    return _joined((*before, *pieces, *after))


def _pieces(text: str, left: int, right: int, marked: list[Span]) -> Fragment:
    pieces: list[Piece] = []
    at = left
    for start, end in marked:
        pieces.append((_SPACE.sub(" ", text[at:start]), False))
        pieces.append((text[start:end], True))
        at = end
    pieces.append((_SPACE.sub(" ", text[at:right]), False))
    return _joined(tuple(pieces))


def _joined(pieces: tuple[Piece, ...]) -> Fragment:
    """Without empty pieces, and neighbours of one sort as one."""
    joined: list[Piece] = []
    for text, matched in pieces:
        if not text:
            continue
        if joined and joined[-1][1] == matched:
            joined[-1] = (joined[-1][0] + text, matched)
        else:
            joined.append((text, matched))
    return tuple(joined)
