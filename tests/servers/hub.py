"""A hub as it runs in life: web and worker processes under `python -m hub run`, to be started, killed and asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config import ROOT, Settings
from hub import db
from hub.accounts import passwords, people
from hub.accounts.roles import Role
from hub.app import create_app
from tests.servers.process import free_ports, running, wait_until

PASSWORD = "correct horse battery staple"  # of everybody in these tests


@dataclass
class RunningHub:
    """A hub in a folder; `environ` are its HUB_ settings."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        own = {"HUB_DATA": str(self.folder), "HUB_BIND": f"127.0.0.1:{self.port}", "HUB_LOG_LEVEL": "INFO"}
        self._environ = {**inherited, **own, **self.environ}
        self.log = self.folder / "hub.log"

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run web and worker until the block is left."""
        command = [sys.executable, "-m", "hub", "run"]
        cleared = {name: "" for name in os.environ if name.startswith("HUB_TEST_")}
        with running(command, self.log, env={**self._environ, **cleared}) as process:
            self.process = process
            wait_until(self.ready, "the hub", seconds=100)
            yield process

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def command(self, *words: str, given: str = "", check: bool = True) -> subprocess.CompletedProcess[str]:
        """`python -m hub …` on this hub."""
        return subprocess.run(
            [sys.executable, "-m", "hub", *words],
            cwd=ROOT,
            env=self._environ,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=check,
        )

    def add_user(self, email: str, role: str, name: str) -> None:
        """Add somebody, here: a command would spend seconds on its imports alone."""
        app = create_app(Settings.from_environ(self._environ))
        with app.app_context():
            with db.unit_of_work() as session:
                people.add(session, email, name, Role(role), password_hash=passwords.keep(PASSWORD))
            app.extensions["hub.search"].close()
            db.database().dispose()

    def pids(self, part: str) -> list[int]:
        """Processes of a part, `web` or `worker`, the one that answers to the supervisor first."""
        assert self.process is not None
        workers = {pid for pid in children(self.process.pid) if title(pid) == "hub: worker"}
        if part == "worker":
            return list(workers)
        masters = [pid for pid in children(self.process.pid) if pid not in workers]
        return [*masters, *(child for pid in masters for child in children(pid))]

    def kill(self, part: str) -> int:
        """`kill -9` every process of a part; returns how many there were."""
        pids = self.pids(part)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return len(pids)


def children(parent: int) -> list[int]:
    """Processes that a process started and that still are."""
    try:
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except OSError:
        return []


def title(pid: int) -> str:
    """How a process names itself in lists."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().partition(b"\0")[0].decode()
    except OSError:
        return ""
