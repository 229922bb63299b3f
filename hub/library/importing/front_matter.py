"""Front matter cut from a text: YAML between `---`, TOML between `+++`, or a JSON object."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hub.library.importing.notation import Entry, NotationError, json_entry, toml_entry, yaml_entry

LIMIT = 200_000  # characters

OPENING = re.compile(r"\A\n*(---|\+\+\+)[ \t]*\n")
CLOSINGS = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A text without its front matter: `body_line` is the line of the file that the body begins on."""

    entry: Entry
    body: str
    body_line: int


def split(text: str) -> Document:
    """Cut the front matter off; a text without any comes back whole.

    Raises:
        NotationError: there is front matter that does not parse, is not closed or is too long.
    """
    opening = OPENING.match(text)
    if opening is None:
        return _json_document(text)
    fence = opening[1]
    begin = opening.end()
    first_line = text.count("\n", 0, begin) + 1
    closing = CLOSINGS[fence].search(text, begin)
    if closing is None:
        if re.match(r"[\"'\w -]{1,80}[:=]", text[begin:]) is None:
            return Document(Entry(), text, 1)  # a rule across the page, not front matter
        raise NotationError(f"the front matter is not closed by a line of {fence}", first_line - 1)
    inner = text[begin : closing.start()]
    if len(inner) > LIMIT:
        raise NotationError(
            f"the front matter has {len(inner):,} characters; the limit is {LIMIT:,}", first_line
        )
    entry = yaml_entry(inner, first_line) if fence == "---" else toml_entry(inner, first_line)
    return Document(entry, text[closing.end() :], text.count("\n", 0, closing.end()) + 1)


def _json_document(text: str) -> Document:
    begin = len(text) - len(text.lstrip("\n"))
    if not re.match(r'\{\s*"', text[begin:]):
        return Document(Entry(), text, 1)
    entry, end = json_entry(text[begin : begin + LIMIT], begin + 1)
    return Document(entry, text[begin + end :], text.count("\n", 0, begin + end) + 1)
