"""How far recordings are watched: which of 100 equal parts, by whom, day by day.

A part counts as watched when its middle was. Who watched any of the last five parts has seen the end.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from hub.usage import people
from hub.usage.models import Watched
from hub.usage.segments import Segment

PARTS = 100
END = ((1 << 5) - 1) << (PARTS - 5)  # the parts of which one makes the end seen
ID, MASK = 4, 13  # bytes of a person's id, and of the parts that they watched

Viewers = Mapping[int, int]  # person: parts, each a bit


@dataclass(frozen=True, slots=True)
class Retention:
    """Over some days: different people who watched each part, who watched at all, and who saw the end."""

    parts: tuple[int, ...] = (0,) * PARTS
    people: int = 0
    ended: int = 0

    @property
    def share(self) -> float:
        """How much of the recording each person has watched, on the average."""
        return sum(self.parts) / PARTS / self.people if self.people else 0.0


def parts_of(segments: Iterable[Segment], length_ms: float) -> int:
    """The parts whose middle lies in one of the segments (in ms), as bits."""
    mask = 0
    for start, end in segments:
        first, behind = (min(max(_first_part(edge, length_ms), 0), PARTS) for edge in (start, end))
        if behind > first:
            mask |= ((1 << (behind - first)) - 1) << first
    return mask


def _first_part(at: float, length_ms: float) -> int:
    """The first part whose middle is not before this moment."""
    return int(-((length_ms - 2 * PARTS * at) // (2 * length_ms)))


def retention(
    session: Session, asset_id: int, first_day: date | None, last_day: date, *, version: int | None = None
) -> Retention:
    """How the recording of one asset was watched on these days (UTC), or by version; own and machine use left out."""
    query = select(Watched.viewers).where(Watched.asset_id == asset_id, Watched.day <= last_day)
    if first_day is not None:
        query = query.where(Watched.day >= first_day)
    if version is not None:
        query = query.where(Watched.version == version)
    masks: dict[int, int] = defaultdict(int)
    for packed in session.scalars(query):
        for user_id, mask in unpack(packed).items():
            masks[user_id] |= mask
    if not masks:
        return Retention()
    laid = b"".join(mask.to_bytes(MASK, "little") for mask in masks.values())
    bits = np.unpackbits(np.frombuffer(laid, np.uint8).reshape(-1, MASK), axis=1, bitorder="little")
    parts = tuple(int(n) for n in bits[:, :PARTS].sum(axis=0, dtype=np.int64))
    return Retention(parts, len(masks), sum(1 for mask in masks.values() if mask & END))


def versions(session: Session, asset_id: int) -> list[int]:
    """The versions of the asset of which something was watched, 0 for not known."""
    query = select(Watched.version).where(Watched.asset_id == asset_id).distinct()
    return sorted(session.scalars(query))


def replace(
    session: Session,
    asset_ids: Sequence[int],
    since: date | None,
    found: Mapping[tuple[int, date, int], Viewers],
) -> None:
    """Keep who watched what of these assets, from a day on or for all days."""
    old = delete(Watched).where(Watched.asset_id.in_(asset_ids))
    if since is not None:
        old = old.where(Watched.day >= since)
    session.execute(old, execution_options={"synchronize_session": False})
    rows = [
        {"asset_id": asset_id, "day": day, "version": version, "viewers": pack(viewers)}
        for (asset_id, day, version), viewers in found.items()
    ]
    if rows:
        session.connection().execute(insert(Watched), rows)


def who_ended(packed: bytes) -> int:
    """The set of people who saw the end."""
    return people.unite(people.member(user_id) for user_id, mask in unpack(packed).items() if mask & END)


def pack(viewers: Viewers) -> bytes:
    return zlib.compress(
        b"".join(
            user_id.to_bytes(ID, "little") + mask.to_bytes(MASK, "little")
            for user_id, mask in sorted(viewers.items())
        ),
        1,
    )


def unpack(packed: bytes) -> dict[int, int]:
    raw = zlib.decompress(packed)
    return {
        int.from_bytes(raw[at : at + ID], "little"): int.from_bytes(raw[at + ID : at + ID + MASK], "little")
        for at in range(0, len(raw), ID + MASK)
    }
