"""Word documents to fill in: a head, sections, tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Open
from docx.shared import Pt, RGBColor

FERN = RGBColor(0x1D, 0x6B, 0x4F)
INK = RGBColor(0x14, 0x23, 0x1F)
HEADED = "Light Grid Accent 3"  # a style of python-docx's own template


def write_document(target: Path, title: str, content: Mapping[str, Any]) -> None:
    """Write a document: `heading`, `lead`, and `sections` of `heading` with `text` lines or a `table`."""
    document = Document()
    document.core_properties.title, document.core_properties.author = title, "Fernway"
    for name, size, colour in (("Title", 26, INK), ("Heading 1", 16, FERN), ("Normal", 11, INK)):
        font = document.styles[name].font
        font.name, font.size, font.color.rgb = "Calibri", Pt(size), colour
    document.add_heading(content["heading"], level=0)
    document.add_paragraph(content["lead"])
    for section in content["sections"]:
        document.add_heading(section["heading"], level=1)
        for line in section.get("text", ()):
            document.add_paragraph(line)
        if "table" in section:
            _table(document, section["table"])
    document.save(str(target))


def _table(document: Open, content: Mapping[str, Any]) -> None:
    table = document.add_table(rows=1, cols=len(content["head"]), style=HEADED)
    for cell, text in zip(table.rows[0].cells, content["head"], strict=True):
        cell.text = text
    for row in content["rows"]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
