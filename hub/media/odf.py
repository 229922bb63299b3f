"""OpenDocument: the words of a text by section, of a presentation by slide, of a spreadsheet by sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeAlias

from lxml import etree

from hub.media import wording
from hub.media.faults import Unusable
from hub.media.ooxml import check_package
from hub.media.report import Report
from hub.media.sections import report_sections
from hub.media.slides import draw_slides, judge_slides
from hub.media.table import MOST_COLUMNS, MOST_ROWS, lines_of
from hub.media.task import Task

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"
_HEADING, _PARAGRAPH = _NAMES % ("text", "h"), _NAMES % ("text", "p")
_TABLE, _ROW = _NAMES % ("table", "table"), _NAMES % ("table", "table-row")
_CELL = _NAMES % ("table", "table-cell")
_PAGE, _FRAME = _NAMES % ("drawing", "page"), _NAMES % ("drawing", "frame")
_NOTES = _NAMES % ("presentation", "notes")
_SPACES = {_NAMES % ("text", "tab"): "\t", _NAMES % ("text", "line-break"): "\n"}
_LEFT_OUT = {
    _NAMES % ("text", "tracked-changes"),
    _NAMES % ("office", "annotation"),
    _NAMES % ("text", "table-of-content"),
    _NAMES % ("text", "page-number"),
    _NAMES % ("svg-compatible", "title"),
    _NAMES % ("svg-compatible", "desc"),
}
_ROWS = {_NAMES % ("table", f"table-{name}") for name in ("header-rows", "rows", "row-group")}
_MOST_REPEATS = (
    50  # of a cell or row that says something; the rest of a sheet is one cell repeated to its edge
)

Element: TypeAlias = Any  # lxml carries no types


def read(task: Task, report: Report) -> None:
    """By what the document is."""
    check_package(task)
    try:
        with zipfile.ZipFile(task.path) as package:
            _refuse_encrypted(package, task)
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(package.read("content.xml"), parser)
            report.facts(title=_title(package, parser))
    except (KeyError, etree.LxmlError) as error:
        raise Unusable(wording.damaged(task.label), str(error)) from error
    body = root.find(_NAMES % ("office", "body"))
    if body is None or not len(body):
        raise Unusable(wording.damaged(task.label), "no body")
    _READ[task.family](body[0], task, report)


def _read_text(body: Element, task: Task, report: Report) -> None:
    report_sections(_blocks(body), report)
    if not report.has_text:
        report.shortfall(wording.without_text(task.label))


def _read_slides(body: Element, task: Task, report: Report) -> None:
    pages = body.findall(_PAGE)
    report.facts(pages=len(pages))
    for number, page in enumerate(pages, start=1):
        if report.full:
            break
        title = next((_words(frame) for frame in page.iter(_FRAME) if _is_title(frame)), "")
        lines = [line for child in page if child.tag != _NOTES for _, line in _blocks(child)]
        notes = [line for child in page.findall(_NOTES) for _, line in _blocks(child)]
        report.passage("slide", number, " ".join(title.split()), "\n".join([*lines, *notes]))
    judge_slides(len(pages), [], task, report)
    draw_slides(task, report)


def _read_sheets(body: Element, task: Task, report: Report) -> None:
    report_sections(_sheets(body), report)
    if not report.has_text:
        report.shortfall(wording.without_text(task.label))


_READ = {"document": _read_text, "slides": _read_slides, "sheet": _read_sheets}


def _sheets(body: Element) -> Iterator[tuple[bool, str]]:
    for sheet in body.iterchildren(_TABLE):
        lines = list(lines_of(_rows(sheet)))
        if lines:
            yield True, sheet.get(_NAMES % ("table", "name"), "")
            yield from ((False, line) for line in lines)


def _rows(table: Element) -> Iterator[list[str]]:
    for row in islice(_own_rows(table), MOST_ROWS):
        cells: list[str] = []
        for cell in row.iterchildren(_CELL):
            words = " ".join(_words(cell).split())
            repeats = _repeats(cell, "number-columns-repeated")
            cells += [words] * min(repeats, _MOST_REPEATS if words else MOST_COLUMNS - len(cells))
            if len(cells) >= MOST_COLUMNS:
                break
        if any(cells):
            for _ in range(min(_repeats(row, "number-rows-repeated"), _MOST_REPEATS)):
                yield cells


def _own_rows(table: Element) -> Iterator[Element]:
    """Without those of tables inside its cells."""
    for child in table.iterchildren():
        if child.tag == _ROW:
            yield child
        elif child.tag in _ROWS:
            yield from _own_rows(child)


def _repeats(element: Element, name: str) -> int:
    told = element.get(_NAMES % ("table", name), "1")
    return max(1, int(told)) if told.isdecimal() and len(told) < 9 else 1


def _blocks(parent: Element) -> Iterator[tuple[bool, str]]:
    """(is a heading, text) in reading order; the rows of tables as lines."""
    if parent.tag in {_HEADING, _PARAGRAPH}:
        level = parent.get(_NAMES % ("text", "outline-level"), "9")
        yield parent.tag == _HEADING and level in {"1", "2", "3"}, _words(parent)
        return
    if parent.tag == _TABLE:
        yield from ((False, line) for line in lines_of(_rows(parent)))
        return
    for child in parent.iterchildren(tag=etree.Element):
        if child.tag not in _LEFT_OUT:
            yield from _blocks(child)


def _words(element: Element) -> str:
    """All text below an element, a line for each paragraph."""
    pieces: list[str] = []
    events = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, part in events:
        if event == "start":
            if part.tag in _LEFT_OUT:
                events.skip_subtree()
            else:
                pieces.append(part.text or "")
                pieces.append(_space(part))
        elif event == "end" and part is not element:
            if part.tag in {_PARAGRAPH, _HEADING}:
                pieces.append("\n")
            pieces.append(part.tail or "")
    return "".join(pieces)


def _space(part: Element) -> str:
    if part.tag == _NAMES % ("text", "s"):
        count = part.get(_NAMES % ("text", "c"), "1")
        return " " * (min(int(count), 100) if count.isdecimal() and len(count) < 9 else 1)
    return _SPACES.get(part.tag, "")


def _is_title(frame: Element) -> bool:
    return bool(frame.get(_NAMES % ("presentation", "class")) == "title")


def _title(package: zipfile.ZipFile, parser: etree.XMLParser) -> str | None:
    if "meta.xml" not in package.namelist():
        return None
    root = etree.fromstring(package.read("meta.xml"), parser)
    found = next(root.iter("{http://purl.org/dc/elements/1.1/}title"), None)
    return (found.text or "").strip() or None if found is not None else None


def _refuse_encrypted(package: zipfile.ZipFile, task: Task) -> None:
    if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in package.read(
        "META-INF/manifest.xml"
    ):
        raise Unusable(wording.with_password(task.label))
