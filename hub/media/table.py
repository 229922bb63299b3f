"""Rows of cells as lines of text: cells apart by bars, so that a page can show them as a table again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from hub.media.prose import read_text
from hub.media.report import Report
from hub.media.rows_text import encoding_of, separator_of
from hub.media.sections import report_sections
from hub.media.task import Task

CELL = " | "
EMPTY = "–"  # a cell without words, so that the columns stay apart
MOST_COLUMNS = 60
MOST_ROWS = 20_000  # of one sheet


def read(task: Task, report: Report) -> None:
    """A CSV file."""
    text = read_text(task, report)
    separator = separator_of(task.path, encoding_of(task.path)[0])
    report_sections(((False, line) for line in lines_of(_records(text, separator))), report)


def lines_of(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """One line a row. Empty columns and rows are left out; a row of one cell is a line of text, as titles above tables are."""
    kept = [[" ".join(cell.split()).replace(CELL, " / ") for cell in row[:MOST_COLUMNS]] for row in rows]
    used = sorted({place for row in kept for place, cell in enumerate(row) if cell})
    for row in kept:
        cells = [row[place] if place < len(row) else "" for place in used]
        words = [cell for cell in cells if cell]
        if len(words) == 1:
            yield words[0]
        elif words:
            yield CELL.join(cell or EMPTY for cell in cells)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=separator)
    for _ in range(MOST_ROWS):
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell of more than 128 KB: an open quote, as a rule
            return
