"""Rows of the first sheet of an Excel workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from lxml import etree

from hub.media import wording
from hub.media.faults import Unusable
from hub.media.ooxml import check_package
from hub.media.report import Report
from hub.media.sheets import opened, rows_of
from hub.media.spreadsheet import NOTE
from hub.media.task import Task


def rows(task: Task, report: Report) -> Iterator[tuple[int, list[str], dict[int, str]]]:
    """Line, cells and faults of each row of the first sheet that is shown and holds something."""
    check_package(task)
    try:
        with zipfile.ZipFile(task.path) as package:
            book, sheets = opened(package)
            for number, (title, member) in enumerate(sheets):
                with package.open(member) as file:
                    found = rows_of(file, book)
                    first = next(found, None)
                    if first is None:
                        continue
                    if number + 1 < len(sheets):
                        report.shortfall(f"Only the sheet “{title}” was read, not the others.", NOTE)
                    yield first
                    yield from found
                    return
    except (KeyError, etree.LxmlError, ValueError) as error:
        raise Unusable(wording.damaged(task.label), str(error)) from error
