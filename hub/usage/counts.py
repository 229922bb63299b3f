"""Use of assets in a few words, for rows of results: many assets, one query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from hub.usage import rollups
from hub.usage.models import SpanUse
from hub.usage.spans import ALL_TIME, WINDOWS


@dataclass(frozen=True, slots=True)
class Counts:
    """How an asset was used in a window, and by how many people; own and machine use left out."""

    people: int = 0
    opened: int = 0
    played: int = 0
    copied: int = 0
    downloaded: int = 0
    last_day: date | None = None


def counts(session: Session, asset_ids: Collection[int], *, days: int = 90) -> dict[int, Counts]:
    """The use of each of these assets in the last `days` days (7, 30, 90, 365, or 0 for all time), at most two minutes old."""
    found = dict.fromkeys(asset_ids, Counts())
    state = rollups.as_of(session)
    if state is None or not asset_ids:
        return found
    span = WINDOWS[days]
    query = select(SpanUse).where(
        SpanUse.end_day == state.end_day,
        SpanUse.youngest == span.youngest,
        SpanUse.oldest == span.oldest,
        SpanUse.asset_id.in_(asset_ids),
    )
    shown = load_only(*(getattr(SpanUse, column.name) for column in fields(Counts)))
    for row in session.scalars(query.options(shown)):
        found[row.asset_id] = Counts(
            row.people, row.opened, row.played, row.copied, row.downloaded, row.last_day
        )
    return found


def people_of_all(session: Session, *, days: int = 90) -> dict[int, int]:
    """How many people used each asset in the last `days` days, as `counts`; assets without use are left out."""
    state = rollups.as_of(session)
    if state is None:
        return {}
    span = WINDOWS[days]
    query = select(SpanUse.asset_id, SpanUse.people).where(
        SpanUse.end_day == state.end_day,
        SpanUse.youngest == span.youngest,
        SpanUse.oldest == span.oldest,
        SpanUse.people > 0,
    )
    return {row.asset_id: row.people for row in session.execute(query)}


def last_used(session: Session, asset_ids: Collection[int]) -> dict[int, date | None]:
    """The last day (UTC) on which each of these assets was used, None for never."""
    return {asset_id: found.last_day for asset_id, found in counts(session, asset_ids, days=ALL_TIME).items()}
