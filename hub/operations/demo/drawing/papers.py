"""White papers and data sheets: A4 pages with a head on colour, text in columns, tables and bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageBreak, PageTemplate, Spacer

from hub.operations.demo.drawing.blocks import BLOCKS, Bookmarked, paragraph
from hub.operations.demo.drawing.brand import (
    AMBER,
    BOLD,
    DEEP,
    FERN,
    MINT,
    PLAIN,
    SLATE,
    WHITE,
    Type,
    fitting,
    frond,
    mark,
    see_through,
    wash,
    words,
)

WIDTH, HEIGHT = A4
MARGIN = 20 * mm
HEAD = 62 * mm  # of the first page
BAND = 14 * mm  # of the others
FOOT = 18 * mm

Page = Mapping[str, Any]  # `heading`, then blocks by their names in `BLOCKS`


def write_paper(target: Path, title: str, summary: str, label: str, pages: Sequence[Page]) -> None:
    """Write a paper; `label` says what it is (“White paper”). Each page of content begins on a page of its own."""
    paper = _Paper(target, title, summary, label, len(pages))
    story: list[Any] = [NextPageTemplate("inner")]
    for number, page in enumerate(pages, start=1):
        story += [PageBreak()] if number > 1 else []
        story += [
            Bookmarked(page["heading"], f"page-{number}"),
            paragraph(page["heading"], "heading"),
            Spacer(0, 4),
        ]
        for name, content in page.items():
            if name != "heading":
                story += BLOCKS[name](content)
    paper.build(story)


class _Paper(BaseDocTemplate):  # type: ignore[misc]
    """The two templates of pages. What stands on each of them is drawn last, so that its text begins with the content."""

    def __init__(self, target: Path, title: str, summary: str, label: str, pages: int) -> None:
        super().__init__(
            str(target), pagesize=A4, title=title, author="Fernway", pageCompression=1, invariant=1
        )
        self.words = title, summary, label
        self.pages = pages
        self.addPageTemplates(
            [
                PageTemplate("first", [_frame(HEAD)], onPageEnd=self._first),
                PageTemplate("inner", [_frame(BAND)], onPageEnd=self._inner),
            ]
        )

    def _first(self, canvas: Canvas, _paper: BaseDocTemplate) -> None:
        title, summary, label = self.words
        canvas.saveState()
        shape = canvas.beginPath()
        shape.rect(0, HEIGHT - HEAD, WIDTH, HEAD)
        canvas.clipPath(shape, stroke=0, fill=0)
        canvas.translate(0, HEIGHT - HEAD)
        wash(canvas, WIDTH, HEAD, FERN, DEEP)
        frond(canvas, WIDTH - 180, -40, 330, 55, see_through(WHITE, 0.07))
        canvas.restoreState()
        mark(canvas, MARGIN, HEIGHT - 17 * mm, 14, AMBER, WHITE)
        canvas.setFont(BOLD, 9)
        canvas.setFillColor(MINT)
        canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 17 * mm, label.upper())
        look = fitting(title, Type(BOLD, 32, 37, WHITE), 135 * mm, 74)
        below = words(canvas, title, look, MARGIN, HEIGHT - 27 * mm, 135 * mm) - 6
        words(canvas, summary, Type(PLAIN, 11, 15, MINT), MARGIN, below, 125 * mm)
        self._foot(canvas)

    def _inner(self, canvas: Canvas, _paper: BaseDocTemplate) -> None:
        canvas.setFillColor(FERN)
        canvas.rect(0, HEIGHT - 6 * mm, WIDTH, 6 * mm, stroke=0, fill=1)
        canvas.setFillColor(AMBER)
        canvas.rect(0, HEIGHT - 6 * mm, MARGIN, 6 * mm, stroke=0, fill=1)
        self._foot(canvas)

    def _foot(self, canvas: Canvas) -> None:
        canvas.setFont(PLAIN, 8.5)
        canvas.setFillColor(SLATE)
        canvas.drawString(MARGIN, 10 * mm, f"Fernway  ·  {self.words[0]}")
        canvas.drawRightString(WIDTH - MARGIN, 10 * mm, f"{canvas.getPageNumber()} / {self.pages}")


def _frame(head: float) -> Frame:
    return Frame(MARGIN, FOOT, WIDTH - 2 * MARGIN, HEIGHT - FOOT - head - 8 * mm, 0, 0, 0, 0, id="main")
