"""Running claimed jobs: one at a time in a thread, under a lease that a heartbeat extends."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from types import TracebackType

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from hub.db import Database
from hub.jobs.models import Lane
from hub.jobs.queue import (
    EVERY_LANE,
    Lease,
    claim,
    claim_alike,
    due,
    extend,
    fail,
    finish,
    nobody_does,
    overdue,
    release,
    take_back,
    words_of,
)
from hub.jobs.registry import GiveUp, JobRegistry, UnknownJob

log = logging.getLogger(__name__)


def worker_name(slot: str, line: str = "") -> str:
    """A name that no other worker carries, for people to recognise: host, process, slot, line (as `Worker` has it)."""
    return ":".join((socket.gethostname()[:30], str(os.getpid()), slot, line, secrets.token_hex(3)))


class Heartbeat:
    """A thread that extends the leases of the jobs this process runs, four times in the shortest lease."""

    def __init__(self, database: Database, jobs: JobRegistry) -> None:
        self._database = database
        self._beat = min((spec.lease.total_seconds() for spec in jobs), default=4.0) / 4
        self._leases: dict[int, Lease] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join(timeout=5)

    @property
    def leases(self) -> list[Lease]:
        """The leases now held by this process."""
        with self._lock:
            return list(self._leases.values())

    @contextmanager
    def holding(self, lease: Lease) -> Iterator[None]:
        with self._lock:
            self._leases[lease.id] = lease
        try:
            yield
        finally:
            self.drop(lease)

    def drop(self, lease: Lease) -> bool:
        """Extend this lease no longer; False when it was not held."""
        with self._lock:
            held = self._leases.get(lease.id) == lease
            if held:
                del self._leases[lease.id]
            return held

    def _run(self) -> None:
        while not self._stopped.wait(self._beat):
            try:
                self._extend()
            except SQLAlchemyError as error:
                log.warning("leases could not be extended, trying again: %s", words_of(error))

    def _extend(self) -> None:
        for lease in self.leases:
            with self._database.unit_of_work() as session:
                kept = extend(session, lease)
            if not kept and self.drop(lease):
                log.warning("%s was given to another worker; what we make of it will not count", lease)


class Runner:
    """Claims and runs the jobs of one app, each in an app context of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.database: Database = app.extensions["hub.db"]
        self.jobs: JobRegistry = app.extensions["hub.jobs"]
        self.heartbeat = Heartbeat(self.database, self.jobs)

    def next(
        self, worker: str, lanes: Collection[Lane] = EVERY_LANE, at: datetime | None = None
    ) -> Lease | None:
        """The next due job of these lanes, now leased to `worker`; None when there is none."""
        with self.database.unit_of_work(write=False) as session:
            if not due(session, lanes, at):
                return None
        with self.database.unit_of_work() as session:
            return claim(session, self.jobs, worker, lanes, at)

    def perform(self, lease: Lease) -> Exception | None:
        """Run a job and write down how it ended; returns the error when it failed."""
        if lease.name not in self.jobs:
            with self.database.unit_of_work() as session:
                fail(session, lease, nobody_does(lease.name), for_good=True)
            return UnknownJob(nobody_does(lease.name))
        spec = self.jobs[lease.name]
        leases = [lease, *self._alike(lease, spec.gather - 1)]
        begun = time.monotonic()
        error: Exception | None = None
        with ExitStack() as held:
            for one in leases:
                held.enter_context(self.heartbeat.holding(one))
            try:
                with self.app.app_context():
                    spec.run(**spec.merged([one.arguments for one in leases]))
            except Exception as raised:  # noqa: BLE001 - whatever a job raises, the queue goes on
                error = raised
        self._end(leases, error, time.monotonic() - begun)
        return error

    def _alike(self, lease: Lease, most: int) -> list[Lease]:
        if most < 1 or lease.attempt > 1:  # after a failure alone, so that one bad job fails by itself
            return []
        with self.database.unit_of_work() as session:
            return claim_alike(session, self.jobs, lease, most)

    def _end(self, leases: list[Lease], error: Exception | None, seconds: float) -> None:
        told = str(leases[0]) if len(leases) == 1 else f"{leases[0]} and {len(leases) - 1} more"
        with self.database.unit_of_work() as session:
            counted = [
                finish(session, one)
                if error is None
                else fail(session, one, words_of(error), for_good=isinstance(error, GiveUp))
                for one in leases
            ]
        if error is not None:
            log.error("%s failed after %.1f s", told, seconds, exc_info=error)
        elif all(counted):
            log.info("%s done in %.1f s", told, seconds)
        if not all(counted):
            log.warning("%s ended, but a lease was lost: another worker's result counts", told)

    def take_back(self, line: str = "") -> None:
        """Queue jobs again whose worker fell silent, or was one of this line."""
        with self.database.unit_of_work(write=False) as session:
            if not overdue(session, line):
                return
        with self.database.unit_of_work() as session:
            names = take_back(session, line)
        if names:
            log.warning("taken back from workers that fell silent: %s", ", ".join(sorted(names)))

    def release_all(self) -> list[Lease]:
        """Give back the jobs still running, for a process about to end; returns them."""
        left = self.heartbeat.leases
        for lease in left:
            self.heartbeat.drop(lease)
            with self.database.unit_of_work() as session:
                release(session, lease)
        return left


def run_pending(
    app: Flask,
    limit: int = 10_000,
    *,
    lanes: Collection[Lane] = EVERY_LANE,
    raising: bool = True,
    at: datetime | None = None,
) -> int:
    """Run every job that is due, here and now, until none is left or `limit` is reached.

    For tests and commands. `raising`: the first error is raised, after it was written down like any other.
    `at`: a moment to pretend, so that jobs that wait for a later one, or pause after a failure, run too.
    Returns how many were run.
    """
    runner = Runner(app)
    worker = worker_name("here")
    with runner.heartbeat:
        for count in range(limit):
            runner.take_back()
            lease = runner.next(worker, lanes, at)
            if lease is None:
                return count
            error = runner.perform(lease)
            if error is not None and raising:
                raise error
    return limit
