"""The words of a file that has no pictures of its pages: slides and sections, with their tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from hub.library.models import Passage
from hub.web.filters import duration

LONGEST = 200_000  # characters of words on one page; a table of addresses holds millions
CELL = " | "  # between the cells of a row, as the readers of slides and documents write them
_BLANK_ENDS = re.compile(r"\A(?:[^\S\n]*\n)+|\s+\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of lines, or the rows of a table, its head first."""

    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def place(kind: str, number: int, file: str) -> str:
    """The id of a passage on the page of its asset; `file` is the public id of the file it is in."""
    return f"{'section' if kind == 'section' else 'page'}-{number}-{file}".removesuffix("-")


@dataclass(frozen=True, slots=True)
class Section:
    """One slide or section; title is empty where the words simply go on."""

    number: int
    place: str
    slide: bool
    title: str
    blocks: tuple[Block, ...]


def laid_out(passages: Iterable[Passage], page_title: str, file: str = "") -> list[Section]:
    """Passages of one file (of this public id) as its page shows them. What stands above already, as page_title, is not
    said again."""
    shown: list[Section] = []
    before = page_title
    for passage in passages:
        slide = passage.kind == "slide"
        title = passage.title.strip() or _moment(passage)
        lines = passage.text.strip("\n").splitlines()
        headed = bool(lines) and bool(title) and " ".join(lines[0].split()) == title
        repeated = _same(title, before) and not slide
        before = title
        section = Section(
            number=passage.number,
            place=place(passage.kind, passage.number, file),
            slide=slide,
            title="" if repeated else title,
            blocks=blocks(lines[1:] if headed else lines),
        )
        if section.title or section.blocks or slide:
            shown.append(section)
    return shown


def blocks(lines: Iterable[str]) -> tuple[Block, ...]:
    """Lines put together as they were written; rows of the same number of cells, two at the least, are a table."""
    found: list[Block] = []
    for cells, same in groupby(lines, key=lambda line: line.count(CELL)):
        group = list(same)
        if cells and len(group) > 1:
            rows = tuple(tuple(cell.strip() for cell in line.split(CELL)) for line in group)
            found.append(Block(rows=rows))
        elif found and not found[-1].rows:
            found[-1] = Block(text=found[-1].text + "\n" + "\n".join(group))
        else:
            found.append(Block(text="\n".join(group)))
    trimmed = (replace(block, text=_BLANK_ENDS.sub("", block.text)) for block in found)
    return tuple(block for block in trimmed if block.rows or block.text)


def within(passages: Iterable[Passage], longest: int = LONGEST) -> tuple[list[Passage], bool]:
    """As many of these as a page can hold, and whether that is all of them."""
    kept: list[Passage] = []
    for passage in passages:
        longest -= len(passage.text)
        if longest < 0 and kept:
            return kept, False
        kept.append(passage)
    return kept, True


def _moment(passage: Passage) -> str:
    """Captions without their recording are headed by the time."""
    return duration(passage.start_s) if passage.kind == "transcript" else ""


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.strip().casefold()
