"""Files that the hub tried to read as often as it tries, and could not: their pages say so, instead of waiting for ever."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.db import unit_of_work
from hub.jobs import enqueue
from hub.jobs.models import Job, JobState
from hub.library.models import FileState, StoredFile

READING = ("media.process", "media.convert")
DEAD = (JobState.DEAD, JobState.DISMISSED)
AT_WORK = (JobState.QUEUED, JobState.RUNNING)
REASON = (
    "The hub tried several times and could not read this file. An administrator finds out why under Jobs."
)

ENQUEUES = ("search.index",)


def give_up() -> int:
    """Mark as failed what waits for a job that has failed for good and has not been sent round again; returns how many."""
    with unit_of_work() as session:
        ids = _files(session, DEAD) - _files(session, AT_WORK)
        if not ids:
            return 0
        waiting = select(StoredFile).where(StoredFile.id.in_(ids), StoredFile.state == FileState.WAITING)
        found = session.scalars(waiting.with_for_update()).all()
        for stored in found:
            stored.state, stored.reason = FileState.FAILED, REASON
            enqueue(session, "search.index", asset_id=stored.asset_id)
        return len(found)


def _files(session: Session, states: Collection[JobState]) -> set[int]:
    """The files of which reading is in one of these states."""
    query = select(Job.arguments).where(Job.state.in_(states), Job.name.in_(READING))
    return {arguments["file_id"] for arguments in session.scalars(query)}
