"""The use of one asset by week, by person and by team, added up from what each person did on each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics.ranges import Range
from hub.analytics.use import FEWEST_WEEKS, MOST_WEEKS
from hub.analytics.who_is_seen import person_seen, teams_with_members
from hub.usage import weeks
from hub.usage.models import DailySeen, DailyUse
from hub.usage.spans import ALL_TIME

KINDS = ("opened", "played", "copied", "downloaded")  # shown one by one; people count by whatever they did
OTHERS = "Everybody else"


@dataclass(slots=True)
class Use:
    """Counts by kind of event, the people behind them, and the milliseconds of a recording that they watched."""

    opened: int = 0
    played: int = 0
    copied: int = 0
    downloaded: int = 0
    watched_ms: int = 0
    people: int = 0

    def add(self, other: Use) -> None:
        for name in ("opened", "played", "copied", "downloaded", "watched_ms", "people"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def count(self, kind: str, count: int, ms: int) -> None:
        if kind in KINDS:
            setattr(self, kind, getattr(self, kind) + count)
        if kind == "played":
            self.watched_ms += ms


@dataclass(frozen=True, slots=True)
class Person:
    """One person's use. `user` is None for all whose names the reader may not see."""

    user: User
    use: Use


@dataclass(frozen=True, slots=True)
class OfTeam:
    """The use of one team, by its people of today."""

    name: str
    size: int | None
    use: Use


def by_week(days: Sequence[tuple[date, Use]], asked: Range, end_day: date) -> list[tuple[date, Use]]:
    """Use per week: opens, plays, copies and downloads of the asset from Monday to Sunday, over the weeks of the range, but at
    least 12; the last is still running."""
    last = weeks.week_of(end_day)
    if asked.days == ALL_TIME:
        oldest = weeks.week_of(days[0][0]) if days else last
        count = min(max(last - oldest + 1, FEWEST_WEEKS), MOST_WEEKS)
    else:
        count = max(-(-asked.days // 7), FEWEST_WEEKS)
    found = {week: Use() for week in range(last - count + 1, last + 1)}
    for day, use in days:
        if (week := weeks.week_of(day)) in found:
            found[week].add(use)
    return [(weeks.monday(week), use) for week, use in found.items()]


def by_day(session: Session, asset_id: int, first_day: date | None, last_day: date) -> list[tuple[date, Use]]:
    """The days on which the asset was used, the earliest first; without the people, who are asked for apart."""
    where = [DailyUse.asset_id == asset_id, DailyUse.day <= last_day, DailyUse.count > 0]
    if first_day is not None:
        where.append(DailyUse.day >= first_day)
    query = select(DailyUse.day, DailyUse.kind, func.sum(DailyUse.count), func.sum(DailyUse.ms))
    found: dict[date, Use] = defaultdict(Use)
    for day, kind, count, ms in session.execute(query.where(*where).group_by(DailyUse.day, DailyUse.kind)):
        found[day].count(kind, int(count), int(ms))
    return sorted((day, use) for day, use in found.items())


def people_by_day(session: Session, asset_id: int, first_day: date | None, last_day: date) -> dict[date, int]:
    """How many different people used it, by day."""
    query = (
        select(DailyUse.day, func.count(DailyUse.user_id.distinct()))
        .where(DailyUse.asset_id == asset_id, DailyUse.day <= last_day, DailyUse.count > 0)
        .group_by(DailyUse.day)
    )
    if first_day is not None:
        query = query.where(DailyUse.day >= first_day)
    return {day: people for day, people in session.execute(query)}  # noqa: C416 - rows, not pairs


def seen_by_day(session: Session, asset_id: int, first_day: date | None, last_day: date) -> dict[date, int]:
    """How often it was in view in a list, by day."""
    query = select(DailySeen.day, DailySeen.count).where(
        DailySeen.asset_id == asset_id, DailySeen.day <= last_day
    )
    if first_day is not None:
        query = query.where(DailySeen.day >= first_day)
    return {day: count for day, count in session.execute(query)}  # noqa: C416 - rows, not pairs


def by_person(session: Session, asset_id: int, first_day: date | None, last_day: date) -> dict[int, Use]:
    """What each person did with the asset, by the person's id."""
    where = [DailyUse.asset_id == asset_id, DailyUse.day <= last_day, DailyUse.count > 0]
    if first_day is not None:
        where.append(DailyUse.day >= first_day)
    query = select(DailyUse.user_id, DailyUse.kind, func.sum(DailyUse.count), func.sum(DailyUse.ms))
    found: dict[int, Use] = defaultdict(lambda: Use(people=1))
    for user_id, kind, count, ms in session.execute(
        query.where(*where).group_by(DailyUse.user_id, DailyUse.kind)
    ):
        found[user_id].count(kind, int(count), int(ms))
    return dict(found)


def by_team(session: Session, user: User, persons: dict[int, Use]) -> list[OfTeam]:
    """Use by team: what the people who are in a team today did in the range; who is in two teams counts in both. Managers see
    the teams they lead; everybody in none of the teams shown is one row."""
    teams = teams_with_members(session, user)
    found = [OfTeam(team.name, len(members), _sum(persons, members)) for team, members in teams.values()]
    shown = frozenset().union(*(members for _, members in teams.values())) if teams else frozenset()
    others = _sum(persons, frozenset(persons) - shown)
    used = [row for row in found if row.use.people]
    rest = [OfTeam(OTHERS, None, others)] if others.people else []
    return sorted(used, key=lambda row: (-row.use.people, -row.use.opened, row.name.lower())) + rest


def people_seen(
    session: Session, user: User, persons: dict[int, Use], limit: int | None = None
) -> list[Person]:
    """Who used it: those people whose names you may see, who opened it most first."""
    query = select(User).where(User.id.in_(persons), person_seen(user))
    found = [Person(one, persons[one.id]) for one in session.scalars(query)]
    found.sort(key=lambda row: (-row.use.opened, -row.use.played, row.user.name.lower(), row.user.id))
    return found[:limit]


def _sum(persons: dict[int, Use], members: frozenset[int]) -> Use:
    whole = Use()
    for user_id in members & persons.keys():
        whole.add(persons[user_id])
    return whole
