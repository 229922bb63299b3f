"""Office files from before 2007 and those of Apple's programs: LibreOffice turns them into what the other readers know."""

from __future__ import annotations

from dataclasses import replace

from hub.media import pdf, workbook
from hub.media.office import to_pdf, to_xlsx
from hub.media.report import Report
from hub.media.task import Task


def read(task: Task, report: Report) -> None:
    """A workbook's words by sheet; of all else the pages as pictures, with their words."""
    if task.family == "sheet":
        workbook.read(replace(task, path=to_xlsx(task)), report)
    else:
        pdf.read_pages(
            replace(task, path=to_pdf(task)), report, kind="slide" if task.family == "slides" else "page"
        )
