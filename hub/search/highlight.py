"""Marking what matched, as pieces of text: never HTML. Knows no engine: it is told the numbers of the words that matched.
The texts have single spaces and no others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from hub.search.language import word_pattern, word_starts
from hub.search.port import Fragment, Piece

FRAGMENT_CHARS = 220
_FRAGMENT_WORDS = 24
_LEAD_CHARS, _LEAD_WORDS = 60, 12
#: `sample` notes where each so manieth word begins, so that a fragment deep in a text is cut out without counting up to it.
SAMPLED = 32
_WINDOWS_MOST = 500
Span = tuple[int, int]


def sample(text: str) -> list[int]:
    """Where every 32nd word of a composed text begins."""
    return word_starts(text, SAMPLED)


def spans(text: str, samples: Sequence[int], numbers: Collection[int]) -> list[Span]:
    """Where the words with these different numbers start and end, as they come; numbers beyond the text are left out."""
    within = SAMPLED * len(samples)
    numbers = [number for number in sorted(numbers) if 0 <= number < within]
    if not numbers:
        return []
    first, last = numbers[0], numbers[-1]
    begin = first // SAMPLED * SAMPLED
    words = word_pattern(text).finditer(text, samples[first // SAMPLED])
    near = list(islice(words, last - begin + 1))
    if len(near) <= last - begin:
        numbers = [number for number in numbers if number - begin < len(near)]
    return [near[number - begin].span() for number in numbers]


def whole(text: str, samples: Sequence[int], numbers: Collection[int]) -> Fragment:
    """All of the text with the words marked."""
    if not numbers:
        return ((text, False),) if text else ()
    return _pieces(text, 0, len(text), spans(text, samples, set(numbers)))


def fragments(
    text: str, samples: Sequence[int], places: Iterable[tuple[int, int]], count: int
) -> tuple[Fragment, ...]:
    """Up to `count` stretches of the text that show the most different units, in their order. `places` are numbers of words, each
    with the number of the unit it belongs to."""
    within = SAMPLED * len(samples)
    ordered = [place for place in sorted(places) if 0 <= place[0] < within]
    if not ordered or count < 1:
        return ()
    alone = len(ordered) == 1
    windows = [(ordered[0][0], ordered[0][0])] if alone else _densest(ordered, count)
    numbers = [*dict(ordered)]
    cut = (_fragment(text, samples, first, last, numbers) for first, last in windows)
    return tuple(fragment for fragment in cut if fragment)


def _densest(places: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """The windows (first and last number of a word) with the most different units, apart from each other."""
    numbers = [number for number, _ in places]
    windows, last, size = [], 0, len(places)
    for first, number in enumerate(numbers[:_WINDOWS_MOST]):
        end = number + _FRAGMENT_WORDS
        last = max(last, first + 1)
        while last < size and numbers[last] < end:
            last += 1
        units = 1 if last - first == 1 else len({unit for _, unit in places[first:last]})
        windows.append((-units, first - last, number, numbers[last - 1]))
    if count == 1:
        return [min(windows)[2:]]
    chosen: list[tuple[int, int]] = []
    for _, _, start, end in sorted(windows):
        if all(end + _LEAD_WORDS < s or start > e + _LEAD_WORDS for s, e in chosen):
            chosen.append((start, end))
            if len(chosen) == count:
                break
    return sorted(chosen)


def _fragment(text: str, samples: Sequence[int], first: int, last: int, numbers: list[int]) -> Fragment:
    """The words first to last with some text before and after, cut at spaces."""
    begin = bisect_left(numbers, first - _LEAD_WORDS)
    near = spans(text, samples, numbers[begin : bisect_right(numbers, last + _FRAGMENT_WORDS)])
    inside = near[bisect_left(numbers, first) - begin : bisect_right(numbers, last) - begin]
    if not inside:
        return ()
    start, end = inside[0][0], inside[-1][1]
    left = max(0, start - _LEAD_CHARS)
    right = min(len(text), max(end, left + FRAGMENT_CHARS))
    if left:
        left = text.find(" ", left, start) + 1 or left
    if right < len(text):
        space_before = text.rfind(" ", end, right)
        right = space_before if space_before > 0 else right
    pieces = _pieces(text, left, right, [span for span in near if left <= span[0] and span[1] <= right])
    if left:
        pieces = (("… " + pieces[0][0], False), *pieces[1:]) if not pieces[0][1] else (("… ", False), *pieces)
    if right < len(text):
        shown, matched = pieces[-1]
        pieces = (*pieces, (" …", False)) if matched else (*pieces[:-1], (shown + " …", False))
    return pieces


def _pieces(text: str, left: int, right: int, marked: list[Span]) -> Fragment:
    """None is empty, and no two beside each other are of one sort."""
    pieces: list[Piece] = []
    at = left
    for start, end in marked:
        if start > at:
            pieces.append((text[at:start], False))
            pieces.append((text[start:end], True))
        elif pieces and pieces[-1][1]:
            pieces[-1] = (pieces[-1][0] + text[start:end], True)
        else:
            pieces.append((text[start:end], True))
        at = end
    if right > at:
        pieces.append((text[at:right], False))
    return tuple(pieces)
