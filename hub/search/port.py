"""The search port: what is put in, what is asked, what comes back. Every adapter passes tests/search/contract.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from hub.errors import Unavailable

Order = Literal["relevance", "newest", "title"]
#: A stretch of text and whether it matched. Never HTML: the template escapes the text and marks the matches.
Piece = tuple[str, bool]
Fragment = tuple[Piece, ...]
#: Asset ids (int64, one per matching document) in, one factor (float, around 1.0) per id out.
Boosts = Callable[[npt.NDArray[np.int64]], npt.NDArray[Any]]
Progress = Callable[[int], None]

#: Facets every document has; the others are the facets of the taxonomy, taken from `Document.terms`.
OWN_FACETS = ("kind", "state", "owner")
LIMIT_MOST = 200


class SearchUnavailable(Unavailable):
    """The index is missing, damaged, made by another version, or being written by another process."""

    code = "search_unavailable"


@dataclass(frozen=True, slots=True)
class Passage:
    """A slide, page, section or stretch of transcript that a search can land on; `start_s` in seconds. `part` says in which
    file of the document it is; it is handed back as it was given."""

    number: int
    kind: str
    title: str
    text: str
    start_s: float | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One asset as search sees it. Texts are plain, without markup. `viewers` are audience tokens ("all", "t7", "u12",
    "staff"); `terms` maps a facet of the taxonomy to the keys of its terms; `extra` is found but never shown
    (synonyms, labels of terms, names of people)."""

    id: int
    title: str
    kind: str
    state: str
    viewers: frozenset[str]
    updated: datetime
    summary: str = ""
    body: str = ""
    passages: tuple[Passage, ...] = ()
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extra: str = ""
    owner: str = ""
    published: datetime | None = None

    def facet_values(self) -> dict[str, tuple[str, ...]]:
        """Each facet of this document with its values, once each; the own facets have one value or none."""
        own = {"kind": (self.kind,), "state": (self.state,), "owner": (self.owner,)}
        merged = {**self.terms, **own}
        return {name: tuple(dict.fromkeys(v for v in values if v)) for name, values in merged.items()}


@dataclass(frozen=True, slots=True)
class Query:
    """A search. `viewers` are the tokens this person holds: a document is found only when it shares one, and with none
    nothing is found. `filters`: values OR within a facet, AND across facets."""

    text: str
    viewers: frozenset[str]
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    order: Order = "relevance"
    offset: int = 0
    limit: int = 20
    boosts: Boosts | None = None


class Note(Enum):
    """How the words were taken; the value is a sentence for the page."""

    ALL_WORDS = ""
    FEWER_WORDS = "Nothing has all of these words, so some were left out."
    ONLY_COMMON_WORDS = "These words are in almost every text. Add one that says what you are looking for."
    NO_WORDS = "There is no word to look for here. Type a word, or choose from the filters."
    NOTHING = "Nothing was found. Try other words, or remove a filter."


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage of a found document that has the words; `pieces` are a fragment of it."""

    number: int
    kind: str
    title: str
    pieces: Fragment
    start_s: float | None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found document: its whole title and up to two fragments of its text with the matches marked, best passages first."""

    id: int
    score: float
    title: Fragment
    highlights: tuple[Fragment, ...] = ()
    passages: tuple[PassageHit, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """What was found. `facets` counts each value under all the other facets' filters (so that a second value can be added);
    values without a document are left out. `filters` are those in force, chosen and typed. `dropped` are words left out
    because nothing visible has all; `common` words too common to look for; `cut` says the text had more words than are looked
    for; `did_you_mean` is a text of words that occur in documents this person may see."""

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: Note = Note.ALL_WORDS
    dropped: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    cut: bool = False
    did_you_mean: str | None = None
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A visible document whose title has the words begun."""

    id: int
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Health:
    """`needs_rebuild` asks the app to enqueue a rebuild; `message` says why and what to do; sizes in bytes."""

    ok: bool
    needs_rebuild: bool
    message: str
    documents: int = 0
    size: int = 0


class Engine(Protocol):
    """A search engine. Every method may raise `SearchUnavailable`, but `health` and `close`."""

    def index(self, documents: Iterable[Document]) -> None:
        """Put documents in, replacing those with the same id (the last one wins). Durable when it returns."""
        ...

    def delete(self, ids: Iterable[int]) -> None:
        """Take documents out; unknown ids are fine. Durable when it returns."""
        ...

    def search(self, query: Query) -> Results:
        """Never fails for what a person typed."""
        ...

    def suggest(self, text: str, viewers: frozenset[str], limit: int = 8) -> tuple[Suggestion, ...]:
        """Visible titles that have all the words, the last of which may be only begun."""
        ...

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> int:
        """Make the index anew from all documents (ids once each) beside the old one, then swap; how many went in.

        Searches keep answering from the old one. What `index` and `delete` are given meanwhile, by any process, is in the
        new one too. `progress` is called with the number of documents done."""
        ...

    def count(self) -> int:
        """How many documents are in."""
        ...

    def health(self) -> Health: ...

    def close(self) -> None: ...
