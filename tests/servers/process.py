"""Child processes of a test session: free ports, logs, waiting until they answer, and stopping each by its own pid."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent  # where pip puts commands; not resolved, or it would leave the environment


class NotStarted(Exception):
    """A server of the tests did not come up; the message carries the end of its log."""


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that nobody listens on; all are held until all are known, so that none comes twice."""
    held = [socket.socket() for _ in range(count)]
    try:
        for s in held:
            s.bind(("127.0.0.1", 0))
        return [int(s.getsockname()[1]) for s in held]
    finally:
        for s in held:
            s.close()


def listens(port: int) -> bool:
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


def wait_until(ready: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    """Ask `ready` until it says yes.

    Raises:
        NotStarted: it did not within `seconds`.
    """
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise NotStarted(f"{what} did not answer within {seconds:.0f} seconds")
        time.sleep(0.05)


@contextmanager
def running(
    command: Sequence[str | Path], log: Path, *, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block is left. It also ends when the test session is killed, where `setpriv` is installed."""
    setpriv = shutil.which("setpriv")
    prefix = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    with log.open("ab") as out:
        child = subprocess.Popen(
            [*prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            start_new_session=True,  # Ctrl-C goes to pytest alone, which then ends the servers in their order
        )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(10)


def wait_for_port(child: subprocess.Popen[bytes], port: int, log: Path, *, seconds: float = 30) -> None:
    """Wait until a child listens.

    Raises:
        NotStarted: it ended, or it took too long.
    """

    def ready() -> bool:
        if child.poll() is not None:
            raise NotStarted(
                f"{child.args!r} ended with {child.returncode}:\n{log.read_text(errors='replace')[-3000:]}"
            )
        return listens(port)

    wait_until(ready, f"{child.args!r} on port {port}", seconds=seconds)


def require(name: str, missing: str) -> None:
    """Skip for want of a server, or fail where HUB_TEST_REQUIRE (a comma list) says that it has to be there."""
    if name in os.environ.get("HUB_TEST_REQUIRE", "").split(","):
        pytest.fail(f"HUB_TEST_REQUIRE asks for {name}, but {missing}")
    pytest.skip(f"no {name} here: {missing}")
