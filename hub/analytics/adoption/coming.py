"""Who has not been here for a month, and how soon people begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.usage.models import PersonUse
from hub.web.pagination import Page

AWAY = timedelta(days=30)
PAGE = 50
BEGINNINGS = (("On the first day", 0), ("Within a week", 7), ("Within a month", 30), ("Later", None))
NOT_YET = "Not yet"


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who has not been here for a month; `last` is None for never."""

    user: User
    last: date | None


@dataclass(frozen=True, slots=True)
class Beginnings:
    """How many people began when, and the median in days of those who have; `hired`: of how many the day of hire is known."""

    counts: Sequence[tuple[str, int]]
    median: float | None
    people: int
    hired: int


def away(session: Session, seen: ColumnElement[bool], end_day: date, page: int) -> Page[Away]:
    """Not here for a month: people who may sign in, whose account is older than 30 days, and who in the last 30 days used
    nothing, not even of their own, and searched for nothing."""
    since = end_day - AWAY
    conditions: list[Any] = [
        seen,
        User.active,
        User.created_at < datetime.combine(since, time(), UTC),
        or_(PersonUse.last_day.is_(None), PersonUse.last_day <= since),
    ]
    joined = select(func.count()).select_from(User).outerjoin(PersonUse, PersonUse.user_id == User.id)
    total = session.scalar(joined.where(*conditions)) or 0
    query = select(User, PersonUse.last_day).outerjoin(PersonUse, PersonUse.user_id == User.id)
    query = query.where(*conditions).order_by(
        func.coalesce(PersonUse.last_day, date.min), func.lower(User.name), User.id
    )
    number = min(page, Page((), total, page, PAGE).last)
    rows = [Away(user, last) for user, last in session.execute(query.limit(PAGE).offset((number - 1) * PAGE))]
    return Page(rows, total, number, PAGE)


def beginnings(session: Session, seen: ColumnElement[bool]) -> Beginnings:
    """First use: days from the day of hire to the day on which a person first used an asset of somebody else; people who may sign
    in. Where no day of hire is known it is the day on which the account was made, and whoever was hired before the hub began is
    counted from its first account. The median is over those who have used something."""
    query = select(User.hired_on, User.created_at, PersonUse.first_use)
    query = query.outerjoin(PersonUse, PersonUse.user_id == User.id).where(seen, User.active)
    begun = session.scalar(select(func.min(User.created_at)))
    counts = dict.fromkeys((*(name for name, _ in BEGINNINGS), NOT_YET), 0)
    days, known = [], 0
    for hired, created, first in session.execute(query):
        known += hired is not None
        if first is None:
            counts[NOT_YET] += 1
            continue
        start = created.date() if hired is None or begun is None else max(hired, begun.date())
        days.append(max((first - start).days, 0))
        counts[next(name for name, most in BEGINNINGS if most is None or days[-1] <= most)] += 1
    return Beginnings(list(counts.items()), median(days) if days else None, sum(counts.values()), known)
