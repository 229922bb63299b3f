"""Every term there is or was, read once: what old addresses, forms and mappings mean by a key today."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from hub.db import fetch
from hub.library.models import FACETS, Term

_COLUMNS = (
    Term.id,
    Term.facet,
    Term.key,
    Term.label,
    Term.position,
    Term.retired_at,
    Term.removed_at,
    Term.merged_into_id,
    cast(Term.synonyms, String).label("synonyms"),
)
_EVERY = select(*_COLUMNS).order_by(Term.position, Term.id)
_read: WeakKeyDictionary[Any, tuple[Sequence[Any], Catalogue]] = WeakKeyDictionary()  # by engine


class Chip(NamedTuple):
    """A term as a list shows it: plain, for a page of results has some two hundred."""

    facet: str
    label: str


@dataclass(frozen=True)
class Catalogue:
    """The terms of a hub in the order of their facets, then their own; retired and merged ones too."""

    every: Sequence[Term]

    def offered(self) -> dict[str, list[Term]]:
        """What may be chosen anew, by facet."""
        return self._by_facet(term for term in self.every if term.retired_at is None)

    def shown(self) -> dict[str, list[Term]]:
        """What an asset may carry, by facet: retired ones too, after the others."""
        standing = [term for term in self.every if term.merged_into_id is None and term.removed_at is None]
        return self._by_facet(sorted(standing, key=lambda term: term.retired_at is not None))

    def choices(self, facet: str, chosen: str = "") -> list[tuple[str, str]]:
        """(key, label) of what a list can be narrowed by; also what an old address has chosen, with what became of it."""
        found = [
            (term.key, term.label) for term in self.every if term.facet == facet and term.retired_at is None
        ]
        was, term = self._by_key.get((facet, chosen)), self.find(facet, chosen)
        if was is not None and term is not None and was.retired_at is not None:
            became = ("removed" if term.removed_at else "retired") if term is was else f"now {term.label}"
            found.append((was.key, f"{was.label} ({became})"))
        return found

    def removed(self, facet: str) -> list[Term]:
        """What of a facet was removed, and can be brought back."""
        return [term for term in self.every if term.facet == facet and term.removed_at is not None]

    def merged(self) -> list[tuple[Term, Term]]:
        """What was merged, and into what it was."""
        return [(term, self.by_id[term.merged_into_id]) for term in self.every if term.merged_into_id]

    def find(self, facet: str, key: str) -> Term | None:
        """What a key means today."""
        term = self._by_key.get((facet, key))
        while term is not None and term.merged_into_id is not None:
            term = self.by_id[term.merged_into_id]
        return term

    def now(self, said: Iterable[str]) -> list[str]:
        """`facet:key` of each, as they are called today; unknown ones stay."""
        found = []
        for word in said:
            facet, _, key = word.partition(":")
            term = self.find(facet, key)
            found.append(f"{facet}:{term.key}" if term else word)
        return list(dict.fromkeys(found))

    def ids(self, ids: Iterable[int]) -> set[int]:
        """The ids of these terms, or of what they were merged into."""
        held = (self.by_id[term_id] for term_id in ids if term_id in self.by_id)
        return {term.merged_into_id or term.id for term in held}

    def keys(self, facet: str, key: str) -> tuple[str, ...]:
        """A key with those that were merged into it, which an index may still hold."""
        term = self.find(facet, key)
        if term is None:
            return (key,)
        return (term.key, *(old.key for old, into in self.merged() if into.id == term.id))

    def counted(self, facet: str, counts: Mapping[str, int]) -> dict[str, int]:
        """Counts by key, those of merged terms added to what they are now."""
        sums: dict[str, int] = {}
        for key, count in counts.items():
            name = self._keys_today.get((facet, key), key)
            sums[name] = sums.get(name, 0) + count
        return sums

    def told(self, said: Iterable[str]) -> list[str]:
        """A sentence for each of these terms that is no longer what it was when somebody chose it."""
        sentences = []
        for word in dict.fromkeys(said):
            facet, _, key = word.partition(":")
            was, term = self._by_key.get((facet, key)), self.find(facet, key)
            if was is None or term is None:
                continue
            if was is not term:
                sentences.append(f"“{was.label}” has been merged into “{term.label}”.")
            elif term.removed_at is not None:
                sentences.append(f"“{term.label}” was removed from the terms: nothing carries it.")
            elif term.retired_at is not None:
                sentences.append(
                    f"“{term.label}” is retired: what carries it keeps it, and nothing new is offered it."
                )
        return sentences

    @cached_property
    def _keys_today(self) -> dict[tuple[str, str], str]:
        return {pair: term.key for pair in self._by_key if (term := self.find(*pair))}

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Term]:
        return {(term.facet, term.key): term for term in self.every}

    @cached_property
    def by_id(self) -> Mapping[int, Term]:
        """Every term by its id."""
        return {term.id: term for term in self.every}

    @cached_property
    def chips(self) -> Mapping[int, tuple[int, Chip]]:
        """Each term by its id, with its place among those of an asset: in the order of the facets, then their own."""
        facets = list(FACETS)
        ordered = sorted(self.every, key=lambda term: facets.index(term.facet))
        return {term.id: (place, Chip(term.facet, term.label)) for place, term in enumerate(ordered)}

    @cached_property
    def labels(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """(key, label) of what an asset may carry, by facet."""
        return {
            facet: [(term.key, term.label + (" (retired)" if term.retired_at else "")) for term in terms]
            for facet, terms in self.shown().items()
        }

    @staticmethod
    def _by_facet(terms: Iterable[Term]) -> dict[str, list[Term]]:
        by_facet: dict[str, list[Term]] = {facet: [] for facet in FACETS}
        for term in terms:
            by_facet[term.facet].append(term)
        return by_facet


def catalogue(session: Session) -> Catalogue:
    """The terms of this hub."""
    return Catalogue(list(session.scalars(select(Term).order_by(Term.position, Term.id))))


def read_catalogue(session: Session) -> Catalogue:
    """The same for who only reads: kept for as long as no row has changed. Its terms belong to no session."""
    rows = fetch(session, _EVERY)
    kept = _read.get(session.get_bind())
    if kept is None or kept[0] != rows:
        kept = rows, Catalogue([_term(**row._mapping) for row in rows])  # noqa: SLF001 - its public name
        _read[session.get_bind()] = kept
    return kept[1]


def _term(synonyms: str, **columns: Any) -> Term:
    return Term(**columns, synonyms=json.loads(synonyms))
