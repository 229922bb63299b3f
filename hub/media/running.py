"""Running heads and feet: lines that stand on many pages of a document and say nothing of any one of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

SAMPLE = 60  # pages that are looked at
_EDGE = 3  # lines at the top and at the foot
_FEWEST = 4  # pages; in fewer nothing runs
_MANY = 0.4  # of the pages: left and right ones often differ

_NUMBER = re.compile(r"\d{1,6}")


def running_lines(pages: Sequence[tuple[int, str]]) -> frozenset[str]:
    """What runs through these pages, (number, text), be it the same each time or counting along with the pages."""
    counts = Counter(
        form
        for number, text in pages
        for form in {form for line in _edges(text) for form in _forms(line, number)}
    )
    return frozenset(form for form, count in counts.items() if count >= max(_FEWEST, _MANY * len(pages)))


def without(text: str, number: int, running: frozenset[str]) -> str:
    """A page without what runs at its edges; a page of nothing else stays as it is."""
    if not running:
        return text
    lines = text.split("\n")
    places = [place for place, line in enumerate(lines) if line.strip()]
    at_edge = {*places[:_EDGE], *places[-_EDGE:]}
    kept = [
        line
        for place, line in enumerate(lines)
        if place not in at_edge or running.isdisjoint(_forms(line, number))
    ]
    return "\n".join(kept) if any(line.strip() for line in kept) else text


def _edges(page: str) -> list[str]:
    lines = [line for line in page.split("\n") if line.strip()]
    return [*lines[:_EDGE], *lines[_EDGE:][-_EDGE:]]


def _forms(line: str, number: int) -> Iterator[str]:
    """The line as it is, and with each of its numbers as a distance from the page's: “Page 7 of 12” is alike on all pages."""
    line = " ".join(line.split()).casefold()
    yield line
    for found in _NUMBER.finditer(line):
        yield f"{line[: found.start()]}\0{int(found[0]) - number}{line[found.end() :]}"
