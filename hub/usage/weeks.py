"""Opens by week: one row of numbers an asset, so that a page can add up ten thousand of them at once.

A week is a whole number, counted from the Monday of the year 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from hub.usage.events import Opened
from hub.usage.models import DailyUse, WeeklyUse

NUMBERS = np.dtype("<u4")


def week_of(day: date) -> int:
    """The week that a day is in, Monday to Sunday."""
    return (day.toordinal() - 1) // 7


def monday(week: int) -> date:
    """The day on which a week begins."""
    return date.fromordinal(week * 7 + 1)


def refresh(session: Session, asset_ids: Sequence[int], *, since: date | None = None) -> None:
    """Count the weeks of these assets again from `usage_daily`; `since`: only days from this one on have changed."""
    weeks: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    changed = (
        select(DailyUse.asset_id, DailyUse.day, func.sum(DailyUse.count))
        .where(DailyUse.asset_id.in_(asset_ids), DailyUse.kind == Opened.kind, DailyUse.count > 0)
        .group_by(DailyUse.asset_id, DailyUse.day)
    )
    if since is not None:
        changed = changed.where(DailyUse.day >= monday(week_of(since)))
        for row in session.scalars(select(WeeklyUse).where(WeeklyUse.asset_id.in_(asset_ids))):
            old = np.frombuffer(row.opened, NUMBERS)[: max(week_of(since) - row.first_week, 0)]
            weeks[row.asset_id].update(
                (row.first_week + n, int(opened)) for n, opened in enumerate(old) if opened
            )
    for asset_id, day, opened in session.execute(changed):
        weeks[asset_id][week_of(day)] += int(opened)
    _replace(session, asset_ids, weeks)


def add_up(rows: Iterable[tuple[int, bytes]], first_week: int, count: int) -> list[int]:
    """The sums of `count` weeks from `first_week` on over rows of (first week, numbers)."""
    width = count * NUMBERS.itemsize
    laid = b"".join(_laid(packed, (begins - first_week) * NUMBERS.itemsize, width) for begins, packed in rows)
    sums = np.frombuffer(laid, NUMBERS).reshape(-1, count).sum(axis=0, dtype=np.int64)
    return [int(value) for value in sums]


def _laid(packed: bytes, at: int, width: int) -> bytes:
    """Numbers that begin `at` bytes from the left of a row of this width; what stands out of it is cut off."""
    shown = packed[-at:] if at < 0 else bytes(min(at, width)) + packed
    return shown[:width].ljust(width, b"\0")


def _replace(session: Session, asset_ids: Sequence[int], weeks: dict[int, dict[int, int]]) -> None:
    old = delete(WeeklyUse).where(WeeklyUse.asset_id.in_(asset_ids))
    session.execute(old, execution_options={"synchronize_session": False})
    rows = []
    for asset_id, opened in weeks.items():
        if opened:
            first, last = min(opened), max(opened)
            numbers = np.array([opened.get(week, 0) for week in range(first, last + 1)], NUMBERS)
            rows.append({"asset_id": asset_id, "first_week": first, "opened": numbers.tobytes()})
    if rows:
        session.connection().execute(insert(WeeklyUse), rows)
