"""A tree of HTML, however broken: its main part, its heading, the code and the addresses in it."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

LONGEST_ADDRESS = 2_000  # characters
UNENDED = re.compile(r"<(?=[^<>]*(?:<|\Z))")
MOST_UNENDED = 50
DECLARATION = re.compile(r"<[!?][^<>]*>?")
DEEP = 200  # tags within tags
LABELS = {
    "case study",
    "customer story",
    "success story",
    "customer success story",
    "customer case study",
    "customer spotlight",
}


def parse(text: str) -> BeautifulSoup:
    """A tree of an HTML text, however broken."""
    if len(UNENDED.findall(text)) > MOST_UNENDED:  # each would be looked at to the end of the text
        text = UNENDED.sub("&lt;", text)
    return BeautifulSoup(
        DECLARATION.sub("", text) + "<p></p>", "html.parser"
    )  # words alone would be taken for a file's name


def main_part(soup: BeautifulSoup) -> Tag:
    """The part of a page that is its content."""
    for name in ("article", "main"):
        found = soup.find_all(name)
        part = found[0] if len(found) == 1 else None
        if isinstance(part, Tag) and len(part.get_text()) > len(soup.get_text()) / 2:
            return part
    return soup.body if isinstance(soup.body, Tag) else soup


def is_deep(root: Tag) -> bool:
    """Whether tags are nested deeper than any page needs; looking around in such a tree costs too much."""
    level = [root]
    for _ in range(DEEP):
        level = [child for tag in level for child in tag.contents if isinstance(child, Tag)]
        if not level:
            return False
    return True


def take_heading(root: Tag) -> tuple[str, str]:
    """Take the first h1 out of a tree: what it says, and the heading that follows it at once, or empty."""
    first = root.find("h1")
    if not isinstance(first, Tag):
        return "", ""
    said = first.get_text("\n").replace("\xa0", " ").split("\n")
    parts = [
        words
        for part in said
        if (words := " ".join(part.split())) and words.strip(" :").casefold() not in LABELS
    ]
    following = first.find_next(["h2", "h3", "p"])
    below = ""
    if isinstance(following, Tag) and following.name != "p" and not first.find(["div", "span"]):
        below = " ".join(following.get_text(" ").split())
    first.decompose()
    return " ".join(parts), below


def absolute(address: str, base: str) -> str:
    """An address that leads somewhere from the hub, or empty."""
    address = address.strip()
    try:
        joined = urljoin(base, address) if base else address
        parts = urlsplit(joined)
    except ValueError:
        return ""
    if len(joined) > LONGEST_ADDRESS or parts.scheme not in {"http", "https", "mailto"}:
        return ""
    if parts.scheme != "mailto" and not parts.hostname:
        return ""
    return re.sub(r"[\s()<>\"\\]", lambda found: f"%{ord(found[0]):02X}", joined)


def classes_of(tag: Tag) -> str:
    found = tag.get("class")
    return " ".join(found) if isinstance(found, list) else str(found or "")


def code_of(tag: Tag) -> str:
    text = tag.get_text().strip("\n")
    inner = tag.find("code")
    language = re.search(
        r"(?:language|lang|brush)[-:]\s*([\w+-]+)",
        classes_of(inner) if isinstance(inner, Tag) else classes_of(tag),
    )
    fence = "~~~" if "```" in text else "```"
    return f"{fence}{language[1] if language else ''}\n{text}\n{fence}"


def span_of(tag: Tag) -> str:
    text = " ".join(tag.get_text().split())
    if not text:
        return ""
    return f"`` {text} ``" if "`" in text else f"`{text}`"
