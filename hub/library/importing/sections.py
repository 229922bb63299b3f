"""Pieces of a Markdown text: its first paragraph, the section under a heading, what a mapping drops."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hub.library.importing import lines
from hub.library.importing.mapping import Mapping
from hub.library.importing.reader import Item
from hub.library.taxonomy import fold

HEADING = re.compile(r"(#{1,6}) (.+)")
LINKED = re.compile(r"\[[^\[\]\n]*\]\([^()\n]*\)|<a\b[^<]*</a>|^#.*$", re.MULTILINE)
LITTLE = 600  # characters outside links and headings
SHORTEST_LEAD = 40  # characters
LONGEST_LEAD = 320
LONGEST_EXCERPT = 900


def lists_others(item: Item) -> bool:
    """Whether a page is the index of its folder and says little but where the other pages are."""
    if item.found.stem.lower() != "index" or item.found.alone:
        return False
    own = LINKED.sub("", item.body)
    return len(" ".join(re.sub(r"<[^<>]*>", " ", own).split())) < LITTLE


def blocks_of(body: str) -> list[str]:
    """A text as `markup.Writer` makes it, cut into blocks; code stays whole."""
    made: list[str] = []
    fence = ""
    for block in body.split("\n\n"):
        if fence:
            made[-1] += f"\n\n{block}"
        elif block:
            made.append(block)
        marks = re.findall(r"(?m)^(```|~~~)", block)
        for mark in marks:
            fence = "" if fence == mark else fence or mark
    return made


def lead(body: str) -> str:
    """The beginning of the first paragraph that tells something, as plain words."""
    for block in blocks_of(body):
        if HEADING.match(block) or re.match(r">|```|~~~|---$|\||- |\d+\. |\[Watch the video\]", block):
            continue
        if re.fullmatch(r"\*[^*].*\*\.?", block, re.DOTALL):
            continue  # set in italics from end to end: a note of the editors
        words = lines.plain(block)
        if len(words) >= SHORTEST_LEAD:
            return lines.first_sentences(words, LONGEST_LEAD)
    return ""


def under(body: str, names: frozenset[str]) -> str:
    """The beginning of the section whose heading is one of these folded names, as plain words with its lists."""
    taken: list[str] = []
    level = 0
    for block in blocks_of(body):
        heading = HEADING.match(block)
        if heading and level and len(heading[1]) <= level:
            break
        if heading and not level:
            level = len(heading[1]) if fold(heading[2]) in names else 0
        elif level and not heading and not re.match(r">|```|~~~|---$|\|", block):
            taken += (
                [_item(line) for line in block.split("\n")]
                if re.match(r"- |\d+\. ", block)
                else [lines.plain(block)]
            )
    return lines.first_sentences("\n".join(taken), LONGEST_EXCERPT) if taken else ""


def without_heading(body: str, title: str) -> str:
    """A text that does not begin with a heading that its title says already."""
    first, _, rest = body.partition("\n\n")
    heading = HEADING.match(first)
    return rest if heading and fold(lines.plain(heading[2])) == fold(title) else body


def cleaned(body: str, mapping: Mapping) -> str:
    """A text after the mapping's steps: sections and paragraphs dropped, words replaced."""
    kept: list[str] = []
    dropping = 0
    for block in blocks_of(body):
        heading = HEADING.match(block)
        if heading and (not dropping or len(heading[1]) <= dropping):
            dropping = len(heading[1]) if fold(heading[2]) in mapping.drop_sections else 0
        if dropping or any(fnmatchcase(lines.plain(block), pattern) for pattern in mapping.drop):
            continue
        kept.append(block)
    text = "\n\n".join(kept)
    for words, instead in mapping.replace:
        text = text.replace(words, instead)
    return text


def _item(line: str) -> str:
    return f"– {lines.plain(line.strip())}"
