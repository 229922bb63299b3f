"""What people did by week, over all assets: summed for a person, a team, or everybody the reader sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hub.analytics.adoption.asked import Weeks
from hub.usage import weeks
from hub.usage.models import PersonWeek


@dataclass(frozen=True, slots=True)
class Did:
    """Counts of some people over some weeks, and how many people they are."""

    people: int = 0
    searched: int = 0
    opened: int = 0
    copied: int = 0

    def __add__(self, other: Did) -> Did:
        return Did(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Did)))


SUMS = tuple(func.sum(getattr(PersonWeek, name)) for name in ("searched", "opened", "copied"))


def by_person(session: Session, seen: ColumnElement[bool], span: Weeks) -> dict[int, Did]:
    """People: different people who, in the weeks of the range, opened, played, read, copied, downloaded or took to a buyer
    somebody else's asset, or searched. The range is whole weeks, Monday to Sunday in UTC: 1, 4, 13 or 52 of them."""
    query = select(PersonWeek.user_id, *SUMS).where(seen, PersonWeek.week.between(span.first, span.last))
    found = session.execute(query.group_by(PersonWeek.user_id))
    return {user_id: Did(1, *map(int, counts)) for user_id, *counts in found}


def by_week(session: Session, seen: ColumnElement[bool], span: Weeks) -> list[tuple[date, Did]]:
    """People, searches, opens and copies per week: as the figures above, week by week; the last week is still running."""
    query = select(PersonWeek.week, func.count(), *SUMS)
    query = query.where(seen, PersonWeek.week.between(span.first, span.last)).group_by(PersonWeek.week)
    found = {week: Did(*map(int, counts)) for week, *counts in session.execute(query)}
    return [(weeks.monday(week), found.get(week, Did())) for week in range(span.first, span.last + 1)]


def searches() -> ColumnElement[Any]:
    """Searches: first pages of results that a person saw, for words or filters. Further pages and machines are left out."""
    return SUMS[0]


def opens() -> ColumnElement[Any]:
    """Opens: events “opened” of assets of others, in the weeks of the range."""
    return SUMS[1]


def copies() -> ColumnElement[Any]:
    """Copies: events “copied” of assets of others, in the weeks of the range."""
    return SUMS[2]


def total(persons: Mapping[int, Did], of: Collection[int] | None = None) -> Did:
    """What these people did together; None: all of them."""
    chosen = persons.values() if of is None else [persons[i] for i in of if i in persons]
    return sum(chosen, Did())


def oldest(session: Session) -> int | None:
    """The first week in which anybody did anything."""
    return session.scalar(select(func.min(PersonWeek.week)))
