"""PDF: text by page, then pictures of the first pages."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Literal

import pypdfium2

from hub.media import wording
from hub.media.faults import Unusable
from hub.media.pictures import write_picture
from hub.media.report import Report
from hub.media.running import SAMPLE, running_lines, without
from hub.media.task import Task

_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_OUTLINE_ENTRIES = 2_000
_BROKEN_IN_A_ROW = 20
_TALLEST = 4  # times the width


def read(task: Task, report: Report) -> None:
    """Text first: it is what search needs, should a picture take all the time there is."""
    report.facts(plays_in_browser=True)
    try:
        read_pages(task, report)
    except Unusable:
        report.facts(plays_in_browser=False)
        raise


def read_pages(task: Task, report: Report, kind: Literal["page", "slide"] = "page") -> None:
    """The words and pictures of the pages of `task.path`, a PDF, whatever the file was before."""
    document = _opened(task)
    pages = len(document)
    if pages == 0:
        raise Unusable(wording.damaged(task.label), "no pages")
    report.facts(pages=pages, title=document.get_metadata_value("Title") or None)
    broken = _read_text(document, task, report, kind)
    undrawn = _draw_pages(document, task, report)
    if not report.has_text and len(undrawn) >= min(pages, task.limits.page_images, _BROKEN_IN_A_ROW):
        raise Unusable(wording.damaged(task.label), "no page could be read")
    if broken | undrawn:
        some = ", ".join(str(page) for page in sorted(broken | undrawn)[:5])
        report.shortfall(
            f"Some pages of this {task.label} could not be read ({some}). Save it again in the program it was made with "
            "and upload the new copy."
        )
    if not report.has_text:
        report.shortfall(
            f"Hub found no text in this {task.label}: its pages are pictures or blank. Search finds it only by its title and "
            "description. Upload a PDF with text, exported rather than scanned."
        )


def draw_pages(task: Task, report: Report) -> set[int]:
    """Only the pictures of the pages of `task.path`, a PDF. Returns the numbers of those that can't be drawn."""
    return _draw_pages(_opened(task), task, report)


def _opened(task: Task) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(task.path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
            raise Unusable(
                "This PDF is protected by a password. Save a copy without the password and upload it again.",
                str(error),
            ) from error
        raise Unusable(wording.damaged(task.label), str(error)) from error


def _read_text(
    document: pypdfium2.PdfDocument, task: Task, report: Report, kind: Literal["page", "slide"]
) -> set[int]:
    """Report the text of each page, without what runs through all. Returns the numbers of those that cannot be read."""
    titles = _titles(document)
    broken: set[int] = set()
    texts = _texts(document, task, broken)
    sample = list(itertools.islice(texts, SAMPLE))
    running = running_lines(sample)
    for number, text in itertools.chain(sample, texts):
        if report.full:
            break
        report.passage(kind, number, titles.get(number - 1, ""), without(text, number, running))
    return broken


def _texts(document: pypdfium2.PdfDocument, task: Task, broken: set[int]) -> Iterator[tuple[int, str]]:
    """(number, text) of each page that can be read; the numbers of others go to `broken`."""
    in_a_row = 0
    last = min(len(document), task.limits.pages)
    for number in range(1, last + 1):
        try:
            page = document[number - 1]
            text_page = page.get_textpage()
            text = text_page.get_text_bounded(errors="replace")
            text_page.close()
            page.close()
        except pypdfium2.PdfiumError:
            broken.add(number)
            in_a_row += 1
            # A page tree may promise millions of pages that are not there.
            if in_a_row >= _BROKEN_IN_A_ROW:
                broken |= set(range(number + 1, last + 1))
                return
            continue
        in_a_row = 0
        yield number, text.replace("\ufffe", "").replace("\r\n", "\n")


def _titles(document: pypdfium2.PdfDocument) -> dict[int, str]:
    """Page index → the first bookmark that leads there."""
    titles: dict[int, str] = {}
    try:
        for entry in itertools.islice(document.get_toc(max_depth=4), _OUTLINE_ENTRIES):
            target = entry.get_dest()
            index = target.get_index() if target else None
            if index is not None:
                titles.setdefault(index, entry.get_title())
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return titles
    return titles


def _draw_pages(document: pypdfium2.PdfDocument, task: Task, report: Report) -> set[int]:
    """Page images, and poster and thumbnail from the first one that can be drawn. Returns pages that can't."""
    limits = task.limits
    broken: set[int] = set()
    for index in range(min(len(document), limits.page_images)):
        number = index + 1
        try:
            page = document[index]
            width, height = page.get_size()
            scale = _scale(width, height, limits.page_width)
            image = page.render(scale=scale, draw_annots=True, may_draw_forms=False).to_pil().convert("RGB")
            page.close()
        except (pypdfium2.PdfiumError, ValueError):
            broken.add(number)
            if len(broken) >= _BROKEN_IN_A_ROW:
                break
            continue
        write_picture(image, task, report, "page", limits.page_width, page=number)
        if index == len(broken):
            write_picture(image, task, report, "poster", limits.poster_width)
            write_picture(image, task, report, "thumbnail", limits.thumbnail_width)
    return broken


def _scale(width: float, height: float, wanted: int) -> float:
    """From points to pixels. A banner can be shown, a line of a million points cannot: ValueError."""
    sized = math.isfinite(width) and math.isfinite(height)
    if not sized or not 0 < width <= 50 * height <= 2500 * width:
        raise ValueError(f"page of {width} × {height} points")
    return min(wanted / width, wanted * _TALLEST / height)
