"""The queue's tables: jobs under lease, when each scheduled job was last due, and which workers there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, PublicId, Word, now


class JobState(Word):
    """How far a job is. Done, dead and dismissed are ends; people can send the last two round again."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"  # every attempt failed: somebody has to look
    DISMISSED = "dismissed"  # dead, and somebody looked and let it be


class Lane(Word, length=8):
    """Short jobs keep a slot of their own, so that a long one never holds them up; heavy ones run one at a time."""

    SHORT = "short"  # a few seconds
    LONG = "long"  # up to some minutes
    HEAVY = "heavy"  # up to hours of all the processors there are


class Job(PublicId, Base):
    """One piece of work: which job, with which ids, and what became of it."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_state_run_at", "state", "run_at"),
        Index("ix_jobs_dedupe_key_state", "dedupe_key", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)  # ids and plain values
    dedupe_key: Mapped[str] = mapped_column(String(64))  # of name and arguments
    lane: Mapped[Lane] = mapped_column(Lane.column_type(), default=Lane.SHORT)
    state: Mapped[JobState] = mapped_column(JobState.column_type(), default=JobState.QUEUED)
    run_at: Mapped[datetime]  # not before
    lease_until: Mapped[datetime | None]  # while it runs; past, the worker is taken for dead
    worker: Mapped[str] = mapped_column(String(80), default="")  # who holds, or last held, the lease
    attempts: Mapped[int] = mapped_column(default=0)  # begun, the present one included
    max_attempts: Mapped[int] = mapped_column(default=5)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ScheduledRun(Base):
    """When a scheduled job was last due and queued."""

    __tablename__ = "scheduled_runs"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    last_run: Mapped[datetime]


class WorkerSign(Base):
    """A worker process, and when it last said that it is there; by the database's clock."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(
        String(80), primary_key=True
    )  # host:process:…, as `worker_name` makes it
    line: Mapped[str] = mapped_column(String(16), default="")  # as `Worker` has it
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # orderly, or because the next one of its line has begun

    @property
    def words(self) -> str:
        """For people: `process 4711 on web1`."""
        host, process, *_ = self.name.split(":")
        return f"process {process} on {host}"
