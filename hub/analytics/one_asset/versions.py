"""The versions of one asset compared: how much it was opened before and after each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from hub.library.models import Version

NEWEST = 20
AROUND = 28  # days before and after a version that are compared


@dataclass(frozen=True, slots=True)
class Compared:
    """A version: how long it was the current one, its opens, and opens a day before and after; None where there is no day."""

    version: Version
    days: int
    opened: int
    before: float | None
    after: float | None


def compared(session: Session, asset_id: int, opens: Mapping[date, int], end_day: date) -> list[Compared]:
    """Opens a day before and after a version: opens on up to 28 days before the day on which the version was made, back to the
    version before, divided by these days; and on up to 28 days from that day on, up to the next version. Days in UTC."""
    query = select(Version).where(Version.asset_id == asset_id).options(joinedload(Version.author))
    query = query.options(defer(Version.content)).order_by(Version.number.desc()).limit(NEWEST + 1)
    versions = list(reversed(session.scalars(query).all()))
    if not versions:
        return []
    ends = [*(later.at.date() for _, later in pairwise(versions)), end_day + timedelta(days=1)]
    starts = [version.at.date() for version in versions]
    found = []
    for place, (version, start, end) in enumerate(zip(versions, starts, ends, strict=True)):
        before = (
            _a_day(opens, max(starts[place - 1], start - timedelta(days=AROUND)), start) if place else None
        )
        after = _a_day(opens, start, min(end, start + timedelta(days=AROUND)))
        held = _days(start, end)
        found.append(Compared(version, len(held), sum(opens.get(day, 0) for day in held), before, after))
    return list(reversed(found))[:NEWEST]


def _a_day(opens: Mapping[date, int], first: date, end: date) -> float | None:
    days = _days(first, end)
    return sum(opens.get(day, 0) for day in days) / len(days) if days else None


def _days(first: date, end: date) -> Sequence[date]:
    return [first + timedelta(days=n) for n in range(max((end - first).days, 0))]
