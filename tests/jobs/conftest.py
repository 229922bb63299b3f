"""A small hub with a queue, on SQLite and on PostgreSQL; and worker processes that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.db import Database, now, unit_of_work
from hub.jobs.models import Job
from tests.jobs.small_hub import make_app, make_tables
from tests.servers.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database with the queue's tables."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
        make_tables(address)
        yield address
        return
    server: Postgres = request.getfixturevalue("postgres")
    address = server.fresh(server.template("jobs_tables", make_tables))
    yield address
    server.drop(address)


@pytest.fixture
def small_hub(url: str) -> Iterator[Flask]:
    small_hub = make_app(url)
    with small_hub.app_context():
        yield small_hub
    database: Database = small_hub.extensions["hub.db"]
    database.dispose()


@pytest.fixture
def database(small_hub: Flask) -> Database:
    found: Database = small_hub.extensions["hub.db"]
    return found


@pytest.fixture
def writing(database: Database) -> Iterator[Session]:
    """A session that writes and is rolled back at the end, unless the test commits."""
    session = database.session(write=True)
    yield session
    session.close()


@pytest.fixture
def all_jobs(database: Database) -> Callable[[], list[Job]]:
    """Every job as it is stored now, oldest first."""

    def read() -> list[Job]:
        with database.unit_of_work(write=False) as session:
            return list(session.scalars(select(Job).order_by(Job.id)))

    return read


@contextmanager
def worker(url: str, *, slots: int = 1, grace: float = 10) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of the small hub; killed at the end if it still runs."""
    command = [sys.executable, "-m", "tests.jobs.small_hub", url, str(slots), str(grace)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    """`kill -9` a worker, and let the leases that it leaves run out at once."""
    process.kill()
    process.wait()
    left = update(Job).where(Job.worker.contains(f":{process.pid}:"), Job.lease_until.is_not(None))
    with unit_of_work() as session:
        session.execute(left.values(lease_until=now() - timedelta(seconds=1)))


def wait_until(condition: Callable[[], object], seconds: float = 100) -> None:
    """Wait until the condition holds."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "it did not come to pass in time"
        time.sleep(0.02)
