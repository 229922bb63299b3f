"""A hub that really runs, in a temporary folder: `python -m hub serve` with two web processes, and a worker when asked."""

from __future__ import annotations

import logging
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from bench.visitor import Visitor
from config import ROOT, Settings
from hub.accounts import links
from hub.accounts.models import User
from hub.app import create_app
from hub.db import Database, database
from hub.operations import setup
from hub.storage import Storage

WEB_WORKERS = 2


class RunningHub:
    """A migrated, empty hub. `HUB_BENCH_DATABASE` may name an empty PostgreSQL database, else it is SQLite; `HUB_BENCH_SEARCH` an
    engine, else it is Whoosh."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = _free_port()
        self._log = folder / "hub.log"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        own = {
            "HUB_DATA": str(folder),
            "HUB_BIND": f"127.0.0.1:{self.port}",
            "HUB_LOG_LEVEL": "WARNING",
            "HUB_WEB_WORKERS": str(WEB_WORKERS),
            "HUB_SEARCH": os.environ.get("HUB_BENCH_SEARCH", "whoosh"),
            "HUB_DATABASE_URL": os.environ.get("HUB_BENCH_DATABASE", ""),
        }
        self.environ = inherited | own
        self._web = 0  # process id
        self.worker_pid = 0
        self._visitors = ExitStack()
        self.app: Flask = create_app(Settings.from_environ(own))
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with self.app.app_context():
            setup.migrate()

    @property
    def database(self) -> Database:
        found: Database = self.app.extensions["hub.db"]
        return found

    @property
    def storage(self) -> Storage:
        found: Storage = self.app.extensions["hub.storage"]
        return found

    def scalar(self, sql: str) -> Any:
        """One value from the database, read beside the running processes."""
        with self.database.unit_of_work(write=False) as session:
            return session.scalar(text(sql))

    def command(self, *words: str, given: str | None = None) -> None:
        """`python -m hub …` on this hub."""
        command = [sys.executable, "-m", "hub", *words]
        subprocess.run(
            command, cwd=ROOT, env=self.environ, check=True, stdout=subprocess.DEVNULL, input=given, text=True
        )

    @contextmanager
    def web(self) -> Iterator[None]:
        """The web processes, until the block is left, and with them every visitor."""
        with self._process("serve") as process, ExitStack() as self._visitors:
            self._web = process.pid
            self._wait_until_up()
            yield

    @contextmanager
    def worker(self) -> Iterator[None]:
        """The worker, until the block is left."""
        with self._process("worker") as process:
            self.worker_pid = process.pid
            yield

    @contextmanager
    def _process(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "hub", name], cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)

    def _wait_until_up(self) -> None:
        for _ in range(600):
            try:
                with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                    connection.request("GET", "/healthz")
                    if connection.getresponse().status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the hub did not come up: {self._log.read_text()[-3000:]}")

    def visitor(self, user_id: int | None = None) -> Visitor:
        """A browser with a connection of its own, kept alive; of a person, signed in by a one-time link."""
        visitor = self._visitors.enter_context(closing(Visitor(self.port)))
        if user_id is not None:
            with self.app.app_context(), database().unit_of_work() as session:
                address = links.make(session, session.get_one(User, user_id))
            visitor.sign_in(address.removeprefix(self.app.config["HUB_URL"]))
        return visitor

    def web_pids(self) -> list[int]:
        """The web processes, without the one that watches over them."""
        children = Path(f"/proc/{self._web}/task/{self._web}/children").read_text().split()
        return [int(pid) for pid in children]

    def cpu_ms(self) -> list[float]:
        """Processor time of each web process so far, all its threads together."""
        return [
            sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))
            / 1e6
            for pid in self.web_pids()
        ]


@contextmanager
def running_hub(kept: Path | None = None) -> Iterator[RunningHub]:
    """An empty hub in a folder that is removed afterwards, or in `kept`; start `web` and `worker` of it as needed."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        hub = RunningHub(kept or Path(folder))
        try:
            yield hub
        finally:
            hub.database.dispose()


def resident(pid: int, what: str) -> float:
    """MiB of a process: `VmRSS` now, `VmHWM` at its peak."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(rf"{what}:\s+(\d+) kB", status)[0]) / 1024


def forget_peak(pid: int) -> None:
    """Let the peak of a process begin at what is resident now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
