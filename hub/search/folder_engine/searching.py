"""From a query to results, on one snapshot."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hub.search.folder_engine.columns import Floats, Ints, Mask
from hub.search.folder_engine.matching import Match, match
from hub.search.folder_engine.showing import hit
from hub.search.folder_engine.snapshot import Snapshot
from hub.search.folder_engine.spelling import did_you_mean
from hub.search.language import Parsed, TypedFilter, Unit, fold, parse
from hub.search.port import LIMIT_MOST, Note, Query, Results

Filters = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A parsed query after its typed filters were held against what the person may see."""

    units: tuple[Unit, ...]
    excluded: tuple[Unit, ...]
    filters: Filters
    without: Filters


def run(snapshot: Snapshot, query: Query) -> Results:
    """Raises `Damaged`."""
    began = time.perf_counter()
    visible = snapshot.visible(query.viewers)
    parsed = parse(query.text)
    wanted = _resolve(snapshot, visible, parsed, query.filters)
    if _says_nothing(parsed, wanted):
        note = Note.ONLY_COMMON_WORDS if parsed.common else Note.NO_WORDS
        return Results(
            note=note, filters=wanted.filters, common=parsed.common, cut=parsed.cut, took_ms=_since(began)
        )
    found = match(snapshot, _without(snapshot, visible, wanted.without), wanted.units, wanted.excluded)
    filters = {name: _having(snapshot, name, values) for name, values in wanted.filters.items()}
    mask = np.logical_and.reduce([found.mask, *filters.values()])
    order, scored = _ordered(snapshot, mask, found, query)
    total = int(mask.sum())
    return Results(
        total=total,
        hits=tuple(
            hit(snapshot, int(n), float(score), found.units) for n, score in zip(order, scored, strict=True)
        ),
        facets={name: _counts(snapshot, name, found.mask, filters) for name in query.facets},
        filters=wanted.filters,
        note=found.note if total else Note.NOTHING,
        dropped=tuple(unit_match.unit.text for unit_match in found.dropped),
        common=parsed.common,
        cut=parsed.cut,
        did_you_mean=did_you_mean(snapshot, visible, wanted.units, found.missing),
        took_ms=_since(began),
    )


def _resolve(
    snapshot: Snapshot, visible: Mask, parsed: Parsed, chosen: Mapping[str, tuple[str, ...]]
) -> Wanted:
    """Typed filters join the chosen ones; those whose facet or value no visible document has are taken as words."""
    units, excluded = list(parsed.units), list(parsed.excluded)
    filters: Filters = {name: tuple(values) for name, values in chosen.items() if values}
    without: Filters = {}
    for typed in parsed.filters:
        values = _known_values(snapshot, visible, typed)
        if values:
            into = without if typed.excluded else filters
            into[typed.facet] = tuple(dict.fromkeys((*into.get(typed.facet, ()), *values)))
        else:
            (excluded if typed.excluded else units).extend(typed.words)
    return Wanted(tuple(dict.fromkeys(units)), tuple(dict.fromkeys(excluded)), filters, without)


def _known_values(snapshot: Snapshot, visible: Mask, typed: TypedFilter) -> tuple[str, ...]:
    """The facet's values that were typed, in any spelling: "Sound bite" is sound-bite. None unless all are known."""
    column = snapshot.facets.get(typed.facet)
    if column is None:
        return ()
    known = {_plain(value): value for value in column.counts(visible)}
    values = tuple(known.get(_plain(value), "") for value in typed.values)
    return values if all(values) else ()


def _plain(value: str) -> str:
    return "".join(char for char in fold(value) if char.isalnum())


def _says_nothing(parsed: Parsed, wanted: Wanted) -> bool:
    return not (parsed.browse or wanted.units or wanted.excluded or parsed.filters)


def _having(snapshot: Snapshot, name: str, values: tuple[str, ...]) -> Mask:
    column = snapshot.facets.get(name)
    return column.having(values, snapshot.size) if column else np.zeros(snapshot.size, np.bool_)


def _without(snapshot: Snapshot, visible: Mask, without: Filters) -> Mask:
    for name, values in without.items():
        visible = visible & ~_having(snapshot, name, values)
    return visible


def _counts(snapshot: Snapshot, name: str, mask: Mask, filters: dict[str, Mask]) -> dict[str, int]:
    column = snapshot.facets.get(name)
    if column is None:
        return {}
    return column.counts(
        np.logical_and.reduce([mask, *(other for key, other in filters.items() if key != name)])
    )


def _ordered(snapshot: Snapshot, mask: Mask, found: Match, query: Query) -> tuple[Ints, Floats]:
    """The documents of the page asked for, in order, with their scores."""
    documents = np.flatnonzero(mask)
    first, last = max(0, query.offset), max(0, query.offset) + min(max(0, query.limit), LIMIT_MOST)
    if not len(documents) or first == last:
        return documents[:0], np.zeros(0)
    factors = None if query.boosts is None else np.asarray(query.boosts(snapshot.keys[documents]), np.float64)
    score = np.ones(len(documents)) if factors is None else factors
    if query.order == "relevance" and found.units:
        documents, score = snapshot.best(found.units, documents, factors, last)
    keys: list[Ints | Floats] = [-snapshot.keys[documents], -snapshot.stamps[documents]]
    if query.order == "relevance":
        keys.append(-score)
    elif query.order == "title":
        keys.append(snapshot.title_ranks[documents])
    order = np.lexsort(keys)[first:last]
    return documents[order], score[order]


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
