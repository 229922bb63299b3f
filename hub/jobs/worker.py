"""The worker process: slots that run jobs, the clock, and an orderly end."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Collection
from types import FrameType

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from hub.jobs.execution import Runner, worker_name
from hub.jobs.models import Lane
from hub.jobs.queue import EVERY_LANE, give_up_unknown, words_of
from hub.jobs.schedule import enqueue_due
from hub.jobs.signs import SignOfLife

log = logging.getLogger(__name__)

IDLE = 0.2  # seconds between two looks into an empty queue
UPKEEP = 1.0  # seconds between two looks at the clock and at leases that ran out
GRACE = 20.0  # seconds that running jobs are given to finish when the worker is told to stop
# Seconds that one thread keeps the interpreter while another waits for it: one that holds SQLite's write lock must come to
# its next statement soon, whatever the others reckon. The usual 0.005 made short transactions ten times as long.
TURN = 0.0005
SORE = 2.0  # seconds to wait when the database does not answer


class Worker:
    """Runs jobs until told to stop: `slots` side by side, one more for short jobs alone, and one for heavy jobs."""

    def __init__(self, app: Flask, *, slots: int = 1, grace: float = GRACE, line: str = "") -> None:
        """`line`: a word that names workers of which one follows the other; when this one begins, all before it are dead."""
        self._runner = Runner(app)
        self._line = line
        self._sign = SignOfLife(self._runner.database, worker_name("all", line), line)
        self._app = app
        self._grace = grace
        self._asked = False  # set by signals; an Event could deadlock with the thread they interrupt
        self._stopping = threading.Event()
        lanes: list[tuple[str, Collection[Lane]]] = [("short", {Lane.SHORT})]
        lanes += [(f"any{number}", EVERY_LANE - {Lane.HEAVY}) for number in range(1, slots + 1)]
        lanes += [("heavy", {Lane.HEAVY})]  # one at a time, however many slots there are
        self._slots = [
            threading.Thread(target=self._serve, args=(name, which), name=name, daemon=True)
            for name, which in lanes
        ]

    def run(self) -> bool:
        """Work until SIGTERM, SIGINT or `stop`.

        Returns True when every job in hand was finished, False when some had to be given back: their threads
        still run, and the caller should end the process.

        Raises:
            RuntimeError: a slot ended by itself; the process should be started anew.
        """
        sys.setswitchinterval(TURN)
        self._heed_signals()
        with self._app.app_context():
            self._refuse_unknown()
            if self._line:
                self._runner.take_back(self._line)
            with self._runner.heartbeat:
                for slot in self._slots:
                    slot.start()
                log.info("worker ready: %s", ", ".join(slot.name for slot in self._slots))
                try:
                    self._keep_up()
                finally:
                    self._stopping.set()
                all_done = self._wind_up()
                self._sign.end()
                return all_done

    def stop(self) -> None:
        """Ask the worker to end; safe in a signal handler and from other threads."""
        self._asked = True

    def _heed_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return

        def heed(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        signal.signal(signal.SIGTERM, heed)
        signal.signal(signal.SIGINT, heed)

    def _refuse_unknown(self) -> None:
        with self._runner.database.unit_of_work() as session:
            names = give_up_unknown(session, self._runner.jobs)
        if names:
            log.error("queued jobs that this version does not know were declared dead: %s", ", ".join(names))

    def _keep_up(self) -> None:
        next_look = 0.0
        while not self._asked:
            ended = [slot.name for slot in self._slots if not slot.is_alive()]
            if ended:
                raise RuntimeError(f"worker slots ended by themselves: {', '.join(ended)}")
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + UPKEEP
                try:
                    self._sign.show()
                    self._runner.take_back()
                    enqueue_due()
                except SQLAlchemyError as error:
                    log.warning("the clock could not be read, trying again: %s", words_of(error))
            time.sleep(IDLE)

    def _serve(self, slot: str, lanes: Collection[Lane]) -> None:
        worker = worker_name(slot, self._line)
        while not self._stopping.is_set():
            try:
                lease = self._runner.next(worker, lanes)
                if lease is not None:
                    self._runner.perform(lease)
                    continue
            except SQLAlchemyError as error:
                log.warning("the queue does not answer, trying again: %s", words_of(error))
                self._stopping.wait(SORE)
            self._stopping.wait(IDLE)

    def _wind_up(self) -> bool:
        deadline = time.monotonic() + self._grace
        for slot in self._slots:
            slot.join(timeout=max(deadline - time.monotonic(), 0))
        left = self._runner.release_all()
        for lease in left:
            log.warning("%s was given back: it did not finish in time", lease)
        return not left
