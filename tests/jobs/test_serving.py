"""Real processes: gunicorn serving an app, a supervisor with its children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.jobs.conftest import ROOT, wait_until
from tests.servers.process import free_ports

SERVE = """
import sys
from flask import Flask, request
from config import Settings
from hub.operations import serving

def create_app(settings):
    app = Flask("small")
    app.add_url_rule("/", "home", lambda: {"scheme": request.scheme, "name": request.script_root})
    return app

serving.serve(Settings.from_environ(), create_app)
"""

SUPERVISE = """
import functools, json, logging, os, sys
from hub.operations.supervisor import Supervisor
logging.basicConfig(level="INFO")
parts = {name: functools.partial(os.execv, words[0], words) for name, words in json.loads(sys.argv[1]).items()}
words = Supervisor(parts, grace=2, pause=0.02).run()
sys.exit(words or 0)
"""

# Each start leaves a file that is named by its process id.
STAY = "import pathlib, os, sys, time; pathlib.Path(sys.argv[1], str(os.getpid())).touch(); time.sleep(170)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STAY}"
DIE = "import sys; sys.exit(7)"


@contextmanager
def python(code: str, *arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def started(folder: Path) -> list[int]:
    return sorted(int(path.name) for path in folder.iterdir())


def test_gunicorn_serves_trusts_nobody_and_ends_when_told(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}/"

    def answer() -> dict[str, str] | None:
        forged = {"X-Forwarded-Proto": "https", "SCRIPT_NAME": "/evil"}
        try:
            with urllib.request.urlopen(
                urllib.request.Request(address, headers=forged), timeout=60
            ) as response:
                found: dict[str, str] = json.load(response)
                return found
        except OSError:
            return None

    with python(SERVE, HUB_BIND=f"127.0.0.1:{port}", HUB_DATA=str(tmp_path), HUB_WEB_WORKERS="1") as server:
        wait_until(answer)
        assert answer() == {"scheme": "http", "name": ""}
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
    assert answer() is None


def test_a_killed_child_is_started_again_and_all_end_together(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("web", "worker")}
    for folder in folders.values():
        folder.mkdir()
    commands = {name: [sys.executable, "-c", STAY, str(folder)] for name, folder in folders.items()}
    with python(SUPERVISE, json.dumps(commands)) as supervisor:
        wait_until(lambda: all(started(folder) for folder in folders.values()))
        (web,), (killed,) = started(folders["web"]), started(folders["worker"])
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: len(started(folders["worker"])) == 2)
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(60) == 0
    assert started(folders["web"]) == [web], "the other one was left alone"
    assert not any(map(alive, [web, *started(folders["worker"])]))


def test_a_child_that_does_not_heed_is_killed(tmp_path: Path) -> None:
    with python(SUPERVISE, json.dumps({"web": [sys.executable, "-c", DEAF, str(tmp_path)]})) as supervisor:
        wait_until(lambda: started(tmp_path))
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(60) == 0
    assert not any(map(alive, started(tmp_path)))


def test_a_killed_supervisor_leaves_no_orphans(tmp_path: Path) -> None:
    with python(SUPERVISE, json.dumps({"web": [sys.executable, "-c", STAY, str(tmp_path)]})) as supervisor:
        wait_until(lambda: started(tmp_path))
        supervisor.kill()
        wait_until(lambda: not any(map(alive, started(tmp_path))))


def test_a_child_that_keeps_dying_ends_the_rest_with_words(tmp_path: Path) -> None:
    commands = {"web": [sys.executable, "-c", STAY, str(tmp_path)], "worker": [sys.executable, "-c", DIE]}
    with python(SUPERVISE, json.dumps(commands)) as supervisor:
        _, told = supervisor.communicate(timeout=60)
    assert supervisor.returncode == 1
    assert "worker ended with exit code 7, the 6th time in a row" in told
    assert not any(map(alive, started(tmp_path)))
