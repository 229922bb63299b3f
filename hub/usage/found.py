"""Where assets were found: by which words, how often, by how many people, at which place among the results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from heapq import nsmallest

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from hub.usage import people
from hub.usage.models import Found, Search, SearchUse, UsageEvent


@dataclass(frozen=True, slots=True)
class FoundBy:
    """Alike searches that led to an asset: `times` it was opened or copied from them, at `rank` on the average."""

    words: str
    times: int
    people: int
    rank: float


@dataclass(slots=True)
class Tally:
    """How often the same words led to an asset, at which places, added up, and whom."""

    times: int = 0
    ranks: int = 0
    who: int = 0

    def add(self, times: int, ranks: int, who: int) -> None:
        self.times += times
        self.ranks += ranks
        self.who |= who


def most_frequent(tallies: Mapping[str, Tally], limit: int) -> list[tuple[str, Tally]]:
    """The words that led there most often, then those of more people."""
    return nsmallest(
        limit, tallies.items(), key=lambda one: (-one[1].times, -people.count(one[1].who), one[0])
    )


def refresh(session: Session, asset_ids: Sequence[int], *, since: date | None = None) -> None:
    """Count again by which words these assets were found; `since`: only days from this one on have changed.

    A search counts for what it led its own person to; one that came in without words was by filters alone.
    """
    query = (
        select(SearchUse.asset_id, SearchUse.at, SearchUse.user_id, SearchUse.rank, Search.folded)
        .join(Search, (Search.client_id == SearchUse.search_id) & (Search.user_id == SearchUse.user_id))
        .join(UsageEvent, UsageEvent.client_id == SearchUse.event_id)
        .where(SearchUse.asset_id.in_(asset_ids), Search.folded != "", UsageEvent.own.is_(False))
    )
    old = delete(Found).where(Found.asset_id.in_(asset_ids))
    if since is not None:
        query = query.where(SearchUse.at >= datetime.combine(since, time(), UTC))
        old = old.where(Found.day >= since)
    tallies: dict[tuple[int, date, str], Tally] = defaultdict(Tally)
    for asset_id, at, user_id, rank, folded in session.execute(query):
        tallies[asset_id, at.date(), folded].add(1, rank, people.member(user_id))
    session.execute(old, execution_options={"synchronize_session": False})
    rows = [
        {
            "asset_id": a,
            "day": day,
            "folded": f,
            "times": t.times,
            "ranks": t.ranks,
            "who": people.pack(t.who),
        }
        for (a, day, f), t in tallies.items()
    ]
    if rows:
        session.connection().execute(insert(Found), rows)
