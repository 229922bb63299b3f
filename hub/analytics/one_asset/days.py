"""The use of one asset by week, by person and by team, read from what is added up by day and by person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics.ranges import Range
from hub.analytics.use import FEWEST_WEEKS, MOST_WEEKS
from hub.analytics.who_is_seen import person_seen, teams_with_members
from hub.usage import each_person, totals, weeks
from hub.usage.models import DailySeen, SpanPeople
from hub.usage.spans import ALL_TIME, Span

NUMBERS = ("opened", "played", "copied", "downloaded", "watched_ms", "people")
OTHERS = "Everybody else"

Bands = Mapping[Span, SpanPeople]


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
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Person:
    """One person's use. `user` is None for all whose names the reader may not see."""

    user: User
    use: Use


@dataclass(frozen=True, slots=True)
class OfTeam:
    """The use of one team, by its people of today."""

    name: str
    size: int | None  # of whom may sign in, and of who left and used it; None of no team
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
    """The days on which the asset was used, the earliest first, each with its people."""
    days = totals.by_day(session, asset_id, first_day, last_day)
    return [(day, Use(*numbers)) for day, *numbers in days]


def seen_by_day(session: Session, asset_id: int, first_day: date | None, last_day: date) -> dict[date, int]:
    """How often it was in view in a list, by day."""
    query = select(DailySeen.day, DailySeen.count).where(
        DailySeen.asset_id == asset_id, DailySeen.day <= last_day
    )
    if first_day is not None:
        query = query.where(DailySeen.day >= first_day)
    return {day: count for day, count in session.execute(query)}  # noqa: C416 - rows, not pairs


def by_person(bands: Bands, span: Span) -> dict[int, Use]:
    """What each person did with the asset in a span, by the person's id."""
    did = each_person.add_up(row.used for band, row in bands.items() if band.oldest <= span.oldest)
    return {user_id: Use(**one._asdict(), people=1) for user_id, one in did.items()}


def by_team(session: Session, user: User, persons: dict[int, Use]) -> list[OfTeam]:
    """Use by team: what the people who are in a team today did in the range; who is in two teams counts in both. Managers see
    the teams they lead; everybody in none of the teams shown is one row."""
    teams = teams_with_members(session, user)
    found = [
        OfTeam(seen.team.name, seen.size(persons), _sum(persons, seen.people)) for seen in teams.values()
    ]
    others = _sum(persons, set(persons).difference(*(seen.people for seen in teams.values())))
    used = [row for row in found if row.use.people]
    rest = [OfTeam(OTHERS, None, others)] if others.people else []
    return sorted(used, key=lambda row: (-row.use.people, -row.use.opened, row.name.lower())) + rest


def people_seen(
    session: Session, user: User, persons: dict[int, Use], limit: int | None = None
) -> list[Person]:
    """Who used it: those people whose names you may see, who opened it most first."""
    named = select(User.id, User.name).where(User.id.in_(persons), person_seen(user))
    seen = sorted(session.execute(named), key=lambda one: _place(persons[one.id], one.name, one.id))[:limit]
    users = {
        one.id: one for one in session.scalars(select(User).where(User.id.in_([one.id for one in seen])))
    }
    return [Person(users[one.id], persons[one.id]) for one in seen]


def _place(use: Use, name: str, user_id: int) -> tuple[int, int, str, int]:
    return -use.opened, -use.played, name.lower(), user_id


def _sum(persons: dict[int, Use], members: set[int]) -> Use:
    whole = Use()
    for user_id in members & persons.keys():
        whole.add(persons[user_id])
    return whole
