"""The words by which assets were found most often, by windows of days that end today: a page reads one row, however many
searches there were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from hub.usage import people
from hub.usage.found import FoundBy, Tally, most_frequent
from hub.usage.models import Found, FoundSpan
from hub.usage.spans import WINDOWS, Span

KEPT = 20  # words of each window


def found_by(session: Session, asset_id: int, span: Span, end_day: date) -> tuple[list[FoundBy], int]:
    """The words by which one asset was found in a window, the most frequent first and at most KEPT, and how many there are.

    Own and machine use is left out. `words` are as `hub.usage.searches.folded` makes them. What one person alone looked for is
    there too: `people` says so.
    """
    row = session.get(FoundSpan, (end_day, span.oldest, asset_id))
    if row is None:
        return [], 0
    return [FoundBy(words, times, who, ranks / times) for words, times, who, ranks in row.words], row.total


def refresh(session: Session, asset_ids: Sequence[int], end_day: date, *, since: date | None = None) -> None:
    """Choose the words of these assets again from `usage_found`; `since`: only days from this one on have changed."""
    changed = asset_ids
    if since is not None:
        later = select(Found.asset_id).where(Found.asset_id.in_(asset_ids), Found.day >= since).distinct()
        changed = session.scalars(later).all()
    old = delete(FoundSpan).where(FoundSpan.end_day == end_day, FoundSpan.asset_id.in_(changed))
    session.execute(old, execution_options={"synchronize_session": False})
    query = (
        select(Found.asset_id, Found.day, Found.folded, Found.times, Found.ranks, Found.who)
        .where(Found.asset_id.in_(changed), Found.day <= end_day)
        .order_by(Found.asset_id, Found.day.desc())
    )
    rows = [
        {"end_day": end_day, "asset_id": asset_id, **window}
        for asset_id, days in groupby(session.execute(query), lambda row: row.asset_id)
        for window in _windows(((end_day - row.day).days, *row[2:]) for row in days)
    ]
    if rows:
        session.connection().execute(insert(FoundSpan), rows)


def refresh_all(session: Session, asset_ids: Sequence[int]) -> None:
    """The same for every day that windows end with: those in force, and those that are being made to follow them."""
    for end_day in session.scalars(select(FoundSpan.end_day).distinct()).all():
        refresh(session, asset_ids, end_day)


def _windows(found: Iterable[tuple[int, str, int, int, bytes]]) -> Iterable[dict[str, Any]]:
    """The rows of one asset from (age in days, words, times, places, who), the youngest first: each window holds those before."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    left = sorted((span.oldest for span in WINDOWS.values()), reverse=True)
    for age, folded, times, ranks, who in found:
        while age >= left[-1]:
            yield from _window(left.pop(), tallies)
        tallies[folded].add(times, ranks, people.unpack(who))
    for oldest in reversed(left):
        yield from _window(oldest, tallies)


def _window(oldest: int, tallies: dict[str, Tally]) -> Iterable[dict[str, Any]]:
    if tallies:
        words = [(one, t.times, people.count(t.who), t.ranks) for one, t in most_frequent(tallies, KEPT)]
        yield {"oldest": oldest, "total": len(tallies), "words": words}
