"""Landscape slides as a PDF: a cover, one idea a slide, a question at the end. All words are text, so search finds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from hub.operations.demo.drawing.brand import (
    AMBER,
    BOLD,
    DEEP,
    FERN,
    INK,
    MINT,
    PALE,
    PLAIN,
    SLATE,
    WHITE,
    Type,
    fitting,
    frond,
    height_of,
    mark,
    see_through,
    wash,
    words,
)

WIDTH, HEIGHT = 960, 540  # points, 16:9
LEFT, RIGHT = 72, WIDTH - 64
TOP = HEIGHT - 176  # of what stands below a title
FLOOR = 64

Slide = Sequence[str]  # a title, then its lines


def write_slides(target: Path, title: str, slides: Sequence[Slide]) -> None:
    """Write a deck; the first slide is the cover, the last one ends on colour."""
    canvas = Canvas(str(target), pagesize=(WIDTH, HEIGHT), pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor("Fernway")
    for number, slide in enumerate(slides, start=1):
        canvas.bookmarkPage(f"slide-{number}")
        canvas.addOutlineEntry(slide[0], f"slide-{number}", level=0)
        if number == 1:
            _cover(canvas, slide, title)
        elif number == len(slides):
            _close(canvas, slide)
        else:
            _plain(canvas, slide, title, f"{number} / {len(slides)}")
        canvas.showPage()
    canvas.save()


def _cover(canvas: Canvas, slide: Slide, title: str) -> None:
    wash(canvas, WIDTH, HEIGHT, FERN, DEEP)
    frond(canvas, 560, -70, 700, 50, see_through(WHITE, 0.06))
    look = fitting(slide[0], Type(BOLD, 56, 64, WHITE), 620, 210)
    below = words(canvas, slide[0], look, LEFT, HEIGHT / 2 + height_of(slide[0], look, 620) / 2 + 22, 620)
    canvas.setFillColor(AMBER)
    canvas.rect(LEFT, below - 12, 72, 5, stroke=0, fill=1)
    for line in slide[1:]:
        below = words(canvas, line, Type(PLAIN, 22, 30, MINT), LEFT, below - 34, 600) + 20
    words(canvas, title, Type(PLAIN, 13, 16, see_through(WHITE, 0.7)), LEFT, 58, 600)
    mark(canvas, LEFT, HEIGHT - 84, 22, AMBER, WHITE)


def _close(canvas: Canvas, slide: Slide) -> None:
    wash(canvas, WIDTH, HEIGHT, DEEP, FERN)
    frond(canvas, 900, -120, 640, 118, see_through(WHITE, 0.06))
    look = fitting(slide[0], Type(BOLD, 50, 60, WHITE), 700, 250)
    below = words(canvas, slide[0], look, LEFT, HEIGHT - 150, 700)
    canvas.setFillColor(AMBER)
    canvas.rect(LEFT, below - 12, 72, 5, stroke=0, fill=1)
    below -= 40
    for line in slide[1:]:
        below = words(canvas, line, Type(PLAIN, 24, 34, MINT), LEFT, below, 700) - 4
    mark(canvas, LEFT, 48, 18, AMBER, WHITE)


def _plain(canvas: Canvas, slide: Slide, deck: str, place: str) -> None:
    canvas.setFillColor(WHITE)
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    canvas.setFillColor(FERN)
    canvas.rect(0, 0, 24, HEIGHT, stroke=0, fill=1)
    canvas.setFillColor(AMBER)
    canvas.rect(0, HEIGHT - 118, 24, 54, stroke=0, fill=1)
    title = fitting(slide[0], Type(BOLD, 42, 48, INK), RIGHT - LEFT, 96, 28)
    words(canvas, slide[0], title, LEFT, HEIGHT - 64, RIGHT - LEFT)
    _layout(slide[1:])(canvas, slide[1:])
    canvas.setFont(PLAIN, 12)
    canvas.setFillColor(SLATE)
    canvas.drawString(LEFT, 30, f"Fernway  ·  {deck}")
    canvas.drawRightString(RIGHT, 30, place)


def _layout(lines: Slide) -> Callable[[Canvas, Slide], None]:
    if len(lines) >= 2 and all(": " in line for line in lines):
        return _results
    return _steps if len(lines) > 2 else _statements


def _statements(canvas: Canvas, lines: Slide) -> None:
    """One or two sentences, large: the second stands on colour."""
    top: float = TOP
    for number, line in enumerate(lines):
        look = fitting(
            line,
            Type(
                PLAIN if number else BOLD, 26 if number else 32, 35 if number else 41, INK if number else FERN
            ),
            RIGHT - LEFT - 64,
            110,
        )
        height = height_of(line, look, RIGHT - LEFT - 64) + 48
        if number:
            canvas.setFillColor(PALE)
            canvas.roundRect(LEFT, top - height, RIGHT - LEFT, height, 10, stroke=0, fill=1)
        words(canvas, line, look, LEFT + (32 if number else 0), top - 24, RIGHT - LEFT - 64)
        top -= height + 12


def _steps(canvas: Canvas, lines: Slide) -> None:
    """Three to six short lines, numbered, in rows."""
    height = min(74, (TOP - FLOOR) / len(lines))
    for number, line in enumerate(lines, start=1):
        top = TOP - (number - 1) * height
        canvas.setFillColor(PALE)
        canvas.roundRect(LEFT, top - height + 10, RIGHT - LEFT, height - 10, 10, stroke=0, fill=1)
        middle = top - (height - 10) / 2
        canvas.setFillColor(FERN)
        canvas.circle(LEFT + 34, middle, 17, stroke=0, fill=1)
        canvas.setFillColor(WHITE)
        canvas.setFont(BOLD, 17)
        canvas.drawCentredString(LEFT + 34, middle - 6, str(number))
        look = fitting(line, Type(PLAIN, 23, 27, INK), RIGHT - LEFT - 100, height - 20, 14)
        words(
            canvas,
            line,
            look,
            LEFT + 70,
            middle + height_of(line, look, RIGHT - LEFT - 100) / 2,
            RIGHT - LEFT - 100,
        )


def _results(canvas: Canvas, lines: Slide) -> None:
    """Columns of “who: what they reached”, the number large where there is one."""
    gap = 20
    width = (RIGHT - LEFT - gap * (len(lines) - 1)) / len(lines)
    for number, line in enumerate(lines):
        who, _, what = line.partition(": ")
        x = LEFT + number * (width + gap)
        canvas.setFillColor(PALE)
        canvas.roundRect(x, FLOOR + 20, width, TOP - FLOOR - 20, 12, stroke=0, fill=1)
        canvas.setFillColor(AMBER)
        canvas.rect(x + 24, TOP - 34, 44, 4, stroke=0, fill=1)
        below = words(canvas, who, Type(BOLD, 19, 24, SLATE), x + 24, TOP - 52, width - 48) - 14
        large, rest = _number(what)
        if large:
            below = words(canvas, large, Type(BOLD, 54, 60, FERN), x + 24, below, width - 48) - 4
        look = fitting(rest, Type(PLAIN, 22, 29, INK), width - 48, below - FLOOR - 30, 13)
        words(canvas, rest, look, x + 24, below, width - 48)


def _number(text: str) -> tuple[str, str]:
    """A number that a text begins with, and the rest."""
    found = re.match(r"(\d[\d,.]*(?: ?%)?) (.+)", text)
    return (found[1], found[2]) if found else ("", text)
