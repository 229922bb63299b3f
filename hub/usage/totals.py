"""The use of one asset day by day, by everybody together: a row a day, however many did what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, delete, func, insert, select
from sqlalchemy.orm import Session

from hub.usage.events import Copied, Downloaded, Opened, Played
from hub.usage.models import DailyTotal, DailyUse

KINDS = (Opened.kind, Played.kind, Copied.kind, Downloaded.kind)
COLUMNS = ("asset_id", "day", "people", *KINDS, "watched_ms")


class Total(NamedTuple):
    """The use of one asset on one day."""

    day: date
    opened: int
    played: int
    copied: int
    downloaded: int
    watched_ms: int
    people: int


def refresh(session: Session, asset_ids: Sequence[int], *, since: date | None = None) -> None:
    """Add up the days of these assets again from `usage_daily`; `since`: only days from this one on have changed."""
    use = DailyUse
    added = (
        select(
            use.asset_id,
            use.day,
            func.count(use.user_id.distinct()),
            *(func.sum(case((use.kind == kind, use.count), else_=0)) for kind in KINDS),
            func.sum(case((use.kind == Played.kind, use.ms), else_=0)),
        )
        .where(use.asset_id.in_(asset_ids), use.count > 0)
        .group_by(use.asset_id, use.day)
    )
    old = delete(DailyTotal).where(DailyTotal.asset_id.in_(asset_ids))
    if since is not None:
        added, old = added.where(use.day >= since), old.where(DailyTotal.day >= since)
    session.execute(old, execution_options={"synchronize_session": False})
    session.connection().execute(insert(DailyTotal).from_select(COLUMNS, added))


def by_day(session: Session, asset_id: int, first_day: date | None, last_day: date) -> list[Total]:
    """The days on which an asset was used, the earliest first."""
    total = DailyTotal
    query = select(*(getattr(total, name) for name in Total._fields))
    query = query.where(total.asset_id == asset_id, total.day <= last_day).order_by(total.day)
    if first_day is not None:
        query = query.where(total.day >= first_day)
    return list(map(Total._make, session.execute(query)))
