"""What runs by the clock is queued once for each due time, by however many workers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from hub.db import now, unit_of_work
from hub.jobs import run_pending
from hub.jobs.models import Job, JobState, ScheduledRun
from hub.jobs.pruning import prune
from hub.jobs.schedule import enqueue_due, last_due
from tests.jobs.chores import left

AllJobs = Callable[[], list[Job]]

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (NOON, NOON),
        (NOON + DAY - timedelta(seconds=1), NOON),
        (NOON + DAY, NOON + DAY),
        (NOON + DAY + timedelta(hours=3), NOON + DAY),
        (NOON + 9 * DAY + timedelta(hours=3), NOON + 9 * DAY),
        (NOON - timedelta(hours=3), NOON),
    ],
)
def test_due_times_do_not_drift_and_missed_ones_count_once(moment: datetime, due: datetime) -> None:
    assert last_due(NOON, DAY, moment) == due


def test_a_new_scheduled_job_is_due_at_once_and_then_not_before_its_time(
    small_hub: Flask, all_jobs: AllJobs
) -> None:
    assert enqueue_due() == ["chores.daily", "jobs.prune"]
    assert enqueue_due() == []
    assert [job.name for job in all_jobs()] == ["chores.daily", "jobs.prune"]
    assert run_pending(small_hub) == 2
    assert left() == {"daily": 1}


def test_many_workers_queue_a_due_job_once(small_hub: Flask, all_jobs: AllJobs) -> None:
    def race() -> list[str]:
        queued: list[str] = []
        start = threading.Barrier(6)

        def look() -> None:
            with small_hub.app_context():
                start.wait()
                queued.extend(enqueue_due())

        threads = [threading.Thread(target=look) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(queued)

    assert race() == ["chores.daily", "jobs.prune"], "the first time"
    run_pending(small_hub)
    with unit_of_work() as session:
        session.execute(update(ScheduledRun).values(last_run=ScheduledRun.last_run))
        for run in session.query(ScheduledRun):
            run.last_run -= 3 * DAY
    assert race() == ["chores.daily", "jobs.prune"], "three days later"
    assert len(all_jobs()) == 4


def test_done_jobs_are_forgotten_after_a_week_and_dead_ones_never(
    small_hub: Flask, all_jobs: AllJobs
) -> None:
    states = [JobState.DONE, JobState.DONE, JobState.DEAD, JobState.DISMISSED, JobState.QUEUED]
    ages = [8, 6, 800, 800, 800]
    with unit_of_work() as session:
        for state, age in zip(states, ages, strict=True):
            past = now() - age * DAY
            session.add(Job(name="chores.note", dedupe_key="", state=state, run_at=past, finished_at=past))
    prune()
    assert [job.state for job in all_jobs()] == states[1:]
