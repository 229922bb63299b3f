"""Excel workbooks: the cells of each visible sheet, as one sees them, row by row."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from hub.media import wording
from hub.media.faults import Unusable
from hub.media.ooxml import check_package
from hub.media.report import Report
from hub.media.sections import report_sections
from hub.media.sheets import opened, rows_of
from hub.media.table import MOST_COLUMNS, MOST_ROWS, lines_of
from hub.media.task import Task


def read(task: Task, report: Report) -> None:
    """Passages by sheet, each under the sheet's name."""
    check_package(task)
    try:
        with zipfile.ZipFile(task.path) as package:
            report_sections(_blocks(package, task.limits.text_chars), report)
    except (KeyError, IndexError, ValueError, etree.LxmlError) as error:
        raise Unusable(wording.damaged(task.label), str(error)) from error
    if not report.has_text:
        report.shortfall(wording.without_text(task.label))


def _blocks(package: zipfile.ZipFile, most_chars: int) -> Iterator[tuple[bool, str]]:
    book, sheets = opened(package, most_chars)
    for title, member in sheets:
        with package.open(member) as file:
            rows = islice(rows_of(file, book, MOST_COLUMNS), MOST_ROWS)
            lines = list(lines_of(cells for _, cells, _ in rows))
        if lines:
            yield True, title
            yield from ((False, line) for line in lines)
