"""What a column may mean whose name says nothing to the hub: told by what stands in it, for the person to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Map
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import yaml

from hub.library.importing import table
from hub.library.importing.mapping import Mapping
from hub.library.importing.vocabulary import Vocabulary
from hub.library.kind_words import KIND_WORDS
from hub.library.models import FACETS
from hub.library.taxonomy import fold
from hub.media.kinds import NAMED

MOSTLY = 0.5  # of the different values of a column
SEVERAL = 2  # different values that have to fit: one alone is chance, unless nothing else stands there

_WEB = re.compile(r"https?://\S+")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def guessed(found: Map[str, Any], vocabulary: Vocabulary) -> dict[str, str]:
    """By column, the role that its values speak for: a facet, the kind, a file, a link, an owner. No role is given twice.

    `found`: what the worker saw of a collection (`looking`): keys, each with its different values.
    """
    seen = found.get("keys", [])
    spoken = {one["key"]: table.spoken(Mapping(), one["key"]) for one in seen}
    taken = set(spoken.values())
    made: dict[str, str] = {}
    for one in seen:
        if spoken[one["key"]]:
            continue
        role = _spoken_for(one.get("values", []), vocabulary, taken)
        if role:
            made[one["key"]] = role
            taken.add(role)
    return made


def text_of(guesses: Map[str, str]) -> str:
    """Guesses as the text of a mapping file."""
    if not guesses:
        return ""
    return yaml.safe_dump({"keys": {role: [key] for key, role in guesses.items()}}, allow_unicode=True)


def _spoken_for(values: list[str], vocabulary: Vocabulary, taken: set[str]) -> str:
    """The free role that most of some values fit, the first of several alike."""
    best, most = "", 0.0
    for role, fits in _tests(vocabulary):
        if role in taken:
            continue
        fitting = sum(map(fits, values))
        if fitting < SEVERAL and fitting < len(values):
            continue
        share = fitting / len(values) if values else 0
        if share >= MOSTLY and share > most:
            best, most = role, share
    return best


def _tests(vocabulary: Vocabulary) -> Iterable[tuple[str, Callable[[str], bool]]]:
    for facet in FACETS:
        yield facet, partial(_names, vocabulary, facet)
    yield "kind", lambda said: fold(said) in KIND_WORDS
    yield "file", _is_file
    yield "link", lambda said: _WEB.fullmatch(said) is not None
    yield "owner", lambda said: _MAIL.fullmatch(said) is not None


def _names(vocabulary: Vocabulary, facet: str, said: str) -> bool:
    return vocabulary.find(facet, said) is not None


def _is_file(said: str) -> bool:
    return PurePosixPath(said).suffix.lower().removeprefix(".") in NAMED and not _WEB.match(said)
