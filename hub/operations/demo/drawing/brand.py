"""How Fernway looks: its colours, its leaf, and how words are set. Everything is drawn in points on a reportlab canvas."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

INK = HexColor("#14231f")
SLATE = HexColor("#54645e")
FERN = HexColor("#1d6b4f")
DEEP = HexColor("#0d3b33")
MINT = HexColor("#cfe9dc")
PALE = HexColor("#eef6f1")
SAND = HexColor("#f7f4ec")
AMBER = HexColor("#e2a03f")
WHITE = HexColor("#ffffff")

PLAIN, BOLD, ITALIC = (
    "Helvetica",
    "Helvetica-Bold",
    "Helvetica-Oblique",
)  # in every PDF reader, so never embedded


@dataclass(frozen=True, slots=True)
class Type:
    """How a line of words looks: font, size and leading in points, colour."""

    font: str
    size: float
    leading: float
    colour: Color


def see_through(colour: Color, alpha: float) -> Color:
    """The same colour, letting through what is below it."""
    return Color(colour.red, colour.green, colour.blue, alpha=alpha)


def words(canvas: Canvas, text: str, look: Type, x: float, top: float, width: float) -> float:
    """Set a text in lines of at most `width` from `top` downward; returns where the next one may begin."""
    canvas.setFont(look.font, look.size)
    canvas.setFillColor(look.colour)
    baseline = top - look.size * 0.8
    for line in simpleSplit(text, look.font, look.size, width):
        canvas.drawString(x, baseline, line)
        baseline -= look.leading
    return baseline + look.size * 0.8


def height_of(text: str, look: Type, width: float) -> float:
    """How high `words` would set it."""
    return len(simpleSplit(text, look.font, look.size, width)) * look.leading


def fitting(text: str, look: Type, width: float, height: float, smallest: float = 18) -> Type:
    """The same look, smaller where the text would not fit a box."""
    size = look.size
    while size > smallest and height_of(text, _scaled(look, size), width) > height:
        size -= 1
    return _scaled(look, size)


def wash(canvas: Canvas, width: float, height: float, first: Color, last: Color) -> None:
    """A background that runs from one colour at the top left to another at the bottom right."""
    canvas.linearGradient(0, height, width, 0, (first, last), extend=True)


def frond(
    canvas: Canvas, x: float, y: float, length: float, angle: float, colour: Color, pairs: int = 10
) -> None:
    """A fern's frond from (x, y): leaflets in pairs on a stem, smaller towards its tip. `angle` in degrees."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(angle)
    canvas.setFillColor(colour)
    for number in range(pairs):
        along = length * (0.08 + 0.88 * number / pairs)
        size = length * 0.3 * math.sin(math.pi * (0.32 + 0.62 * number / pairs))
        for side in (1, -1):
            canvas.saveState()
            canvas.translate(along, 0)
            canvas.rotate(side * 58)
            _leaflet(canvas, size, size * 0.26)
            canvas.restoreState()
    canvas.translate(length * 0.94, 0)
    _leaflet(canvas, length * 0.08, length * 0.03)
    canvas.restoreState()


def mark(canvas: Canvas, x: float, y: float, size: float, leaf: Color, name: Color) -> None:
    """The company's mark: a frond and the name beside it, `size` the height of its letters."""
    frond(canvas, x + size * 0.12, y - size * 0.18, size * 1.3, 62, leaf, pairs=5)
    canvas.setFont(BOLD, size)
    canvas.setFillColor(name)
    canvas.drawString(x + size * 1.25, y, "Fernway")


def _leaflet(canvas: Canvas, length: float, width: float) -> None:
    path = canvas.beginPath()
    path.moveTo(0, 0)
    path.curveTo(length * 0.3, width, length * 0.75, width * 0.8, length, 0)
    path.curveTo(length * 0.75, -width * 0.8, length * 0.3, -width, 0, 0)
    canvas.drawPath(path, stroke=0, fill=1)


def _scaled(look: Type, size: float) -> Type:
    return Type(look.font, size, look.leading * size / look.size, look.colour)
