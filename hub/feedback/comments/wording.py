"""A comment's text in pieces: words, addresses to follow, people. The page escapes each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from hub.feedback.comments.models import CommentMention

# Without what turns the direction of a text or cannot be seen: an address is what it looks like.
_ADDRESS = re.compile(
    r"(?<!\w)https?://[^\s<>\"'`\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]{1,2000}", re.IGNORECASE
)
_TRAILING = ".,;:!?…*_"
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Piece:
    """`person`: the public id of whom it mentions; `href`: where it leads, outside the hub; else it is only words."""

    text: str
    href: str = ""
    person: str = ""


def pieces(text: str, mentions: Sequence[CommentMention]) -> Iterator[Piece]:
    """The text, piece by piece; put together again it is the same to the letter."""
    by_name = {f"@{mention.name}": mention.user.public_id for mention in mentions}
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    pattern = re.compile(
        rf"{_ADDRESS.pattern}|(?<!\w)(?:{names})(?!\w)" if names else _ADDRESS.pattern, re.IGNORECASE
    )
    at = 0
    for match in pattern.finditer(text):
        said = match.group()
        person = by_name.get(said, "")
        href = "" if person else followed(said)
        if not person and not href:
            continue
        if match.start() > at:
            yield Piece(text[at : match.start()])
        shown = said if person else href
        yield Piece(shown, href, person)
        at = match.start() + len(shown)
    if at < len(text):
        yield Piece(text[at:])


def followed(said: str) -> str:
    """The part of what looks like an address that is one: without the stop after it; empty when it leads nowhere."""
    while said and (said[-1] in _TRAILING or _unpaired(said)):
        said = said[:-1]
    try:
        parts = urlsplit(said)
        return said if parts.scheme.lower() in {"http", "https"} and parts.hostname else ""
    except ValueError:
        return ""


def _unpaired(said: str) -> bool:
    """Whether it ends in a bracket that was opened before it."""
    opening = _PAIRS.get(said[-1])
    return opening is not None and said.count(said[-1]) > said.count(opening)
