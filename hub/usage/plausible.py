"""What one person can have done in the time there was: claims of reading and watching, capped by the clock.

A person reads, or watches, one page of an asset at a time. So an event cannot claim more seconds than have passed since the
event of the same kind before it, by the same person with the same asset; of watching, at the speed it names. Two tabs, a
script that counts twice and a page that was asleep all end there. What was claimed is kept beside what is taken.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.usage import segments
from hub.usage.events import LONGEST_LOOK, Opened, Played, Read
from hub.usage.models import UsageEvent

SLACK = 2.0  # seconds; clocks and timers are not exact
TIMED = (Opened.kind, Played.kind, Read.kind)
BACK = timedelta(seconds=LONGEST_LOOK)
LAST = 200  # events of a person that are looked through; in four hours, only a script makes more

Row = dict[str, Any]


def cap(session: Session, rows: Sequence[Row]) -> None:
    """Cut down, in these rows of one person's events, what cannot have happened."""
    timed = sorted((row for row in rows if row["kind"] in TIMED), key=lambda row: row["at"])
    if not timed:
        return
    before = _before(session, timed)
    for row in timed:
        moments = before[row["asset_id"], row["kind"]]
        last = bisect_right(moments, row["at"])
        passed = (row["at"] - moments[last - 1]).total_seconds() + SLACK if last else LONGEST_LOOK
        _cap(row["data"], row["kind"], min(passed, LONGEST_LOOK))
        insort(moments, row["at"])


def _before(session: Session, timed: Sequence[Row]) -> dict[tuple[int, str], list[datetime]]:
    """When this person did the same with these assets, among their last events; what is being sent again left out."""
    query = (
        select(UsageEvent.asset_id, UsageEvent.kind, UsageEvent.at, UsageEvent.client_id)
        .where(
            UsageEvent.user_id == timed[0]["user_id"],
            UsageEvent.at.between(timed[0]["at"] - BACK, timed[-1]["at"]),
        )
        .order_by(UsageEvent.at.desc())
        .limit(LAST)
    )
    again = {row["client_id"] for row in timed}
    moments: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for asset_id, kind, at, client_id in reversed(session.execute(query).all()):
        if client_id not in again:
            moments[asset_id, kind].append(at)
    return moments


def _cap(data: Row, kind: str, seconds: float) -> None:
    """Leave, of what an event claims, at most so many seconds of a clock."""
    if kind == Opened.kind and data.get("dwell", 0) > seconds:
        data |= {"claimed": data["dwell"], "dwell": round(seconds, 3)}
    elif kind == Played.kind:
        claimed, most = segments.total(data["segments"]), seconds * data["speed"]
        if claimed > most:
            data |= {"claimed": round(claimed, 3), "segments": segments.first(data["segments"], most)}
    elif kind == Read.kind:
        claimed = sum(spent for _, spent in data.get("pages", ()))
        if claimed > seconds:
            share = seconds / claimed
            pages = [(page, round(spent * share, 3)) for page, spent in data["pages"]]
            data |= {"claimed": round(claimed, 3), "pages": pages}
