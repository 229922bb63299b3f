"""From a query to results, on one snapshot."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hub.search.folder_engine.columns import Mask, Selection
from hub.search.folder_engine.matching import Match, match
from hub.search.folder_engine.paging import page
from hub.search.folder_engine.phrases import standing
from hub.search.folder_engine.snapshot import Snapshot, UnitMatch
from hub.search.folder_engine.spelling import corrections, did_you_mean
from hub.search.language import fold
from hub.search.port import Note, Query, Results
from hub.search.typed import Parsed, TypedFilter, Unit, parse, put_right, with_synonyms

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
    wanted = _resolve(snapshot, visible, parsed, query)
    allowed = _allowed(snapshot, visible, wanted)
    says_nothing = _says_nothing(parsed, wanted)
    nothing = Taken(Match(np.zeros_like(allowed)))
    taken = nothing if says_nothing else _taken(snapshot, visible, allowed, wanted.units, query)
    matched = taken.matched
    bound = _bound(snapshot, matched.mask | _pinned(snapshot, allowed, query), query)
    unindexed = _unindexed(snapshot, bound, query)
    filters = {
        name: _any_of(unindexed[name], values, bound)
        if name in unindexed
        else _having(snapshot, name, values)
        for name, values in wanted.filters.items()
    }
    found = Selection(np.logical_and.reduce([bound, *filters.values()]))
    documents = np.flatnonzero(found.mask)
    note = matched.note if len(documents) else Note.NOTHING
    if says_nothing:
        note = Note.ONLY_COMMON_WORDS if parsed.common else Note.NO_WORDS
    return Results(
        total=len(documents),
        hits=page(snapshot, documents, matched, query),
        facets={
            name: _counts(
                snapshot,
                name,
                _without(name, bound, filters) if name in filters else found,
                unindexed.get(name),
            )
            for name in query.facets
        },
        filters=wanted.filters,
        note=note,
        dropped=tuple(unit_match.unit.text for unit_match in matched.dropped),
        common=parsed.common,
        cut=parsed.cut,
        corrected=taken.corrected,
        did_you_mean=taken.did_you_mean,
        took_ms=(time.perf_counter() - began) * 1000,
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What matches, after words that stand nowhere were put right."""

    matched: Match
    corrected: Mapping[str, str] = field(default_factory=dict)
    did_you_mean: str | None = None


def _taken(snapshot: Snapshot, visible: Mask, allowed: Mask, units: tuple[Unit, ...], query: Query) -> Taken:
    """Words that stand in no visible document are looked for as the nearest that does, or that one is proposed."""

    def find(units: tuple[Unit, ...]) -> tuple[UnitMatch, ...]:
        return tuple(snapshot.find(unit) for unit in with_synonyms(units, query.synonyms))

    found = find(units)
    matched = match(snapshot, found, allowed)
    missing = (
        unit
        for unit, unit_match in zip(units, found, strict=True)
        if unit_match.unit in matched.missing and not (unit_match.mask & visible).any()
    )
    near = corrections(snapshot, visible, missing) if matched.missing else {}
    taken = {} if query.exact else {unit: word for unit, word in near.items() if word and not unit.quoted}
    if not taken:
        return Taken(matched, did_you_mean=did_you_mean(units, near))
    matched = match(snapshot, find(put_right(units, taken)), allowed)
    return Taken(matched, {unit.text: word for unit, word in taken.items()})


def _resolve(snapshot: Snapshot, visible: Mask, parsed: Parsed, query: Query) -> Wanted:
    """Typed filters join the chosen ones; those whose facet or value no visible document has are taken as words."""
    units, excluded = list(parsed.units), list(parsed.excluded)
    filters: Filters = {name: tuple(values) for name, values in query.filters.items() if values}
    without: Filters = {name: tuple(values) for name, values in query.without.items()}
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
    known = {_plain(value): value for value in column.counts(Selection(visible))}
    values = tuple(known.get(_plain(value), "") for value in typed.values)
    return values if all(values) else ()


def _plain(value: str) -> str:
    return "".join(char for char in fold(value) if char.isalnum())


def _says_nothing(parsed: Parsed, wanted: Wanted) -> bool:
    return not (parsed.browse or wanted.units or wanted.excluded or parsed.filters)


def _having(snapshot: Snapshot, name: str, values: tuple[str, ...]) -> Mask:
    column = snapshot.facets.get(name)
    return column.having(values) if column else np.zeros(snapshot.size, np.bool_)


def _allowed(snapshot: Snapshot, visible: Mask, wanted: Wanted) -> Mask:
    """What may be seen, without what was left out by a minus."""
    allowed = visible.copy()
    for name, values in wanted.without.items():
        allowed &= ~_having(snapshot, name, values)
    for unit in wanted.excluded:
        allowed &= ~standing(snapshot, snapshot.find(unit), allowed)
    return allowed


def _pinned(snapshot: Snapshot, allowed: Mask, query: Query) -> Mask:
    return np.isin(snapshot.keys, query.pinned) & allowed if query.pinned else np.zeros_like(allowed)


def _bound(snapshot: Snapshot, mask: Mask, query: Query) -> Mask:
    """Under `since` and `within`."""
    if query.since is not None:
        mask &= snapshot.stamps >= query.since.timestamp()
    if query.within is not None and mask.any():
        mask[mask] = np.asarray(query.within(snapshot.keys[mask]), np.bool_)
    return mask


def _unindexed(snapshot: Snapshot, bound: Mask, query: Query) -> dict[str, dict[str, Mask]]:
    """Of each facet that is asked for and not in the index, which of the documents have each of its values."""
    documents = np.flatnonzero(bound)
    found: dict[str, dict[str, Mask]] = {}
    for name, values in query.unindexed.items():
        if name in query.facets or query.filters.get(name):
            found[name] = {value: np.zeros_like(bound) for value in values}
            for value, holds in values.items():
                found[name][value][documents] = holds(snapshot.keys[documents])
    return found


def _any_of(masks: Mapping[str, Mask], values: tuple[str, ...], bound: Mask) -> Mask:
    chosen = [masks[value] for value in values if value in masks]
    return np.asarray(np.logical_or.reduce([np.zeros_like(bound), *chosen]))


def _without(name: str, bound: Mask, filters: dict[str, Mask]) -> Selection:
    """What is found under all filters but this."""
    others = (mask for key, mask in filters.items() if key != name)
    return Selection(np.logical_and.reduce([bound, *others]))


def _counts(
    snapshot: Snapshot, name: str, some: Selection, unindexed: Mapping[str, Mask] | None
) -> dict[str, int]:
    if unindexed is not None:
        counts = {value: int(np.count_nonzero(some.mask & having)) for value, having in unindexed.items()}
        return {value: count for value, count in counts.items() if count}
    column = snapshot.facets.get(name)
    return column.counts(some) if column else {}
