"""What each person did with one asset in a span of days: counts by kind, in a few bytes a person, that can be added up."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from hub.usage.events import Copied, Downloaded, Opened, Played

KINDS = (Opened.kind, Played.kind, Copied.kind, Downloaded.kind)
PLACES = {kind: place for place, kind in enumerate(KINDS)}
WATCHED_MS = len(KINDS)
NUMBERS = WATCHED_MS + 1
ROW = np.dtype([("user_id", "<u4"), *((kind, "<u4") for kind in KINDS), ("watched_ms", "<u8")])

Counts = dict[int, list[int]]  # person: how often each of KINDS, and milliseconds of the recording


class Did(NamedTuple):
    """How often one person opened, played, copied and downloaded it, and the milliseconds of a recording that they watched."""

    opened: int
    played: int
    copied: int
    downloaded: int
    watched_ms: int


def add(counts: Counts, user_id: int, kind: str, count: int, ms: int) -> None:
    """Count what a person did; one who did something of another kind is among them with noughts."""
    known = counts.get(user_id)
    if known is None:
        known = counts[user_id] = [0] * NUMBERS
    place = PLACES.get(kind)
    if place is not None:
        known[place] += count
        if kind == Played.kind:
            known[WATCHED_MS] += ms


def pack(counts: Mapping[int, Sequence[int]]) -> bytes:
    rows = [(user_id, *counts[user_id]) for user_id in sorted(counts)]
    return zlib.compress(np.array(rows, ROW).tobytes(), 1)


def add_up(packed: Iterable[bytes]) -> dict[int, Did]:
    """What each person did in all of these together, by the person's id."""
    rows = np.frombuffer(b"".join(map(zlib.decompress, packed)), ROW)
    user_ids, places = np.unique(rows["user_id"], return_inverse=True)
    sums = np.zeros((len(user_ids), NUMBERS), np.int64)
    for number, name in enumerate((*KINDS, "watched_ms")):
        np.add.at(sums[:, number], places, rows[name].astype(np.int64))
    return {user_id: Did(*did) for user_id, did in zip(user_ids.tolist(), sums.tolist(), strict=True)}
