"""What runs by the clock: any worker queues it, exactly once for each due time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.db import now, unit_of_work
from hub.jobs.models import ScheduledRun
from hub.jobs.queue import enqueue
from hub.jobs.registry import registry


def enqueue_due() -> list[str]:
    """Queue every scheduled job that is due, each in a unit of work of its own; returns the names."""
    with unit_of_work(write=False) as session:
        seen = {run.name: run.last_run for run in session.scalars(select(ScheduledRun))}
    moment = now()
    queued = []
    for spec, every in registry().scheduled:
        last = seen.get(spec.name)
        due = moment if last is None else last_due(last, every, moment)
        if due != last and _enqueue_once(spec.name, last, due):
            queued.append(spec.name)
    return queued


def last_due(last: datetime, every: timedelta, moment: datetime) -> datetime:
    """The latest due time up to `moment`; `last` when none has come since. What was missed counts once."""
    return last + max((moment - last) // every, 0) * every


def _enqueue_once(name: str, last: datetime | None, due: datetime) -> bool:
    try:
        with unit_of_work() as session:
            won = _claim(session, name, last, due)
            if won:
                enqueue(session, name)
            return won
    except IntegrityError:  # another worker made the row between our look and now
        return False


def _claim(session: Session, name: str, last: datetime | None, due: datetime) -> bool:
    if last is None:
        session.add(ScheduledRun(name=name, last_run=due))
        session.flush()
        return True
    moved = (
        update(ScheduledRun)
        .where(ScheduledRun.name == name, ScheduledRun.last_run == last)
        .values(last_run=due)
    )
    statement = moved.returning(ScheduledRun.name).execution_options(synchronize_session=False)
    return session.scalar(statement) is not None
