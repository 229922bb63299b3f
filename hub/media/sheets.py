"""What is in an Excel workbook: its sheets and their cells as one sees them; of a formula, the value that Excel saved."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, TypeAlias

from lxml import etree

from hub.media.faults import Unusable

MOST_COLUMNS = 16_384  # of any sheet that Excel makes
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_PLACE = re.compile(r"([A-Z]{1,3})\d+")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BUILT_IN = {9: "0%", 10: "0.00%"} | dict.fromkeys((*range(14, 23), *range(45, 48)), "yyyy")
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 -- a day of a calendar, nowhere in particular
_LAST_DAY = 2_958_466

Element: TypeAlias = Any  # lxml carries no types


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells refer to: texts by number, and for each style its number format."""

    strings: Sequence[str]
    formats: Sequence[str]
    from_1904: bool


def opened(package: zipfile.ZipFile, most_chars: int = sys.maxsize) -> tuple[Book, list[tuple[str, str]]]:
    """What the cells refer to, and title and member of each sheet that is shown. Texts end after `most_chars`.

    Raises:
        KeyError, etree.LxmlError, ValueError: it is damaged.
        Unusable: it is of the binary kind.
    """
    if "xl/workbook.bin" in package.namelist():
        raise Unusable(
            "Hub can't look inside binary Excel workbooks (.xlsb). Save it as .xlsx and upload that to have it searched."
        )
    root = _parsed(package, "xl/workbook.xml")
    properties = root.find(f"{_S}workbookPr")
    names = set(package.namelist())
    book = Book(
        strings=list(_strings(package, most_chars)) if "xl/sharedStrings.xml" in names else [],
        formats=_formats(package) if "xl/styles.xml" in names else [],
        from_1904=properties is not None and properties.get("date1904") in {"1", "true"},
    )
    relations = _parsed(package, "xl/_rels/workbook.xml.rels").iter(_RELATION)
    targets = {entry.get("Id"): entry.get("Target", "") for entry in relations}
    sheets = []
    for sheet in root.iter(f"{_S}sheet"):
        target = targets.get(sheet.get(_REL_ID), "")
        member = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if sheet.get("state", "visible") == "visible" and member in names:
            sheets.append((sheet.get("name", ""), member))
    return book, sheets


def rows_of(
    file: IO[bytes], book: Book, most_columns: int = MOST_COLUMNS
) -> Iterator[tuple[int, list[str], dict[int, str]]]:
    """Line, cells and faults of each row of a sheet that holds something; cells beyond `most_columns` are left out."""
    line = 0
    for row in _elements(file, f"{_S}row"):
        said = row.get("r", "")
        line = int(said) if said.isdecimal() else line + 1
        cells: dict[int, str] = {}
        faults: dict[int, str] = {}
        for place, cell in enumerate(row.iterchildren(f"{_S}c")):
            column = _column(cell.get("r", ""), place)
            if column >= most_columns:
                continue
            cells[column], fault = _shown(cell, book)
            if fault:
                faults[column] = fault
        if any(cells.values()) or faults:
            yield line, [cells.get(column, "") for column in range(max(cells) + 1)], faults


def _column(place: str, otherwise: int) -> int:
    found = _PLACE.match(place)
    if not found:
        return otherwise
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _shown(cell: Element, book: Book) -> tuple[str, str]:
    """A cell as one sees it, and what is wrong with it."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _words(cell), ""
    value = (cell.findtext(f"{_S}v") or "").strip()
    if not value and cell.find(f"{_S}f") is not None and kind != "str":
        return "", "it holds a formula whose value was not saved; open it in Excel and save it once"
    if kind == "e":
        return "", f"it shows {value[:20]}"
    return _value(kind, value, int(cell.get("s", "0")), book) if value else "", ""


def _value(kind: str, value: str, style: int, book: Book) -> str:
    if kind == "s":
        return book.strings[int(value)]
    if kind == "b":
        return "true" if value == "1" else "false"
    if kind != "n":
        return _unescaped(value)
    shape = book.formats[style] if style < len(book.formats) else ""
    return _number(value, shape, from_1904=book.from_1904)


def _number(value: str, shape: str, *, from_1904: bool) -> str:
    number = float(value)
    if "%" in shape:
        return f"{number * 100:.10g} %"
    if any(letter in shape for letter in "ydmh") and 0 <= number < _LAST_DAY:
        moment = _FIRST_DAY + timedelta(days=number + (1462 if from_1904 else 0))
        if number < 1:
            return f"{moment:%H:%M}"
        return f"{moment:%Y-%m-%d}" if number == int(number) else f"{moment:%Y-%m-%d %H:%M}"
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.12g}"


def _strings(package: zipfile.ZipFile, most: int) -> Iterator[str]:
    with package.open("xl/sharedStrings.xml") as file:
        for item in _elements(file, f"{_S}si"):
            words = _words(item)
            yield words if most > 0 else ""
            most -= len(words)


def _words(item: Element) -> str:
    """Runs of text, without the reading aids that stand beside Japanese."""
    runs = (piece for piece in item.iter(f"{_S}t") if piece.getparent().tag != f"{_S}rPh")
    return _unescaped("".join(piece.text or "" for piece in runs)).strip()


def _unescaped(text: str) -> str:
    """Characters that XML does not hold are written `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _formats(package: zipfile.ZipFile) -> list[str]:
    """For each style of a cell, its number format without what is literal in it."""
    root = _parsed(package, "xl/styles.xml")
    own = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in root.iter(f"{_S}numFmt")}
    styles = root.find(f"{_S}cellXfs")
    formats = []
    for style in styles if styles is not None else ():
        number = style.get("numFmtId", "0")
        shape = own.get(number) or _BUILT_IN.get(int(number) if number.isdecimal() else 0, "")
        formats.append(_LITERAL.sub("", shape).lower())
    return formats


def _elements(file: IO[bytes], tag: str) -> Iterator[Element]:
    """Elements one after the other; what was read is let go, so that memory does not grow with the sheet."""
    for _, element in etree.iterparse(
        file, events=("end",), tag=tag, resolve_entities=False, no_network=True, huge_tree=False
    ):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _parsed(package: zipfile.ZipFile, name: str) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(package.read(name), parser)
