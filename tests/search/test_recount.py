"""Whatever the library, the query and the person: the numbers are those of a naive recount, and nothing invisible shows."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.search import Document, Engine, Note, Passage, Query, Results, Within, make_engine
from hub.search.folder_engine.matching import LEAST_SHARE, plenty
from hub.search.language import title_words
from tests.search.documents import DAY, document

# No two with one stem, and some near enough to be taken for each other.
WORDS = ("hipaa", "hippo", "price", "pride", "clinic", "comic", "churn", "quota", "zanzibar")
TOKENS = ("all", "t1", "t2", "u1", "staff")
FACETS = ("kind", "stage", "vertical", "owner", "state", "stars")

words = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
tokens = st.frozensets(st.sampled_from(TOKENS), max_size=3)


def values(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from([f"{name}{n}" for n in range(3)]), max_size=2, unique=True).map(tuple)


documents = st.builds(
    document,
    st.integers(1, 8),
    words,
    body=words,
    extra=words,
    passages=st.lists(st.builds(Passage, st.just(1), st.just("page"), st.just(""), words), max_size=2).map(
        tuple
    ),
    viewers=tokens,
    kind=st.sampled_from(["deck", "link"]),
    state=st.sampled_from(["published", "draft"]),
    owner=st.sampled_from(["u1", ""]),
    terms=st.fixed_dictionaries({"stage": values("stage"), "vertical": values("vertical")}),
)
changes = st.lists(st.lists(documents, max_size=5) | st.integers(1, 8), min_size=1, max_size=4)
filters = st.fixed_dictionaries(
    {},
    optional={
        "stars": st.sampled_from([("4",), ("3", "4")]),
        "stage": values("stage"),
        "kind": st.just(("deck",)),
        "vertical": values("vertical"),
    },
)
ids = st.frozensets(st.integers(1, 8), max_size=5)
# Each a key of one or two words, and one that leads in a circle.
SYNONYMS = {"quota": ("churn",), "price clinic": ("zanzibar",), "churn": ("quota", "comic")}


def within(wanted: frozenset[int]) -> Within:
    return lambda asked: np.isin(asked, list(wanted))


queries = st.builds(
    Query,
    st.lists(st.sampled_from([*WORDS, "hipaq", "zanzibat", "kind:deck", "-price"]), max_size=5).map(" ".join),
    tokens,
    filters,
    st.just(FACETS),
    within=st.none() | ids.map(within),
    since=st.none() | st.integers(1, 8).map(lambda day: DAY + timedelta(days=day)),
    synonyms=st.just({}) | st.just(SYNONYMS),
    pinned=ids.map(tuple),
    demoted=ids,
    exact=st.booleans(),
    without=st.just({})
    | st.fixed_dictionaries({"stage": values("stage")}, optional={"kind": st.just(("link",))}),
    unindexed=st.tuples(ids, ids).map(lambda two: {"stars": {"4": within(two[0]), "3": within(two[1])}}),
)


def text_of(one: Document) -> set[str]:
    return set(
        title_words(" ".join([one.title, one.body, one.extra, *(passage.text for passage in one.passages)]))
    )


def spellings(typed: list[str], synonyms: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
    """Each word with the words that are as good."""
    good = {word: {word} for word in typed}
    distinct = list(good)
    for key, others in synonyms.items():
        words = key.split()
        for at in range(len(distinct)):
            if distinct[at : at + len(words)] == words:
                for word in words:
                    good[word].update(others)
    return good


def recount(
    seen: list[Document], query: Query, results: Results
) -> tuple[set[int], Mapping[str, Mapping[str, int]]]:
    """Ids and counts, by looking at every document; which words were put right is taken from the results."""
    typed = [word for word in query.text.split() if ":" not in word]
    if "kind:deck" in query.text and not any(one.kind == "deck" for one in seen):
        typed += ["kind", "deck"]  # a value nobody sees is a word
    unwanted = {word[1:] for word in typed if word[0] == "-"}
    taken = [results.corrected.get(word, word) for word in typed if word[0] != "-"]
    good = spellings(taken, query.synonyms)
    wanted = set(taken)

    def has(one: Document, words: set[str]) -> int:
        return sum(bool(text_of(one) & good.get(word, {word})) for word in words)

    def left_out(one: Document) -> bool:
        return any(set(one.facet_values().get(f, ())) & set(v) for f, v in query.without.items())

    allowed = [d for d in seen if not text_of(d) & unwanted and not left_out(d)]
    enough = least(wanted, allowed, has)
    matching = [d for d in allowed if has(d, wanted) >= enough]
    assert set(results.dropped) == {word for word in wanted if not any(has(d, {word}) for d in matching)}
    ids = {d.id for d in matching} | {d.id for d in allowed if d.id in query.pinned}
    since = query.since or DAY
    bound = [d for d in allowed if d.id in ids and (d.published or d.updated) >= since]
    if query.within and bound:
        inside = query.within(np.array([d.id for d in bound]))
        bound = [d for d, is_in in zip(bound, inside.tolist(), strict=True) if is_in]

    def held_by(one: Document) -> dict[str, tuple[str, ...]]:
        stars = (value for value, holds in query.unindexed["stars"].items() if holds(np.array([one.id]))[0])
        return {**one.facet_values(), "stars": tuple(stars)}

    def passes(one: Document, without: str) -> bool:
        held = held_by(one)
        return all(set(held.get(f, ())) & set(v) for f, v in results.filters.items() if v and f != without)

    counts = {f: Counter(v for d in bound if passes(d, f) for v in held_by(d).get(f, ())) for f in FACETS}
    return {d.id for d in bound if passes(d, "")}, counts


def least(wanted: set[str], allowed: list[Document], has: Callable[[Document, set[str]], int]) -> int:
    """How many of the words a document must have: all; where too few have them all, so many that some have."""
    having = [has(one, wanted) for one in allowed]
    if having.count(len(wanted)) >= plenty(len(wanted)):
        return len(wanted)
    most = max(having, default=0)
    if len(wanted) <= 2:
        return len(wanted) and 1
    return max(1, min(most, 2) if len(wanted) == 3 else ceil(most * LEAST_SHARE))


@pytest.mark.parametrize("name", ["whoosh", "tantivy"])
@settings(max_examples=40, deadline=None)
@given(made=changes, asked=st.lists(queries, min_size=1, max_size=4))
def test_recount(name: str, made: list[list[Document] | int], asked: list[Query]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"{name}:{folder}", Path())
        held: dict[int, Document] = {}
        engine.rebuild([])
        for change in made:
            if isinstance(change, int):
                held.pop(change, None)
                engine.delete([change])
            else:
                held.update({one.id: one for one in change})
                engine.index(change)
        assert engine.count() == len(held)
        for query in asked:
            check(engine, list(held.values()), query)


def check(engine: Engine, held: list[Document], query: Query) -> None:
    seen = [one for one in held if one.viewers & query.viewers]
    results = engine.search(query)
    ids, counts = recount(seen, query, results)
    assert {hit.id for hit in results.hits} == ids
    assert (results.total, len(results.hits)) == (len(ids), len(ids))
    assert results.facets == counts
    if results.dropped and results.total:
        assert results.note in {Note.FEWER_WORDS, Note.MOST_WORDS}
    placed = [hit.id for hit in results.hits if hit.id in query.pinned]
    assert (
        placed
        == [id_ for id_ in query.pinned if id_ in placed]
        == [hit.id for hit in results.hits][: len(placed)]
    )
    ordinary = [hit.id not in query.demoted for hit in results.hits[len(placed) :]]
    assert ordinary == sorted(ordinary, reverse=True)
    visible_words = set().union(*map(text_of, seen))
    good = spellings(query.text.split(), query.synonyms)
    as_good = {word for word, others in good.items() if others & visible_words}
    assert set((results.did_you_mean or "").split()) <= visible_words | as_good
    for typed, word in results.corrected.items():
        assert not query.exact
        assert not visible_words & good[typed]
        assert word in visible_words
    for begun in ("h", "zan", "pri", "c"):
        suggested = {s.id for s in engine.suggest(begun, query.viewers)}
        assert suggested == {d.id for d in seen if any(w.startswith(begun) for w in title_words(d.title))}
