"""Components in MDX: what they quote or show is kept as plain mark-up, their tags go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hub.library.importing import quotes, videos

LONGEST_EXPRESSION = 20_000  # characters
MOST_BROKEN = 50  # tags that do not end; a text with more is no MDX

NAME = re.compile(r"</?([A-Za-z][\w.]*)?")
ATTRIBUTE = re.compile(r"\s*(\.\.\.)?([A-Za-z_:][\w:.-]*)?\s*(=)?\s*")
COMPONENT = re.compile(r"(?<![\w<])</?[A-Z][\w.]*[a-z]")
LINK_NAMES = {"a", "link", "anchor", "button", "cta", "calltoaction", "trackedcta", "externallink"}
QUOTE_NAMES = re.compile(r"quote|testimonial", re.IGNORECASE)
PICTURE_NAMES = re.compile(r"image|img|picture|photo|logo|icon|avatar|carousel|gallery|svg", re.IGNORECASE)
QUOTE_KEYS = ("quote", "text", "children", "content", "body")
WHO_KEYS = (
    ("name", "author", "attribution", "person", "by"),
    ("title", "role", "position", "job"),
    ("company", "organization"),
)


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: its name (empty for a fragment), plain attributes, and the piece of text it takes up."""

    name: str
    end: int
    closing: bool = False
    empty: bool = False
    attributes: dict[str, str] = field(default_factory=dict)


def has_components(text: str) -> bool:
    """Whether there are tags that only MDX knows."""
    return COMPONENT.search(text) is not None


def without_tags(text: str, *, whole: bool) -> str:
    """A text without components. `whole`: it is MDX, so imports and comments in braces go as well."""
    if whole:
        text = re.sub(r"(?m)^(?:import|export)\b[^\n]*(?:\n(?![ \t]*\n).*)*", "", text)
        text = re.sub(r"\{/\*[^*]*\*/\}", "", text)
    pieces: list[str] = []
    at = broken = 0
    while broken < MOST_BROKEN and (begin := text.find("<", at)) >= 0:
        pieces.append(text[at:begin])
        named = text[begin + 1 : begin + 2] in {"/", ">"} or text[begin + 1 : begin + 2].isalpha()
        tag = read_tag(text, begin) if named and (whole or not text[begin - 1 : begin].isalnum()) else None
        broken += named and tag is None
        if tag is None or not (whole or _is_component(tag.name)):
            pieces.append("<")
            at = begin + 1
            continue
        replacement, at = _replace(text, tag)
        pieces.append(replacement)
    return "".join([*pieces, text[at:]])


def without_expressions(text: str) -> str:
    """A text of MDX without expressions in braces; one that is a plain string stays as its words."""
    return re.sub(r"\{[^{}\n]{0,400}\}", _expression, text)


def read_tag(text: str, begin: int) -> Tag | None:
    """The tag that begins here, or None when it is none."""
    named = NAME.match(text, begin)
    if named is None:
        return None
    name, at = named[1] or "", named.end()
    if not name and text[at : at + 1] != ">":
        return None
    attributes: dict[str, str] = {}
    end = _attributes(text, at, attributes)
    if end < 0:
        return None
    empty = text[end] == "/"
    return Tag(name, end + 1 + empty, text.startswith("</", begin), empty, attributes)


def _attributes(text: str, at: int, found: dict[str, str]) -> int:
    """Read attributes into `found` up to the tag's `>` or `/>`; returns where that is, -1 when there is none."""
    while at < len(text):
        if text[at] == ">" or text.startswith("/>", at):
            return at
        named = ATTRIBUTE.match(text, at)
        if named is None or (named.end() == at and text[at] != "{"):
            return -1
        at = named.end()
        if not (named[3] or text[at : at + 1] == "{"):
            continue
        value, at = _value(text, at)
        if at < 0:
            return -1
        if named[2] and value is not None:
            found[named[2].lower()] = value
    return -1


def _value(text: str, at: int) -> tuple[str | None, int]:
    """A value and where it ends: None for an expression that is no plain string, -1 when it does not end."""
    mark = text[at : at + 1]
    if mark in {'"', "'"}:
        end = text.find(mark, at + 1)
        return (text[at + 1 : end], end + 1) if end >= 0 else (None, -1)
    if mark != "{":
        return None, -1
    end = _closing_brace(text, at)
    if end < 0:
        return None, -1
    inner = text[at + 1 : end].strip()
    literal = len(inner) >= 2 and inner[0] in "\"'`" and inner[-1] == inner[0] and inner[0] not in inner[1:-1]
    return (inner[1:-1] if literal else None), end + 1


def _closing_brace(text: str, at: int) -> int:
    depth, mark = 0, ""
    for position in range(at, min(len(text), at + LONGEST_EXPRESSION)):
        c = text[position]
        if mark:
            mark = "" if c == mark and text[position - 1] != "\\" else mark
        elif c in '"`' or (c == "'" and not text[position - 1].isalpha()):
            mark = c
        elif c in "{}":
            depth += 1 if c == "{" else -1
            if depth == 0:
                return position
    return -1


def _replace(text: str, tag: Tag) -> tuple[str, int]:
    """What stands for a tag, and where the text goes on."""
    who = quotes.attribution(*(_first(tag, keys) for keys in WHO_KEYS))
    said = _quoted(tag)
    if said and not tag.closing:
        return quotes.as_markdown(said, who), tag.end
    if QUOTE_NAMES.search(tag.name) and not (tag.closing or tag.empty):
        close = text.find(f"</{tag.name}>", tag.end)
        if close >= 0:
            inner = "\n".join(line.strip() for line in text[tag.end : close].strip().splitlines())
            return quotes.as_markdown(inner, who), close + len(tag.name) + 3
    return _instead(tag, own_line=text[tag.end : tag.end + 1] in {"\n", ""}), tag.end


def _instead(tag: Tag, *, own_line: bool) -> str:
    """What stands for a tag that quotes nothing."""
    if tag.name.lower() in LINK_NAMES:
        return _link(tag)
    if not _is_component(tag.name):
        return _html_tag(tag)
    video = "" if tag.closing else videos.of_component(tag.name, tag.attributes)
    if video:
        return f"\n\n{videos.as_markdown(video)}\n\n"
    shows_nothing = tag.empty or PICTURE_NAMES.search(tag.name)
    return "\n\n" if own_line and not shows_nothing else ""


def _quoted(tag: Tag) -> str:
    keys = QUOTE_KEYS if QUOTE_NAMES.search(tag.name) else ("quote",)
    return _first(tag, keys)


def _first(tag: Tag, keys: tuple[str, ...]) -> str:
    return next((tag.attributes[key] for key in keys if tag.attributes.get(key, "").strip()), "")


def _link(tag: Tag) -> str:
    if tag.closing:
        return "</a>"
    address = next((tag.attributes[key] for key in ("href", "to", "url") if key in tag.attributes), "")
    return "" if tag.empty else f'<a href="{address.replace(chr(34), "%22")}">'


def _html_tag(tag: Tag) -> str:
    if tag.closing:
        return f"</{tag.name}>"
    kept = {"classname": "class", "class": "class", "href": "href", "src": "src", "alt": "alt", "id": "id"}
    said = [
        f' {kept[key]}="{value.replace(chr(34), "%22")}"'
        for key, value in tag.attributes.items()
        if key in kept
    ]
    return f"<{tag.name}{''.join(said)}{' /' if tag.empty else ''}>"


def _is_component(name: str) -> bool:
    return not name or ((name[0].isupper() or "." in name) and any(c.islower() for c in name))


def _expression(found: re.Match[str]) -> str:
    inner = found[0][1:-1].strip()
    if len(inner) >= 2 and inner[0] in "\"'`" and inner[-1] == inner[0]:
        return inner[1:-1]
    return ""
