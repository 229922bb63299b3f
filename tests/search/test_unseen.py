"""What a person is answered is what it would be if the documents they may not see did not exist."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.search import Document, Engine, Note, Query, make_engine
from tests.search.test_recount import WORDS, documents, queries

#: Near to words of the library, begun, and whole.
BEGUN = ("h", "hip", "zan", "pri", "c", "quota ", "hipaa pri")
libraries = st.lists(documents, max_size=8, unique_by=lambda one: one.id)
# Some stand in one document alone, so that it is the only source of a correction.
marks = st.lists(st.sampled_from(["contract", "contrast", "forecast"]), max_size=8)
asked = st.lists(
    queries
    | st.builds(
        lambda query, word: replace(query, text=word), queries, st.sampled_from(["contrasd", "forecart"])
    ),
    min_size=1,
    max_size=4,
)


def answered(engine: Engine, query: Query) -> dict[str, object]:
    """All that is told, but scores and their order: a rare word counts more, and how rare it is the whole library says."""
    results = engine.search(query)
    told: dict[str, object] = {
        "corrected": results.corrected,
        "did you mean": results.did_you_mean,
        "filters": results.filters,
        "common": results.common,
    }
    # Which of several words may be lacking goes by how telling they are, hence by rarity as well.
    alone = Query(query.text, query.viewers, synonyms=query.synonyms, exact=query.exact)
    if engine.search(alone).note is Note.ALL_WORDS:
        hits = sorted(results.hits, key=lambda hit: hit.id)
        told |= {
            "total": results.total,
            "facets": results.facets,
            "note": results.note,
            "hits": [(hit.id, hit.title, hit.highlights, hit.matched, hit.pinned) for hit in hits],
        }
    return told


@pytest.mark.parametrize("name", ["whoosh", "tantivy"])
@settings(max_examples=20, deadline=None)
@given(library=libraries, marked=marks, asked_for=asked)
def test_what_is_invisible_changes_nothing(
    name: str, library: list[Document], marked: list[str], asked_for: list[Query]
) -> None:
    library = [
        replace(one, body=f"{one.body} {marked[n]}" if n < len(marked) else one.body)
        for n, one in enumerate(library)
    ]
    with tempfile.TemporaryDirectory() as folder:
        whole = make_engine(name, Path(folder, "whole"))
        whole.rebuild(library)
        for number, query in enumerate(asked_for):
            seen = make_engine(name, Path(folder, f"seen{number}"))
            seen.rebuild([one for one in library if one.viewers & query.viewers])
            assert answered(whole, query) == answered(seen, query)
            newest = replace(query, order="newest", text=WORDS[number])
            in_order = [[hit.id for hit in engine.search(newest).hits] for engine in (whole, seen)]
            assert in_order[0] == in_order[1]
            for begun in BEGUN:
                assert whole.suggest(begun, query.viewers) == seen.suggest(begun, query.viewers)
