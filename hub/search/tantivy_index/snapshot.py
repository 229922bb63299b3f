"""Tantivy's index at one moment, with the columns of its documents beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import tantivy

from hub.search.distance import Words
from hub.search.folder_engine.columns import Floats, Ints, Mask
from hub.search.folder_engine.damage import reading
from hub.search.folder_engine.kept import Kept
from hub.search.folder_engine.snapshot import Snapshot, UnitMatch
from hub.search.tantivy_index import common_words, rows, written
from hub.search.tantivy_index.common_words import Common
from hub.search.tantivy_index.files import Stamp, check, generation, last_commit, stamp
from hub.search.tantivy_index.finding import LISTED_MOST, Asker, Terms, Top
from hub.search.tantivy_index.places import Places
from hub.search.tantivy_index.texts import NAME as TEXTS
from hub.search.tantivy_index.texts import Texts
from hub.search.tantivy_index.words import Reading
from hub.search.tantivy_index.written import Written
from hub.search.typed import Unit

# Rows of later commits are looked through side by side with the first; more views than this are put together.
_VIEWS_MOST = 8
_TOPS_KEPT, _MASKS_KEPT, _FORMS_KEPT = 200, 200, 300
_DEEPER = 8
# So many documents that could come before are named to Tantivy. To be told of twice as many of its best is as quick.
_NAMED_MOST, _DEEP = 1_000, 2_000


@dataclass(frozen=True)
class Found:
    """Implements `UnitMatch`; what it says is looked up when it is asked."""

    unit: Unit
    snapshot: TantivySnapshot

    @cached_property
    def rarity(self) -> float:
        return self.snapshot.rarity(self.unit)

    @cached_property
    def synonyms(self) -> tuple[Found, ...]:
        return tuple(Found(synonym, self.snapshot) for synonym in self.unit.synonyms)

    @property
    def mask(self) -> Mask:
        return self.snapshot.having((self.unit,))


class TantivySnapshot(Snapshot):
    """Made from the one before it, whose columns it goes on with."""

    views: Sequence[rows.Rows]
    #: What the next snapshot goes on with: which files are whole, Tantivy's index, the last commit whose rows are all in `views`.
    files: dict[str, Stamp]
    index: tantivy.Index
    commit: int
    #: The file of texts as it was when it was found whole.
    checked: Stamp | None
    #: The documents of common words, and the words as written; and the files they were read from as they were then.
    common: Common
    written: Written
    files_beside: tuple[Stamp, Stamp]

    def __init__(self, folder: Path, before: Snapshot | None = None) -> None:
        """Raises `Damaged` when the files cannot be read."""
        held = before if isinstance(before, TantivySnapshot) and before.folder == folder else None
        with reading():
            now, commit = generation(folder), last_commit(folder)
            self.files = check(folder, held.files if held else {})
            self.checked = held.checked if held else None
            self.index = held.index if held else _opened(folder)
            self.index.reload()
            self._asker = Asker(self.index)
            views, self.commit = self._views(folder, held), commit
            self.files_beside = stamp(folder / common_words.NAME), stamp(folder / written.NAME)
            same = held if held and held.files_beside == self.files_beside else None
            self.common = same.common if same else common_words.read(folder)
            self.written = same.written if same else written.read(folder)
            keys = np.concatenate([view.numbers["key"] for view in views])
            self._places = Places(keys)
            self._texts = Texts(folder)
            everything = self._asker.mask(tantivy.Query.all_query(), self._places)
            super().__init__(folder, now, views, everything)
        self._at, self._lengths = self.numbers("at"), self.numbers("length")
        self._tops: Kept[tuple[Unit, ...], Top] = Kept(_TOPS_KEPT)
        self._masks: Kept[tuple[Unit, ...], Mask] = Kept(_MASKS_KEPT)
        self._phrases: Kept[Terms, Top] = Kept(_TOPS_KEPT)
        self._words: Kept[str, Mask] = Kept(_MASKS_KEPT)
        self._forms: Kept[str, Words] = Kept(_FORMS_KEPT)

    def _views(self, folder: Path, held: TantivySnapshot | None) -> list[rows.Rows]:
        """The columns of the snapshot before, or of the file, and of what came later."""
        if held:
            views, commit = [*held.views], held.commit
        else:
            first, commit = rows.read(folder)
            views = [first]
        later = self._asker.since(commit)
        if later.size:
            views.append(later)
        if len(views) > _VIEWS_MOST:
            latest = np.concatenate([view.numbers["key"] for view in views[1:]])
            views = [views[0], rows.joined(views[1:], Places(latest).newest)]
        return views

    def find(self, unit: Unit) -> Found:
        return Found(unit, self)

    def together(self, found: Sequence[UnitMatch]) -> Mask:
        return self.having(tuple(unit_match.unit for unit_match in found))

    def rarity(self, unit: Unit) -> float:
        with reading():
            return self._asker.rarity(unit)

    def having(self, units: tuple[Unit, ...]) -> Mask:
        """The documents that have all the units."""
        return self._masks.get(units, lambda: self._having(units))

    def top(self, units: tuple[Unit, ...]) -> Top:
        """The best that have all the units."""
        return self._tops.get(units, lambda: self._top(units, LISTED_MOST))

    def best(
        self, found: Sequence[Found], documents: Ints, factors: Floats | None, most: int
    ) -> tuple[Ints, Floats]:
        """Tantivy is asked for more and more of its best, until none it has not told of could come before the `most` best; or so
        few that they are asked for by name."""
        if not len(documents):
            return documents, np.zeros(0)
        units = tuple(unit_match.unit for unit_match in found)
        wanted = np.zeros(self.size, np.bool_)
        wanted[documents] = True
        by_row = np.zeros(self.size)
        by_row[documents] = 1.0 if factors is None else factors
        having = self.having(units)
        every = bool(having[documents].all())
        # When few of those that have the words are wanted, the best of these are as far down.
        deep = most * int(np.count_nonzero(having)) // len(documents) if every else 0
        limit = 2 * deep if LISTED_MOST < 2 * deep <= _DEEP else LISTED_MOST
        top = self.top(units) if every and limit == LISTED_MOST else self._top(units, limit, every=every)
        while True:
            some, score = self._weighted(top, wanted, by_row)
            if top.complete or len(some) == len(documents):
                return some, score
            untold = wanted.copy()
            untold[some] = False
            least = np.partition(score, -most)[-most] if len(some) >= most else 0.0
            # What could come before: scores are added up in no certain order, hence the millionth.
            rivals = untold & (by_row * top.scores[-1] >= least * (1 - 1e-6))
            if not rivals.any():
                return some, score
            if np.count_nonzero(rivals) <= _NAMED_MOST:
                keys = self.keys[rivals].tolist()
                named = self._top(units, len(keys) + 1, every=every, keys=keys)
                others, scores = self._weighted(named, rivals, by_row)
                return np.append(some, others), np.append(score, scores)
            top = self._top(units, len(top.keys) * _DEEPER, every=every)

    def _weighted(self, top: Top, wanted: Mask, by_row: Floats) -> tuple[Ints, Floats]:
        """The rows of those that are wanted, with their scores times their factors."""
        told = self._places.rows(top.keys)
        known = (told >= 0) & wanted[told]
        return told[known], top.scores[known] * by_row[told[known]]

    def opened(self, documents: Ints) -> Reading:
        places = zip(self._at[documents].tolist(), self._lengths[documents].tolist(), strict=True)
        with reading():
            return Reading([self._texts.record(at, length) for at, length in places])

    def forms_like(self, typed: str, beginning: str, most: int) -> Iterable[Words]:
        with reading():
            some = self.written.like(typed, beginning, most)
            if not self._later_forms:
                return (some,)
            return some, self._forms.get(beginning, lambda: self._later_beginning(beginning))

    def _later_beginning(self, beginning: str) -> Words:
        return Words(self._asker.forms_beginning(beginning, self.written.commit))

    @cached_property
    def _later_forms(self) -> bool:
        """Whether something came or changed since the words were written down."""
        return self._asker.count(self._asker.later_than(self.written.commit)) > 0

    def having_form(self, form: str) -> int:
        with reading():
            return self._asker.searcher.doc_freq("form", form)

    def has_form(self, form: str, among: Mask) -> bool:
        with reading():
            some = self._asker.top(self._asker.form(form), LISTED_MOST)
        rows = self._places.rows(some.keys)
        return bool(among[rows[rows >= 0]].any()) or (not some.complete and super().has_form(form, among))

    def form_mask(self, form: str) -> Mask:
        with reading():
            query = self._asker.form(form)
            if self._asker.searcher.doc_freq("form", form) > LISTED_MOST:
                return self._asker.mask(query, self._places)
            return self._places.mask_of(self._asker.top(query, LISTED_MOST).keys)

    def check(self) -> None:
        with reading():
            check(self.folder, self.files)
            rows.read(self.folder)
            common_words.read(self.folder)
            written.read(self.folder)
            self.checked = self._check_texts(self.checked)

    def _check_texts(self, before: Stamp | None) -> Stamp:
        """All of them, or what was added since the check before; what tells the next."""
        now = stamp(self.folder / TEXTS)
        grown = before is not None and now[0] == before[0] and now[2] > before[2]
        whole = before[2] if before and (grown or now == before) else 0
        for row in np.flatnonzero(self.live & (self._at >= whole)).tolist():
            self._texts.check(int(self._at[row]), int(self._lengths[row]))
        return now

    @property
    def wasted(self) -> int:
        return self._texts.size - int(self._lengths[self.live].sum())

    def _top(
        self, units: tuple[Unit, ...], limit: int, *, every: bool = True, keys: Sequence[int] | None = None
    ) -> Top:
        with reading():
            if len(units) == 1 and _is_plain_phrase(units[0]) and (found := self._phrase(units[0])).complete:
                weight = units[0].times * self._asker.rarity(units[0])
                return replace(found, scores=found.scores * self._asker.boost(units[0], weight))
            return self._asker.top(self._asker.having(units, every=every, keys=keys), limit, every=every)

    def _phrase(self, unit: Unit) -> Top:
        """The best that have the phrase, not weighted by its rarity, which is not known before: to look for words side by side
        takes long, and most phrases stand in so few documents that once is enough."""
        return self._phrases.get(unit.terms, lambda: self._asker.top(self._asker.itself(unit), LISTED_MOST))

    def _having(self, units: tuple[Unit, ...]) -> Mask:
        if len(units) > 1:
            top = self.top(units)
            if top.complete:
                return self._places.mask_of(top.keys)
            # Each is likelier to be kept, and to be asked for again, than these together.
            return np.asarray(np.logical_and.reduce([self.having((unit,)) for unit in units]))
        (unit,) = units
        spellings = [self._itself(one) for one in (unit, *unit.synonyms)]
        return spellings[0] if len(spellings) == 1 else np.asarray(np.logical_or.reduce(spellings))

    def _itself(self, unit: Unit) -> Mask:
        """The documents that have the unit, without its synonyms."""
        with reading():
            if not unit.is_word and (found := self._phrase(unit)).complete:
                self._asker.count_is(unit, len(found.keys))
                return self._places.mask_of(found.keys)
            if not unit.is_word:
                return self._asker.phrase_mask(unit, self._places)
            term = unit.terms[0][1]
            return self._words.get(term, lambda: self._word(term))

    def _word(self, term: str) -> Mask:
        asker = self._asker
        if term not in self.common:
            return asker.mask(asker.term(term), self._places, asker.searcher.doc_freq("text", term))
        mask = self.common.mask(term, self._sources)
        if len(self._later):
            later = asker.keys(asker.term(term, self.common.commit))
            mask |= self._places.mask_of(later)
        return mask

    @cached_property
    def _later(self) -> Ints:
        """The ids of what came or changed since the common words were written down."""
        return self._asker.keys(self._asker.later_than(self.common.commit))

    @cached_property
    def _sources(self) -> Ints:
        return self.common.sources(self.keys, self._later)


def _is_plain_phrase(unit: Unit) -> bool:
    return not unit.is_word and not unit.synonyms


def _opened(folder: Path) -> tantivy.Index:
    """Without Tantivy's own look-out for commits, which is a thread that asks each half second."""
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    return index
