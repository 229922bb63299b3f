"""What the page Gaps reads: searches by day, and made of these, the groups searched in vain in each range. All can be remade."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.accounts.models import User
from hub.db import Base, now


class SearchDay(Base):
    """What one person looked for on one day (UTC), by words and the stages and verticals chosen; without words (`folded` is
    empty) only what found nothing, for the map. Remade from `searches`."""

    __tablename__ = "search_days"
    __table_args__ = (Index("ix_search_days_folded", "folded"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    folded: Mapped[str] = mapped_column(String(500), primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    filed: Mapped[str] = mapped_column(String(300), primary_key=True)  # `counting.filed_of`
    words: Mapped[str] = mapped_column(String(500))  # as typed, the last of the alphabet
    times: Mapped[int]  # first pages seen
    empty: Mapped[int]  # of these, with nothing found
    led: Mapped[int]  # pages, also later ones, from which something was opened or copied


class SearchDayLeftOut(Base):
    """Pages of results seen on one day that are no search to count: by machines, later pages, without words."""

    __tablename__ = "search_days_left_out"

    day: Mapped[date] = mapped_column(primary_key=True)
    machine: Mapped[int]
    later: Mapped[int]
    wordless: Mapped[int]


class Gap(Base):
    """Searches of one meaning that led to nothing in the last `days` days, in the order of people. Remade from `search_days`."""

    __tablename__ = "gaps"

    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 0: all time
    key: Mapped[str] = mapped_column(String(500), primary_key=True)  # `meaning.Meaning.key`
    words: Mapped[str] = mapped_column(String(500))  # as most people typed it
    folded: Mapped[list[Any]]  # every way in which it was looked for, by most people first
    people: Mapped[int]
    times: Mapped[int]
    empty: Mapped[int]  # of these, with nothing found
    before: Mapped[int]  # times in as many days before, whatever came of them
    first_day: Mapped[date]
    last_day: Mapped[date]
    filed: Mapped[dict[str, Any]]  # stages and verticals chosen with it: times
    cells: Mapped[str] = mapped_column(
        Text, default=""
    )  # the same to look for: |stage,vertical|stage,|,vertical|


class GapWords(Base):
    """Which gap words belong to, in any range. Remade with the gaps."""

    __tablename__ = "gap_words"

    folded: Mapped[str] = mapped_column(String(500), primary_key=True)
    key: Mapped[str] = mapped_column(String(500), index=True)


class GapSpan(Base):
    """All searches of the last `days` days: totals, those of as many days before, the map, the weeks."""

    __tablename__ = "gap_spans"

    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    totals: Mapped[dict[str, Any]]  # `spans.Totals`
    before: Mapped[dict[str, Any]]  # the same; empty for all time
    demand: Mapped[list[Any]]  # [stage or "", vertical or "", people, times, in vain]
    weeks: Mapped[list[Any]]  # [Monday, times, in vain]


class GapState(Base):
    """How far the counts are. One row."""

    __tablename__ = "gap_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    as_of: Mapped[datetime | None]  # None before the first count
    end_day: Mapped[date | None]  # the day that the ranges end with
    digest: Mapped[str] = mapped_column(String(64), default="")  # of what words mean


class GapDismissal(Base):
    """Somebody said that a gap is none, for a while."""

    __tablename__ = "gap_dismissals"

    key: Mapped[str] = mapped_column(String(500), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime]

    by: Mapped[User] = relationship(User)
