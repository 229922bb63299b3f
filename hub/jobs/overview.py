"""What an administrator sees of the queue, and what to do about dead jobs: restart them, or forget them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from hub.db import now
from hub.errors import Conflict, NotFound
from hub.jobs.models import Job, JobState, ScheduledRun
from hub.jobs.registry import registry
from hub.jobs.signs import Attendance, attendance

SHOWN = 100  # rows of a list
LATE = timedelta(minutes=1)  # a due job that waits longer means that workers are missing, or too few

ENDED_BADLY = (JobState.DEAD, JobState.DISMISSED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The queued jobs of one name: how many are due, since when at most, and how many have a later time."""

    name: str
    about: str
    due: int
    later: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Clockwork:
    """A scheduled job: how often, when it was last queued, and when it will be next."""

    name: str
    about: str
    every: timedelta
    last: datetime | None
    next: datetime | None

    @property
    def every_words(self) -> str:
        """For example `6 hours`, `30 seconds`."""
        seconds = int(self.every.total_seconds())
        for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
            if seconds >= size and seconds % size == 0:
                count = seconds // size
                return f"{count} {unit}s" if count > 1 else unit
        return f"{seconds} seconds" if seconds > 1 else "second"


@dataclass(frozen=True, slots=True)
class Overview:
    """The queue at one moment. The lists of jobs end at `SHOWN` rows, the totals do not."""

    waiting: Sequence[Waiting]
    running: Sequence[Job]
    dead: Sequence[Job]
    dead_total: int
    dismissed: Sequence[Job]
    dismissed_total: int
    done_today: int
    schedule: Sequence[Clockwork]
    workers: Attendance
    moment: datetime

    @property
    def oldest(self) -> datetime | None:
        """Since when the job has been due that waits longest."""
        return min((row.oldest for row in self.waiting if row.oldest), default=None)

    @property
    def late(self) -> bool:
        """Whether jobs wait longer than a worker at work would let them."""
        return self.oldest is not None and self.moment - self.oldest > LATE

    @property
    def due(self) -> int:
        return sum(row.due for row in self.waiting)

    @property
    def later(self) -> int:
        return sum(row.later for row in self.waiting)


def overview(session: Session) -> Overview:
    """The queue now, for the page of jobs."""
    workers = attendance(session)
    moment = workers.moment
    finished_today = (Job.state == JobState.DONE, Job.finished_at > moment - timedelta(days=1))
    running = select(Job).where(Job.state == JobState.RUNNING).order_by(Job.started_at).limit(SHOWN)
    return Overview(
        waiting=_waiting(session, moment),
        running=session.scalars(running).all(),
        dead=_ended(session, JobState.DEAD),
        dead_total=_count(session, Job.state == JobState.DEAD),
        dismissed=_ended(session, JobState.DISMISSED),
        dismissed_total=_count(session, Job.state == JobState.DISMISSED),
        done_today=_count(session, *finished_today),
        schedule=_schedule(session),
        workers=workers,
        moment=moment,
    )


def about(name: str) -> str:
    """What a job does, in one line; empty for a name this version does not know."""
    jobs = registry()
    return jobs[name].about if name in jobs else ""


def restart(session: Session, public_id: str) -> Job:
    """Queue a dead or dismissed job again, with all its attempts.

    Raises:
        NotFound: there is no such job.
        Conflict: it is not dead, or this version of the hub cannot do it.
    """
    job = _ended_badly(session, public_id)
    if job.name not in registry():
        raise Conflict(
            f"This version of the hub knows no job “{job.name}”.",
            remedy="Forget it, or update the hub and try again.",
        )
    job.state, job.attempts, job.run_at, job.finished_at = JobState.QUEUED, 0, now(), None
    session.flush()
    return job


def restart_all(session: Session) -> int:
    """Queue every dead job again that this version knows; returns how many."""
    known = Job.name.in_([spec.name for spec in registry()])
    revived = update(Job).where(Job.state == JobState.DEAD, known)
    statement = revived.values(state=JobState.QUEUED, attempts=0, run_at=now(), finished_at=None).returning(
        Job.id
    )
    return len(session.scalars(statement.execution_options(synchronize_session=False)).all())


def forget(session: Session, public_id: str) -> Job:
    """Take a dead job off the list of those that ask for attention; its row stays.

    Raises:
        NotFound: there is no such job.
        Conflict: it is not dead.
    """
    job = _ended_badly(session, public_id)
    job.state = JobState.DISMISSED
    session.flush()
    return job


def _ended_badly(session: Session, public_id: str) -> Job:
    job = session.scalars(select(Job).where(Job.public_id == public_id).with_for_update()).one_or_none()
    if job is None:
        raise NotFound("There is no such job.", remedy="Done jobs are forgotten after a week.")
    if job.state not in ENDED_BADLY:
        raise Conflict(
            "This job has not failed for good, or not any more.",
            remedy="Somebody was faster: reload the page to see how far it is.",
        )
    return job


def _waiting(session: Session, moment: datetime) -> list[Waiting]:
    is_due = Job.run_at <= moment
    rows = session.execute(
        select(
            Job.name,
            func.count(case((is_due, Job.id))),
            func.count(case((is_due, None), else_=Job.id)),
            func.min(case((is_due, Job.run_at))),
        )
        .where(Job.state == JobState.QUEUED)
        .group_by(Job.name)
        .order_by(Job.name)
    )
    return [Waiting(name, about(name), due, later, oldest) for name, due, later, oldest in rows]


def _ended(session: Session, state: JobState) -> Sequence[Job]:
    newest = select(Job).where(Job.state == state).order_by(Job.finished_at.desc(), Job.id.desc())
    return session.scalars(newest.limit(SHOWN)).all()


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(Job.id)).where(*conditions)) or 0


def _schedule(session: Session) -> list[Clockwork]:
    last_runs = {run.name: run.last_run for run in session.scalars(select(ScheduledRun))}
    rows = []
    for spec, every in registry().scheduled:
        last = last_runs.get(spec.name)
        rows.append(Clockwork(spec.name, spec.about, every, last, last + every if last else None))
    return sorted(rows, key=lambda row: row.name)
