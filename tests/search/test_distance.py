"""Distances of words, all at once and one by one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.search.distance import CHARS_MOST, Words, edits, edits_to


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("price", "price", 0),
        ("price", "prices", 1),
        ("pirce", "price", 1),
        ("prc", "price", 2),
        ("", "ab", 2),
        ("ca", "abc", 3),
    ],
)
def test_edits(one: str, other: str, distance: int) -> None:
    assert edits(one, other) == edits(other, one) == distance


def test_no_words_and_words_too_long_to_compare() -> None:
    assert edits_to("price", Words([]), 2).tolist() == []
    assert Words(["", "x" * (CHARS_MOST + 1), "ok"]).words == ["ok"]


letters = st.text("abcé語", max_size=7)


@settings(max_examples=150, deadline=None)
@given(letters.filter(bool), st.lists(letters, max_size=6), st.integers(0, 4))
def test_all_at_once_is_as_one_by_one(typed: str, others: list[str], most: int) -> None:
    words = Words(others)
    expected = [edits(typed, word) for word in words.words]
    told = edits_to(typed, words, most).tolist()
    assert [min(distance, most + 1) for distance in told] == [
        min(distance, most + 1) for distance in expected
    ]
