"""Marking: pieces that make up the text again, never too long."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.search.highlight import FRAGMENT_CHARS, fragments, sample, spans, whole
from tests.search.documents import marked, plain

TEXT = " ".join(f"w{n}" for n in range(500))


def test_words_by_their_numbers() -> None:
    assert [TEXT[start:end] for start, end in spans(TEXT, sample(TEXT), [0, 33, 31, 499])] == [
        "w0",
        "w31",
        "w33",
        "w499",
    ]
    assert spans(TEXT, sample(TEXT), [-1, 500, 511, 9_999]) == []
    assert spans("", sample(""), [0]) == []


def test_whole() -> None:
    assert whole("One two three", sample("One two three"), [1]) == (
        ("One ", False),
        ("two", True),
        (" three", False),
    )
    assert whole("", [], []) == ()
    assert marked(whole("日本語", sample("日本語"), [0, 1])) == ["日本"]


def test_the_densest_places_are_shown_in_their_order() -> None:
    places = [(20, 0), (200, 0), (203, 1), (400, 0), (402, 1), (405, 2)]
    first, second = fragments(TEXT, sample(TEXT), places, 2)
    assert marked(first) == ["w200", "w203"]
    assert marked(second) == ["w400", "w402", "w405"]
    assert fragments(TEXT, sample(TEXT), places, 0) == ()
    assert fragments(TEXT, sample(TEXT), [], 2) == ()
    assert fragments(TEXT, sample(TEXT), [(501, 0)], 2) == ()


def test_a_text_without_spaces_is_cut_too() -> None:
    text = "語" * 3_000
    (fragment,) = fragments(text, sample(text), [(1_500, 0), (1_501, 0)], 1)
    assert marked(fragment) == ["語語"]
    assert len(plain(fragment)) < FRAGMENT_CHARS + 10


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 520), st.integers(0, 3)), max_size=20), st.integers(0, 3))
def test_fragments_are_of_the_text(places: list[tuple[int, int]], count: int) -> None:
    for fragment in fragments(TEXT, sample(TEXT), places, count):
        assert plain(fragment).removeprefix("… ").removesuffix(" …") in TEXT
        assert len(plain(fragment)) <= FRAGMENT_CHARS + 200
        assert set(marked(fragment)) <= {f"w{n}" for n, _ in places}
        assert all(one[1] != other[1] for one, other in pairwise(fragment))
