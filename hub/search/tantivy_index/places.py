"""Where ids stand among the rows of a snapshot."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from hub.search.folder_engine.columns import Ints, Mask
from hub.search.tantivy_index.schema import BLOCK


class Places:
    """Finds rows by ids, however these come. Of several rows with one id the last counts."""

    def __init__(self, keys: Ints) -> None:
        """`keys` are the ids of all rows."""
        self._size = len(keys)
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        last = np.ones(self._size, np.bool_)
        last[:-1] = ordered[1:] != ordered[:-1]
        self._rows, self._keys = order[last], ordered[last]
        self._blocks, self._in_block = np.unique(self._keys // BLOCK, return_inverse=True)
        self._bit = self._keys % BLOCK

    @property
    def blocks(self) -> int:
        return len(self._blocks)

    @cached_property
    def newest(self) -> Mask:
        """The rows that count."""
        mask = np.zeros(self._size, np.bool_)
        mask[self._rows] = True
        return mask

    def rows(self, keys: Ints) -> Ints:
        """The row of each id; -1 for one that is not there."""
        if not self._size:
            return np.full(len(keys), -1, np.int64)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[at] == keys, self._rows[at], -1)

    def mask_of(self, keys: Ints) -> Mask:
        mask = np.zeros(self._size, np.bool_)
        rows = self.rows(keys)
        mask[rows[rows >= 0]] = True
        return mask

    def mask_of_blocks(self, blocks: Ints, bits: Ints) -> Mask:
        """The rows whose ids are set in the bits of these blocks."""
        mask = np.zeros(self._size, np.bool_)
        if self._size:
            at = np.minimum(np.searchsorted(self._blocks, blocks), len(self._blocks) - 1)
            known = self._blocks[at] == blocks
            words = np.zeros(len(self._blocks), np.int64)
            words[at[known]] = bits[known]
            mask[self._rows] = (words[self._in_block] >> self._bit) & 1
        return mask
