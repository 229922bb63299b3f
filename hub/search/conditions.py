"""Conditions in the box: `name:value`, with or without a minus, told from the words around them. Knows no engine and no names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from hub.search.typed import plain_quotes

_VALUE = re.compile(r'"([^"]*)"?|([^\s,"]+)')


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its name in lower case, its values without quotes, `-` or nothing, and all of it as typed (`said`: what
    stands after the colon)."""

    name: str
    values: tuple[str, ...]
    excluded: bool
    text: str
    said: str


def taken_apart(text: str, names: Iterable[str]) -> list[str | Condition]:
    """The words and, in their places, the conditions of these names. What is quoted is words; an open quote runs to the end."""
    text = plain_quotes(text)
    pieces: list[str | Condition] = []
    at = 0
    for match in _pattern(tuple(names)).finditer(text):
        if match["name"] is None:
            continue
        pieces += text[at : match.start()].split() and [text[at : match.start()]]
        at = match.end()
        values = (quoted or plain for quoted, plain in _VALUE.findall(match["said"]))
        pieces.append(
            Condition(
                match["name"].lower(),
                tuple(value.strip() for value in values if value.strip()),
                bool(match["minus"]),
                match[0],
                match["said"],
            )
        )
    pieces += text[at:].split() and [text[at:]]
    return pieces


def together(pieces: Iterable[str | Condition]) -> str:
    """A box that says these."""
    texts = (piece if isinstance(piece, str) else piece.text for piece in pieces)
    return " ".join(" ".join(texts).split())


@lru_cache(maxsize=8)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        rf'"[^"]*"|(?<!\S)(?P<minus>[-−]?)(?P<name>{"|".join(names)}):(?P<said>(?:"[^"]*"?|[^\s"])*)',
        re.IGNORECASE,
    )
