"""Markdown is shown safely, and no text keeps the hub busy."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hub.library import prose
from hub.library.tangle import tangled

ROOT = Path(__file__).parents[2]


class Reader(HTMLParser):
    """Gathers (tag, attribute, value); a tag without attributes has an empty one."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += [(tag, name, value or "") for name, value in attrs or [("", "")]]


@pytest.mark.parametrize(
    "nasty",
    [
        "[x](javascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](java&#10;script:alert(1))",
        "[x](\x01javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "[x][1]\n\n[1]: javascript:alert(1)",
        "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
        '[x](/ "\\" onmouseover=\\"alert(1)")',
        '<a href="/" onclick="alert(1)">x</a>',
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        "<details open ontoggle=alert(1)>x</details>",
        "<form action=/people><button>x</button></form>",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content=0>",
        '<p style="position:fixed" class="is-primary" id="main">x</p>',
        "- a\n    - b\n        - <script>alert(1)</script>",
        '*[x]: "><script>alert(1)</script>\n\nx',
    ],
)
def test_nothing_in_it_acts(nasty: str) -> None:
    reader = Reader()
    reader.feed(prose.to_html(nasty))
    assert {tag for tag, _, _ in reader.seen} <= prose.TAGS
    for tag, name, value in reader.seen:
        assert name in {"", "rel", *prose.ATTRIBUTES.get(tag, ())}
        if name in {"href", "src"}:
            # As browsers read an address: without control characters before it, and tabs and ends of lines in it.
            address = re.sub(r"[\t\r\n]", "", value.lstrip("".join(map(chr, range(33))))).lower()
            scheme = re.match(r"[a-z][a-z0-9+.-]*(?=:)", address)
            assert scheme is None or scheme[0] in {"http", "https", "mailto", "tel"}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "![" * 10_000,
        "[a](" * 5_000,
        ("[" * 200 + "\n\n") * 2_000,
        "[" * 200 + "a " * 200_000,
        "<a " * 20_000,
        " ".join("`" * n for n in range(900)),
        "\n".join("    " * depth + "- a" for depth in range(300)),
        "> - " * 300 + "a",
        ">" * 20_000,
        "**a** *b* " * 50_000,
        "[a](b) " * 70_000,
        "# a\n" * 50_000,
        "a\n: b\n" * 30_000,
        "\n".join(f"*[a{n}]: x" for n in range(3_000)) + "\n" + "a1 " * 3_000,
    ],
    ids=range(15),
)
def test_a_text_that_would_keep_the_parser_busy_is_shown_as_written(text: str) -> None:
    begun = time.process_time()
    shown = prose.to_html(text)
    assert time.process_time() - begun < 2
    assert shown.startswith("<pre>")
    assert prose.to_text(text).split()[:1] == text.split()[:1]


def test_what_people_write_is_no_tangle() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        assert not tangled(path.read_text(encoding="utf-8")), path
    lists = "\n".join("    " * depth + "- a [link](https://example.com) and `code`" for depth in range(8))
    assert not tangled("\n\n".join([lists, "> quoted (so to say) < 3 `x` [[a]]"] * 200))
    assert not tangled("Words of a long paper, [here](https://example.com/a_b) and there.\n\n" * 5_000)


@pytest.mark.parametrize(
    "line",
    [
        "- - -\n",
        "a\n=\n",
        "~~~a\n",
        "\\",
        "&amp; ",
        "a\n\n\n\n",
        "- a\n\n",
        "a\n:   b\n",
        "<p>a</p>\n\n",
        "```\na\n```\n\n",
    ],
)
@pytest.mark.parametrize("length", [90_000, 250_000])
def test_no_text_is_parsed_for_longer_than_anybody_waits(line: str, length: int) -> None:
    text = line * (length // len(line))
    begun = time.thread_time()
    assert prose.to_html(text)
    assert time.thread_time() - begun < 4  # the parser alone would take minutes for most of these


def test_a_long_paper_is_parsed() -> None:
    paper = "".join(
        f"## Part {n}\n\n{'Words of a *long* paper, [here](https://example.com/a_b) & there. ' * 8}\n\n- one\n- two\n\n---\n\n"
        for n in range(700)
    )
    assert len(paper) > 350_000
    shown = prose.to_html(paper)
    assert (shown.count("<h2>"), shown.count("<hr>"), "<pre>" in shown) == (700, 700, False)
