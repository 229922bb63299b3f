"""The cards of a short video: one sentence each, who says it below, a colour of the speaker's own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

import pypdfium2
from PIL import Image
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from hub.operations.demo.drawing.brand import (
    AMBER,
    BOLD,
    PLAIN,
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

WIDTH, HEIGHT = 1280, 720
LEFT = 116  # far enough in that lists may cut the picture at its sides

# From top left to bottom right, in the order in which speakers come.
GRADIENTS = (
    ("#14584a", "#0a2330"),
    ("#3a2a6b", "#121a3a"),
    ("#7a3a2a", "#2a1420"),
    ("#0f5c7a", "#0b2038"),
    ("#6a5415", "#20210f"),
    ("#6b2350", "#1c1233"),
)


def cards(sentences: Sequence[str], speaker: str, role: str, colour: int) -> Iterator[Image.Image]:
    """Pictures of 1280 × 720, one a sentence. Drawn as a PDF first, so that the type is the same on every machine."""
    paper = io.BytesIO()
    canvas = Canvas(paper, pagesize=(WIDTH, HEIGHT))
    for number, sentence in enumerate(sentences):
        _background(canvas, colour)
        _portrait(canvas, speaker)
        _lower_third(canvas, speaker, role)
        _sentence(canvas, sentence, first=number == 0)
        canvas.showPage()
    canvas.save()
    document = pypdfium2.PdfDocument(paper.getvalue())
    for page in document:
        yield page.render(scale=1).to_pil().convert("RGB")
    document.close()


def _background(canvas: Canvas, colour: int) -> None:
    first, last = GRADIENTS[colour % len(GRADIENTS)]
    wash(canvas, WIDTH, HEIGHT, HexColor(first), HexColor(last))
    frond(canvas, 700, -60, 900, 52, see_through(WHITE, 0.045))
    mark(canvas, LEFT, HEIGHT - 84, 26, AMBER, WHITE)


def _portrait(canvas: Canvas, speaker: str) -> None:
    """Where a face would be: head and shoulders in a round frame, with the initials."""
    x, y, radius = 1010, 400, 178
    canvas.setFillColor(see_through(WHITE, 0.1))
    canvas.circle(x, y, radius + 14, stroke=0, fill=1)
    canvas.saveState()
    frame = canvas.beginPath()
    frame.circle(x, y, radius)
    canvas.clipPath(frame, stroke=0, fill=0)
    canvas.setFillColor(see_through(WHITE, 0.14))
    canvas.rect(x - radius, y - radius, 2 * radius, 2 * radius, stroke=0, fill=1)
    canvas.setFillColor(see_through(WHITE, 0.85))
    canvas.ellipse(x - 128, y - 330, x + 128, y - 52, stroke=0, fill=1)
    canvas.ellipse(x - 60, y - 48, x + 60, y + 98, stroke=0, fill=1)
    canvas.restoreState()
    initials = "".join(part[0] for part in speaker.split()[:2])
    canvas.setFillColor(AMBER)
    canvas.circle(x + 128, y - 128, 44, stroke=0, fill=1)
    canvas.setFillColor(Color(0.1, 0.09, 0.05))
    canvas.setFont(BOLD, 34)
    canvas.drawCentredString(x + 128, y - 140, initials)


def _lower_third(canvas: Canvas, speaker: str, role: str) -> None:
    canvas.setFillColor(AMBER)
    canvas.rect(LEFT, 74, 8, 74, stroke=0, fill=1)
    words(canvas, speaker, Type(BOLD, 34, 40, WHITE), LEFT + 28, 146, 600)
    words(canvas, role, Type(PLAIN, 22, 28, see_through(WHITE, 0.8)), LEFT + 28, 102, 600)


def _sentence(canvas: Canvas, sentence: str, *, first: bool) -> None:
    width, height = 620, 330
    pieces = re.split(r"(?<=[.?!]) ", sentence)  # each on a line of its own
    look = fitting(
        max(pieces, key=len), Type(BOLD, 62 if first else 56, 74, WHITE), width, height / len(pieces), 36
    )
    top = 400 + sum(height_of(piece, look, width) for piece in pieces) / 2
    for piece in pieces:
        top = words(canvas, piece, look, LEFT, top, width)
