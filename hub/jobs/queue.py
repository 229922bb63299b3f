"""The queue: written in the caller's transaction, claimed under a lease, ended only by who holds it."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hub.db import now
from hub.errors import HubError
from hub.jobs.models import Job, JobState, Lane
from hub.jobs.registry import LEASE, JobRegistry, registry

EVERY_LANE = frozenset(Lane)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_ERROR = 600
CUT_SHORT = "The worker stopped in the middle of it, or its machine did."

SECRETS = (
    (re.compile(r"://[^/\s@]+@"), "://…@"),
    (
        re.compile(
            r"(?i)\b([\w-]*(?:signature|credential|secret|password|passwd|token|key)[\w-]*)(['\"]?\s*[=:]\s*)[^&\s,;]+"
        ),
        r"\1\2…",
    ),
)


@dataclass(frozen=True, slots=True)
class Lease:
    """A job that this worker may run as long as it extends the lease. `attempt` tells it from later ones."""

    id: int
    name: str
    arguments: Mapping[str, Any]
    worker: str
    attempt: int
    length: timedelta

    @property
    def held(self) -> ColumnElement[bool]:
        """The condition on `Job` that holds until somebody else is given the job."""
        return and_(
            Job.id == self.id,
            Job.state == JobState.RUNNING,
            Job.worker == self.worker,
            Job.attempts == self.attempt,
        )

    def __str__(self) -> str:
        told = "".join(f" {key}={value}" for key, value in sorted(self.arguments.items()))
        return f"{self.name}{told} (job {self.id}, attempt {self.attempt})"


def enqueue(
    session: Session,
    name: str,
    *,
    after: timedelta | None = None,
    lane: Lane | str | None = None,
    **arguments: Any,
) -> Job:
    """Queue a job in the caller's transaction; it exists when, and only when, the caller commits.

    An equal job that waits untried and is due by then stands for this one too. `after`: not before this much
    time has passed. `lane`: other than the one the job was defined with.

    Raises:
        UnknownJob: no job carries this name.
        TypeError: the job does not take these arguments, or they are not plain JSON values.
    """
    spec = registry()[name]
    spec.check(arguments)
    key = dedupe_key(name, arguments)
    run_at = now() + (after or timedelta(0))
    # Locked until we commit (FOR SHARE), or else a worker could take it now and not see what we wrote.
    waiting = select(Job).where(
        Job.dedupe_key == key, Job.state == JobState.QUEUED, Job.attempts == 0, Job.run_at <= run_at
    )
    found = session.scalars(waiting.order_by(Job.id).limit(1).with_for_update(read=True)).one_or_none()
    if found is not None:
        return found
    queued = Job(
        name=name,
        arguments=arguments,
        dedupe_key=key,
        lane=Lane(lane) if lane is not None else spec.lane,
        run_at=run_at,
        max_attempts=spec.attempts,
    )
    session.add(queued)
    session.flush()
    return queued


def dedupe_key(name: str, arguments: Mapping[str, Any]) -> str:
    """What is equal in two equal jobs, 64 characters."""
    text = json.dumps([name, arguments], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def due(session: Session, lanes: Collection[Lane], at: datetime | None = None) -> bool:
    """Whether a job waits to be claimed. A cheap look before the lock that a claim takes on SQLite."""
    return session.scalar(select(Job.id).where(_claimable(lanes, at or now())).limit(1)) is not None


def claim(
    session: Session,
    jobs: JobRegistry,
    worker: str,
    lanes: Collection[Lane] = EVERY_LANE,
    at: datetime | None = None,
) -> Lease | None:
    """Take the job that has been due longest, or None. `worker` must be unlike every other worker's name."""
    query = select(Job).where(_claimable(lanes, at or now())).order_by(Job.run_at, Job.id).limit(1)
    found = session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
    return _take(session, found, jobs, worker) if found is not None else None


def claim_alike(session: Session, jobs: JobRegistry, lease: Lease, most: int) -> list[Lease]:
    """Take up to `most` more due jobs of the same name, to be run in one go with `lease`."""
    alike = and_(_claimable(EVERY_LANE, now()), Job.name == lease.name, Job.attempts == 0)
    query = select(Job).where(alike).order_by(Job.run_at, Job.id).limit(most)
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    taken = [_take(session, job, jobs, lease.worker) for job in found]
    return [more for more in taken if more is not None]


def _take(session: Session, found: Job, jobs: JobRegistry, worker: str) -> Lease | None:
    length = jobs[found.name].lease if found.name in jobs else LEASE
    begun = now()
    lease = Lease(found.id, found.name, found.arguments, worker, found.attempts + 1, length)
    taken = _change(
        session,
        and_(Job.id == found.id, Job.state == JobState.QUEUED, Job.attempts == found.attempts),
        state=JobState.RUNNING,
        worker=worker,
        attempts=lease.attempt,
        started_at=begun,
        lease_until=begun + length,
    )
    return lease if taken else None


def extend(session: Session, lease: Lease) -> bool:
    """Say that the job is still being worked on; False when the lease is lost."""
    return _change(session, lease.held, lease_until=now() + lease.length)


def finish(session: Session, lease: Lease) -> bool:
    """Mark the job as done; False when the lease is lost, and then nothing is marked."""
    return _change(
        session, lease.held, state=JobState.DONE, lease_until=None, finished_at=now(), last_error=""
    )


def fail(session: Session, lease: Lease, error: str, *, for_good: bool = False) -> bool:
    """Keep the error; queue the job again after a pause or declare it dead. False when the lease is lost."""
    job = session.scalars(select(Job).where(lease.held).with_for_update()).one_or_none()
    if job is None:
        return False
    job.last_error = error
    job.lease_until = None
    if for_good or job.attempts >= job.max_attempts:
        job.state, job.finished_at = JobState.DEAD, now()
    else:
        job.state, job.run_at = JobState.QUEUED, now() + pause(job.attempts)
    session.flush()
    return True


def release(session: Session, lease: Lease) -> bool:
    """Give a job back that had to be left off through no fault of its own; the attempt does not count."""
    return _change(
        session, lease.held, state=JobState.QUEUED, lease_until=None, run_at=now(), attempts=lease.attempt - 1
    )


def take_back(session: Session, line: str = "") -> list[str]:
    """Queue jobs again whose lease ran out, or declare them dead after the last attempt; returns names.

    `line`: also those of earlier workers of this line, all of which are dead.
    """
    moment = now()
    spent = Job.attempts >= Job.max_attempts
    statement = (
        update(Job)
        .where(Job.state == JobState.RUNNING, _abandoned(line, moment))
        .values(
            state=case((spent, JobState.DEAD), else_=JobState.QUEUED),
            finished_at=case((spent, moment), else_=None),
            run_at=moment,
            lease_until=None,
            last_error=CUT_SHORT,
        )
        .returning(Job.name)
        .execution_options(synchronize_session=False)
    )
    return list(session.scalars(statement))


def overdue(session: Session, line: str = "") -> bool:
    """Whether there is something to take back: the cheap look before `take_back`."""
    expired = select(Job.id).where(Job.state == JobState.RUNNING, _abandoned(line, now()))
    return session.scalar(expired.limit(1)) is not None


def give_up_unknown(session: Session, jobs: JobRegistry) -> list[str]:
    """Declare queued jobs dead that another version queued and this one lacks; returns their names."""
    waiting = select(Job).where(Job.state == JobState.QUEUED, Job.name.not_in([spec.name for spec in jobs]))
    unknown = list(session.scalars(waiting.with_for_update(skip_locked=True)))
    for job in unknown:
        job.state, job.finished_at, job.last_error = JobState.DEAD, now(), nobody_does(job.name)
    session.flush()
    return sorted({job.name for job in unknown})


def nobody_does(name: str) -> str:
    """The error of a job whose name this hub does not know."""
    return (
        f"This version of the hub knows no job “{name}”. Restart it after an update that does, or forget it."
    )


def pause(attempts: int) -> timedelta:
    """How long to wait after so many failures: 10 s, 30 s, 90 s … up to an hour, give or take a quarter."""
    middle: timedelta = min(FIRST_PAUSE * 3 ** min(attempts - 1, 10), LONGEST_PAUSE)
    return middle * random.uniform(0.75, 1.25)  # noqa: S311


def words_of(error: BaseException) -> str:
    """What is kept of an error: the hub's own words, else type and message; bounded, no secrets in it."""
    if isinstance(error, HubError):
        text = str(error)
    else:
        # A database error's own text carries the statement's values; what the driver said does not.
        said = error.orig if isinstance(error, DBAPIError) else error
        text = f"{type(error).__name__}: {said}"
    for secret, instead in SECRETS:
        text = secret.sub(instead, text)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_ERROR else text[: LONGEST_ERROR - 1] + "…"


def _abandoned(line: str, at: datetime) -> ColumnElement[bool]:
    ran_out = Job.lease_until < at
    return or_(ran_out, Job.worker.contains(f":{line}:", autoescape=True)) if line else ran_out


def _claimable(lanes: Collection[Lane], at: datetime) -> ColumnElement[bool]:
    waiting = and_(Job.state == JobState.QUEUED, Job.run_at <= at)
    return waiting if set(lanes) == EVERY_LANE else and_(waiting, or_(*(Job.lane == lane for lane in lanes)))


def _change(session: Session, condition: ColumnElement[bool], **values: Any) -> bool:
    statement = update(Job).where(condition).values(**values).returning(Job.id)
    return session.scalar(statement.execution_options(synchronize_session=False)) is not None
