"""A parent that keeps a few processes alive: forks the dead ones again, and ends them all when it ends.

Children are forks: what the parent has imported costs them neither time nor memory. It must have no threads or connections.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess
from types import FrameType

from setproctitle import setproctitle

log = logging.getLogger(__name__)

LOOK = 0.1  # seconds between two looks at the children
STEADY = 30.0  # a child that has lived this many seconds is well, and its earlier deaths are forgotten
MOST_DEATHS = 6  # in a row, before it is given up
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds before a dead child is started again
GRACE = 40.0  # seconds to end in when asked to; longer than web and worker take for their own grace
PR_SET_PDEATHSIG = 1
HEEDED = (signal.SIGTERM, signal.SIGINT)
FORK = multiprocessing.get_context("fork")


@dataclass(slots=True)
class Child:
    """One process to keep alive: what it does, and how it has fared."""

    name: str
    part: Callable[[], None]
    process: ForkProcess | None = None
    started: float = 0.0
    deaths: int = 0
    start_at: float = field(default_factory=time.monotonic)


class Supervisor:
    """Runs functions by name, each in a process, until SIGTERM or SIGINT, or until one of them cannot be kept alive."""

    def __init__(
        self, parts: Mapping[str, Callable[[], None]], *, grace: float = GRACE, pause: float = FIRST_PAUSE
    ) -> None:
        self._children = [Child(name, part) for name, part in parts.items()]
        self._grace = grace
        self._pause = pause
        self._asked = 0

    def run(self) -> str:
        """Keep the children alive; returns "" when asked to stop, else words that say which kept dying."""
        for number in HEEDED:
            signal.signal(number, self._heed)
        gc.freeze()  # a collection in a child would copy the pages it shares with us
        words = ""
        try:
            while not self._asked and not words:
                words = next(filter(None, map(self._tend, self._children)), "")
                time.sleep(LOOK)
        finally:
            self._end()
        return words

    def _heed(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1

    def _tend(self, child: Child) -> str:
        """Start a child, or start it again; returns why not when it has died too often."""
        moment = time.monotonic()
        if child.process is None:
            if moment >= child.start_at:
                child.process, child.started = _start(child), moment
                log.info("%s started, process %d", child.name, child.process.pid)
            return ""
        code = child.process.exitcode
        if code is None:
            return ""
        _kill_group(child.process)
        child.process = None
        child.deaths = 1 if moment - child.started > STEADY else child.deaths + 1
        if child.deaths >= MOST_DEATHS:
            return (
                f"{child.name} {_ended(code)}, the {MOST_DEATHS}th time in a row; its last words are above."
            )
        rest = min(self._pause * 2 ** (child.deaths - 1), LONGEST_PAUSE)
        child.start_at = moment + rest
        log.warning("%s %s; starting it again in %.1f s", child.name, _ended(code), rest)
        return ""

    def _end(self) -> None:
        alive = [child.process for child in self._children if child.process is not None]
        for process in alive:
            process.terminate()
        asked, deadline = self._asked, time.monotonic() + self._grace
        # A second Ctrl-C means now.
        while self._asked <= asked and time.monotonic() < deadline:
            if all(process.exitcode is not None for process in alive):
                break
            time.sleep(LOOK)
        for process in alive:
            _kill_group(process)
            process.join()


def _ended(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def _start(child: Child) -> ForkProcess:
    process = FORK.Process(target=_be, args=(child, os.getpid()), name=child.name)
    # A child told to end before it has handlers of its own would not heed: the signal waits for them.
    signal.pthread_sigmask(signal.SIG_BLOCK, HEEDED)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEEDED)
    return process


def _be(child: Child, parent: int) -> None:
    """What a child does, from its first breath."""
    os.setsid()  # Ctrl-C reaches the supervisor alone, and what the child leaves is ended with it
    _end_with_parent(parent)
    setproctitle(f"hub: {child.name}")
    for number in HEEDED:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEEDED)
    child.part()


def _end_with_parent(parent: int) -> None:
    """Ask Linux to end this child when the supervisor is killed, so that no orphan keeps the port."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit  # it was killed before it was asked


def _kill_group(process: ForkProcess) -> None:
    """Kill a child and what it left. One without a group of its own has done nothing yet."""
    try:
        os.killpg(process.pid or 0, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
