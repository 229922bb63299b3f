"""Done jobs are forgotten after a week, and workers that are gone: no number rests on them. Dead and dismissed jobs stay."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from hub.db import now, unit_of_work
from hub.jobs import signs
from hub.jobs.models import Job, JobState
from hub.jobs.registry import job

KEPT = timedelta(days=7)


@job("jobs.prune", every=timedelta(hours=6))
def prune() -> None:
    """Forget jobs that were done, and workers that ended, more than a week ago."""
    with unit_of_work() as session:
        old = delete(Job).where(Job.state == JobState.DONE, Job.finished_at < now() - KEPT)
        session.execute(old.execution_options(synchronize_session=False))
        signs.prune(session)
