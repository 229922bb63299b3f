"""The page of results asked for: which of the found documents, in what order, and as what they are shown."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hub.search.folder_engine.columns import Floats, Ints
from hub.search.folder_engine.matching import WHOLE_WEIGHT, Match
from hub.search.folder_engine.showing import Shot, hits
from hub.search.folder_engine.snapshot import Snapshot
from hub.search.port import LIMIT_MOST, Boosts, Hit, Query


def page(snapshot: Snapshot, documents: Ints, matched: Match, query: Query) -> tuple[Hit, ...]:
    """Of equals the newest comes first, then the larger id."""
    first, last = max(0, query.offset), max(0, query.offset) + min(max(0, query.limit), LIMIT_MOST)
    if not len(documents) or first == last:
        return ()
    if query.order == "relevance":
        factors = _factors(snapshot, documents, query.boosts)
        near, scored = _by_relevance(snapshot, documents, factors, matched, query, last)
        chosen = _first(snapshot, near, scored, last, _places(snapshot, near, query))[first:]
        factors = factors[np.searchsorted(documents, near[chosen])]
        documents, scored = near[chosen], scored[chosen]
        # To be asked once more takes as long as all the rest: only where a factor of 0 has left nothing to divide.
        text_scored = scored / factors if factors.all() else _text_scores(snapshot, documents, matched)
    else:
        documents = documents[_first(snapshot, documents, _rising(snapshot, documents, query), last)][first:]
        text_scored = _text_scores(snapshot, documents, matched)
        scored = text_scored * _factors(snapshot, documents, query.boosts)
    pinned = np.isin(snapshot.keys[documents], query.pinned)
    columns = (documents.tolist(), scored.tolist(), text_scored.tolist(), pinned.tolist())
    return hits(snapshot, matched.units, [Shot(*shot) for shot in zip(*columns, strict=True)])


def _by_relevance(
    snapshot: Snapshot, documents: Ints, factors: Floats, matched: Match, query: Query, last: int
) -> tuple[Ints, Floats]:
    """Documents with their scores: all that can be among the first `last`."""
    # What is pinned need not have the words; the engine is asked for the others.
    pinned = np.isin(snapshot.keys[documents], query.pinned) if query.pinned else None
    if not matched.units:
        return documents, matched.mask[documents] * factors
    if pinned is None or not pinned.any():
        boosts = None if query.boosts is None else factors
        return _best(snapshot, matched, documents, boosts, last + len(query.demoted))
    others, scored = _best(snapshot, matched, documents[~pinned], factors[~pinned], last + len(query.demoted))
    first = documents[pinned]
    return np.append(first, others), np.append(
        _text_scores(snapshot, first, matched) * factors[pinned], scored
    )


def _best(
    snapshot: Snapshot, matched: Match, documents: Ints, factors: Floats | None, most: int
) -> tuple[Ints, Floats]:
    if matched.whole is not None:
        weights = np.where(matched.whole[documents], WHOLE_WEIGHT, 1.0)
        factors = weights if factors is None else weights * factors
    return snapshot.best(matched.units, documents, factors, most)


def _text_scores(snapshot: Snapshot, documents: Ints, matched: Match) -> Floats:
    """How well the text of each matches."""
    having = matched.mask[documents]
    scored = having.astype(np.float64)
    if matched.units and having.any():
        asked = np.sort(documents[having])
        found, score = _best(snapshot, matched, asked, None, len(asked))
        by_document = dict(zip(found.tolist(), score.tolist(), strict=True))
        scored = np.array([by_document.get(n, 0.0) for n in documents.tolist()])
    return scored


def _factors(snapshot: Snapshot, documents: Ints, boosts: Boosts | None) -> Floats:
    if boosts is None or not len(documents):
        return np.ones(len(documents))
    return np.asarray(boosts(snapshot.keys[documents]), np.float64)


def _rising(snapshot: Snapshot, documents: Ints, query: Query) -> Floats:
    """A number for each document, the larger the earlier it comes."""
    if query.order == "title":
        return -snapshot.title_ranks[documents].astype(np.float64)
    if query.order == "value" and query.value is not None:
        return np.asarray(query.value(snapshot.keys[documents]), np.float64)
    return snapshot.stamps[documents]


def _places(snapshot: Snapshot, documents: Ints, query: Query) -> npt.NDArray[np.int64] | None:
    """Below 0 what is pinned, above 0 what is demoted; None when nothing is."""
    if not query.pinned and not query.demoted:
        return None
    ids = snapshot.keys[documents]
    places = np.isin(ids, list(query.demoted)).astype(np.int64)
    pinned = list(dict.fromkeys(query.pinned))
    for place, id_ in enumerate(pinned, -len(pinned)):
        places[ids == id_] = place
    return places


def _first(
    snapshot: Snapshot, documents: Ints, rising: Floats, last: int, places: Ints | None = None
) -> Ints:
    """The rows of the first `last` documents, in order."""
    rising = np.where(np.isnan(rising), -np.inf, rising)
    rows = np.arange(len(documents))
    if len(rows) > 4 * last:
        # Sorting all would take longer than all the rest: only those that can be on this page are sorted.
        whole = rising
        if places is not None:
            whole = np.where(places < 0, np.inf, np.where(places > 0, -np.inf, rising))
        rows = np.flatnonzero(whole >= np.partition(whole, -last)[-last])
    keys = [-snapshot.keys[documents[rows]], -snapshot.stamps[documents[rows]], -rising[rows]]
    if places is not None:
        keys.append(places[rows])
    return rows[np.lexsort(keys)][:last]
