"""PowerPoint decks: a title, cards of text, and notes for who presents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT = Inches(0.95)
TITLE_ONLY = 5  # of python-pptx's own template
FERN, INK, PALE, AMBER = "1D6B4F", "14231F", "EEF6F1", "E2A03F"


def write_deck(target: Path, title: str, slides: Sequence[Mapping[str, Any]]) -> None:
    """Write a deck; a slide has `title`, `lines` and perhaps `notes`."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.core_properties.title, deck.core_properties.author = title, "Fernway"
    for content in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
        _block(slide, Emu(0), Emu(0), Inches(0.33), HEIGHT, FERN)
        _block(slide, Emu(0), Inches(0.7), Inches(0.33), Inches(0.75), AMBER)
        _title(slide, content["title"])
        for place, line in enumerate(content["lines"]):
            _card(slide, line, Inches(2.1) + place * Inches(1.15))
        notes = slide.notes_slide.notes_text_frame
        if content.get("notes") and notes is not None:
            notes.text = content["notes"]
    deck.save(str(target))


def _title(slide: Slide, text: str) -> None:
    shape = slide.shapes.title
    if shape is None:
        return
    shape.left, shape.top, shape.width, shape.height = LEFT, Inches(0.6), Inches(11.4), Inches(1.1)
    _set(shape.text_frame, text, Pt(40), INK, bold=True)


def _card(slide: Slide, text: str, top: int) -> None:
    shape = slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, LEFT, Emu(top), Inches(11.4), Inches(1))
    shape.adjustments[0] = 0.12
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(PALE)
    shape.line.fill.background()
    shape.shadow.inherit = False
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    shape.text_frame.margin_left = Inches(0.35)
    _set(shape.text_frame, text, Pt(24), INK)


def _block(slide: Slide, left: int, top: int, width: int, height: int, colour: str) -> None:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(left), Emu(top), Emu(width), Emu(height))
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(colour)
    shape.line.fill.background()
    shape.shadow.inherit = False


def _set(frame: TextFrame, text: str, size: Pt, colour: str, *, bold: bool = False) -> None:
    frame.word_wrap = True
    frame.text = text
    for line in frame.paragraphs:
        line.alignment = None
        for run in line.runs:
            run.font.size, run.font.bold, run.font.color.rgb = size, bold, _rgb(colour)


def _rgb(colour: str) -> RGBColor:
    made: RGBColor = RGBColor.from_string(colour)  # type: ignore[no-untyped-call]
    return made
