"""A table of assets, CSV or XLSX, read in a child; its rows are then there one by one, however many there are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from hub.media import wording
from hub.media.faults import MediaFault
from hub.media.filetype import sniff
from hub.media.kinds import XLSM, XLSX
from hub.media.limits import DEFAULT_LIMITS, Limits
from hub.media.process import task_for
from hub.media.report import read_report
from hub.media.supervisor import run_child

ENDINGS = frozenset({".csv", ".tsv", ".xlsx", ".xlsm"})
NOTE = "note"  # detail of what a person should know, and that keeps no row out
OUTPUT = "rows.jsonl"
_SECONDS = 240
_LONGEST_LINE = 4_000_000
_MOST_BYTES = 1024 * 1024 * 1024


@dataclass(slots=True)
class Row:
    """One row: the line it begins on, from 1; its cells; and what is wrong with some of them, or with all of it (-1)."""

    line: int
    cells: list[str]
    faults: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows on disk, the first one with the names of the columns.

    `notes`: what a person should know of how they were read. `reason`: why there are none, in words.
    """

    path: Path | None
    notes: tuple[str, ...] = ()
    reason: str = ""

    def __iter__(self) -> Iterator[Row]:
        """The rows in their order; what the child wrote is taken for nothing but texts."""
        if self.path is None:
            return
        with self.path.open("rb") as file:
            while line := file.readline(_LONGEST_LINE):
                number, cells, faults = json.loads(line)
                said = {int(place): str(words) for place, words in faults.items()}
                yield Row(int(number), [str(cell) for cell in cells], said)


def read_rows(path: Path, filename: str, workdir: Path, limits: Limits = DEFAULT_LIMITS) -> Rows:
    """Read the table at `path`. `workdir` must be there, and stay while the rows are read.

    Raises:
        OSError: it cannot be opened.
        MediaFault: this machine is at fault.
    """
    file_type = sniff(path, filename)
    if file_type.mime not in {XLSX, XLSM}:
        if Path(filename).suffix.lower() not in {".csv", ".tsv"}:
            return Rows(
                None, reason="It is no Excel workbook, whatever its name says. Save it as .xlsx or .csv."
            )
        file_type = replace(file_type, mime="text/csv", family="document", label="CSV table")
    task = task_for("rows", path, replace(file_type, family="document"), workdir, limits)
    ended = run_child(task, _SECONDS)
    told = read_report(task.report, task.renditions, limits)
    if told.fault or not told.begun:
        raise MediaFault(told.fault or f"The child process did not start ({ended.end}): {ended.log}")
    reason = next((words for words, detail in told.shortfalls if detail != NOTE), "")
    rows = task.renditions / OUTPUT
    if not reason and (not told.ended or rows.is_symlink() or rows.stat().st_size > _MOST_BYTES):
        reason = wording.crashed(file_type.label)
    if reason:
        return Rows(None, reason=reason)
    return Rows(rows, tuple(words for words, _ in told.shortfalls))
