"""Cutting a text into passages: at its headings, and where a section grows too long to be found in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hub.media.report import Report

_GAP = re.compile(r"\n{3,}")
LONGEST_SECTION = 4_000  # characters; then the next block begins a new passage of the same title


def report_sections(blocks: Iterable[tuple[bool, str]], report: Report) -> None:
    """Report passages from (is a heading, text) pairs. A heading is the title of what follows, and part of its text."""
    number, title, lines, length = 1, "", list[str](), 0
    for heading, text in _bounded(blocks):
        if report.full:
            break
        if heading or length > LONGEST_SECTION:
            number += _flush(report, number, title, lines)
            lines, length = [], 0
        if heading and text.strip():
            title = " ".join(text.split())
        lines.append(text)
        length += len(text)
    _flush(report, number, title, lines)


def _bounded(blocks: Iterable[tuple[bool, str]]) -> Iterator[tuple[bool, str]]:
    """Cut lines without end, as machines write them."""
    for heading, text in blocks:
        yield heading, text[:LONGEST_SECTION]
        for start in range(LONGEST_SECTION, len(text), LONGEST_SECTION):
            yield False, text[start : start + LONGEST_SECTION]


def _flush(report: Report, number: int, title: str, lines: list[str]) -> int:
    text = _GAP.sub("\n\n", "\n".join(line.rstrip() for line in lines).strip())
    report.passage("section", number, title, text)
    return 1 if text else 0
