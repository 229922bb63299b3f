"""Jobs are written with the caller's rows, claimed by one, ended by who holds the lease."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hub.db import now, unit_of_work
from hub.errors import Unavailable
from hub.jobs import UnknownJob, enqueue, run_pending
from hub.jobs.execution import worker_name
from hub.jobs.models import Job, JobState, Lane
from hub.jobs.queue import (
    CUT_SHORT,
    Lease,
    claim,
    due,
    extend,
    fail,
    finish,
    give_up_unknown,
    overdue,
    pause,
    release,
    take_back,
    words_of,
)
from hub.jobs.registry import registry
from tests.jobs import chores

AllJobs = Callable[[], list[Job]]


def claim_one(worker: str = "me", lanes: frozenset[Lane] = frozenset(Lane)) -> Lease | None:
    with unit_of_work() as session:
        return claim(session, registry(), worker, lanes)


def queue_one(name: str = "chores.note", **arguments: Any) -> None:
    if name == "chores.note":
        arguments.setdefault("number", 1)
    with unit_of_work() as session:
        enqueue(session, name, **arguments)


def let_lease_run_out() -> None:
    with unit_of_work() as session:
        session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))


def test_a_job_exists_when_the_caller_commits(writing: Session, all_jobs: AllJobs) -> None:
    before = now()
    enqueue(writing, "chores.note", number=7)
    writing.commit()
    (job,) = all_jobs()
    assert (job.name, job.arguments, job.state, job.lane) == (
        "chores.note",
        {"number": 7},
        JobState.QUEUED,
        Lane.SHORT,
    )
    assert (job.attempts, job.max_attempts, job.last_error) == (0, 5, "")
    assert before <= job.run_at <= now()
    assert len(job.public_id) == 12


def test_a_rolled_back_caller_leaves_no_job(writing: Session, all_jobs: AllJobs) -> None:
    enqueue(writing, "chores.note", number=7)
    writing.rollback()
    assert all_jobs() == []


def test_a_name_nobody_carries_is_refused(writing: Session, all_jobs: AllJobs) -> None:
    with pytest.raises(UnknownJob, match=r"chores\.nothing"):
        enqueue(writing, "chores.nothing", number=7)
    writing.commit()
    assert all_jobs() == []


@pytest.mark.parametrize("arguments", [{}, {"numbre": 7}, {"number": 7, "more": 1}, {"number": {1, 2}}])
def test_arguments_the_job_does_not_take_are_refused(writing: Session, arguments: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        enqueue(writing, "chores.note", **arguments)


def test_an_equal_queued_job_is_not_queued_again(writing: Session, all_jobs: AllJobs) -> None:
    first = enqueue(writing, "chores.note", number=7)
    assert enqueue(writing, "chores.note", number=7) is first
    writing.commit()
    assert enqueue(writing, "chores.note", number=7).id == first.id
    enqueue(writing, "chores.note", number=8)
    writing.commit()
    assert [job.arguments["number"] for job in all_jobs()] == [7, 8]


def test_an_equal_job_that_comes_later_does_not_stand_for_one_due_now(
    writing: Session, all_jobs: AllJobs
) -> None:
    later = enqueue(writing, "chores.note", number=7, after=timedelta(minutes=5))
    assert enqueue(writing, "chores.note", number=7, after=timedelta(minutes=6)) is later
    assert enqueue(writing, "chores.note", number=7) is not later


def test_an_equal_job_that_has_begun_is_queued_again(writing: Session, all_jobs: AllJobs) -> None:
    queue_one()
    assert claim_one()
    queue_one()
    assert [job.state for job in all_jobs()] == [JobState.RUNNING, JobState.QUEUED]


@pytest.mark.parametrize(
    "url", ["postgresql"], indirect=True
)  # SQLite has one writer: nobody claims while we write
def test_a_job_that_stands_for_ours_waits_for_our_commit(writing: Session) -> None:
    """Or else it could run before what we wrote can be seen, and nobody would come back for it."""
    queue_one()
    enqueue(writing, "chores.note", number=1)
    assert claim_one() is None
    writing.commit()
    assert claim_one() is not None


def test_the_job_due_longest_is_claimed_first_and_later_ones_not_yet(writing: Session) -> None:
    enqueue(writing, "chores.note", number=1)
    enqueue(writing, "chores.note", number=2, after=timedelta(minutes=1))
    enqueue(writing, "chores.note", number=3)
    enqueue(writing, "chores.note", number=4, after=timedelta(minutes=-1))
    writing.commit()
    claimed = [lease.arguments["number"] for lease in iter(claim_one, None)]
    assert claimed == [4, 1, 3]


def test_a_lane_takes_only_its_own(writing: Session) -> None:
    enqueue(writing, "chores.slow", number=1, seconds=0)
    writing.commit()
    assert not due(writing, {Lane.SHORT})
    assert due(writing, {Lane.LONG})
    writing.rollback()
    assert claim_one(lanes=frozenset({Lane.SHORT})) is None
    assert claim_one(lanes=frozenset({Lane.LONG})) is not None


def test_threads_that_claim_at_once_get_different_jobs(small_hub: Flask, writing: Session) -> None:
    for number in range(40):
        enqueue(writing, "chores.note", number=number)
    writing.commit()
    claimed: list[int] = []

    def take(worker: str) -> None:
        with small_hub.app_context():
            while (lease := claim_one(worker)) is not None:
                claimed.append(lease.id)

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # SKIP LOCKED may let a thread go while another still holds the last row: what is left is still there to be claimed.
    claimed += [lease.id for lease in iter(claim_one, None)]
    assert len(claimed) == len(set(claimed)) == 40


def test_a_claimed_job_is_leased_and_counted(all_jobs: AllJobs) -> None:
    queue_one("chores.slow", number=1, seconds=0)
    before = now()
    lease = claim_one("host:1")
    assert lease is not None
    (job,) = all_jobs()
    assert (job.state, job.worker, job.attempts) == (JobState.RUNNING, "host:1", 1)
    assert job.started_at is not None
    assert job.lease_until is not None
    assert (
        before + timedelta(seconds=chores.LEASE) <= job.lease_until <= now() + timedelta(seconds=chores.LEASE)
    )
    with unit_of_work() as session:
        assert extend(session, lease)
    later = all_jobs()[0].lease_until
    assert later is not None
    assert later > job.lease_until


def test_a_finished_job_is_done(all_jobs: AllJobs) -> None:
    queue_one()
    lease = claim_one()
    assert lease is not None
    with unit_of_work() as session:
        assert finish(session, lease)
    (job,) = all_jobs()
    assert (job.state, job.lease_until) == (JobState.DONE, None)
    assert job.finished_at is not None
    assert claim_one() is None


def test_a_lost_lease_ends_nothing(all_jobs: AllJobs) -> None:
    queue_one()
    lost = claim_one("slow worker")
    let_lease_run_out()
    with unit_of_work() as session:
        assert overdue(session)
        assert take_back(session) == ["chores.note"]
        assert not overdue(session)
    held = claim_one("other worker")
    assert lost is not None
    assert held is not None
    assert held.attempt == 2
    with unit_of_work() as session:
        for end in (extend, finish, release, lambda s, lease: fail(s, lease, "late words")):
            assert not end(session, lost)
    (job,) = all_jobs()
    assert (job.state, job.worker, job.last_error) == (JobState.RUNNING, "other worker", CUT_SHORT)
    with unit_of_work() as session:
        assert finish(session, held)


def test_the_same_worker_cannot_end_an_attempt_it_lost(all_jobs: AllJobs) -> None:
    queue_one()
    lost = claim_one("me")
    let_lease_run_out()
    with unit_of_work() as session:
        take_back(session)
    assert claim_one("me") is not None
    assert lost is not None
    with unit_of_work() as session:
        assert not finish(session, lost)


def test_a_job_whose_workers_all_die_is_dead_in_the_end(all_jobs: AllJobs) -> None:
    queue_one("chores.fail", words="x")
    for _ in range(2):
        assert claim_one()
        let_lease_run_out()
        with unit_of_work() as session:
            take_back(session)
    (job,) = all_jobs()
    assert (job.state, job.attempts, job.last_error) == (JobState.DEAD, 2, CUT_SHORT)
    assert job.finished_at is not None
    assert claim_one() is None


def test_a_living_lease_is_not_taken_back(small_hub: Flask) -> None:
    queue_one()
    assert claim_one()
    with unit_of_work() as session:
        assert not overdue(session)
        assert take_back(session) == []


def test_the_next_of_a_line_need_not_wait_for_the_leases_of_the_one_before(all_jobs: AllJobs) -> None:
    for number in (1, 2):
        queue_one(number=number)
    mine, foreign = claim_one(worker_name("any1", "ab_c")), claim_one(worker_name("any1", "abxc"))
    assert mine is not None
    assert foreign is not None
    with unit_of_work() as session:
        assert overdue(session, "ab_c")
        assert take_back(session, "ab_c") == ["chores.note"]
        assert not overdue(session, "ab_c")
    assert {job.id: job.state for job in all_jobs()} == {
        mine.id: JobState.QUEUED,
        foreign.id: JobState.RUNNING,
    }


def test_a_released_job_keeps_its_attempts(all_jobs: AllJobs) -> None:
    queue_one()
    lease = claim_one()
    assert lease is not None
    with unit_of_work() as session:
        assert release(session, lease)
    (job,) = all_jobs()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert claim_one() is not None


def test_a_failure_is_kept_and_tried_again_after_a_pause_until_dead(
    small_hub: Flask, all_jobs: AllJobs
) -> None:
    queue_one("chores.fail", words="the disk is full")
    before = now()
    with pytest.raises(ValueError, match="the disk is full"):
        run_pending(small_hub)
    after = now()
    (job,) = all_jobs()
    assert (job.state, job.attempts, job.last_error) == (JobState.QUEUED, 1, "ValueError: the disk is full")
    assert before + timedelta(seconds=7.5) <= job.run_at <= after + timedelta(seconds=12.5)
    assert run_pending(small_hub, at=before + timedelta(seconds=7)) == 0, "it pauses"
    assert run_pending(small_hub, raising=False, at=now() + timedelta(hours=1)) == 1
    (job,) = all_jobs()
    assert (job.state, job.attempts) == (JobState.DEAD, 2)
    assert run_pending(small_hub, raising=False, at=now() + timedelta(days=1)) == 0, "dead is an end"


def test_the_hubs_own_errors_keep_their_words(small_hub: Flask, all_jobs: AllJobs) -> None:
    queue_one("chores.away")
    with pytest.raises(Unavailable):
        run_pending(small_hub)
    (job,) = all_jobs()
    assert (job.state, job.last_error) == (JobState.DEAD, "The storage does not answer. Check HUB_STORAGE.")


def test_pauses_grow_and_are_bounded() -> None:
    for attempts, seconds in ((1, 10), (2, 30), (3, 90), (4, 270), (9, 3600), (500, 3600)):
        found = [pause(attempts).total_seconds() for _ in range(50)]
        assert seconds * 0.75 <= min(found) <= max(found) <= seconds * 1.25
        assert len(set(found)) > 1, "jobs that failed together do not come back together"


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (RuntimeError("no\n  more   room"), "RuntimeError: no more room"),
        (OSError("https://me:pass@example.test/a"), "OSError: https://…@example.test/a"),
        (OSError("GET /b?X-Amz-Signature=abc123&part=4"), "OSError: GET /b?X-Amz-Signature=…&part=4"),
        (OSError("s3_secret_access_key: 'abc'"), "OSError: s3_secret_access_key: …"),
        (
            OperationalError("INSERT …", {"v": "private"}, Exception("disk full")),
            "OperationalError: disk full",
        ),
        (ValueError(""), "ValueError:"),
    ],
)
def test_what_is_kept_of_an_error_holds_no_secret(error: Exception, kept: str) -> None:
    assert words_of(error) == kept


def test_what_is_kept_of_an_error_is_bounded() -> None:
    words = words_of(ValueError("a" * 5000))
    assert len(words) == 600
    assert words.endswith("…")


def test_run_pending_runs_what_its_jobs_queue_and_stops_at_the_limit(
    small_hub: Flask, writing: Session
) -> None:
    for number in range(5):
        enqueue(writing, "chores.note", number=number)
    writing.commit()
    assert run_pending(small_hub, 2) == 2
    assert run_pending(small_hub) == 3
    assert chores.left() == {f"note {n}": 1 for n in range(5)}


def test_queued_names_that_this_version_lacks_are_declared_dead(all_jobs: AllJobs) -> None:
    queue_one()
    queue_one(number=2)
    with unit_of_work() as session:
        session.execute(update(Job).where(Job.id == 1).values(name="chores.of_old"))
    with unit_of_work() as session:
        assert give_up_unknown(session, registry()) == ["chores.of_old"]
    assert [job.state for job in all_jobs()] == [JobState.DEAD, JobState.QUEUED]
    assert "chores.of_old" in all_jobs()[0].last_error


def test_a_name_that_comes_while_we_run_dies_at_once(small_hub: Flask, all_jobs: AllJobs) -> None:
    queue_one()
    with unit_of_work() as session:
        session.execute(update(Job).values(name="chores.of_tomorrow"))
    assert run_pending(small_hub, raising=False) == 1
    (job,) = all_jobs()
    assert job.state is JobState.DEAD
    assert "chores.of_tomorrow" in job.last_error
