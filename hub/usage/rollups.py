"""The rollups: use by day, week and span, remade from the events with the same result at any time. Of days whose events are no
longer held (`hub.usage.held`), what is counted stands.

Events do not become visible in the order of their ids or of `received_at`: a request that began earlier may commit later.
So each run looks back a while before the last one, and counts anew every day of an asset that received something since.
Work is cut into units of a few assets, so that nobody waits long for the database; a run cut short is done again by the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import Database, insert_into
from hub.library.models import Asset
from hub.usage import found, found_spans, held, impressions, persons, spans, totals, watched, weeks
from hub.usage.models import (
    DailyUse,
    FoundSpan,
    RollupState,
    Search,
    SearchUse,
    Seen,
    SpanPeople,
    SpanUse,
    UsageEvent,
)
from hub.usage.tallies import RawEvent, tally
from hub.usage.tallies import watched as watched_parts

STATE = 1
LATEST_COMMIT = timedelta(minutes=10)  # no request lives longer between `received_at` and its commit
CHUNK = 25  # assets or people in one unit of work

EVENT_COLUMNS = tuple(getattr(UsageEvent, name) for name in RawEvent._fields)


def bring_up_to_date(database: Database, moment: datetime) -> None:
    """Count what came in since the last run, and let the spans end today."""
    with database.unit_of_work() as session:
        state = locked(session, moment.date())
        as_of, end_day = state.as_of, state.end_day
    if as_of is None:
        rebuild(database, moment)
        return
    with database.unit_of_work(write=False) as session:
        first, touched, people = _touched(session, as_of - LATEST_COMMIT)
    for asset_ids in _chunks(touched):
        _count(database, asset_ids, end_day, since=first)
    for user_ids in _chunks(people):
        _count_people(database, user_ids, end_day, since=first)
    if moment.date() != end_day:
        _end_on(database, moment.date())
    _mark(database, moment)


def rebuild(database: Database, moment: datetime) -> None:
    """Make every rollup anew from the events that are held. Readers see each asset's old figures until its new ones are there."""
    end_day = moment.date()
    with database.unit_of_work() as session:
        locked(session, end_day)
        asset_ids = list(session.scalars(select(Asset.id).order_by(Asset.id)))
        user_ids = list(session.scalars(select(User.id).order_by(User.id)))
    for chunk in _chunks(asset_ids):
        _count(database, chunk, end_day)
    for chunk in _chunks(user_ids):
        _count_people(database, chunk, end_day)
    _put_in_force(database, end_day)
    _mark(database, moment)


def as_of(session: Session) -> RollupState | None:
    """How far the rollups are; None before the first count has ended."""
    state = session.get(RollupState, STATE)
    return state if state is not None and state.as_of is not None else None


def counted_until(session: Session, moment: datetime) -> datetime | None:  # noqa: ARG001 - as all who read events
    """Everything that came in before this is counted; None before the first count."""
    state = as_of(session)
    return None if state is None else state.as_of


def _touched(session: Session, since: datetime) -> tuple[date | None, list[int], list[int]]:
    """The assets and the people of what came in since then, and the earliest day of it.

    A search may come in after what it led to: then that was found only now.
    """
    event, search = UsageEvent, Search
    came = session.execute(
        select(event.asset_id, event.user_id, func.min(event.at))
        .where(event.received_at >= since)
        .group_by(event.asset_id, event.user_id)
    ).all()
    searched = session.execute(
        select(search.user_id, func.min(search.at))
        .where(search.received_at >= since)
        .group_by(search.user_id)
    ).all()
    led = session.execute(
        select(SearchUse.asset_id, func.min(SearchUse.at))
        .join(search, search.client_id == SearchUse.search_id)
        .where(search.received_at >= since)
        .group_by(SearchUse.asset_id)
    ).all()
    seen = session.execute(
        select(Seen.asset_id, func.min(Seen.at)).where(Seen.received_at >= since).group_by(Seen.asset_id)
    ).all()
    moments: list[Any] = [row[-1] for rows in (came, searched, led, seen) for row in rows]
    assets = {row.asset_id for row in (*came, *led, *seen)}
    first = min(moments).date() if moments else None
    return first, sorted(assets), sorted({row.user_id for row in (*came, *searched)})


def _count(database: Database, asset_ids: Sequence[int], end_day: date, *, since: date | None = None) -> None:
    with database.unit_of_work() as session:
        locked(session, end_day)
        counted = held.within(session, since)
        _count_days(session, asset_ids, since=counted)
        found.refresh(session, asset_ids, since=counted)
        impressions.refresh(session, asset_ids, since=counted)
        weeks.refresh(session, asset_ids, since=counted)
        totals.refresh(session, asset_ids, since=since)
        spans.refresh(session, asset_ids, end_day, since=since)
        found_spans.refresh(session, asset_ids, end_day, since=since)


def _count_people(
    database: Database, user_ids: Sequence[int], end_day: date, *, since: date | None = None
) -> None:
    with database.unit_of_work() as session:
        locked(session, end_day)
        persons.refresh(session, user_ids, since=held.within(session, since))


def _count_days(session: Session, asset_ids: Sequence[int], *, since: date | None) -> None:
    query = select(*EVENT_COLUMNS).where(UsageEvent.asset_id.in_(asset_ids))
    old = delete(DailyUse).where(DailyUse.asset_id.in_(asset_ids))
    if since is not None:
        query = query.where(UsageEvent.at >= datetime.combine(since, time(), UTC))
        old = old.where(DailyUse.day >= since)
    events = [RawEvent(*row) for row in session.execute(query)]
    tallies = tally(events)
    session.execute(old, execution_options={"synchronize_session": False})
    if tallies:
        rows = [
            {**key._asdict(), "count": t.count, "ms": t.ms, "own": t.own, "machine": t.machine}
            for key, t in tallies.items()
        ]
        session.connection().execute(insert(DailyUse), rows)
    watched.replace(session, asset_ids, since, watched_parts(events))


def _end_on(database: Database, end_day: date) -> None:
    """Make the spans that end on this day beside those in force, then let them take over."""
    with database.unit_of_work(write=False) as session:
        asset_ids = list(session.scalars(select(Asset.id).order_by(Asset.id)))
    for chunk in _chunks(asset_ids):
        with database.unit_of_work() as session:
            locked(session, end_day)
            spans.refresh(session, chunk, end_day)
            found_spans.refresh(session, chunk, end_day)
    _put_in_force(database, end_day)


def _put_in_force(database: Database, end_day: date) -> None:
    with database.unit_of_work() as session:
        locked(session, end_day).end_day = end_day
        for model in (SpanUse, SpanPeople, FoundSpan):
            old = delete(model).where(model.end_day != end_day)
            session.execute(old, execution_options={"synchronize_session": False})


def _mark(database: Database, moment: datetime) -> None:
    with database.unit_of_work() as session:
        session.execute(update(RollupState).where(RollupState.id == STATE).values(as_of=moment))


def locked(session: Session, end_day: date) -> RollupState:
    """The state, held to the end of the transaction, so that two runs do not write the same rows."""
    first = insert_into(session, RollupState).values(id=STATE, as_of=None, end_day=end_day)
    session.execute(first.on_conflict_do_nothing(index_elements=["id"]))
    return session.scalars(select(RollupState).where(RollupState.id == STATE).with_for_update()).one()


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
