"""How far recordings are watched: which of 100 equal parts, by whom, day by day.

A part counts as watched when its middle was. Who watched any of the last five parts has seen the end.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from hub.usage import people
from hub.usage.models import Watched
from hub.usage.segments import Segment

PARTS = 100
END_PARTS = 5
END = ((1 << END_PARTS) - 1) << (PARTS - END_PARTS)  # the parts of which one makes the end seen
ID, MASK = 4, 13  # bytes of a person's id, and of the parts that they watched

ROW = np.dtype([("version", "<u4"), ("user_id", "<u4"), ("parts", "u1", (MASK,))])

Viewers = Mapping[int, int]  # person: parts, each a bit
Parts = dict[tuple[int, int], int]  # (version, person): parts


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


def retention(watched: Iterable[bytes]) -> tuple[Retention, dict[int, Retention]]:
    """How the recording of an asset was watched in all of these bands of days together, and each version of it.

    `watched`: as `pack_parts` makes them. Own and machine use is left out.
    """
    rows = np.frombuffer(b"".join(map(zlib.decompress, watched)), ROW)
    of_version = {
        version: _retention(rows[rows["version"] == version])
        for version in np.unique(rows["version"]).tolist()
    }
    return _retention(rows), of_version


def _retention(rows: Any) -> Retention:
    if not len(rows):
        return Retention()
    rows = rows[np.argsort(rows["user_id"], kind="stable")]
    _, begins = np.unique(rows["user_id"], return_index=True)
    masks = np.bitwise_or.reduceat(
        rows["parts"], begins, axis=0
    )  # of each person, whatever the day and version
    bits = np.unpackbits(masks, axis=1, bitorder="little")[:, :PARTS]
    parts = tuple(int(n) for n in bits.sum(axis=0, dtype=np.int64))
    return Retention(parts, len(bits), int(bits[:, -END_PARTS:].any(axis=1).sum()))


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


def who_ended(viewers: Viewers) -> int:
    """The set of people who saw the end."""
    return people.unite(people.member(user_id) for user_id, mask in viewers.items() if mask & END)


def pack_parts(parts: Parts) -> bytes:
    """What was watched in a band of days, person by person."""
    rows = [
        (version, user_id, np.frombuffer(parts[version, user_id].to_bytes(MASK, "little"), np.uint8))
        for version, user_id in sorted(parts)
    ]
    return zlib.compress(np.array(rows, ROW).tobytes(), 1)


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
