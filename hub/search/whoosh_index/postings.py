"""Where a term stands, as arrays."""

from __future__ import annotations

import pickle
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC

from hub.search.folder_engine.columns import Ints
from hub.search.folder_engine.damage import Damaged


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term stands: the documents in rising order, and document i's positions, positions[starts[i]:starts[i + 1]]."""

    documents: Ints
    starts: Ints
    positions: Ints

    @property
    def size(self) -> int:
        return len(self.documents) + len(self.positions)


NOWHERE = Postings(np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int64))


def read_blocks(data: bytes) -> tuple[Ints, list[bytes]]:
    """The documents and values of one term from its blocks, as Whoosh's W3 codec writes them."""
    if data[:4] != WHOOSH3_HEADER_MAGIC:
        raise Damaged("postings without their header")
    stream, position, length = BytesIO(data), 4, 1
    ids: list[Ints] = []
    values: list[bytes] = []
    while length > 0:
        (length,) = struct.unpack_from("!i", data, position)
        end = position + 4 + abs(length)
        stream.seek(position + 4)
        compressed = pickle.load(stream)[3]  # noqa: S301 (Whoosh's format, our own files)
        block = data[stream.tell() : end]
        deltas, _, block_values = pickle.loads(zlib.decompress(block) if compressed else block)  # noqa: S301
        ids.append(np.cumsum(np.array(deltas, np.int64)))
        values.extend(block_values or ())
        position = end
    return np.concatenate(ids), values


def concatenated(parts: list[tuple[int, Postings]]) -> Postings:
    """Postings of several segments as one, each shifted by the number of documents before its segment."""
    held = [(base, postings) for base, postings in parts if len(postings.documents)]
    if not held:
        return NOWHERE
    if len(held) == 1 and held[0][0] == 0:
        return held[0][1]
    offsets = np.cumsum([0, *(len(postings.positions) for _, postings in held)])
    starts = [
        postings.starts[:-1] + offset
        for (_, postings), (offset, _) in zip(held, pairwise(offsets), strict=True)
    ]
    return Postings(
        np.concatenate([postings.documents + base for base, postings in held]),
        np.concatenate([*starts, offsets[-1:]]),
        np.concatenate([postings.positions for _, postings in held]),
    )
