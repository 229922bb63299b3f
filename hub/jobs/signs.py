"""Signs of life: each worker writes down every 20 seconds that it is there, by the database's clock.

Hosts whose clocks differ agree on that one, so that "not seen for a minute" means the same to all of them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hub.db import Database, UtcDateTime, now
from hub.jobs.models import WorkerSign
from hub.jobs.queue import words_of

log = logging.getLogger(__name__)

EVERY = 20.0  # seconds between two signs
SILENT = timedelta(
    minutes=1
)  # without one, and a worker is taken for gone: two may be late, behind a long write
KEPT = timedelta(days=7)


class SignOfLife:
    """What one worker process writes of itself."""

    def __init__(self, database: Database, name: str, line: str = "") -> None:
        """`line`: as `Worker` has it; all before this one have ended."""
        self._database = database
        self._name = name
        self._line = line
        self._next = 0.0

    def show(self) -> None:
        """To be called often; writes when it is time."""
        if monotonic() < self._next:
            return
        self._next = monotonic() + EVERY
        with self._database.unit_of_work() as session:
            moment = clock(session)
            own = session.get(WorkerSign, self._name)
            if own is not None:
                own.seen_at = moment
                return
            if self._line:
                before = update(WorkerSign).where(
                    WorkerSign.line == self._line, WorkerSign.ended_at.is_(None)
                )
                session.execute(before.values(ended_at=moment))
            session.add(WorkerSign(name=self._name, line=self._line, began_at=moment, seen_at=moment))

    def end(self) -> None:
        """Say that this worker has ended; a database that does not answer leaves it to the silence."""
        try:
            with self._database.unit_of_work() as session:
                moment = clock(session)
                own = update(WorkerSign).where(WorkerSign.name == self._name)
                session.execute(own.values(seen_at=moment, ended_at=moment))
        except SQLAlchemyError as error:
            log.warning("the worker's end could not be written down: %s", words_of(error))


@dataclass(frozen=True, slots=True)
class Attendance:
    """Which workers there are at one moment of the database's clock, and when one was last seen at all."""

    present: Sequence[WorkerSign]
    last_seen: datetime | None
    moment: datetime


def attendance(session: Session) -> Attendance:
    """Who gave a sign of life within a minute and has not ended since."""
    moment = clock(session)
    here = select(WorkerSign).where(WorkerSign.ended_at.is_(None), WorkerSign.seen_at > moment - SILENT)
    last = session.scalar(select(func.max(WorkerSign.seen_at)))
    return Attendance(session.scalars(here.order_by(WorkerSign.began_at)).all(), last, moment)


def clock(session: Session) -> datetime:
    """The present moment as the database tells it; SQLite's is this machine's, and tells whole seconds alone."""
    if session.get_bind().dialect.name == "sqlite":
        return now()
    moment: datetime = session.scalars(select(func.current_timestamp(type_=UtcDateTime()))).one()
    return moment


def prune(session: Session) -> None:
    """Forget workers of more than a week ago, but for the last: since when there has been none is known for good."""
    last = select(func.max(WorkerSign.seen_at)).scalar_subquery()
    old = delete(WorkerSign).where(WorkerSign.seen_at < clock(session) - KEPT, WorkerSign.seen_at < last)
    session.execute(old.execution_options(synchronize_session=False))
