"""Drawing the demo's files: decks, papers, Word documents, short videos."""

from __future__ import annotations

from pathlib import Path

from hub.operations.demo.content import Entry, Order
from hub.operations.demo.drawing.cards import cards
from hub.operations.demo.drawing.clips import write_clip
from hub.operations.demo.drawing.locked import write_locked
from hub.operations.demo.drawing.papers import write_paper
from hub.operations.demo.drawing.powerpoint import write_deck
from hub.operations.demo.drawing.slides import write_slides
from hub.operations.demo.drawing.word import write_document

__all__ = ["draw"]


def draw(entry: Entry, order: Order, folder: Path, *, ffmpeg: str = "") -> Path:
    """Draw the file that an entry asks for into `folder`.

    Raises:
        Unavailable: it is a video and ffmpeg cannot make it.
        ValueError: nobody knows how to draw that.
    """
    target, content = folder / order.name, order.content
    title, summary = content.get("title", entry.title), content.get("summary", entry.summary)
    match order.make:
        case "slides":
            write_slides(target, entry.title, [(page["title"], *page["lines"]) for page in content["slides"]])
        case "paper":
            write_paper(target, title, summary, content["label"], content["pages"])
        case "pptx":
            write_deck(target, entry.title, content["slides"])
        case "docx":
            write_document(target, entry.title, content)
        case "locked":
            write_locked(target, entry.title, content["text"])
        case "video":
            speaker, role = entry.fields["speaker"], content["role"]
            pictures = cards(content["cards"], speaker, role, order.number)
            write_clip(target, pictures, order.seconds, order.number, ffmpeg)
        case _:
            raise ValueError(f"{entry.title}: nobody draws “{order.make}”")
    return target
