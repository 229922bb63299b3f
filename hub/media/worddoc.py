"""Word: paragraphs, tables and text boxes in reading order, cut into sections at headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.part import PartFactory
from docx.package import Package
from docx.parts.document import DocumentPart
from lxml import etree

from hub.media import wording
from hub.media.faults import Unusable
from hub.media.ooxml import check_package
from hub.media.report import Report
from hub.media.sections import report_sections
from hub.media.table import lines_of
from hub.media.task import Task

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_STYLE = re.compile(r"(?:heading|titel|title|überschrift|titre|título)\s*[1-3]?$", re.IGNORECASE)
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
# python-docx knows documents; templates and those with macros differ only in the name of their main part.
for _kind in (_TEMPLATE, _MACRO, CONTENT_TYPE.WML_DOCUMENT_MAIN):
    PartFactory.part_type_for[_kind] = DocumentPart

Element: TypeAlias = Any  # lxml carries no types


def read(task: Task, report: Report) -> None:
    """One passage a section."""
    check_package(task)
    document = _opened(task)
    report.facts(title=document.core_properties.title or None)
    report_sections(_blocks(document), report)
    if not report.has_text:
        report.shortfall(wording.without_text(task.label))


def _opened(task: Task) -> Document:
    try:
        part = Package.open(str(task.path)).main_document_part
    except (KeyError, ValueError, AttributeError, OpcError, etree.LxmlError) as error:
        raise Unusable(wording.damaged(task.label), str(error)) from error
    if not isinstance(part, DocumentPart):
        raise Unusable(wording.damaged(task.label), f"main part is {part.content_type}")
    document: Document = part.document
    return document


def _blocks(document: Document) -> Iterator[tuple[bool, str]]:
    headings = _heading_styles(document)
    for block in _walk(document.element.body):
        if block.tag == f"{_W}tbl":
            rows = block.iter(f"{_W}tr")
            lines = lines_of([_text(cell) for cell in row.iterchildren(f"{_W}tc")] for row in rows)
            yield from ((False, line) for line in lines)
        else:
            style = block.find(f"{_W}pPr/{_W}pStyle")
            text = _text(block)
            heading = style is not None and style.get(f"{_W}val") in headings and len(text) < 300
            yield heading, text


def _walk(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables, also those inside content controls and tracked insertions."""
    for child in parent.iterchildren():
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _walk(child)


def _heading_styles(document: Document) -> set[str]:
    """Ids of styles that mark a heading of the first three levels, by outline level or by name."""
    ids = set()
    for style in document.styles.element.iter(f"{_W}style"):
        level = style.find(f"{_W}pPr/{_W}outlineLvl")
        name = style.find(f"{_W}name")
        named = name is not None and _HEADING_STYLE.match(name.get(f"{_W}val") or "")
        if named or (level is not None and level.get(f"{_W}val") in {"0", "1", "2"}):
            ids.add(style.get(f"{_W}styleId") or "")
    return ids


def _text(block: Element) -> str:
    """Words of all runs, links and text boxes; the old-style copy of each text box is left out."""
    pieces: list[str] = []
    events = etree.iterwalk(block, events=("start", "end"))
    for event, element in events:
        if event == "end":
            if element.tag == f"{_W}p" and element is not block:
                pieces.append("\n")
        elif element.tag == _FALLBACK:
            events.skip_subtree()
        elif element.tag == f"{_W}t":
            pieces.append(element.text or "")
        elif element.tag in _BREAKS:
            pieces.append(_BREAKS[element.tag])
    return "".join(pieces)
