"""Some documents whose texts are read together: a page of hits is looked through by a few calls of numpy for all twenty, not by
twenty times as many."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hub.search.folder_engine.columns import Ints, Mask
from hub.search.folder_engine.parts import Parts

_POSITION_BITS = 32


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something stands, as parallel arrays: in `which` of the documents, at which position."""

    which: Ints
    positions: Ints

    def only(self, kept: Mask) -> Standing:
        return Standing(self.which[kept], self.positions[kept])


def together(some: Sequence[Standing]) -> Standing:
    """One after the other."""
    nowhere = np.zeros(0, np.int64)
    which, positions = [one.which for one in some], [one.positions for one in some]
    return Standing(np.concatenate([nowhere, *which]), np.concatenate([nowhere, *positions]))


class Opened(ABC):
    """`parts` are those of each document."""

    def __init__(self, parts: Sequence[Parts]) -> None:
        self.parts = parts
        #: The parts of all documents are numbered through; the first of each, and after the last.
        self.first: Ints = np.cumsum([0, *(len(one.starts) for one in parts)])

    @abstractmethod
    def standing(self, found: Any) -> Standing:
        """Where a unit that the snapshot found stands itself, without its synonyms: the positions of its first words."""

    @cached_property
    def _starts(self) -> Ints:
        return np.concatenate([np.zeros(0, np.int64), *(one.starts for one in self.parts)])

    @cached_property
    def _places(self) -> Ints:
        """Document and position of each part's beginning, as one number."""
        which = np.repeat(np.arange(len(self.parts)), np.diff(self.first))
        return (which << _POSITION_BITS) + self._starts

    def by_part(self, standing: Standing) -> tuple[Ints, Ints]:
        """For each place the part it is in, and the number of its word there."""
        places = (standing.which << _POSITION_BITS) + standing.positions
        parts = np.searchsorted(self._places, places, side="right") - 1
        return parts, standing.positions - self._starts[parts]
