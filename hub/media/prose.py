"""Plain text, Markdown and other texts that are shown as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hub.media import wording
from hub.media.report import Report
from hub.media.sections import report_sections
from hub.media.task import Task
from hub.media.textual import decode

_ATX = re.compile(r" {0,3}#{1,3}[ \t]+(.{1,300}?)[ \t#]*$")
_UNDERLINE = re.compile(r" {0,3}(?:={3,}|-{3,})[ \t]*$")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.{1,300}?)[\"']?[ \t]*$", re.MULTILINE)


def read(task: Task, report: Report) -> None:
    """One passage a section; for Markdown the headings begin them."""
    text = read_text(task, report)
    matter, body = front_matter(text) if task.mime == "text/markdown" else ("", text)
    if task.mime != "text/markdown":
        blocks = [(False, line) for line in text.splitlines()]
    elif body.strip():
        blocks = list(markdown_blocks(body))
    else:  # only front matter: better shown as it is than not at all
        blocks = [(False, line) for line in matter.splitlines()]
    title = _TITLE.search(matter)
    heading = next((words for is_heading, words in blocks if is_heading), None)
    if title or heading:
        report.facts(title=title[1] if title else heading)
    report_sections(blocks, report)
    if not report.has_text:
        report.shortfall(wording.WITHOUT_WORDS)


def read_text(task: Task, report: Report) -> str:
    """The decoded file, as far as the limit goes."""
    with task.path.open("rb") as file:
        data = file.read(task.limits.text_bytes + 1)
    if len(data) > task.limits.text_bytes:
        report.shortfall(
            f"This file holds more text than Hub reads; search finds only its first {task.limits.text_bytes // 2**20} MB. "
            "Upload it in parts to have all of it found."
        )
    return decode(data[: task.limits.text_bytes])


def front_matter(text: str) -> tuple[str, str]:
    """Split off what stands between `---` lines at the start."""
    lines = text.split("\n", 1)
    if len(lines) < 2 or lines[0].rstrip() != "---":
        return "", text
    end = re.search(r"^---[ \t]*\r?$", lines[1], re.MULTILINE)
    return (lines[1][: end.start()], lines[1][end.end() :]) if end else ("", text)


def markdown_blocks(text: str) -> Iterator[tuple[bool, str]]:
    """(is a heading, text) for each line; headings without their marks, code left alone."""
    fenced = False
    held: str | None = None
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        if held is not None:
            underlined = not fenced and bool(held.strip()) and bool(_UNDERLINE.match(line))
            yield underlined, held
            held = None
            if underlined:
                continue
        atx = None if fenced else _ATX.match(line)
        if atx:
            yield True, atx[1]
        else:
            held = line
    if held is not None:
        yield False, held
