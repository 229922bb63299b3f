"""From searches by day to what the page shows: for each range the groups searched in vain, totals, demand and weeks.

Everything is made at once by a job, so that the page reads a few hundred rows however many searches there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import case, delete, distinct, func, insert, select
from sqlalchemy.orm import Session

from hub.analytics.gaps import demand
from hub.analytics.gaps.models import Gap, GapSpan, GapWords, SearchDay, SearchDayLeftOut
from hub.analytics.gaps.vocabulary import meaning
from hub.library import taxonomy
from hub.usage import weeks
from hub.usage.searches import REMOVED, has_words
from hub.usage.spans import ALL_TIME, BEFORE, WINDOWS, Span

MOST = 1_000  # groups kept of one range, those of most people
WAYS_MOST = 50  # in which a group was looked for that are kept
FEWEST_WEEKS, MOST_WEEKS = 12, 156


class Row(NamedTuple):
    """Searches of one person on one day that led to nothing."""

    day: date
    folded: str
    user_id: int
    filed: str
    words: str
    times: int
    empty: int


@dataclass(slots=True)
class Group:
    """Searches of one meaning in one range, all in vain."""

    who: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    ways: Counter[str] = field(default_factory=Counter)
    words: dict[str, str] = field(default_factory=dict)
    filed: Counter[str] = field(default_factory=Counter)
    empty: int = 0
    first: date = date.max
    last: date = date.min

    def add(self, row: Row, filed: str) -> None:
        self.who[row.folded].add(row.user_id)
        self.ways[row.folded] += row.times
        self.words[row.folded] = max(self.words.get(row.folded, ""), row.words)
        self.empty += row.empty
        self.first, self.last = min(self.first, row.day), max(self.last, row.day)
        if filed:
            self.filed[filed] += row.times

    def columns(self, days: int, key: str, before: int) -> dict[str, Any]:
        """The row of `gaps`; the ways in which it was looked for by most people, most often, then the alphabet."""
        ways = sorted(self.ways, key=lambda way: (-len(self.who[way]), -self.ways[way], way))
        return {
            "days": days,
            "key": key,
            "words": self.words[ways[0]],
            "folded": ways[:WAYS_MOST],
            "people": len(set().union(*self.who.values())),
            "times": self.ways.total(),
            "empty": self.empty,
            "before": before,
            "first_day": self.first,
            "last_day": self.last,
            "filed": dict(sorted(self.filed.items())),
            "cells": _cells(self.filed),
        }


def _cells(filed: Iterable[str]) -> str:
    found = sorted({f"{stage},{vertical}" for one in filed for stage, vertical in demand.cells(one)})
    return "|" + "".join(f"{cell}|" for cell in found)


@dataclass(frozen=True, slots=True)
class Made:
    """All that the page reads."""

    digest: str
    gaps: list[dict[str, Any]]
    words: list[dict[str, Any]]
    spans: list[dict[str, Any]]


def make(session: Session, end_day: date) -> Made:
    """Count every range that ends with this day from the searches by day."""
    people, led = _folded(session)
    rule = meaning(session, people)
    keys = {folded: rule.key(folded) for folded in people}
    terms = demand.Terms(taxonomy.catalogue(session))
    groups = _groups(session, end_day, keys, _last_led(led, keys), terms)
    gaps: list[dict[str, Any]] = []
    for days, found in groups.items():
        before = _times(session, BEFORE.get(days), end_day, keys)
        rows = (group.columns(days, key, before[key]) for key, group in found.items())
        gaps += sorted(rows, key=lambda row: (-row["people"], -row["times"], row["key"]))[:MOST]
    many = {days: len(found) for days, found in groups.items()}
    by_words = {folded: row["key"] for row in gaps for folded in row["folded"]}
    words = [{"folded": folded, "key": key} for folded, key in by_words.items()]
    return Made(rule.digest, gaps, words, list(_spans(session, end_day, many, terms)))


def put(session: Session, made: Made) -> None:
    """Let these take the place of what was made before."""
    for table, rows in ((Gap, made.gaps), (GapWords, made.words), (GapSpan, made.spans)):
        session.execute(delete(table).execution_options(synchronize_session=False))
        if rows:
            session.connection().execute(insert(table), rows)


def digest(session: Session) -> str:
    """Of what words mean now."""
    return meaning(session, _folded(session)[0]).digest


def _folded(session: Session) -> tuple[dict[str, int], dict[str, date]]:
    """By folded words, not conditions alone: how many people ever looked for them, and the last day on which they led
    somewhere."""
    led = func.max(case((SearchDay.led > 0, SearchDay.day)))
    query = select(SearchDay.folded, func.count(distinct(SearchDay.user_id)), led).group_by(SearchDay.folded)
    rows = [row for row in session.execute(query) if has_words(row[0])]
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows if row[2] is not None}


def _last_led(led: Mapping[str, date], keys: Mapping[str, str]) -> dict[str, date]:
    found: dict[str, date] = {}
    for folded, day in led.items():
        key = keys[folded]
        found[key] = max(found.get(key, day), day)
    return found


def _groups(
    session: Session, end_day: date, keys: Mapping[str, str], led: Mapping[str, date], terms: demand.Terms
) -> dict[int, dict[str, Group]]:
    """By range and meaning: what was searched there and led nowhere in the whole range."""
    first = {days: span.first_day(end_day) for days, span in WINDOWS.items()}
    groups: dict[int, dict[str, Group]] = {days: defaultdict(Group) for days in WINDOWS}
    query = select(*(getattr(SearchDay, name) for name in Row._fields))
    query = query.where(
        SearchDay.folded != REMOVED, SearchDay.led == 0, SearchDay.times > 0, SearchDay.day <= end_day
    )
    for row in map(Row._make, session.execute(query.order_by(SearchDay.day))):
        if (key := keys.get(row.folded)) is None:
            continue  # conditions alone
        last = led.get(key)
        if last is not None and last >= row.day:
            continue  # every range that has this day has that one too
        filed = terms.now(row.filed)
        for days, begins in first.items():
            if begins <= row.day and (last is None or last < begins):
                groups[days][key].add(row, filed)
    return groups


def _times(session: Session, span: Span | None, end_day: date, keys: Mapping[str, str]) -> Counter[str]:
    times: Counter[str] = Counter()
    if span is not None:
        query = select(SearchDay.folded, func.sum(SearchDay.times)).where(*_within(span, end_day))
        for folded, count in session.execute(query.group_by(SearchDay.folded)):
            if (key := keys.get(folded)) is not None:
                times[key] += int(count)
    return times


def _spans(
    session: Session, end_day: date, many: Mapping[int, int], terms: demand.Terms
) -> Iterator[dict[str, Any]]:
    by_day = _by_day(session, end_day)
    wanted = demand.counted(session, end_day, terms)
    for days, span in WINDOWS.items():
        before = BEFORE.get(days)
        yield {
            "days": days,
            "totals": _totals(session, by_day, span, end_day) | {"groups": many[days]},
            "before": _totals(session, by_day, before, end_day) if before else {},
            "demand": wanted[days],
            "weeks": _weeks(by_day, days, end_day),
        }


FIGURES = ("searches", "vain", "empty", "machine", "later", "wordless")


def _by_day(session: Session, end_day: date) -> dict[date, dict[str, int]]:
    vain = func.sum(case((SearchDay.led == 0, SearchDay.times), else_=0))
    searched = select(SearchDay.day, func.sum(SearchDay.times), vain, func.sum(SearchDay.empty))
    left_out = select(
        SearchDayLeftOut.day, SearchDayLeftOut.machine, SearchDayLeftOut.later, SearchDayLeftOut.wordless
    )
    found: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    for names, query in (
        (
            FIGURES[:3],
            searched.where(SearchDay.folded != "", SearchDay.day <= end_day).group_by(SearchDay.day),
        ),
        (FIGURES[3:], left_out.where(SearchDayLeftOut.day <= end_day)),
    ):
        for day, *figures in session.execute(query):
            found[day].update(zip(names, map(int, figures), strict=True))
    return found


def _totals(
    session: Session, by_day: Mapping[date, Mapping[str, int]], span: Span, end_day: date
) -> dict[str, Any]:
    first, last = span.first_day(end_day), span.last_day(end_day)
    of_days = [figures for day, figures in by_day.items() if first <= day <= last]
    people = select(func.count(distinct(SearchDay.user_id))).where(
        *_within(span, end_day), SearchDay.folded != "", SearchDay.times > 0
    )
    sums = {name: sum(figures[name] for figures in of_days) for name in FIGURES}
    return {"people": session.scalar(people) or 0, **sums}


def _weeks(by_day: Mapping[date, Mapping[str, int]], days: int, end_day: date) -> list[list[Any]]:
    last = weeks.week_of(end_day)
    oldest = weeks.week_of(min(by_day, default=end_day))
    reach = last - oldest + 1 if days == ALL_TIME else -(-days // 7)
    first = last - min(max(reach, FEWEST_WEEKS), MOST_WEEKS) + 1
    sums: dict[int, list[int]] = {week: [0, 0] for week in range(first, last + 1)}
    for day, figures in by_day.items():
        if (week := weeks.week_of(day)) in sums:
            sums[week][0] += figures["searches"]
            sums[week][1] += figures["vain"]
    return [[weeks.monday(week).isoformat(), *counts] for week, counts in sums.items()]


def _within(span: Span, end_day: date) -> Iterable[Any]:
    return SearchDay.day >= span.first_day(end_day), SearchDay.day <= span.last_day(end_day)
