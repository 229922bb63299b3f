"""Excel workbooks: the cells of each visible sheet, as one sees them, row by row."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import IO, Any, TypeAlias

from lxml import etree

from hub.media import wording
from hub.media.faults import Unusable
from hub.media.ooxml import check_package
from hub.media.report import Report
from hub.media.sections import report_sections
from hub.media.table import MOST_COLUMNS, MOST_ROWS, lines_of
from hub.media.task import Task

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_PLACE = re.compile(r"([A-Z]{1,3})\d+")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN = {9: "0%", 10: "0.00%"} | dict.fromkeys((*range(14, 23), *range(45, 48)), "yyyy")
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 -- a day of a calendar, nowhere in particular

Element: TypeAlias = Any  # lxml carries no types


@dataclass(frozen=True, slots=True)
class _Book:
    """What the cells refer to: texts by number, and for each style whether it shows a day or a share."""

    strings: Sequence[str]
    formats: Sequence[str]
    from_1904: bool


def read(task: Task, report: Report) -> None:
    """Passages by sheet, each under the sheet's name."""
    check_package(task)
    try:
        with zipfile.ZipFile(task.path) as package:
            _refuse_binary(package)
            _read_sheets(package, task, report)
    except (KeyError, etree.LxmlError) as error:
        raise Unusable(wording.damaged(task.label), str(error)) from error
    if not report.has_text:
        report.shortfall(wording.without_text(task.label))


def _refuse_binary(package: zipfile.ZipFile) -> None:
    if "xl/workbook.bin" in package.namelist():
        raise Unusable(
            "Hub can't look inside binary Excel workbooks (.xlsb). Save it as .xlsx and upload that to have it searched."
        )


def _read_sheets(package: zipfile.ZipFile, task: Task, report: Report) -> None:
    root = _parsed(package, "xl/workbook.xml")
    properties = root.find(f"{_S}workbookPr")
    book = _Book(
        strings=list(_strings(package, task.limits.text_chars)),
        formats=_formats(package),
        from_1904=properties is not None and properties.get("date1904") in {"1", "true"},
    )
    targets = {
        entry.get("Id"): entry.get("Target", "")
        for entry in _parsed(package, "xl/_rels/workbook.xml.rels").iter(_RELATION)
    }
    report_sections(_blocks(package, root, targets, book), report)


def _blocks(
    package: zipfile.ZipFile, root: Element, targets: dict[str, str], book: _Book
) -> Iterator[tuple[bool, str]]:
    for sheet in root.iter(f"{_S}sheet"):
        target = targets.get(sheet.get(_REL_ID), "")
        name = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if sheet.get("state", "visible") != "visible" or name not in package.namelist():
            continue
        with package.open(name) as file:
            lines = list(lines_of(_rows(file, book)))
        if lines:
            yield True, sheet.get("name", "")
            yield from ((False, line) for line in lines)


def _rows(file: IO[bytes], book: _Book) -> Iterator[list[str]]:
    for _, row in islice(_elements(file, f"{_S}row"), MOST_ROWS):
        cells: dict[int, str] = {}
        for place, cell in enumerate(row.iterchildren(f"{_S}c")):
            column = _column(cell.get("r", ""), place)
            if column < MOST_COLUMNS:
                cells[column] = _shown(cell, book)
        yield [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]
        row.clear()


def _column(place: str, otherwise: int) -> int:
    found = _PLACE.match(place)
    if not found:
        return otherwise
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _shown(cell: Element, book: _Book) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _words(cell)
    value = (cell.findtext(f"{_S}v") or "").strip()
    if kind == "s":
        place = int(value) if value.isdecimal() else -1
        return book.strings[place] if 0 <= place < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind != "n":
        return value
    style = cell.get("s", "0")
    place = int(style) if style.isdecimal() else 0
    return _number(value, book.formats[place] if place < len(book.formats) else "", from_1904=book.from_1904)


def _number(value: str, shape: str, *, from_1904: bool) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    if "%" in shape:
        return f"{number * 100:.6g} %"
    if any(letter in shape for letter in "ydmh") and 0 <= number < 2_958_466:
        moment = _FIRST_DAY + timedelta(days=number + (1462 if from_1904 else 0))
        if number < 1:
            return f"{moment:%H:%M}"
        return f"{moment:%Y-%m-%d}" if number == int(number) else f"{moment:%Y-%m-%d %H:%M}"
    return f"{number:.12g}"


def _strings(package: zipfile.ZipFile, most: int) -> Iterator[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return
    with package.open("xl/sharedStrings.xml") as file:
        for _, item in _elements(file, f"{_S}si"):
            words = _words(item)
            item.clear()
            yield words if most > 0 else ""
            most -= len(words)


def _words(item: Element) -> str:
    """Runs of text, without the reading aids that stand beside Japanese."""
    return "".join(piece.text or "" for piece in item.iter(f"{_S}t") if piece.getparent().tag != f"{_S}rPh")


def _formats(package: zipfile.ZipFile) -> list[str]:
    """For each style of a cell, its number format without what is literal in it."""
    if "xl/styles.xml" not in package.namelist():
        return []
    root = _parsed(package, "xl/styles.xml")
    own = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in root.iter(f"{_S}numFmt")}
    styles = root.find(f"{_S}cellXfs")
    formats = []
    for style in styles if styles is not None else ():
        number = style.get("numFmtId", "0")
        shape = own.get(number) or _BUILT_IN.get(int(number) if number.isdecimal() else 0, "")
        formats.append(_LITERAL.sub("", shape).lower())
    return formats


def _elements(file: IO[bytes], tag: str) -> Iterator[tuple[str, Element]]:
    found: Iterator[tuple[str, Element]] = etree.iterparse(
        file, events=("end",), tag=tag, resolve_entities=False, no_network=True
    )
    return found


def _parsed(package: zipfile.ZipFile, name: str) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(package.read(name), parser)
