"""Use by spans of days that end today: what a page of figures reads, whatever the number of events.

The days are cut into bands by age; each window that a page offers, and the one before it, is a band or a run of bands.
When an event comes in, only the young bands of its asset are counted again; runs are united from bands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.orm import Session

from hub.usage.models import DailyUse, SpanUse
from hub.usage.sums import DayRow, Sums, unite


class Span(NamedTuple):
    """Days that are `youngest` to `oldest` (exclusive) days before the last one."""

    youngest: int
    oldest: int

    def first_day(self, end_day: date) -> date:
        return end_day - timedelta(days=self.oldest - 1)

    def last_day(self, end_day: date) -> date:
        return end_day - timedelta(days=self.youngest)


FOREVER = 200_000  # days; before any calendar this hub will meet
ALL_TIME = 0
EDGES = (0, 7, 14, 30, 60, 90, 180, 365, 730, FOREVER)
BANDS = tuple(Span(*edges) for edges in pairwise(EDGES))
WINDOWS = {7: Span(0, 7), 30: Span(0, 30), 90: Span(0, 90), 365: Span(0, 365), ALL_TIME: Span(0, FOREVER)}
BEFORE = {7: Span(7, 14), 30: Span(30, 60), 90: Span(90, 180), 365: Span(365, 730)}
RUNS = tuple(span for span in (*WINDOWS.values(), *BEFORE.values()) if span not in BANDS)

DAY_COLUMNS = tuple(getattr(DailyUse, name) for name in DayRow.__slots__)

BandsOfAsset = dict[Span, Sums]


def refresh(session: Session, asset_ids: Sequence[int], end_day: date, *, since: date | None = None) -> None:
    """Count the spans of these assets again from `usage_daily`.

    `since`: only days from this one on have changed, so bands that are older throughout stand as they are.
    """
    age = FOREVER if since is None else max((end_day - since).days, 0)
    stale = [band for band in BANDS if band.youngest <= age]
    standing = [band for band in BANDS if band not in stale]
    bands = _counted(session, asset_ids, end_day, stale)
    for asset_id, span, sums in _kept(session, list(bands), end_day, standing):
        bands[asset_id][span] = sums
    rows = [
        {"asset_id": asset_id, "end_day": end_day, **span._asdict(), **sums.columns()}
        for asset_id, of_asset in bands.items()
        for span, sums in _with_runs(of_asset).items()
        if span not in standing
    ]
    _replace(session, asset_ids, end_day, {band.youngest for band in stale}, rows)


def _counted(
    session: Session, asset_ids: Sequence[int], end_day: date, bands: Sequence[Span]
) -> dict[int, BandsOfAsset]:
    query = select(*DAY_COLUMNS).where(DailyUse.asset_id.in_(asset_ids), DailyUse.day <= end_day)
    if bands[-1].oldest < FOREVER:
        query = query.where(DailyUse.day >= bands[-1].first_day(end_day))
    by_age = [band for band in bands for _ in range(band.youngest, min(band.oldest, 731))]
    counted: dict[int, BandsOfAsset] = defaultdict(dict)
    for row in session.execute(query):
        day = DayRow(*row)
        band = by_age[min((end_day - day.day).days, len(by_age) - 1)]
        of_asset = counted[day.asset_id]
        if band not in of_asset:
            of_asset[band] = Sums()
        of_asset[band].add(day)
    return counted


def _kept(
    session: Session, asset_ids: Sequence[int], end_day: date, bands: Sequence[Span]
) -> list[tuple[int, Span, Sums]]:
    if not bands:
        return []
    query = select(SpanUse).where(
        SpanUse.end_day == end_day,
        SpanUse.asset_id.in_(asset_ids),
        tuple_(SpanUse.youngest, SpanUse.oldest).in_([tuple(band) for band in bands]),
    )
    return [(row.asset_id, Span(row.youngest, row.oldest), Sums.of(row)) for row in session.scalars(query)]


def _with_runs(bands: BandsOfAsset) -> BandsOfAsset:
    spans = dict(bands)
    for run in RUNS:
        parts = [sums for band, sums in bands.items() if band.oldest <= run.oldest]
        if parts:
            spans[run] = unite(parts)
    return spans


def _replace(
    session: Session,
    asset_ids: Sequence[int],
    end_day: date,
    youngest: Collection[int],
    rows: list[dict[str, Any]],
) -> None:
    old = delete(SpanUse).where(
        SpanUse.end_day == end_day, SpanUse.asset_id.in_(asset_ids), SpanUse.youngest.in_(youngest)
    )
    session.execute(old, execution_options={"synchronize_session": False})
    if rows:
        session.connection().execute(insert(SpanUse), rows)
