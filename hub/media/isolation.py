"""How far files are kept apart from the rest of the machine here, for the page that says what is unhealthy."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from hub.media.limits import Limits
from hub.media.report import read_report
from hub.media.supervisor import run_child
from hub.media.task import Task

_SENTENCES = {
    "network": ("cannot reach the network", "could reach the network"),
    "files": ("sees only its own file", "could read other files of this user, among them the hub's own"),
    "programs": (
        "cannot start other programs (video: only ffmpeg; slides: only LibreOffice)",
        "could start other programs",
    ),
    "memory": ("is held to its memory limit", "is not held to its memory limit"),
}
_REMEDY = (
    "It needs Linux 5.13 or later on x86_64 or aarch64 with seccomp and Landlock, and a container that allows both; "
    "until then run the worker as a user of its own, on a machine that holds nothing else."
)


@dataclass(frozen=True)
class Isolation:
    """`complete`: everything held when it was tried. `words`: one sentence for each protection, and the remedy."""

    complete: bool
    words: tuple[str, ...]


def isolation() -> Isolation:
    """Try it: start a child as for a file and let it attempt what it must not. Takes about 0.2 s. Raises MediaFault."""
    with tempfile.TemporaryDirectory(prefix="hub-isolation-") as folder:
        work = Path(folder)
        for name in ("renditions", "scratch"):
            (work / name).mkdir()
        for name in ("outside", "file"):
            (work / name).write_bytes(b"x")
        limits = Limits()
        task = Task(
            reader="selftest",
            path=work / "file",
            mime="text/plain",
            family="text",
            label="self-test",
            renditions=work / "renditions",
            scratch=work / "scratch",
            ffmpeg=None,
            limits=limits,
        )
        run_child(task, seconds=30)
        held = read_report(task.report, task.renditions, limits).confined
    words = [f"Reading a file {good if held.get(name) else bad}." for name, (good, bad) in _SENTENCES.items()]
    complete = all(held.get(name) for name in _SENTENCES)
    return Isolation(complete, tuple(words if complete else [*words, _REMEDY]))
