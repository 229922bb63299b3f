"""HTML: never rendered; its words are taken out after everything that acts is removed."""

from __future__ import annotations

from html.parser import HTMLParser

import nh3

from hub.media.prose import read_text
from hub.media.report import Report
from hub.media.sections import report_sections
from hub.media.task import Task

_HEADINGS = {"h1", "h2", "h3"}
_BLOCKS = {
    "p",
    "div",
    "li",
    "tr",
    "br",
    "blockquote",
    "pre",
    "section",
    "article",
    "h4",
    "h5",
    "h6",
    "dt",
    "dd",
}
_CELLS = {"td", "th"}
_SILENT = {
    "title",
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "head",
    "textarea",
    "select",
}


class _Words(HTMLParser):
    """Collects (is a heading, text) blocks from cleaned HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[bool, str]] = []
        self._line: list[str] = []
        self._heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- HTMLParser calls it so
        if tag in _HEADINGS:
            self.break_line()
            self._heading = True
        elif tag in _BLOCKS:
            self.break_line()
        elif tag in _CELLS:
            self._line.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS or tag in _BLOCKS:
            self.break_line()

    def handle_data(self, data: str) -> None:
        self._line.append(data)

    def break_line(self) -> None:
        text = " ".join("".join(self._line).split())
        if text:
            self.blocks.append((self._heading, text))
        self._line = []
        self._heading = False


def read(task: Task, report: Report) -> None:
    """One passage a section. The page itself is only for download."""
    text = read_text(task, report)
    cleaned = nh3.clean(
        text,
        tags=_HEADINGS | _BLOCKS | _CELLS,
        clean_content_tags=_SILENT,
        attributes={},
        strip_comments=True,
        link_rel=None,
    )
    words = _Words()
    words.feed(cleaned)
    words.close()
    words.break_line()
    report.facts(title=next((block for heading, block in words.blocks if heading), None))
    report_sections(words.blocks, report)
    report.shortfall(
        "Hub keeps this web page and finds it by its words, but doesn't show it, because such files can hold scripts. "
        "Upload a PDF of it to have it shown."
    )
