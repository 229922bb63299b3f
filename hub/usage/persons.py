"""What each person did, week by week over all assets, and when they were here: what adoption is counted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from hub.usage.events import KINDS
from hub.usage.models import DailyUse, PersonUse, PersonWeek, Search
from hub.usage.searches import KIND as SEARCHED
from hub.usage.weeks import monday, week_of

COUNTED = (*KINDS, SEARCHED)

Weeks = dict[tuple[int, int], dict[str, int]]  # (person, week): counts by kind


class _Days:
    """The days on which a person was here, as they come in."""

    def __init__(self, known: PersonUse | None) -> None:
        self.here = [known.first_day, known.last_day] if known else []
        self.used = [known.first_use] if known and known.first_use else []

    def columns(self) -> dict[str, Any]:
        return {
            "first_day": min(self.here),
            "last_day": max(self.here),
            "first_use": min(self.used, default=None),
        }


def refresh(session: Session, user_ids: Sequence[int], *, since: date | None = None) -> None:
    """Count the weeks and days of these people again; `since`: only days from this one on have changed.

    Events are only ever added, so the first and the last day can be kept and moved.
    """
    first = None if since is None else monday(week_of(since))
    known: dict[int, PersonUse] = {}
    if first is not None:
        of_these = select(PersonUse).where(PersonUse.user_id.in_(user_ids))
        known = {row.user_id: row for row in session.scalars(of_these)}
    weeks: Weeks = defaultdict(lambda: dict.fromkeys(COUNTED, 0))
    days = defaultdict(lambda: _Days(None), {user_id: _Days(row) for user_id, row in known.items()})
    for user_id, day, kind, count, own in _used(session, user_ids, first):
        if count or own:
            days[user_id].here.append(day)
        if count:
            days[user_id].used.append(day)
            weeks[user_id, week_of(day)][kind] += count
    for user_id, day, first_page in _searched(session, user_ids, first):
        days[user_id].here.append(day)
        if first_page:
            weeks[user_id, week_of(day)][SEARCHED] += 1
    _replace(session, user_ids, first, weeks, days)


def _used(
    session: Session, user_ids: Sequence[int], first: date | None
) -> Iterable[tuple[int, date, str, int, int]]:
    query = (
        select(
            DailyUse.user_id, DailyUse.day, DailyUse.kind, func.sum(DailyUse.count), func.sum(DailyUse.own)
        )
        .where(DailyUse.user_id.in_(user_ids))
        .group_by(DailyUse.user_id, DailyUse.day, DailyUse.kind)
    )
    if first is not None:
        query = query.where(DailyUse.day >= first)
    for user_id, day, kind, count, own in session.execute(query):
        yield user_id, day, kind, int(count), int(own)


def _searched(
    session: Session, user_ids: Sequence[int], first: date | None
) -> Iterable[tuple[int, date, bool]]:
    query = select(Search.user_id, Search.at, Search.page)
    query = query.where(Search.user_id.in_(user_ids), Search.machine.is_(False))
    if first is not None:
        query = query.where(Search.at >= datetime.combine(first, time(), UTC))
    for user_id, at, page in session.execute(query):
        yield user_id, at.date(), page == 1


def _replace(
    session: Session, user_ids: Sequence[int], first: date | None, weeks: Weeks, days: dict[int, _Days]
) -> None:
    old = delete(PersonWeek).where(PersonWeek.user_id.in_(user_ids))
    if first is not None:
        old = old.where(PersonWeek.week >= week_of(first))
    session.execute(old, execution_options={"synchronize_session": False})
    gone = delete(PersonUse).where(PersonUse.user_id.in_(user_ids))
    session.execute(gone, execution_options={"synchronize_session": False})
    counted = [{"user_id": user_id, "week": week, **counts} for (user_id, week), counts in weeks.items()]
    if counted:
        session.connection().execute(insert(PersonWeek), counted)
    if days:
        here = [{"user_id": user_id, **of_person.columns()} for user_id, of_person in days.items()]
        session.connection().execute(insert(PersonUse), here)
