"""What the child does to itself before it opens the file."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path

from hub.media.landlock import restrict_files
from hub.media.seccomp import no_new_privileges, restrict_calls
from hub.media.task import Task

_PR_SET_PDEATHSIG = 1
_SPARE_TASKS = 256
PIPES = Path("/tmp")  # noqa: S108 -- where LibreOffice makes the socket by which it would be called; no other place is asked


def confine(task: Task) -> None:
    """Limits, low priority, no network, no files but its own; for this process and all it starts. Cannot be undone.

    What this system cannot do is left out; `isolation()` finds out by trial and says so.
    """
    die_with_parent()
    os.nice(10)
    _set_limits(task)
    no_new_privileges()
    readable = [task.path, *([task.ffmpeg, task.ffmpeg.resolve()] if task.ffmpeg else [])]
    readable += office_places(task.office) if task.office else []
    restrict_files(readable, [task.scratch, task.renditions], sockets=[PIPES] if task.office else [])
    restrict_calls(may_start_programs=task.tools, own_sockets=task.office is not None)


def office_places(office: Path) -> list[Path]:
    """What LibreOffice reads besides the libraries of the system: its own folder, its settings, the fonts."""
    own = office.parent.parent if office.parent.name == "program" else office
    return [
        own,
        *map(Path, ("/etc/libreoffice", "/etc/fonts", "/var/cache/fontconfig", "/var/spool/libreoffice")),
    ]


def die_with_parent() -> None:
    """A worker that is killed must not leave a transcoder behind."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _set_limits(task: Task) -> None:
    limits = task.limits
    cpu_seconds = limits.seconds_for(task.family) * max(1, limits.threads) + 5
    wanted = {
        resource.RLIMIT_AS: task.memory_bytes,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: limits.output_bytes,
        resource.RLIMIT_NOFILE: 128,
        resource.RLIMIT_CORE: 0,
    }
    if os.geteuid() != 0 and Path("/proc/self/task").is_dir():
        # Counted over everything of this user, hence a margin on what runs now. Does not bind root.
        wanted[resource.RLIMIT_NPROC] = _tasks_of_user() + _SPARE_TASKS
    for which, limit in wanted.items():
        _, hard = resource.getrlimit(which)
        value = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(which, (value, value))


def _tasks_of_user() -> int:
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == os.geteuid():
                count += len(os.listdir(process / "task"))  # noqa: PTH208 -- only counted
        except OSError:
            continue  # ended meanwhile
    return count
