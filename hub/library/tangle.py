"""How tangled a Markdown text is: the parser goes through the rest of a block again for each mark that nothing closes.

A thousand open brackets cost it seconds and ten thousand minutes, in a web process or in the worker, so they are counted first.
"""

from __future__ import annotations

import re
from collections import Counter

BLOCKS = re.compile(r"\n[ \t]*\n")
MARKS = re.compile(r"[\[\]()<>*_\n]|`+")
FENCE = re.compile(r"^(~{3,}|`{3,})(.*)$", re.MULTILINE)
OPENING = {"[": "]", "(": ")", "<": ">"}
CLOSING = {close: mark for mark, close in OPENING.items()}
ABBREVIATION = re.compile(r"^[ ]{0,3}\*\[", re.MULTILINE)
INDENTED = re.compile(r"^(?:[ \t>]|[-*+] |\d{1,9}\. )+", re.MULTILINE)

USUAL = 4  # marks open at once in what people write
MOST_WORK = 400_000  # open marks times characters; about half a second
FENCED = (
    100  # times as cheap: a fence without its fellow is looked for to the end of the text, by a search alone
)
CLOSED = 5_000  # times as cheap: a mark that is closed, or a line, costs one copy of its block
DEEPEST = 80  # columns of indents, quotes and bullets before the words of a line: twenty lists in each other


def tangled(text: str) -> bool:
    """Whether the parser would take long over this text, or lose itself in it. Takes one pass over the text."""
    if any(len(found[0].expandtabs(4)) > DEEPEST and found[0].strip() for found in INDENTED.finditer(text)):
        return True
    work = max(len(ABBREVIATION.findall(text)) - USUAL, 0) * len(text)
    work += _unmatched_fences(text) * len(text) // FENCED
    for block in BLOCKS.split(text):
        marks = MARKS.findall(block)
        work += max(_open_at_once(marks) - USUAL, 0) * len(block) + len(marks) * len(block) // CLOSED
        if work > MOST_WORK:
            return True
    return False


def _unmatched_fences(text: str) -> int:
    """Lines that open a fence which no line closes, at most."""
    opening: Counter[str] = Counter()
    closing: Counter[str] = Counter()
    for fence, words in FENCE.findall(text):
        (opening if words.strip() else closing)[fence] += 1
    fences = opening.keys() | closing.keys()
    return sum(
        max(opening[fence] - closing[fence], (opening[fence] + closing[fence]) % 2) for fence in fences
    )


def _open_at_once(marks: list[str]) -> int:
    """The most marks of one sort that are open at once, or runs of backticks that have no fellow."""
    open_now = dict.fromkeys(OPENING, 0)
    most = 0
    runs: Counter[int] = Counter()
    for mark in marks:
        if mark in OPENING:
            open_now[mark] += 1
            most = max(most, open_now[mark])
        elif mark in CLOSING:
            open_now[CLOSING[mark]] = max(open_now[CLOSING[mark]] - 1, 0)
        elif mark[0] == "`":
            runs[len(mark)] += 1
    return max(most, sum(count % 2 for count in runs.values()))
