"""How far words are from each other: letters put in, left out, changed, or swapped with their neighbour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

#: Words longer than this are not compared.
CHARS_MOST = 24


class Words:
    """Words as rows of character codes, so that thousands are compared at once."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = [word for word in words if 0 < len(word) <= CHARS_MOST]
        self.lengths = np.array([len(word) for word in self.words], np.int64)
        codes = np.array(self.words, f"U{CHARS_MOST}").view(np.uint32)
        self.codes: npt.NDArray[np.uint32] = codes.reshape(len(self.words), CHARS_MOST)


def edits_to_beginning(typed: str, words: Words) -> npt.NDArray[np.int8]:
    """For each word, the edits from the nearest beginning of what was typed, at least one letter long.

    The usual table of distances, a row for each typed letter, filled for all words at once."""
    count, width = len(words.words), int(words.lengths.max(initial=0))
    codes = words.codes[:, :width]
    steps = np.arange(width + 1, dtype=np.int8)
    nearest = np.full(count, CHARS_MOST, np.int8)
    before_last: npt.NDArray[np.int8] | None = None
    last = np.broadcast_to(steps, (count, width + 1))
    for row, char in enumerate(typed[:CHARS_MOST], 1):
        now = np.empty((count, width + 1), np.int8)
        now[:, 0] = row
        np.minimum(last[:, 1:] + 1, last[:, :-1] + (codes != ord(char)), out=now[:, 1:], casting="unsafe")
        if before_last is not None and width > 1:
            swapped = (codes[:, :-1] == ord(char)) & (codes[:, 1:] == ord(typed[row - 2]))
            now[:, 2:] = np.where(swapped, np.minimum(now[:, 2:], before_last[:, :-2] + 1), now[:, 2:])
        # A letter put in costs one more than the cell to the left: the running minimum of what is left after the steps so far.
        now = np.minimum.accumulate(now - steps, axis=1) + steps
        nearest = np.minimum(nearest, now[np.arange(count), words.lengths])
        before_last, last = last, now
    return nearest


def edits(one: str, other: str) -> int:
    """The edits that make one word the other."""
    rows = [list(range(len(other) + 1))]
    for i, char in enumerate(one, 1):
        row = [i]
        for j, other_char in enumerate(other, 1):
            cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (char != other_char))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == other_char:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
