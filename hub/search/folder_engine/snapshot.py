"""The index at one moment: its segments side by side, documents numbered through, deletions applied."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from hub.search.distance import Words
from hub.search.folder_engine.columns import (
    AUDIENCE,
    TAG_SEPARATOR,
    FacetColumn,
    Floats,
    Ints,
    Mask,
    facet_column,
)
from hub.search.folder_engine.damage import reading
from hub.search.folder_engine.kept import Kept
from hub.search.folder_engine.opened import Opened
from hub.search.folder_engine.titles import TitleIndex
from hub.search.typed import Unit

_AUDIENCES_KEPT = 64


class View(Protocol):
    """Some documents of an index that never change, read into arrays; which of them are deleted is the snapshot's business.

    `numbers` has the columns "key" (the id) and "stamp" (seconds); `tags` the documents of each tag, rising."""

    @property
    def size(self) -> int: ...

    @property
    def numbers(self) -> Mapping[str, npt.NDArray[Any]]: ...

    @property
    def tags(self) -> Mapping[str, Ints]: ...

    @property
    def titles(self) -> Sequence[str]: ...

    @property
    def title_index(self) -> TitleIndex: ...


class UnitMatch(Protocol):
    """A unit and where it stands; `rarity` is its own inverse document frequency, without its synonyms."""

    @property
    def unit(self) -> Unit: ...

    @property
    def rarity(self) -> float: ...

    @property
    def mask(self) -> Mask:
        """The documents that have it or one of its synonyms, those nobody may see among them."""
        ...

    @property
    def synonyms(self) -> Sequence[UnitMatch]: ...


class Snapshot(ABC):
    """Immutable once made. An adapter finds words in it; what every document has is kept here. Reading files raises `Damaged`."""

    def __init__(self, folder: Path, generation: object, views: Sequence[View], live: Mask) -> None:
        self.folder = folder
        self.generation = generation
        self.views = views
        self.bases = np.cumsum([0, *(view.size for view in views)])
        self.size = int(self.bases[-1])
        self.live = live
        self.keys: Ints = self.numbers("key").astype(np.int64)
        self.stamps: Floats = self.numbers("stamp")
        self._audiences: Kept[frozenset[str], Mask] = Kept(_AUDIENCES_KEPT)

    @abstractmethod
    def find(self, unit: Unit) -> UnitMatch:
        """Where the unit and its synonyms stand, in any document."""

    @abstractmethod
    def best(
        self, found: Sequence[Any], documents: Ints, factors: Floats | None, most: int
    ) -> tuple[Ints, Floats]:
        """Of these documents those that score best, the `most` best and perhaps others, with their scores times their factors.

        The score of a unit is the best of its own and its synonyms', which count `SYNONYM_WEIGHT` with the lesser rarity."""

    @abstractmethod
    def opened(self, documents: Ints) -> Opened:
        """These documents with their texts."""

    @abstractmethod
    def forms_like(self, typed: str, beginning: str, most: int) -> Iterable[Words]:
        """The words as written (`hub.search.forms`) that begin so, those nobody may see among them: all that may be so few edits
        from what was typed, and perhaps others."""

    @abstractmethod
    def having_form(self, form: str) -> int:
        """How many documents have the word as it is written; of some that are gone it may still count."""

    @abstractmethod
    def form_mask(self, form: str) -> Mask:
        """The documents that have the word as it is written, and perhaps some that are gone."""

    @abstractmethod
    def check(self) -> None:
        """Read each file to its end."""

    def has_form(self, form: str, among: Mask) -> bool:
        """Whether one of these documents has the word as it is written."""
        return bool((self.form_mask(form) & among).any())

    def together(self, found: Sequence[UnitMatch]) -> Mask:
        """The documents that have all of these units, one at least."""
        return np.asarray(np.logical_and.reduce([unit_match.mask for unit_match in found]))

    @property
    def wasted(self) -> int:
        """Bytes of its files that only a rebuild frees."""
        return 0

    @property
    def count(self) -> int:
        return int(self.live.sum())

    def visible(self, viewers: frozenset[str]) -> Mask:
        """The documents a holder of these audience tokens may see."""
        return self._audiences.get(viewers, lambda: self._visible(viewers))

    def _visible(self, viewers: frozenset[str]) -> Mask:
        mask = np.zeros(self.size, np.bool_)
        for base, view in zip(self.bases, self.views, strict=False):
            for token in viewers:
                documents = view.tags.get(f"{AUDIENCE}{TAG_SEPARATOR}{token}")
                if documents is not None:
                    mask[documents + base] = True
        return mask & self.live

    @cached_property
    def facets(self) -> dict[str, FacetColumn]:
        gathered: dict[str, dict[str, list[Ints]]] = {}
        for base, view in zip(self.bases, self.views, strict=False):
            for tag, documents in view.tags.items():
                name, _, value = tag.partition(TAG_SEPARATOR)
                if name != AUDIENCE:
                    gathered.setdefault(name, {}).setdefault(value, []).append(documents + base)
        return {name: facet_column(values, self.size) for name, values in gathered.items()}

    @cached_property
    def title_ranks(self) -> Ints:
        """Each document's place when all are sorted by title."""
        with reading():
            titles = [title.casefold() for view in self.views for title in view.titles]
        order = sorted(range(self.size), key=titles.__getitem__)
        ranks = np.empty(self.size, np.int64)
        ranks[order] = np.arange(self.size)
        return ranks

    def numbers(self, name: str) -> npt.NDArray[Any]:
        return np.concatenate([view.numbers[name] for view in self.views]) if self.views else np.zeros(0)

    def place(self, document: int) -> tuple[int, int]:
        """The number of its view, and its own number in that."""
        number = int(np.searchsorted(self.bases, document, side="right")) - 1
        return number, document - int(self.bases[number])
