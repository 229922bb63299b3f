"""Which searches led to one asset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.usage.models import Search, SearchUse, UsageEvent

SHOWN = 20


@dataclass(frozen=True, slots=True)
class FoundBy:
    """Alike searches: their words, how often the asset was used from their results, by how many people, its mean place."""

    words: str
    times: int
    people: int
    rank: float


def found_by(session: Session, asset_id: int, first_day: date | None, last_day: date) -> list[FoundBy]:
    """Found by: times the asset was opened or copied from the results of a search for these words (case and accents aside) in the
    range, the people who did, and the mean of its places there, from 1. Searches by filters alone have no words; own use and
    machines are left out."""
    query = (
        select(
            Search.folded,
            func.count().label("times"),
            func.count(SearchUse.user_id.distinct()),
            func.avg(SearchUse.rank),
        )
        .join(Search, Search.client_id == SearchUse.search_id)
        .join(UsageEvent, UsageEvent.client_id == SearchUse.event_id)
        .where(SearchUse.asset_id == asset_id, SearchUse.user_id == Search.user_id, UsageEvent.own.is_(False))
        .where(SearchUse.at < datetime.combine(last_day + timedelta(days=1), time(), UTC))
    )
    if first_day is not None:
        query = query.where(SearchUse.at >= datetime.combine(first_day, time(), UTC))
    query = query.group_by(Search.folded).order_by(func.count().desc(), Search.folded).limit(SHOWN)
    return [
        FoundBy(words, times, people, float(place)) for words, times, people, place in session.execute(query)
    ]
