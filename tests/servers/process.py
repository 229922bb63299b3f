"""Child processes of a test session: free ports, logs, waiting until they answer, and stopping each by its own pid."""

from __future__ import annotations

import itertools
import os
import random
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


# Below those that Linux gives to whoever asks for any: a server comes up seconds after its port was chosen.
PORTS = range(20_000, 32_000)
_TAKEN: list[socket.socket] = []


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that nobody listens on, and that no process of the tests is given again while this one lives."""
    numbers = random.sample(PORTS, len(PORTS))
    return list(itertools.islice(filter(_take, numbers), count))


def _take(port: int) -> bool:
    mark = socket.socket(socket.AF_UNIX)  # a name that Linux keeps while we live, and no file
    try:
        mark.bind(f"\0hub-tests-port-{port}")
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("127.0.0.1", port))
    except OSError:
        mark.close()
        return False
    _TAKEN.append(mark)
    return True


def listens(port: int) -> bool:
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


def wait_until(ready: Callable[[], bool], what: str, *, seconds: float = 100) -> None:
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
            child.wait(60)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(60)


def wait_for_port(child: subprocess.Popen[bytes], port: int, log: Path, *, seconds: float = 100) -> None:
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
