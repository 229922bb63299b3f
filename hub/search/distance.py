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
        self.letters = np.bitwise_or.reduce(_bits(self.codes), axis=1)


def _bits(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """A bit for each letter; some letters share one."""
    bits = np.left_shift(np.uint64(1), (codes % 64).astype(np.uint64))
    return np.where(codes > 0, bits, np.uint64(0))


def alike(
    typed: str, letters: npt.NDArray[np.uint64], lengths: npt.NDArray[np.integer], most: int
) -> npt.NDArray[np.bool_]:
    """Which words, by their `Words.letters` and lengths, may be so few edits from what was typed."""
    typed_letters = np.bitwise_or.reduce(_bits(np.array([ord(char) for char in typed], np.uint32)))
    as_long = (lengths >= len(typed) - most) & (lengths <= len(typed) + most)
    # An edit changes two letters at most.
    return np.asarray(as_long & (np.bitwise_count(letters ^ typed_letters) <= 2 * most))


def edits_to(typed: str, words: Words, most: int) -> npt.NDArray[np.int8]:
    """For each word, the edits from what was typed; more than `most` is only known to be more.

    The usual table of distances, a row for each typed letter, filled for all words at once that may still be near."""
    nearest = np.full(len(words.words), CHARS_MOST, np.int8)
    alive = np.flatnonzero(alike(typed, words.letters, words.lengths, most))
    width = int(words.lengths[alive].max(initial=0))
    codes, lengths = words.codes[alive, :width], words.lengths[alive]
    steps = np.arange(width + 1, dtype=np.int8)
    before_last: npt.NDArray[np.int8] | None = None
    last = np.repeat(steps[np.newaxis], len(alive), axis=0)
    for row, char in enumerate(typed, 1):
        now = np.empty_like(last)
        now[:, 0] = row
        np.minimum(last[:, 1:] + 1, last[:, :-1] + (codes != ord(char)), out=now[:, 1:], casting="unsafe")
        if before_last is not None and width > 1:
            swapped = (codes[:, :-1] == ord(char)) & (codes[:, 1:] == ord(typed[row - 2]))
            now[:, 2:] = np.where(swapped, np.minimum(now[:, 2:], before_last[:, :-2] + 1), now[:, 2:])
        # A letter put in costs one more than the cell to the left: the running minimum of what is left after the steps so far.
        now = np.minimum.accumulate(now - steps, axis=1) + steps
        # A swap reaches back two rows: what is beyond in both comes no nearer.
        near = np.minimum(now, last).min(axis=1) <= most
        alive, codes, lengths = alive[near], codes[near], lengths[near]
        before_last, last = last[near], now[near]
    nearest[alive] = last[np.arange(len(alive)), lengths]
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
