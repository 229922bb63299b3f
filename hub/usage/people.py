"""Who used something, and how: a set of (person, kind of event) in a few bytes, so that people can be counted exactly
over any choice of assets by uniting sets.

A set is a whole number: bit `user_id * 4 + index of the kind`. It is stored as its bytes; long ones, which belong to
large companies and are mostly zeros, are compressed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from hub.usage.events import KINDS

WIDTH = len(KINDS)
LONG = 512  # bytes, enough for a thousand people
PLAIN, COMPRESSED = b"p", b"z"
INDEX = {kind: index for index, kind in enumerate(KINDS)}


def member(user_id: int, kind: str) -> int:
    """The set of one person who did one kind of thing."""
    return 1 << (user_id * WIDTH + INDEX[kind])


def unite(sets: Iterable[int]) -> int:
    whole = 0
    for one in sets:
        whole |= one
    return whole


def count(members: int, kind: str | None = None) -> int:
    """How many people did this kind of thing, or any."""
    if kind is None:
        members = unite(members >> index for index in range(WIDTH))
    else:
        members >>= INDEX[kind]
    return (members & _first_bits(members.bit_length())).bit_count()


def _first_bits(length: int) -> int:
    """A number in which every WIDTH-th bit is set, at least up to `length`."""
    people = length // WIDTH + 1
    return ((1 << (people * WIDTH)) - 1) // ((1 << WIDTH) - 1)


def pack(members: int) -> bytes:
    raw = members.to_bytes((members.bit_length() + 7) // 8, "little")
    return PLAIN + raw if len(raw) <= LONG else COMPRESSED + zlib.compress(raw, 1)


def unpack(packed: bytes) -> int:
    mark, raw = packed[:1], packed[1:]
    return int.from_bytes(zlib.decompress(raw) if mark == COMPRESSED else raw, "little")
