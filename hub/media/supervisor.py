"""Starts the child, watches it, and ends it with all it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hub.media.faults import MediaFault
from hub.media.task import Task

_ROOT = Path(__file__).resolve().parents[2]
# -I leaves out the current folder, PYTHONPATH and the user's site; the hub itself is added last, to hide nothing.
_START = "import sys; sys.path.append(sys.argv.pop()); from hub.media.child import main; main()"
_LOOK_SECONDS = 0.25
_GONE_SECONDS = 2.0

End = Literal["exit", "timeout", "output", "cpu"]


@dataclass(frozen=True)
class Ended:
    """How the child ended. `code`: exit code, negative for a signal. `log`: the last it wrote to standard error."""

    end: End
    code: int
    log: str


def run_child(task: Task, seconds: float) -> Ended:
    """Run the task to its end, at most `seconds`. Raises MediaFault when no child can be started."""
    log = task.scratch / "child.log"
    command = [sys.executable, "-I", "-X", "utf8", "-B", "-c", _START, str(_ROOT)]
    try:
        with log.open("wb") as err:
            child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=err,
                cwd=task.scratch,
                env=_environment(task.scratch),
                start_new_session=True,
            )
    except OSError as error:
        raise MediaFault(f"A child process could not be started: {error}") from error
    try:
        end = _watch(child, task, seconds)
    finally:
        _end_group(child)
    if end == "exit" and child.returncode == -signal.SIGXCPU:
        end = "cpu"
    return Ended(end, child.returncode, _tail(log))


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and all it started, also after a good end, and wait until they are gone."""
    deadline = time.monotonic() + _GONE_SECONDS
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        # Whatever else was in the group is now init's to collect, which in a container may never happen.
        while time.monotonic() < deadline:
            os.killpg(child.pid, 0)
            time.sleep(0.01)
    child.wait()


def _environment(scratch: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        # Each arena of glibc's allocator reserves address space, which is what the memory limit counts.
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _watch(child: subprocess.Popen[bytes], task: Task, seconds: float) -> End:
    deadline = time.monotonic() + seconds
    if child.stdin is not None:
        with contextlib.suppress(BrokenPipeError), child.stdin:
            child.stdin.write(task.to_json().encode())
    while True:
        try:
            child.wait(timeout=max(0.01, min(_LOOK_SECONDS, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                return "timeout"
            if _written(task) > task.limits.output_bytes:
                return "output"
        else:
            return "output" if _written(task) > task.limits.output_bytes else "exit"


def _written(task: Task) -> int:
    total = 0
    for top in (task.scratch, task.renditions):
        for folder, _, names in os.walk(top):  # walks past folders that are gone since they were listed
            for name in names:
                with contextlib.suppress(OSError):  # gone likewise
                    total += Path(folder, name).lstat().st_size
    return total


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 2000))
        return file.read().decode("utf-8", "replace").strip()
