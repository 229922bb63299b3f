"""The worker inside this process: an orderly end, and a database that is away for a while."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from hub.db import now, unit_of_work
from hub.jobs import Worker, enqueue, execution, worker
from hub.jobs.execution import Runner
from hub.jobs.models import Job, JobState
from tests.jobs.chores import leave, left
from tests.jobs.conftest import wait_until

AllJobs = Callable[[], list[Job]]

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@contextmanager
def at_work(small_hub: Flask, grace: float = 60) -> Iterator[tuple[Worker, list[bool]]]:
    """A worker in a thread, and what its `run` returned once it has ended."""
    ended: list[bool] = []
    running = Worker(small_hub, grace=grace)
    thread = threading.Thread(target=lambda: ended.append(running.run()))
    thread.start()
    try:
        yield running, ended
    finally:
        running.stop()
        thread.join(100)
        assert not thread.is_alive()


def fails_twice(really: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, after the database did not answer it twice."""
    failures = iter([OperationalError("", {}, Exception("gone away")) for _ in range(2)])

    def instead(*given: Any, **named: Any) -> Any:
        for failure in failures:
            raise failure
        return really(*given, **named)

    return instead


def queue_slow(seconds: float) -> None:
    with unit_of_work() as session:
        enqueue(session, "chores.slow", number=1, seconds=seconds)


def queue_endless() -> None:
    """A job that goes on until `leave("enough")`, however slow the machine is."""
    with unit_of_work() as session:
        enqueue(session, "chores.heavy", lane="long", number=1)


def test_a_worker_that_finished_everything_says_so(small_hub: Flask) -> None:
    queue_slow(0.3)
    with at_work(small_hub) as (_, ended):
        wait_until(lambda: "begun 1" in left())
    assert ended == [True]
    assert left()["done 1"] == 1


def test_a_worker_that_had_to_give_a_job_back_says_so(small_hub: Flask, all_jobs: AllJobs) -> None:
    queue_endless()
    with at_work(small_hub, grace=0) as (_, ended):
        wait_until(lambda: "heavy 1" in left())
    assert ended == [False]
    (job,) = [job for job in all_jobs() if job.name == "chores.heavy"]
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    leave("enough")
    wait_until(lambda: "heavy 1 over" in left())  # the thread goes on; what it says at the end does not count
    time.sleep(0.1)
    assert [job.state for job in all_jobs() if job.name == "chores.heavy"] == [JobState.QUEUED]


def test_a_worker_outlives_a_database_that_does_not_answer(
    small_hub: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "SORE", 0.05)
    for module, name in ((worker, "enqueue_due"), (execution, "claim"), (execution, "extend")):
        monkeypatch.setattr(module, name, fails_twice(getattr(module, name)))
    monkeypatch.setattr(worker, "UPKEEP", 0.05)
    queue_endless()
    with at_work(small_hub):
        for words in (
            "the queue does not answer",
            "the clock could not be read",
            "leases could not be extended",
        ):
            wait_until(lambda words=words: words in caplog.text)  # type: ignore[misc]
        leave("enough")
        wait_until(lambda: {"heavy 1 over", "daily"} <= left().keys())
    assert left()["heavy 1"] == 1


def test_what_ends_after_the_lease_was_lost_is_told_and_not_counted(
    small_hub: Flask, all_jobs: AllJobs, caplog: pytest.LogCaptureFixture
) -> None:
    queue_endless()
    slow, quick = Runner(small_hub), Runner(small_hub)
    lease = slow.next("slow")  # without a heartbeat
    assert lease is not None
    thread = threading.Thread(target=slow.perform, args=(lease,))
    thread.start()
    wait_until(lambda: "heavy 1" in left())
    with unit_of_work() as session:
        session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))
    with caplog.at_level(logging.WARNING):
        quick.take_back()
        again = quick.next("quick")
        leave("enough")
        thread.join()
    assert again is not None
    assert "taken back from workers that fell silent: chores.heavy" in caplog.text
    assert "another worker's result counts" in caplog.text
    (job,) = all_jobs()
    assert (job.state, job.worker, job.attempts) == (JobState.RUNNING, "quick", 2)


def test_a_heartbeat_notices_a_lost_lease_and_lets_go(
    small_hub: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    queue_slow(1)
    runner = Runner(small_hub)
    lease = runner.next("me")
    assert lease is not None
    with runner.heartbeat, runner.heartbeat.holding(lease):
        with unit_of_work() as session:
            session.execute(update(Job).values(worker="somebody else"))
        wait_until(lambda: runner.heartbeat.leases == [])
    assert "was given to another worker" in caplog.text
