"""A ZIP with a collection in it: unpacked in a child, within limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from hub.media.faults import MediaFault
from hub.media.filetype import sniff
from hub.media.limits import DEFAULT_LIMITS, Limits
from hub.media.process import task_for
from hub.media.report import read_report
from hub.media.supervisor import run_child

MOST_ENTRIES = 20_000
MOST_BYTES = 4_000_000_000  # all files together
MOST_RATIO = 200  # unpacked : packed, of files larger than 1 MiB
NOTE = "note"  # detail of what a person should know, and that keeps nothing else out
_SECONDS = 1_200


@dataclass(frozen=True, slots=True)
class Unpacked:
    """`folder`: what the archive holds, without a folder around all of it. `reason`: why nothing was unpacked, in words."""

    folder: Path
    notes: tuple[str, ...] = ()
    reason: str = ""


def unpack(path: Path, filename: str, workdir: Path, limits: Limits = DEFAULT_LIMITS) -> Unpacked:
    """Unpack the archive at `path` below `workdir`, which must be there.

    Raises:
        OSError: it cannot be opened.
        MediaFault: this machine is at fault.
    """
    file_type = replace(sniff(path, filename), family="audio", label="ZIP")  # as long as audio may take
    task = task_for("unpack", path, file_type, workdir, limits)
    ended = run_child(task, _SECONDS)
    told = read_report(task.report, task.renditions, limits)
    if told.fault or not told.begun:
        raise MediaFault(told.fault or f"The child process did not start ({ended.end}): {ended.log}")
    reason = next((words for words, detail in told.shortfalls if detail != NOTE), "")
    if not reason and not told.ended:
        reason = "Unpacking it broke off: it is damaged, or takes too long. Pack it again, in parts."
    inner = list(task.renditions.iterdir())
    within = len(inner) == 1 and inner[0].is_dir() and not inner[0].is_symlink()
    notes = tuple(words for words, detail in told.shortfalls if detail == NOTE)
    return Unpacked(inner[0] if within else task.renditions, notes, reason)
