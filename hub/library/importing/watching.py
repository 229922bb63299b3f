"""A folder that is watched: each look imports what is new, changed or gone, once it has come to rest.

Nothing is kept but in memory: a watch that begins again, or was killed, reads the folder through once, and what is in the library
already is left as it is.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hub.errors import Invalid
from hub.library.importing import table
from hub.library.importing.folder import Found, shown
from hub.library.importing.options import Options
from hub.library.importing.report import Line, Report, Status
from hub.library.importing.run import run_import

WHOLE_EVERY = (
    3600.0  # seconds between two readings of the whole folder, for what was refused and may now go in
)
UNFINISHED = (".partial", ".part", ".crdownload", ".download", ".filepart", ".tmp", ".temp", ".swp")
LOCKS = ("~$", ".~")  # beside a document that somebody has open

Mark = tuple[int, int, int, int]  # of a file: device's number, size, last change of the bytes, of anything
GONE: Mark = (0, 0, 0, 0)
ALWAYS = frozenset({Status.CREATED, Status.CHANGED, Status.MOVED})  # what is told each time
ONCE = frozenset({Status.GONE, Status.CONFLICT, Status.FAILED})


@dataclass(slots=True)
class Watch:
    """What a watch knows of its folder. `settle`: seconds without a change after which a file counts as whole."""

    place: Path
    options: Options
    settle: float = 10.0
    clock: Callable[[], float] = time.monotonic
    holding: bool = False  # something has not come to rest yet
    _since: dict[str, tuple[Mark, float]] = field(default_factory=dict)  # what each file is, and since when
    _done: dict[str, Mark] = field(default_factory=dict)  # as it was imported
    _told: set[str] = field(default_factory=set)
    _whole_at: float = -WHOLE_EVERY

    def look(self) -> Report | None:
        """Import what has come to rest since the last look; None where there is nothing new to tell.

        Raises:
            Invalid: the folder is not there, or suddenly empty, or what holds for the import cannot be used.
        """
        now = self.clock()
        self._note(now)
        resting = {path: mark for path, (mark, at) in self._since.items() if now - at >= self.settle}
        resting = {path: mark for path, mark in resting.items() if not unfinished(path)}
        self.holding = len(resting) < len(self._since)
        fresh = {path for path, mark in resting.items() if self._done.get(path, GONE) != mark}
        whole = bool(resting) and now - self._whole_at >= WHOLE_EVERY
        if not fresh and not whole:
            return None
        held = frozenset(
            path for path, (mark, _) in self._since.items() if path not in resting and mark != GONE
        )
        report = run_import(self.place, replace(self.options, held=held), _only(None if whole else fresh))
        if not report.interrupted:
            self._whole_at = now if whole else self._whole_at
            self._done.update(resting)
            for path in [path for path, mark in resting.items() if mark == GONE]:
                del self._done[path], self._since[path]
        return self._news(report, whole=whole)

    def _note(self, now: float) -> None:
        """See what each file is now, and since when it has been that."""
        marks = marks_of(self.place)
        if not marks and any(mark != GONE for mark, _ in self._since.values()):
            raise Invalid(
                "folder", "The folder is suddenly empty.", "See whether it is mounted. Nothing was done."
            )
        for path, mark in (dict.fromkeys(self._since, GONE) | marks).items():
            if path not in self._since or self._since[path][0] != mark:
                self._since[path] = (mark, now)

    def _news(self, report: Report, *, whole: bool) -> Report | None:
        """The report without what was told before; None where nothing is left."""
        said = {str(problem) for problem in report.problems}
        said |= {_name(line) for line in report.lines if line.status in ONCE}
        before, self._told = self._told, said if whole else self._told | said
        report.problems = [problem for problem in report.problems if str(problem) not in before]
        report.lines = [
            line
            for line in report.lines
            if line.status in ALWAYS or (line.status in ONCE and _name(line) not in before)
        ]
        return report if report.lines or report.problems or report.interrupted else None


def marks_of(place: Path) -> dict[str, Mark]:
    """Each plain file of a folder, or of that in which a table lies, by its path from there.

    Raises:
        Invalid: there is no such folder.
    """
    root = place.parent if place.is_file() else place
    if not root.is_dir():
        raise Invalid("folder", f"There is no folder {root}.", "See whether it is mounted.")
    return dict(_marks(root, root))


def unfinished(path: str) -> bool:
    """Whether a name says that its file is being written, or is the lock of another."""
    name = path.rpartition("/")[2]
    return name.lower().endswith(UNFINISHED) or name.startswith(LOCKS)


def _name(line: Line) -> str:
    return f"{line.status} {line.file}:{line.line}"


def _marks(root: Path, folder: Path) -> Iterator[tuple[str, Mark]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return  # the import tells which folder cannot be read
    for entry in entries:
        if entry.name.startswith(".") or entry.name == "node_modules":
            continue
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # gone since it was listed
        if stat.S_ISDIR(status.st_mode):
            yield from _marks(root, Path(entry.path))
        elif stat.S_ISREG(status.st_mode):
            mark = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
            yield shown(Path(entry.path), root), mark


def _only(fresh: set[str] | None) -> Callable[[Sequence[Found]], Iterator[Found]]:
    """Lets the files go by that are to be read: all, or the fresh ones. A table is, whatever changed beside it."""

    def pass_by(files: Sequence[Found]) -> Iterator[Found]:
        return (f for f in files if fresh is None or f.relative in fresh or f.form == table.FORM)

    return pass_by
