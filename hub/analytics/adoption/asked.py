"""What the page of adoption was asked for: a range of weeks, and a team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from hub.analytics.ranges import RANGES, Range, days_of
from hub.db import public_ids
from hub.usage import weeks
from hub.usage.spans import ALL_TIME
from hub.web.filters import plural

FEWEST_SHOWN, MOST_SHOWN = 12, 156  # weeks of the chart


def count_of(days: int) -> int:
    """The whole weeks that a range of `days` days has."""
    return max(round(days / 7), 1)


#: The ranges by the whole weeks that this page counts; pages that count days tell other figures.
CHOICES = [
    (str(days), label if days == ALL_TIME else f"Last {plural(count_of(days), 'week').removeprefix('1 ')}")
    for days, label in RANGES.items()
]


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weeks from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def first_day(self) -> date:
        return weeks.monday(self.first)

    @property
    def last_day(self) -> date:
        return date.fromordinal(weeks.monday(self.last + 1).toordinal() - 1)


@dataclass(frozen=True, slots=True)
class Asked(Range):
    """`team`: a public id, "" for all that the reader sees."""

    team: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        team = args.get("team", "")
        return cls(days_of(args), team if public_ids([team]) else "")

    def params(self) -> dict[str, Any]:
        return Range.params(self) | ({"team": self.team} if self.team else {})

    def weeks(self, end_day: date) -> Weeks:
        """The last whole weeks, as many as the range has; for all time also the one that is still running."""
        running = weeks.week_of(end_day)
        return Weeks(0, running) if self.days == ALL_TIME else Weeks(running - self._count, running - 1)

    def weeks_before(self, end_day: date) -> Weeks | None:
        """As many weeks before; None for all time."""
        first = self.weeks(end_day).first
        return None if self.days == ALL_TIME else Weeks(first - self._count, first - 1)

    def shown(self, end_day: date, oldest: int | None) -> Weeks:
        """The weeks of the chart: those of the range, at least 12, and the one that is still running."""
        running = weeks.week_of(end_day)
        count = self._count if self.days != ALL_TIME else running - (running if oldest is None else oldest)
        return Weeks(running - min(max(count, FEWEST_SHOWN), MOST_SHOWN), running)

    @property
    def _count(self) -> int:
        return count_of(self.days)
