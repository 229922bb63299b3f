"""Opens by week: one row of numbers an asset, so that a page can add up ten thousand of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from hub.usage.events import Opened
from hub.usage.models import DailyUse, WeeklyUse

WEEK = timedelta(weeks=1)
NUMBERS = np.dtype("<u4")


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def refresh(session: Session, asset_ids: Sequence[int], *, since: date | None = None) -> None:
    """Count the weeks of these assets again from `usage_daily`; `since`: only days from this one on have changed."""
    weeks: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    kept = select(WeeklyUse).where(WeeklyUse.asset_id.in_(asset_ids))
    changed = (
        select(DailyUse.asset_id, DailyUse.day, func.sum(DailyUse.count))
        .where(DailyUse.asset_id.in_(asset_ids), DailyUse.kind == Opened.kind, DailyUse.count > 0)
        .group_by(DailyUse.asset_id, DailyUse.day)
    )
    if since is not None:
        changed = changed.where(DailyUse.day >= monday(since))
        for row in session.scalars(kept):
            old = zip(_weeks_from(row.first_week), np.frombuffer(row.opened, NUMBERS), strict=False)
            weeks[row.asset_id].update({week: int(opened) for week, opened in old if week < monday(since)})
    for asset_id, day, opened in session.execute(changed):
        weeks[asset_id][monday(day)] += int(opened)
    _replace(session, asset_ids, weeks)


def add_up(rows: Iterable[tuple[date, bytes]], first_week: date, count: int) -> list[int]:
    """The sums of `count` weeks from `first_week` on over rows of (first week, numbers)."""
    sums = np.zeros(count, np.int64)
    for begins, packed in rows:
        opened = np.frombuffer(packed, NUMBERS)
        offset = (begins - first_week).days // 7
        if offset < 0:
            opened, offset = opened[-offset:], 0
        opened = opened[: max(count - offset, 0)]
        sums[offset : offset + len(opened)] += opened
    return [int(value) for value in sums]


def _weeks_from(first: date) -> Iterable[date]:
    while True:
        yield first
        first += WEEK


def _replace(session: Session, asset_ids: Sequence[int], weeks: dict[int, dict[date, int]]) -> None:
    old = delete(WeeklyUse).where(WeeklyUse.asset_id.in_(asset_ids))
    session.execute(old, execution_options={"synchronize_session": False})
    rows = []
    for asset_id, opened in weeks.items():
        counted = [week for week, count in opened.items() if count]
        if not counted:
            continue
        first, last = min(counted), max(counted)
        numbers = [opened.get(first + n * WEEK, 0) for n in range((last - first).days // 7 + 1)]
        rows.append(
            {"asset_id": asset_id, "first_week": first, "opened": np.array(numbers, NUMBERS).tobytes()}
        )
    if rows:
        session.connection().execute(insert(WeeklyUse), rows)
