"""Real worker processes: killed, stopped, crowded; nothing is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from hub.db import unit_of_work
from hub.jobs import enqueue, queue
from hub.jobs.execution import Runner
from hub.jobs.models import Job, JobState
from tests.jobs.chores import leave, left
from tests.jobs.conftest import kill, wait_until, worker

# The slow ones run on SQLite alone where the database makes no difference.
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)

AllJobs = Callable[[], list[Job]]


def queue_notes(numbers: range) -> None:
    with unit_of_work() as session:
        for number in numbers:
            enqueue(session, "chores.note", number=number)


def count(state: JobState) -> int:
    with unit_of_work(write=False) as session:
        return session.scalar(select(func.count(Job.id)).where(Job.state == state)) or 0


def test_a_job_cut_short_by_kill_9_runs_again(url: str, small_hub: Flask, all_jobs: AllJobs) -> None:
    with worker(url) as first:
        wait_until(
            lambda: count(JobState.DONE) == 2
        )  # those by the clock: killed in one, its long lease would hold us up
        with unit_of_work() as session:
            enqueue(session, "chores.stuck")
        wait_until(lambda: left().get("stuck") == 1)
        kill(first)
    with worker(url):
        wait_until(lambda: count(JobState.DONE) == 3)
    assert left()["stuck"] == 2
    (job,) = [job for job in all_jobs() if job.name == "chores.stuck"]
    assert (job.state, job.attempts, job.last_error) == (JobState.DONE, 2, "")


def test_of_two_hundred_jobs_none_is_lost_when_a_worker_is_killed(
    url: str, small_hub: Flask, all_jobs: AllJobs
) -> None:
    """Two workers empty the queue; the one that has a long job in hand besides is killed on the way."""
    with worker(url) as first, worker(url) as second:
        with unit_of_work() as session:
            enqueue(session, "chores.stuck")
        wait_until(lambda: "stuck" in left())
        queue_notes(range(200))
        wait_until(lambda: count(JobState.DONE) > 10)
        (stuck,) = [job for job in all_jobs() if job.name == "chores.stuck"]
        doomed = first if f":{first.pid}:" in stuck.worker else second
        kill(doomed)
        wait_until(lambda: count(JobState.DONE) == 203)  # with two by the clock
    marks = left()
    assert marks.pop("stuck") == 2
    assert marks.keys() == {"daily", *(f"note {n}" for n in range(200))}
    assert sum(marks.values()) <= 203, "of the notes, only what the killed worker had in hand ran twice"


@on_sqlite
def test_a_change_is_worked_on_beside_a_long_job(url: str, small_hub: Flask) -> None:
    with worker(url):
        with unit_of_work() as session:
            enqueue(session, "chores.heavy", lane="long", number=1)
        wait_until(lambda: "heavy 1" in left())
        queue_notes(range(1))
        wait_until(lambda: "note 0" in left())
        assert "heavy 1 over" not in left()


@on_sqlite
@pytest.mark.parametrize("slots", [1, 3])
def test_heavy_jobs_run_one_at_a_time_and_neither_long_nor_short_ones_wait_for_them(
    url: str, small_hub: Flask, slots: int
) -> None:
    """As documents and pictures beside a video of two hours."""
    with worker(url, slots=slots):
        with unit_of_work() as session:
            enqueue(session, "chores.heavy", number=1)
            enqueue(session, "chores.heavy", number=2)
        wait_until(lambda: "heavy 1" in left())
        with unit_of_work() as session:
            enqueue(session, "chores.slow", number=1, seconds=0)
        queue_notes(range(3))
        wait_until(lambda: left().keys() >= {"done 1", "note 0", "note 1", "note 2"})
        assert left().keys() & {"heavy 1 over", "heavy 2"} == set()
        leave("enough")
        wait_until(lambda: "heavy 2 over" in left())


@on_sqlite
def test_a_living_worker_keeps_a_lease_shorter_than_its_job(
    url: str, small_hub: Flask, all_jobs: AllJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leased_until() -> datetime:
        (until,) = [job.lease_until for job in all_jobs() if job.name == "chores.heavy"]
        assert until is not None
        return until

    with worker(url):
        with unit_of_work() as session:
            enqueue(session, "chores.heavy", lane="long", number=1)
        wait_until(lambda: "heavy 1" in left())
        first = leased_until()
        wait_until(lambda: leased_until() > first + timedelta(seconds=1))
        monkeypatch.setattr(queue, "now", lambda: first + timedelta(seconds=0.5))  # as if that time had come
        Runner(small_hub).take_back()
        leave("enough")
        wait_until(lambda: "heavy 1 over" in left())
        wait_until(
            lambda: (
                [
                    job.attempts
                    for job in all_jobs()
                    if job.state is JobState.DONE and job.name == "chores.heavy"
                ]
                == [1]
            )
        )
    assert left()["heavy 1"] == 1


@on_sqlite
def test_a_worker_told_to_stop_finishes_what_it_has_in_hand(
    url: str, small_hub: Flask, all_jobs: AllJobs
) -> None:
    with worker(url) as running:
        with unit_of_work() as session:
            enqueue(session, "chores.slow", number=1, seconds=1)
        wait_until(lambda: "begun 1" in left())
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0
    assert left()["done 1"] == 1
    assert {job.state for job in all_jobs() if job.name == "chores.slow"} == {JobState.DONE}


@on_sqlite
def test_a_worker_told_to_stop_gives_back_what_takes_too_long(
    url: str, small_hub: Flask, all_jobs: AllJobs
) -> None:
    with worker(url, grace=0.3) as running:
        with unit_of_work() as session:
            enqueue(session, "chores.slow", number=1, seconds=30)
        wait_until(lambda: "begun 1" in left())
        running.send_signal(signal.SIGINT)
        assert running.wait(25) == 3
    (job,) = [job for job in all_jobs() if job.name == "chores.slow"]
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


@on_sqlite
def test_a_worker_whose_slot_ended_ends_so_that_it_is_started_anew(url: str, small_hub: Flask) -> None:
    with unit_of_work() as session:
        enqueue(session, "chores.quit")
    with worker(url) as running:
        assert running.wait(60) == 1
