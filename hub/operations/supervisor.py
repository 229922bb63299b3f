"""A parent that keeps a few processes alive: starts the dead ones again, and ends them all when it ends."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger(__name__)

LOOK = 0.1  # seconds between two looks at the children
STEADY = 30.0  # a child that has lived this many seconds is well, and its earlier deaths are forgotten
MOST_DEATHS = 6  # in a row, before it is given up
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds before a dead child is started again
GRACE = 40.0  # seconds to end in when asked to; longer than web and worker take for their own grace
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One process to keep alive: how it is started, and how it has fared."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    start_at: float = field(default_factory=time.monotonic)


class Supervisor:
    """Runs commands side by side until SIGTERM or SIGINT, or until one of them cannot be kept alive."""

    def __init__(
        self, commands: Mapping[str, Sequence[str]], *, grace: float = GRACE, pause: float = FIRST_PAUSE
    ) -> None:
        self._children = [Child(name, command) for name, command in commands.items()]
        self._grace = grace
        self._pause = pause
        self._asked = 0

    def run(self) -> str:
        """Keep the children alive; returns "" when asked to stop, else words that say which kept dying."""
        signal.signal(signal.SIGTERM, self._heed)
        signal.signal(signal.SIGINT, self._heed)
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
                child.process, child.started = _start(child.command), moment
                log.info("%s started, process %d", child.name, child.process.pid)
            return ""
        code = child.process.poll()
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
            if all(process.poll() is not None for process in alive):
                break
            time.sleep(LOOK)
        for process in alive:
            _kill_group(process)
            process.wait()


def _ended(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches the supervisor alone, and what the child leaves is ended with it.
    first_of_all = _end_with_parent if sys.platform.startswith("linux") else None
    # preexec_fn is safe here: the supervisor has one thread only.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=first_of_all)  # noqa: PLW1509


def _end_with_parent() -> None:
    """Ask Linux to end this child when the supervisor is killed, so that no orphan keeps the port."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
