"""Markdown in, HTML that is safe to show out; and the plain words of it for search."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import markdown
import nh3

from hub.library.markdown_clock import Clock, TooSlow
from hub.library.tangle import tangled

TAGS = {
    "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "em", "i", "del", "s", "sub", "sup", "mark", "code",
    "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "a", "img", "table", "thead", "tbody", "tr", "th", "td", "figure",
    "figcaption", "abbr", "cite", "q", "small", "div", "span",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "th": {"align"},
    "td": {"align"},
    "abbr": {"title"},
    "ol": {"start"},
}
EXTENSIONS = ["tables", "fenced_code", "sane_lists", "def_list", "abbr"]


def clean(raw: str) -> str:
    """HTML from outside, reduced to what may be shown; scripts, styles and forms go with their content."""
    return nh3.clean(
        raw,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        clean_content_tags={
            "script",
            "style",
            "iframe",
            "object",
            "svg",
            "math",
            "template",
            "title",
            "noscript",
            "textarea",
        },
        strip_comments=True,
    )


@lru_cache(maxsize=64)  # a text may have half a million characters
def to_html(text: str) -> str:
    """Markdown as HTML that is safe to show; what no parser should be given is shown as it was written."""
    if tangled(text):
        return _as_written(text)
    try:
        return clean(markdown.markdown(text, extensions=[*EXTENSIONS, Clock()], output_format="html"))
    except (RecursionError, TooSlow):
        return _as_written(text)


def _as_written(text: str) -> str:
    return f"<pre>{html.escape(text)}</pre>"


def to_text(text: str) -> str:
    """The words of a Markdown text, without its marks."""
    spaced = re.sub(r"</(p|h\d|li|td|th|div|blockquote|dt|dd)>|<br>", " ", to_html(text))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", spaced)).split())
