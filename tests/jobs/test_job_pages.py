"""/jobs: what an administrator sees of the queue, and nobody else; dead jobs are restarted or forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import database, now, unit_of_work
from hub.jobs.models import Job, JobState, ScheduledRun
from hub.jobs.overview import Clockwork
from hub.jobs.signs import SignOfLife
from tests.search.documents import document

SignIn = Callable[[User], FlaskClient]
MakeUser = Callable[..., User]

REASON = "ValueError: <b>the disk</b> is full"


def store(state: JobState, name: str = "media.process", **given: Any) -> Job:
    given.setdefault("arguments", {"file_id": 41})
    given.setdefault("run_at", now())
    if state in {JobState.DEAD, JobState.DISMISSED}:
        given = {"attempts": 4, "last_error": REASON, "finished_at": now() - timedelta(hours=2), **given}
    with unit_of_work() as session:
        job = Job(name=name, dedupe_key="", state=state, **given)
        session.add(job)
    return job


def stored(job: Job) -> Job:
    with unit_of_work(write=False) as session:
        return session.scalars(select(Job).where(Job.id == job.id)).one()


@pytest.fixture
def admin(sign_in: SignIn, make_user: MakeUser) -> FlaskClient:
    return sign_in(make_user(Role.ADMINISTRATOR))


def test_an_empty_page_says_what_it_means(admin: FlaskClient) -> None:
    page = admin.get("/jobs/").text
    assert "Nothing failed for good" in page
    assert "until you restart or forget it" in page
    assert "Nothing waits" in page
    assert "jobs.prune" in page, "the schedule is told"
    assert "Restart all" not in page
    assert "not keeping up" not in page


def test_a_dead_job_is_shown_with_what_when_and_why(admin: FlaskClient) -> None:
    job = store(JobState.DEAD)
    page = admin.get("/jobs/").text
    for words in ("media.process", "file id 41", "&lt;b&gt;the disk&lt;/b&gt; is full", "2 hours ago"):
        assert words in page
    assert f"/jobs/{job.public_id}/restart" in page
    assert "Read one file" in page, "what the job does"


def test_running_and_waiting_jobs_are_counted(admin: FlaskClient) -> None:
    store(JobState.RUNNING, started_at=now(), attempts=2, worker="host:77:short:abc")
    for minutes in (-1 / 2, 0, 10):
        store(JobState.QUEUED, "search.index", run_at=now() + timedelta(minutes=minutes))
    page = " ".join(admin.get("/jobs/").text.split())
    assert "host:77:short:abc" in page
    assert "2 of 5" in page
    assert 'data-label="Due">2</td>' in page
    assert 'data-label="Later">1</td>' in page
    assert "not keeping up" not in page


@pytest.mark.parametrize(("running", "words"), [(False, "takes nothing"), (True, "HUB_JOB_WORKERS")])
def test_a_queue_that_does_not_move_says_what_to_do(admin: FlaskClient, running: bool, words: str) -> None:
    SignOfLife(database(), "web1:7:all").show()
    store(JobState.QUEUED, run_at=now() - timedelta(minutes=2))
    if running:
        store(JobState.RUNNING, started_at=now())
    page = admin.get("/jobs/").text
    assert "not keeping up" in page
    assert words in page


def test_a_hub_without_a_worker_says_since_when(admin: FlaskClient) -> None:
    assert "No worker has been seen yet." in admin.get("/jobs/").text
    sign = SignOfLife(database(), "web1:7:all")
    sign.show()
    page = admin.get("/jobs/").text
    assert "No worker has been seen" not in page
    assert "process 7 on web1" in page
    sign.end()
    assert "No worker has been seen since" in admin.get("/jobs/").text


@pytest.mark.parametrize("state", [JobState.DEAD, JobState.DISMISSED])
def test_a_dead_job_is_restarted_with_all_its_attempts(admin: FlaskClient, state: JobState) -> None:
    job, other = store(state), store(state)
    answer = admin.post(f"/jobs/{job.public_id}/restart")
    assert (answer.status_code, answer.location) == (302, "/jobs/")
    found = stored(job)
    assert (found.state, found.attempts, found.finished_at) == (JobState.QUEUED, 0, None)
    assert found.run_at <= now()
    assert stored(other).state is state
    assert "media.process is queued again" in admin.get("/jobs/").text


def test_all_dead_jobs_that_this_version_knows_are_restarted(admin: FlaskClient) -> None:
    jobs = [store(JobState.DEAD), store(JobState.DEAD, "search.index"), store(JobState.DEAD, "of.old")]
    let_be = store(JobState.DISMISSED)
    assert "Restart all 3 that failed for good" in admin.get("/jobs/").text
    assert admin.post("/jobs/restart").status_code == 302
    assert [stored(job).state for job in jobs] == [JobState.QUEUED, JobState.QUEUED, JobState.DEAD]
    assert stored(let_be).state is JobState.DISMISSED


def test_a_job_of_another_version_is_not_restarted_but_can_be_forgotten(admin: FlaskClient) -> None:
    job = store(JobState.DEAD, "of.old")
    answer = admin.post(f"/jobs/{job.public_id}/restart")
    assert answer.status_code == 409
    assert "of.old" in answer.text
    assert stored(job).state is JobState.DEAD
    assert admin.post(f"/jobs/{job.public_id}/forget").status_code == 302
    assert stored(job).state is JobState.DISMISSED


def test_a_forgotten_job_stays_to_be_seen(admin: FlaskClient) -> None:
    job = store(JobState.DEAD)
    admin.post(f"/jobs/{job.public_id}/forget")
    found = stored(job)
    assert (found.state, found.last_error, found.attempts) == (JobState.DISMISSED, REASON, 4)
    page = admin.get("/jobs/").text
    assert "Nothing failed for good" in page
    assert "Forgotten" in page
    assert job.public_id in page


@pytest.mark.parametrize("act", ["restart", "forget"])
@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.DONE])
def test_a_job_that_is_not_dead_is_left_alone(admin: FlaskClient, act: str, state: JobState) -> None:
    job = store(state, attempts=1, started_at=now())
    assert admin.post(f"/jobs/{job.public_id}/{act}").status_code == 409
    assert (stored(job).state, stored(job).attempts) == (state, 1)


def test_a_guessed_id_is_not_there(admin: FlaskClient) -> None:
    job = store(JobState.DEAD)
    assert admin.post("/jobs/aaaaaaaaaaaa/restart").status_code == 404
    assert admin.post(f"/jobs/{job.id}/restart").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_other_roles_are_refused(sign_in: SignIn, make_user: MakeUser, role: Role) -> None:
    job = store(JobState.DEAD)
    other = sign_in(make_user(role))
    assert other.get("/jobs/").status_code == 403
    for path in (f"/jobs/{job.public_id}/restart", f"/jobs/{job.public_id}/forget", "/jobs/restart"):
        assert other.post(path).status_code == 403
    assert stored(job).state is JobState.DEAD


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    job = store(JobState.DEAD)
    assert client.get("/jobs/").status_code == 302
    assert client.post(f"/jobs/{job.public_id}/restart").status_code == 302
    assert stored(job).state is JobState.DEAD


def test_a_post_without_its_token_changes_nothing(app: Flask, admin: FlaskClient) -> None:
    job = store(JobState.DEAD)
    app.config["WTF_CSRF_ENABLED"] = True
    assert admin.post(f"/jobs/{job.public_id}/restart").status_code == 400
    assert stored(job).state is JobState.DEAD


def test_the_schedule_tells_last_and_next(admin: FlaskClient) -> None:
    with unit_of_work() as session:
        session.add(ScheduledRun(name="jobs.prune", last_run=now() - timedelta(hours=3)))
    page = admin.get("/jobs/").text
    assert "3 hours ago" in page
    assert "when a worker starts" in page, "the others"


@pytest.mark.parametrize(
    ("every", "words"),
    [
        (timedelta(days=1), "day"),
        (timedelta(hours=6), "6 hours"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(seconds=1), "second"),
    ],
)
def test_how_often_is_said_in_words(every: timedelta, words: str) -> None:
    assert Clockwork("a", "", every, None, None).every_words == words


def test_an_outgrown_search_engine_is_told(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = app.extensions["hub.search"]
    engine.rebuild(document(number) for number in (1, 2, 3))
    assert "HUB_SEARCH=tantivy" not in admin.get("/jobs/").text
    monkeypatch.setattr(type(engine), "meant_for", 2)
    assert "HUB_SEARCH=tantivy" in admin.get("/jobs/").text
