"""A page as a reader sees it, from Markdown, MDX or HTML: one clean Markdown text, its quotes, its facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from markdown_it import MarkdownIt

from hub.library.importing import soup as soups
from hub.library.importing import templating
from hub.library.importing.markup import Writer
from hub.library.importing.quotes import Quote
from hub.library.taxonomy import fold

# What a page says of the customer beside its text: `Industry <b>Education</b>`, `**Company:** Acme`.
FACTS = {
    "company": "customer", "customer": "customer", "client": "customer", "organization": "customer",
    "organisation": "customer", "industry": "industry", "sector": "industry", "vertical": "industry", "location": "region",
    "country": "region", "region": "region",
}  # fmt: skip
LONGEST_FACT = 80  # characters

WRAPPER = re.compile(
    r"(?m)^[ \t]*(</?(?:div|section|article|main|center|aside|figure|header|span)\b[^<>\n]*>)[ \t]*$"
)
CLOSED_BLOCK = re.compile(
    r"(?m)^([ \t]*<(div|p|section|h[1-6]|center|figure|blockquote)\b[^\n]*</\2>[ \t]*)$"
)


@dataclass(frozen=True, slots=True)
class Page:
    """`body` is Markdown without the page's own heading; `facts` are by the names of FACTS' values."""

    body: str
    heading: str = ""
    subheading: str = ""
    quotes: list[Quote] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    head: dict[str, str] = field(default_factory=dict)  # of a whole HTML page: title, summary, link
    loops: bool = False


def from_markdown(text: str, *, mdx: bool = False, base: str = "") -> Page:
    """A page written in Markdown or MDX."""
    stripped = templating.strip_markdown(text, mdx=mdx)
    padded = CLOSED_BLOCK.sub(r"\n\1\n", WRAPPER.sub(r"\n\1\n", stripped.text))
    return _page(_parser(indented_code=not stripped.components).render(padded), base, stripped.loops)


def from_html(text: str, *, base: str = "") -> Page:
    """A page written in HTML, whole or a part of one."""
    stripped = templating.strip_html(text)
    return _page(stripped.text, base, stripped.loops)


def _page(html: str, base: str, loops: bool) -> Page:
    soup = soups.parse(html)
    root = soups.main_part(soup)
    facts = {} if soups.is_deep(root) else _take_facts(root)
    writer = Writer(base)
    body = writer.write(root)
    found = writer.found
    return Page(body, found.heading, found.subheading, found.quotes, facts, _head(soup), loops)


@cache
def _parser(*, indented_code: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return parser if indented_code else parser.disable("code")


def _head(soup: BeautifulSoup) -> dict[str, str]:
    """What the head of a whole page says of it."""
    said: dict[str, str] = {}
    if soup.title is not None:
        said["title"] = " ".join(soup.title.get_text().split())
    for tag in soup.find_all(["meta", "link"], limit=200):
        name = str(tag.get("name") or tag.get("property") or tag.get("rel") or "").lower()
        value = " ".join(str(tag.get("content") or tag.get("href") or "").split())
        for key, names in (
            ("summary", {"description", "og:description"}),
            ("link", {"['canonical']", "canonical", "og:url"}),
        ):
            if name in names and value:
                said.setdefault(key, value)
    return said


def _take_facts(root: Tag) -> dict[str, str]:
    """Take lines of label and value out of a page; the first of each name counts."""
    facts: dict[str, str] = {}
    parents: list[Tag] = []
    for bold in root.find_all(["b", "strong", "dt"])[:400]:
        named = _fact(bold)
        if named is None:
            continue
        facts.setdefault(*named)
        parent = bold.find_parent(["p", "div", "li", "dl", "td"])
        if parent is not None:
            parents.append(parent)
    for parent in parents:
        words = fold(parent.get_text(" ")) if not parent.decomposed else ""
        if words and len(words) <= sum(len(value) + 20 for value in facts.values()):
            parent.decompose()
    return facts


def _fact(bold: Tag) -> tuple[str, str] | None:
    """The name and value of a fact that this bold tag is a part of: as the value behind a label, or as the label."""
    inside = " ".join(bold.get_text(" ").split())
    if bold.name == "dt":
        value = bold.find_next_sibling("dd")
        return _named(inside, value.get_text(" ") if value is not None else "")
    after = bold.next_sibling
    if inside.endswith(":") or (isinstance(after, NavigableString) and str(after).lstrip().startswith(":")):
        following = str(after) if isinstance(after, NavigableString) else ""
        return _named(inside, following.lstrip(" :\xa0"))
    before = bold.previous_sibling
    return _named(str(before).rpartition("\n")[2] if isinstance(before, NavigableString) else "", inside)


def _named(label: str, value: str) -> tuple[str, str] | None:
    name = FACTS.get(fold(label))
    value = " ".join(value.replace("\xa0", " ").split())
    told = value and len(value) <= LONGEST_FACT and not (value.endswith(".") and len(value.split()) > 5)
    return (name, value) if name and told else None
