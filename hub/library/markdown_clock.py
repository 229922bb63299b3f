"""A clock for the Markdown parser: it goes through the rest of a text again for each mark it meets, so some texts take it hours.

`tangle` tells most of them beforehand; the clock ends the others. It counts the time of its own thread, so that what is shown
does not depend on what else the machine does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

MOST = 2.0  # seconds for one text
FIRST = 1_000  # priority: asked before all others


class TooSlow(Exception):
    """This text takes the parser longer than anybody would wait."""


class Clock(Extension):
    """Raises TooSlow out of `convert` when a text takes longer than `MOST` seconds."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the parser's name
        end = time.thread_time() + MOST

        def look() -> None:
            if time.thread_time() > end:
                raise TooSlow

        md.parser.blockprocessors.register(_Look(md.parser, look), "clock", FIRST)
        for pattern in md.inlinePatterns:
            pattern.handleMatch = _looking(pattern.handleMatch, look)  # type: ignore[method-assign]


class _Look(BlockProcessor):
    """A sort of block that there is none of: it is asked at each block, and looks at the clock."""

    def __init__(self, parser: BlockParser, look: Callable[[], None]) -> None:
        super().__init__(parser)
        self._look = look

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002
        self._look()
        return False

    def run(self, parent: Element, blocks: list[str]) -> bool:  # noqa: ARG002
        return False


def _looking(handle: Callable[..., Any], look: Callable[[], None]) -> Callable[..., Any]:
    def timed(*given: Any) -> Any:
        look()
        return handle(*given)

    return timed
