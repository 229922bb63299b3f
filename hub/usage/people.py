"""Who used something: a set of people in a few bytes, so that they can be counted exactly over any choice of assets and
days by uniting sets.

A set is a whole number in which the bit of each person's id is set. It is stored as its bytes; long ones, which belong to
large companies and are mostly zeros, are compressed. Several sets may be kept together, each by what its people did.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping

LONG = 512  # bytes, enough for four thousand people
PLAIN, COMPRESSED = b"p", b"z"
BETWEEN = ","
SIZE = 3  # bytes that tell how long one of several sets is


def member(user_id: int) -> int:
    """The set of one person."""
    return 1 << user_id


def unite(sets: Iterable[int]) -> int:
    whole = 0
    for one in sets:
        whole |= one
    return whole


def count(members: int) -> int:
    return members.bit_count()


def ids(members: int) -> Iterator[int]:
    """The ids of the people in a set, the lowest first."""
    while members:
        lowest = members & -members
        yield lowest.bit_length() - 1
        members ^= lowest


def pack(members: int) -> bytes:
    return _squeezed(_raw(members))


def unpack(packed: bytes) -> int:
    return int.from_bytes(_plain(packed), "little")


def unite_hex(texts: str | None) -> int:
    """The union of packed sets that a database wrote as hexadecimal digits, with BETWEEN between them; none: nobody."""
    whole = 0
    for packed in map(bytes.fromhex, texts.split(BETWEEN) if texts else ()):
        whole |= int.from_bytes(packed[1:], "little") if packed[:1] == PLAIN else unpack(packed)
    return whole


def pack_by_name(sets: Mapping[str, int]) -> bytes:
    """Several sets, each by a name; empty ones are left out."""
    whole = b""
    for name, members in sorted(sets.items()):
        if members:
            said, raw = name.encode(), _raw(members)
            whole += bytes([len(said)]) + said + len(raw).to_bytes(SIZE, "little") + raw
    return _squeezed(whole)


def unpack_by_name(packed: bytes) -> dict[str, int]:
    whole, at = _plain(packed), 0
    sets: dict[str, int] = {}
    while at < len(whole):
        name_end = at + 1 + whole[at]
        begin = name_end + SIZE
        end = begin + int.from_bytes(whole[name_end:begin], "little")
        sets[whole[at + 1 : name_end].decode()] = int.from_bytes(whole[begin:end], "little")
        at = end
    return sets


def _raw(members: int) -> bytes:
    return members.to_bytes((members.bit_length() + 7) // 8, "little")


def _squeezed(raw: bytes) -> bytes:
    return PLAIN + raw if len(raw) <= LONG else COMPRESSED + zlib.compress(raw, 1)


def _plain(packed: bytes) -> bytes:
    return zlib.decompress(packed[1:]) if packed[:1] == COMPRESSED else packed[1:]
