"""When people work: moments of working days, seasons, and how a hub is taken up."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

WEEKDAYS = (0.9, 1.15, 1.15, 1.05, 0.75)  # Monday to Friday
HOURS = (8, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 15, 16, 16, 17, 18)


def dice(*words: object) -> Random:
    """Chance that falls the same way in every run, other for other words."""
    return Random(" ".join(map(str, words)))  # noqa: S311 - nothing secret hangs on it


def working_days(first: date, last: date) -> Iterator[date]:
    """Monday to Friday, from the first day to the last, both included."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.weekday() < len(WEEKDAYS):
            yield day


def at_work(day: date, chance: Random, zone: str = "UTC") -> datetime:
    """Some moment of a working day, as clocks go there."""
    hour, minute, second = chance.choice(HOURS), chance.randrange(60), chance.randrange(60)
    return datetime.combine(day, time(hour, minute, second), ZoneInfo(zone)).astimezone(UTC)


def working_moment(moment: datetime, chance: Random) -> datetime:
    """A moment of the last working day that is not after this one's day, and before it."""
    day = moment.date()
    while day.weekday() >= len(WEEKDAYS):
        day -= timedelta(days=1)
    return min(at_work(day, chance), moment)


def season(day: date) -> float:
    """How busy a day is: people are away in August and at the turn of the year, and hurry when a quarter ends."""
    busy = WEEKDAYS[day.weekday()]
    if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 3):
        return busy * 0.15
    if day.month == 8:
        return busy * 0.65
    return busy * (1.12 if day.month % 3 == 0 and day.day >= 15 else 1.0)


def taken_up(share: float) -> float:
    """How far people have taken the hub up after this share of the time, 1 being the usual: slowly, then quickly."""
    return 0.2 + 1 / (1 + math.exp(-6 * (share - 0.65)))


def poisson(mean: float, chance: Random) -> int:
    """How often something happens that happens `mean` times on average."""
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count
