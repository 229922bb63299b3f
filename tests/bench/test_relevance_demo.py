"""The demo library's judged queries: that they are what they should be. How well they are answered, `bench/relevance_demo.py` says."""

from __future__ import annotations

from collections import Counter

from bench import relevance_demo
from hub.library.models import State
from hub.operations.demo.content import entries


def test_the_judged_queries_are_of_every_sort_and_about_what_a_rep_may_find() -> None:
    queries, qrels = relevance_demo.judged()
    sorts = Counter(query.partition("-")[0] for query in queries)
    assert len(queries) == sum(sorts.values()) == 60
    assert sorts["typo"] >= 12
    assert sorts["synonym"] >= 12
    assert set(qrels) == set(queries)
    found = {
        entry.key
        for entry in entries()
        if entry.state is State.PUBLISHED and "Enterprise" in (entry.teams or ("Enterprise",))
    }
    for grades in qrels.values():
        assert set(grades) <= found
        assert set(grades.values()) <= {1, 2, 3}
        assert max(grades.values()) == 3


def test_a_run_is_told_by_sorts_of_query_and_misses_below_the_target() -> None:
    qrels = relevance_demo.judged()[1]
    perfect = {query: {key: float(grade) for key, grade in grades.items()} for query, grades in qrels.items()}
    told = relevance_demo.figures(perfect)
    assert (told[0].value, told[0].missed) == (1, False)
    assert [figure.value for figure in told if " of typo," in figure.name] == [1]
    half = {query: found for number, (query, found) in enumerate(perfect.items()) if number % 2}
    assert relevance_demo.figures(half)[0].missed
    lines = relevance_demo.each(half | {"typo-01": {}})
    assert "helthcare" in "".join(lines)
