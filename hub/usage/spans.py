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

from sqlalchemy import and_, delete, insert, select, tuple_
from sqlalchemy.orm import Session

from hub.usage import each_person, people
from hub.usage.events import Impression
from hub.usage.models import DailySeen, DailyUse, SpanPeople, SpanUse, Watched
from hub.usage.sums import DayRow, Sums, unite
from hub.usage.watched import pack_parts, unpack


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
    """Count the spans of these assets again from what is kept by day.

    `since`: only days from this one on have changed, so bands that are older throughout stand as they are.
    """
    age = FOREVER if since is None else max((end_day - since).days, 0)
    stale = [band for band in BANDS if band.youngest <= age]
    standing = [band for band in BANDS if band not in stale]
    bands = _counted(session, asset_ids, end_day, stale)
    for asset_id, span, sums in _kept(session, list(bands), end_day, standing):
        bands[asset_id][span] = sums
    spans = [
        (_key(asset_id, end_day, span), sums)
        for asset_id, of_asset in bands.items()
        for span, sums in _with_runs(of_asset).items()
        if span not in standing
    ]
    _replace(session, asset_ids, end_day, {band.youngest for band in stale}, spans)


def bands_of(session: Session, asset_id: int, end_day: date) -> dict[Span, SpanPeople]:
    """Who did what with one asset, by the bands in which anybody did anything; a window is the bands that it holds."""
    of_asset = select(SpanPeople).where(
        SpanPeople.end_day == end_day,
        SpanPeople.youngest.in_([band.youngest for band in BANDS]),
        SpanPeople.oldest.in_([band.oldest for band in BANDS]),
        SpanPeople.asset_id == asset_id,
    )
    return {Span(row.youngest, row.oldest): row for row in session.scalars(of_asset)}


def _key(asset_id: int, end_day: date, span: Span) -> dict[str, Any]:
    return {"asset_id": asset_id, "end_day": end_day, **span._asdict()}


def _counted(
    session: Session, asset_ids: Sequence[int], end_day: date, bands: Sequence[Span]
) -> dict[int, BandsOfAsset]:
    query = select(*DAY_COLUMNS).where(DailyUse.asset_id.in_(asset_ids), DailyUse.day <= end_day)
    views = select(Watched.asset_id, Watched.day, Watched.version, Watched.viewers)
    views = views.where(Watched.asset_id.in_(asset_ids), Watched.day <= end_day)
    seen = select(DailySeen.asset_id, DailySeen.day, DailySeen.count, DailySeen.who)
    seen = seen.where(DailySeen.asset_id.in_(asset_ids), DailySeen.day <= end_day)
    if bands[-1].oldest < FOREVER:
        first = bands[-1].first_day(end_day)
        query, views = query.where(DailyUse.day >= first), views.where(Watched.day >= first)
        seen = seen.where(DailySeen.day >= first)
    by_age = [band for band in bands for _ in range(band.youngest, min(band.oldest, 731))]
    counted: dict[int, BandsOfAsset] = defaultdict(lambda: defaultdict(Sums))

    def sums(asset_id: int, day: date) -> Sums:
        return counted[asset_id][by_age[min((end_day - day).days, len(by_age) - 1)]]

    for row in session.execute(query):
        day = DayRow(*row)
        sums(day.asset_id, day.day).add(day)
    for asset_id, watched_on, version, viewers in session.execute(views):
        sums(asset_id, watched_on).add_watched(version, unpack(viewers))
    for asset_id, seen_on, count, who in session.execute(seen):
        sums(asset_id, seen_on).impression += count
        sums(asset_id, seen_on).add_people(Impression.kind, people.unpack(who))
    return counted


def _kept(
    session: Session, asset_ids: Sequence[int], end_day: date, bands: Sequence[Span]
) -> list[tuple[int, Span, Sums]]:
    if not bands:
        return []
    same = [
        getattr(SpanUse, name) == getattr(SpanPeople, name)
        for name in ("end_day", "youngest", "oldest", "asset_id")
    ]
    query = (
        select(SpanUse, SpanPeople.who)
        .join(SpanPeople, and_(*same))
        .where(
            SpanUse.end_day == end_day,
            SpanUse.asset_id.in_(asset_ids),
            tuple_(SpanUse.youngest, SpanUse.oldest).in_([tuple(band) for band in bands]),
        )
    )
    return [
        (row.asset_id, Span(row.youngest, row.oldest), Sums.of(row, who))
        for row, who in session.execute(query)
    ]


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
    spans: Sequence[tuple[dict[str, Any], Sums]],
) -> None:
    for model in (SpanUse, SpanPeople):
        old = delete(model).where(
            model.end_day == end_day, model.asset_id.in_(asset_ids), model.youngest.in_(youngest)
        )
        session.execute(old, execution_options={"synchronize_session": False})
    if not spans:
        return
    connection = session.connection()
    connection.execute(insert(SpanUse), [key | sums.columns() for key, sums in spans])
    # Only bands are united again.
    of_bands = [
        key
        | {
            "who": people.pack_by_name(sums.who),
            "used": each_person.pack(sums.used),
            "watched": pack_parts(sums.watched),
        }
        for key, sums in spans
        if Span(key["youngest"], key["oldest"]) in BANDS
    ]
    if of_bands:
        connection.execute(insert(SpanPeople), of_bands)
