"""What a page of a paper is made of: columns of text, a table, bars, figures, questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle
from reportlab.platypus.flowables import BalancedColumns

from hub.operations.demo.drawing.brand import AMBER, BOLD, FERN, INK, MINT, PALE, PLAIN, SLATE, WHITE

STYLES = {
    "heading": ParagraphStyle("heading", fontName=BOLD, fontSize=23, leading=28, textColor=INK, spaceAfter=2),
    "lead": ParagraphStyle("lead", fontName=PLAIN, fontSize=14, leading=20, textColor=FERN, spaceAfter=12),
    "text": ParagraphStyle("text", fontName=PLAIN, fontSize=11, leading=16.5, textColor=INK, spaceAfter=8),
    "question": ParagraphStyle(
        "question", fontName=BOLD, fontSize=12, leading=16, textColor=INK, spaceAfter=2
    ),
    "cell": ParagraphStyle("cell", fontName=PLAIN, fontSize=10.4, leading=14, textColor=INK),
    "first-cell": ParagraphStyle("first-cell", fontName=BOLD, fontSize=10.4, leading=14, textColor=INK),
    "head-cell": ParagraphStyle("head-cell", fontName=BOLD, fontSize=10, leading=13, textColor=WHITE),
    "figure": ParagraphStyle("figure", fontName=BOLD, fontSize=28, leading=32, textColor=FERN),
    "caption": ParagraphStyle("caption", fontName=PLAIN, fontSize=10, leading=13, textColor=SLATE),
    "title": ParagraphStyle("title", fontName=BOLD, fontSize=11, leading=16, textColor=INK, spaceAfter=2),
}
BLOCK_GAP = 14
ROW = 30  # points that a bar takes, its gap included


class Bookmarked(Flowable):  # type: ignore[misc]
    """A place that the outline of the document leads to; takes no room."""

    def __init__(self, title: str, key: str) -> None:
        super().__init__()
        self._title, self._key = title, key

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.canv.bookmarkPage(self._key)
        self.canv.addOutlineEntry(self._title, self._key, level=0)


class Bars(Flowable):  # type: ignore[misc]
    """Lying bars with their names before and their values behind; the last one stands out."""

    def __init__(self, values: Mapping[str, float], unit: str) -> None:
        super().__init__()
        self._values, self._unit = values, unit

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self._width = width
        return width, ROW * len(self._values) + 6

    def draw(self) -> None:
        names = self._width * 0.34
        room = self._width - names - 60
        largest = max(self._values.values())
        for number, (name, value) in enumerate(self._values.items()):
            y = ROW * (len(self._values) - number - 1) + 6
            last = number == len(self._values) - 1
            unit = self._unit.removesuffix("s") if value == 1 else self._unit
            self.canv.setFont(PLAIN, 10.4)
            self.canv.setFillColor(INK)
            self.canv.drawRightString(names - 10, y + 6, name)
            self.canv.setFillColor(AMBER if last else FERN)
            self.canv.roundRect(names, y, max(room * value / largest, 3), ROW - 9, 2, stroke=0, fill=1)
            self.canv.setFillColor(INK)
            self.canv.setFont(BOLD, 10.4)
            self.canv.drawString(names + room * value / largest + 7, y + 6, f"{value:g} {unit}")


def paragraph(text: str, style: str) -> Paragraph:
    return Paragraph(escape(text), STYLES[style])


def _lead(text: str) -> list[Flowable]:
    return [paragraph(text, "lead")]


def _columns(paragraphs: Sequence[str]) -> list[Flowable]:
    pieces = [paragraph(text, "text") for text in paragraphs]
    return [BalancedColumns(pieces, nCols=2, innerPadding=18, needed=60), Spacer(0, BLOCK_GAP)]


def _facts(facts: Sequence[Sequence[str]]) -> list[Flowable]:
    cells = [[paragraph(figure, "figure"), paragraph(caption, "caption")] for figure, caption in facts]
    table = Table([cells], colWidths=[f"{100 / len(facts):.2f}%"] * len(facts))
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), PALE),
                ("LINEABOVE", (0, 0), (-1, 0), 2, FERN),
                ("LEFTPADDING", (0, 0), (-1, -1), 14),
                ("TOPPADDING", (0, 0), (-1, -1), 10),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 12),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return [table, Spacer(0, BLOCK_GAP + 4)]


def _table(content: Mapping[str, Any]) -> list[Flowable]:
    rows = [[paragraph(cell, "head-cell") for cell in content["head"]]]
    for row in content["rows"]:
        rows.append([paragraph(cell, "cell" if place else "first-cell") for place, cell in enumerate(row)])
    count = len(content["head"])
    widths = ["28%", "72%"] if count == 2 else ["24%", "18%", "58%"]
    table = Table(rows, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), FERN),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [WHITE, PALE]),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, MINT),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 8),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    return [table, Spacer(0, BLOCK_GAP + 4)]


def _bars(content: Mapping[str, Any]) -> list[Flowable]:
    return [
        paragraph(content["caption"], "title"),
        Spacer(0, 4),
        Bars(content["values"], content["unit"]),
        Spacer(0, BLOCK_GAP),
    ]


def _note(text: str) -> list[Flowable]:
    table = Table([[paragraph(text, "text")]], colWidths=["100%"])
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), PALE),
                ("LINEBEFORE", (0, 0), (0, -1), 3, AMBER),
                ("LEFTPADDING", (0, 0), (-1, -1), 14),
                ("TOPPADDING", (0, 0), (-1, -1), 9),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return [table, Spacer(0, BLOCK_GAP)]


def _questions(pairs: Sequence[Sequence[str]]) -> list[Flowable]:
    story: list[Flowable] = []
    for question, answer in pairs:
        story += [paragraph(question, "question"), paragraph(answer, "text"), Spacer(0, 5)]
    return story


BLOCKS: dict[str, Callable[[Any], list[Flowable]]] = {
    "lead": _lead,
    "text": _columns,
    "facts": _facts,
    "table": _table,
    "bars": _bars,
    "note": _note,
    "questions": _questions,
}
