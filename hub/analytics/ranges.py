"""The days that a page of figures is about, and as many days before; they stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

from sqlalchemy.orm import Session

from hub.db import now
from hub.usage import held, rollups
from hub.usage.spans import ALL_TIME, BEFORE, WINDOWS, Span

RANGES = {
    7: "Last 7 days",
    30: "Last 30 days",
    90: "Last 90 days",
    365: "Last 365 days",
    ALL_TIME: "All time",
}
CHOICES = [(str(days), label) for days, label in RANGES.items()]
USUAL_DAYS = 30
LATE = timedelta(minutes=10)  # after which a page says that counting has stopped


@dataclass(frozen=True, slots=True)
class Range:
    """The last `days` days, one of RANGES."""

    days: int = USUAL_DAYS

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """The range that an address asks for; what makes no sense there is left at the usual."""
        return cls(days_of(args))

    def params(self) -> dict[str, Any]:
        """What of it must stand in an address."""
        return {} if self.days == USUAL_DAYS else {"days": self.days}

    @property
    def label(self) -> str:
        return RANGES[self.days]

    @property
    def span(self) -> Span:
        return WINDOWS[self.days]

    @property
    def span_before(self) -> Span | None:
        """The same number of days before; None for all time."""
        return BEFORE.get(self.days)

    def first_day(self, end_day: date) -> date | None:
        """The first day of the range, None for all time."""
        return None if self.days == ALL_TIME else self.span.first_day(end_day)

    def begins(self, end_day: date) -> datetime | None:
        """The first moment of the range, None for all time."""
        first = self.first_day(end_day)
        return None if first is None else datetime.combine(first, time(), UTC)


def days_of(args: Mapping[str, str]) -> int:
    days = args.get("days", "")
    return int(days) if days in map(str, RANGES) else USUAL_DAYS


@dataclass(frozen=True, slots=True)
class Counting:
    """How far use has been counted: everything received before `as_of`; ranges end with `end_day`.

    `held_from`: the first day whose single events are kept, None when all are.
    """

    as_of: datetime
    end_day: date
    held_from: date | None = None

    @property
    def late(self) -> bool:
        return now() - self.as_of > LATE


def counting(session: Session) -> Counting | None:
    """How far use has been counted; None while nothing has been yet."""
    state = rollups.as_of(session)
    if state is None or state.as_of is None:
        return None
    return Counting(state.as_of, state.end_day, held.held_from(session))
