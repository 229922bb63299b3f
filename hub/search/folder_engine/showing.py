"""What is shown of found documents: titles and stretches of their texts with the matches marked, and the best passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hub.search.folder_engine.columns import Ints
from hub.search.folder_engine.damage import reading
from hub.search.folder_engine.opened import Opened, together
from hub.search.folder_engine.parts import PARTS_BEFORE_PASSAGES, Parts, Shown, ShownPassage
from hub.search.folder_engine.phrases import whole
from hub.search.folder_engine.snapshot import Snapshot, UnitMatch
from hub.search.highlight import FRAGMENT_CHARS, fragments
from hub.search.highlight import whole as whole_text
from hub.search.port import Fragment, Hit, MatchedWord, PassageHit, Place
from hub.search.typed import Unit

FRAGMENTS_MOST = 2
PASSAGES_MOST = 3
_TITLE, _SUMMARY, _BODY = 0, 1, 2
_PLACES: tuple[Place, ...] = ("title", "summary", "text", "extra", "passage")
#: The places that a number has bits for.
_WHERE = [
    tuple(place for bit, place in enumerate(_PLACES) if number >> bit & 1)
    for number in range(1 << len(_PLACES))
]
#: The matched words of a part by their numbers, each with the number of its unit.
_Words = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Shot:
    """A document that is to be shown as a hit."""

    document: int
    score: float
    text_score: float
    pinned: bool


def hits(snapshot: Snapshot, units: Sequence[UnitMatch], shots: Sequence[Shot]) -> tuple[Hit, ...]:
    """Raises `Damaged`."""
    documents = np.array([shot.document for shot in shots], np.int64)
    opened = snapshot.opened(documents)
    marks = _Marks(opened, units)
    keys = snapshot.keys[documents].tolist()
    return tuple(
        _hit(parts, marks, number, keys[number], shots[number]) for number, parts in enumerate(opened.parts)
    )


def _hit(parts: Parts, marks: _Marks, number: int, key: int, shot: Shot) -> Hit:
    with reading():
        best = marks.best_passages(number)
        passages = [_passage(parts.passage(part), marks.words(number, part)) for part in best]
        title = parts.title
        in_body = marks.words(number, _BODY)
        body = _cut(parts.body, in_body, FRAGMENTS_MOST) if in_body else ()
        room = min(FRAGMENTS_MOST - len(body), 1)
        in_summary = marks.words(number, _SUMMARY) if room else []
        summary = _cut(parts.summary, in_summary, room) if in_summary else ()
    return Hit(
        id=key,
        score=shot.score,
        title=whole_text(title.text, title.samples, [at for at, _ in marks.words(number, _TITLE)]),
        highlights=(*summary, *body),
        passages=tuple(passages),
        text_score=shot.text_score,
        matched=marks.matched(number),
        pinned=shot.pinned,
    )


def _cut(shown: Shown, words: _Words, most: int) -> tuple[Fragment, ...]:
    return fragments(shown.text, shown.samples, words, most)


def _passage(passage: ShownPassage, words: _Words) -> PassageHit:
    shown = passage.shown
    inside = [(number - shown.lead, unit) for number, unit in words if number >= shown.lead]
    cut = fragments(shown.text, shown.samples, inside, 1)
    start: Fragment = ((shown.text[:FRAGMENT_CHARS], False),)
    pieces = cut[0] if cut else start
    return PassageHit(passage.number, passage.kind, passage.title, pieces, passage.start_s, passage.in_part)


class _Marks:
    """The matched words of some documents, whose parts are numbered through as in `Opened`. What can be told of all documents at
    once is asked of numpy once: its calls for each of twenty took longer than Tantivy's search."""

    def __init__(self, opened: Opened, units: Sequence[UnitMatch]) -> None:
        self._units = [(unit, *unit.synonyms) for unit in units]
        self._first: list[int] = opened.first.tolist()
        spellings = [(index, one) for index, unit in enumerate(self._units) for one in unit]
        standing = [whole(opened, one.unit, opened.standing(one)) for _, one in spellings]
        spelling = np.repeat(np.arange(len(standing)), [len(one.which) for one in standing])
        part, number = opened.by_part(together(standing))
        size = self._first[-1]
        often = np.bincount(spelling * size + part, minlength=len(spellings) * size).reshape(
            len(spellings), size
        )
        rarities = np.array([one.rarity for _, one in spellings])
        #: How much a part tells: the rarity of each unit in it, a little more when it is often.
        telling = rarities @ np.where(often, 2 - 1 / np.maximum(often, 1), 0.0)
        self._telling: list[float] = telling.tolist()
        self._where = list(zip(*_where(opened, often).tolist(), strict=True))
        self._told: dict[tuple[int, ...], tuple[MatchedWord, ...]] = {}
        # Of several words side by side each is marked.
        reach = [one.unit.reach for _, one in spellings]
        lengths = np.array([len(one) for one in reach], np.int64)[spelling]
        begin = number + np.array([one.start for one in reach], np.int64)[spelling]
        number = np.repeat(begin - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        part = np.repeat(part, lengths)
        of_unit = np.array([index for index, _ in spellings], np.int64)[np.repeat(spelling, lengths)]
        order = np.lexsort((of_unit, number, part))
        self._words: _Words = list(zip(number[order].tolist(), of_unit[order].tolist(), strict=True))
        self._ends: list[int] = [0, *np.cumsum(np.bincount(part, minlength=size)).tolist()]

    def words(self, document: int, part: int) -> _Words:
        at = self._first[document] + part
        return self._words[self._ends[at] : self._ends[at + 1]]

    def best_passages(self, document: int) -> list[int]:
        first = self._first[document]
        telling = self._telling[first : self._first[document + 1]]
        found = [part for part in range(PARTS_BEFORE_PASSAGES, len(telling)) if telling[part]]
        return sorted(found, key=lambda part: (-telling[part], part))[:PASSAGES_MOST]

    def matched(self, document: int) -> tuple[MatchedWord, ...]:
        """Where each unit stands, or else the first of its synonyms that does; not what does not stand there. Made once for all
        documents with the same places."""
        if not self._where:
            return ()
        where = self._where[document]
        if where not in self._told:
            places = iter(where)
            found = ([(one.unit, next(places)) for one in unit] for unit in self._units)
            self._told[where] = tuple(word for unit in found if (word := _matched(unit)))
        return self._told[where]


def _matched(spellings: list[tuple[Unit, int]]) -> MatchedWord | None:
    own, _ = spellings[0]
    typed = own.typed or own.text
    for unit, where in spellings:
        if where:
            return MatchedWord(typed, _WHERE[where], "" if unit.text == typed else unit.text)
    return None


def _where(opened: Opened, often: Ints) -> Ints:
    """For each spelling and document the places where it stands, as bits; all passages are one place."""
    spelling, part = often.nonzero()
    which = np.searchsorted(opened.first, part, side="right") - 1
    places = np.minimum(part - opened.first[which], PARTS_BEFORE_PASSAGES)
    bits = np.zeros((len(often), len(opened.parts)), np.int64)
    np.bitwise_or.at(bits, (spelling, which), 1 << places)
    return bits
