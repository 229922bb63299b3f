"""Jobs that are run several at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from hub.db import now, unit_of_work
from hub.jobs import enqueue, run_pending
from hub.jobs.models import Job, JobState
from tests.jobs import chores


def queue(*numbers: int) -> None:
    with unit_of_work() as session:
        for number in numbers:
            enqueue(session, "chores.together", number=number)


def states() -> list[JobState]:
    with unit_of_work(write=False) as session:
        return list(session.scalars(select(Job.state).order_by(Job.id)))


def test_jobs_that_wait_are_run_in_one_call_and_all_end(small_hub: Flask) -> None:
    with small_hub.app_context():
        queue(*range(20, 45))
        assert run_pending(small_hub) == 3
        assert sorted(len(mark.split(",")) for mark in chores.left()) == [5, 10, 10]
        assert set(states()) == {JobState.DONE}


def test_after_a_failure_each_is_tried_alone_so_that_one_bad_job_fails_by_itself(small_hub: Flask) -> None:
    with small_hub.app_context():
        queue(12, 13, 14)
        run_pending(small_hub, raising=False)
        assert set(states()) == {JobState.QUEUED}
        run_pending(small_hub, raising=False, at=now() + timedelta(hours=1))
        assert {"together 12", "together 13", "together 14"} <= set(chores.left())
        with unit_of_work(write=False) as session:
            ended = {job.arguments["number"]: job.state for job in session.scalars(select(Job))}
        assert (ended[12], ended[14]) == (JobState.DONE, JobState.DONE)
        assert ended[13] is not JobState.DONE


def test_a_job_queued_with_other_arguments_by_another_version_fails_like_any_other(small_hub: Flask) -> None:
    with small_hub.app_context():
        queue(1)
        with unit_of_work() as session:
            session.execute(update(Job).values(arguments={"number": 1, "other": 2}))
        assert run_pending(small_hub, raising=False) == 1
        with unit_of_work(write=False) as session:
            job = session.scalars(select(Job)).one()
    assert job.state is JobState.QUEUED
    assert "chores.together" in job.last_error


def test_a_gathering_job_takes_one_argument(small_hub: Flask) -> None:
    with small_hub.app_context(), unit_of_work() as session:
        for wrong in ({}, {"number": 1, "other": 2}, {"numbers": [1]}):
            with pytest.raises(TypeError):
                enqueue(session, "chores.together", **wrong)
