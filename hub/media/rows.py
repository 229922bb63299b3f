"""A table of assets, CSV or XLSX: its rows as lines of JSON, for whoever makes something of them. Nothing is calculated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TextIO

from hub.media import rows_text, rows_workbook
from hub.media.kinds import XLSM, XLSX
from hub.media.report import Report
from hub.media.spreadsheet import NOTE, OUTPUT
from hub.media.task import Task

MOST_ROWS = 100_000
MOST_COLUMNS = 300
MOST_CELL = 600_000  # characters


def read(task: Task, report: Report) -> None:
    """Write every row that holds something, the first one with the names of the columns."""
    source = rows_workbook if task.mime in {XLSX, XLSM} else rows_text
    with (task.renditions / OUTPUT).open("w", encoding="utf-8") as out:
        written = _write(source.rows(task, report), out)
    if written > MOST_ROWS:
        report.shortfall(f"It has more than {MOST_ROWS:,} rows; the rest was not read. Cut it in two.", NOTE)


def _write(rows: Iterator[tuple[int, list[str], dict[int, str]]], out: TextIO) -> int:
    """Write rows until there are too many; returns how many there were."""
    written = 0
    for line, row, said in rows:
        cells, faults = row, said
        while cells and not cells[-1]:
            cells.pop()
        if not cells and not faults:
            continue
        written += 1
        if written > MOST_ROWS:
            break
        if len(cells) > MOST_COLUMNS:
            faults = {-1: f"it has {len(cells):,} cells, and {MOST_COLUMNS} are the most"}
            cells = cells[:1]
        json.dump([line, [cell[:MOST_CELL] for cell in cells], faults], out)
        out.write("\n")
    return written
