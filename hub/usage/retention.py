"""Single events are kept for as many days as a setting says; what is older is deleted, and its counts stay.

First the day is committed from before which nothing is counted anew (`hub.usage.held`), then the rows go, a few in each
transaction. So a run may be cut short anywhere: the next one goes on, and no figure changes on the way.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from flask import Flask, current_app
from sqlalchemy import Select, delete, exists, select
from sqlalchemy.orm import Session

from hub.accounts.audit import audit
from hub.db import Database
from hub.library.models import Asset
from hub.usage import held, rollups
from hub.usage.models import Search, SearchUse, Seen, UsageEvent

log = logging.getLogger(__name__)

KEY = "hub.usage.retention"
BATCH = 1_000  # rows in one transaction
READ = 50_000  # ids looked for at once, before any is deleted: on PostgreSQL a search wades through what has just gone
LATE = timedelta(days=2)  # events come in a day late at most, and are committed soon after


class Action(StrEnum):
    """What is put on record."""

    EVENTS_DELETED = "old events deleted"


Reader = Callable[[Session, datetime], datetime | None]
Row = type[SearchUse] | type[Seen] | type[UsageEvent] | type[Search]


def init_app(app: Flask, readers: Mapping[str, Reader]) -> None:
    """`readers`: the jobs that read events, by name. Each says at a moment up to when it has read what came in; None: nothing."""
    app.extensions[KEY] = dict(readers)


def run(
    database: Database, moment: datetime, days: int, *, rest: Callable[[float], None] = time.sleep
) -> int:
    """Delete what happened more than `days` days ago, by whole weeks, once all have read it; returns how many rows went.

    `rest`: called after each transaction with the seconds that it took, so that others find the database free in between.
    """
    last_day = moment.date() - timedelta(days=days)
    with database.unit_of_work(write=False) as session:
        if not any(session.scalar(ids.limit(1)) for ids in _old(_begin(held.week_begins(last_day))).values()):
            return 0
    with database.unit_of_work() as session:
        rollups.locked(session, moment.date())
        late = _who_is_late(session, moment, _begin(last_day) + LATE)
        if late:
            log.warning("events from before %s are kept until %s has read them", last_day, late)
            return 0
        first = held.advance(session, last_day)
        audit(session, Action.EVENTS_DELETED, by=None, detail=f"from before {first}")
    gone = sum(_delete(database, row, ids, rest) for row, ids in _old(_begin(first)).items())
    log.info("deleted %s rows of use from before %s; their counts stay", gone, first)
    return gone


def _old(before: datetime) -> dict[Row, Select[int]]:
    """The ids of what happened before; the kinds of rows in the order in which they go.

    What a search led to may be younger than the search: the two are counted together, so the search stays as long. Events and
    impressions are looked for asset by asset, as there is an index of that and none of moments alone.
    """
    every = select(Asset.id)
    used = exists(select(SearchUse.id).where(SearchUse.search_id == Search.client_id))
    return {
        SearchUse: select(SearchUse.id).where(SearchUse.at < before).order_by(SearchUse.at),
        Seen: select(Seen.id).where(Seen.asset_id.in_(every), Seen.at < before),
        UsageEvent: select(UsageEvent.id).where(UsageEvent.asset_id.in_(every), UsageEvent.at < before),
        Search: select(Search.id).where(Search.at < before, ~used).order_by(Search.at),
    }


def _delete(database: Database, row: Row, ids: Select[int], rest: Callable[[float], None]) -> int:
    gone, found = 0, [0] * READ
    while len(found) == READ:
        with database.unit_of_work(write=False) as session:
            found = list(session.scalars(ids.limit(READ)))
        for start in range(0, len(found), BATCH):
            begun = time.monotonic()
            with database.unit_of_work() as session:
                of_batch = delete(row).where(row.id.in_(found[start : start + BATCH]))
                session.execute(of_batch, execution_options={"synchronize_session": False})
            rest(time.monotonic() - begun)
        gone += len(found)
    return gone


def _who_is_late(session: Session, moment: datetime, needed: datetime) -> str:
    """The job that has not read all that came in before `needed`; "" when all have."""
    readers: Mapping[str, Reader] = current_app.extensions[KEY]
    for name, read_until in readers.items():
        until = read_until(session, moment)
        if until is None or until < needed:
            return name
    return ""


def _begin(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)
