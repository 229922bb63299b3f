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

#: "value" is by `Query.value`: best rated, most used, trending.
Order = Literal["relevance", "newest", "title", "value"]
#: A stretch of text and whether it matched. Never HTML: the template escapes the text and marks the matches.
Piece = tuple[str, bool]
Fragment = tuple[Piece, ...]
#: Asset ids (int64, one per matching document) in, one factor (float, around 1.0) per id out.
Boosts = Callable[[npt.NDArray[np.int64]], npt.NDArray[Any]]
#: Asset ids (int64) in, whether each is wanted (bool) out. For what changes often and is not indexed: ratings, own use.
Within = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.bool_]]
#: A word or phrase → words or phrases that count as it. It holds in this direction alone.
Synonyms = Mapping[str, tuple[str, ...]]
#: Where in a document a word stands; "passage" also when in the title of one.
Place = Literal["title", "summary", "text", "passage", "extra"]
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
    (synonyms, labels of terms, names of people), but that a mistyped word may be put right to one of its words."""

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
    nothing is found. `filters`: values OR within a facet, AND across facets. `without`: facet → values that nothing found has,
    nor anything that is counted.

    `within` and `since` (published, else updated, not before that moment) hold for the total, the hits and every facet
    count. `within` is asked once, with the ids that match words, audience and `since`. Neither changes which words are left
    out.

    `unindexed` are facets that no document has: facet → its values → what each holds for. `filters` and `facets` may name them
    as any other; their values may overlap.

    `value` is asked for the order "value": larger first, then the newest, then the larger id; what is no number comes last.

    `synonyms`: where a typed word or phrase is a key (compared as terms: without case, accents, endings), documents with one
    of its synonyms match as well, and score no higher than the word itself would at that place. The words of a longer key
    count when typed side by side: a document has them all, or the synonym. Words typed with a minus have no synonyms.

    `pinned` ids count as found though they lack the words, in the total and the facets as well, when they may be seen, pass
    filters, `since` and `within`, and have nothing that was left out by a minus. By relevance they come first, in this order.
    `demoted` ids come last by relevance; what is in both is pinned.

    `exact`: look for the words as typed, correct none."""

    text: str
    viewers: frozenset[str]
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    order: Order = "relevance"
    offset: int = 0
    limit: int = 20
    boosts: Boosts | None = None
    within: Within | None = None
    since: datetime | None = None
    value: Boosts | None = None
    synonyms: Synonyms = field(default_factory=dict)
    pinned: tuple[int, ...] = ()
    demoted: frozenset[int] = frozenset()
    exact: bool = False
    unindexed: Mapping[str, Mapping[str, Within]] = field(default_factory=dict)
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Note(Enum):
    """How the words were taken; the value is a sentence for the page."""

    ALL_WORDS = ""
    FEWER_WORDS = "Nothing has all of these words, so some were left out."
    MOST_WORDS = "Little has all of these words, so what has most of them is here too."
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
class MatchedWord:
    """A word or phrase as it was typed, and where in the document it stands. `taken_as` is what stands there in its place,
    when it does not itself: the correction, or a synonym."""

    word: str
    where: tuple[Place, ...]
    taken_as: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found document: its whole title and up to two fragments of its text with the matches marked, best passages first.

    `text_score` is how well the text matches, 0 for a pinned document without the words; `score` is that times its boost.
    `matched` has the words that were looked for and stand in it, in the order typed."""

    id: int
    score: float
    title: Fragment
    highlights: tuple[Fragment, ...] = ()
    passages: tuple[PassageHit, ...] = ()
    text_score: float = 0.0
    matched: tuple[MatchedWord, ...] = ()
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """What was found. `facets` counts each value under all the other facets' filters (so that a second value can be added);
    values without a document are left out. `total` counts what matches: all words, or, as `note` says, enough of them; how many
    are enough depends on what may be seen, not on filters. `filters` are those in force, chosen and typed. `dropped` are words
    that nothing of this has; `common` words too common to look for; `cut` says the text had more words than are looked
    for.

    `corrected`: a typed word of four letters or more that stands, like its synonyms, in no document this person may see →
    the nearest word of such documents, which was looked for in its place: one edit away for four and five letters, two for
    more; never for words in quotes. `dropped` then has the word taken. `did_you_mean`, when nothing was corrected, is a text
    of words that occur in documents this person may see."""

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: Note = Note.ALL_WORDS
    dropped: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    cut: bool = False
    corrected: Mapping[str, str] = field(default_factory=dict)
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

    #: How many documents it is meant for; None when for any number.
    meant_for: int | None

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
