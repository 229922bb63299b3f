from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Invalid
from hub.usage import people, segments, watched
from hub.usage.events import KINDS

PAIRS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: [min(pair), max(pair)]), max_size=8
)


def seconds_of(pairs: list[list[int]], last: int = 60) -> set[int]:
    return {second for start, end in pairs for second in range(start, min(end, last))}


@given(PAIRS)
def test_merged_segments_hold_each_second_once(pairs: list[list[int]]) -> None:
    merged = segments.read(pairs)
    assert segments.total(merged) == len(seconds_of(pairs))
    assert list(merged) == sorted(merged)
    assert all(before[1] < after[0] for before, after in pairwise(merged))


@given(PAIRS, st.integers(1, 60))
def test_what_lies_beyond_the_end_is_cut(pairs: list[list[int]], length: int) -> None:
    assert segments.total(segments.cut(segments.read(pairs), length)) == len(seconds_of(pairs, length))


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "0-5",
        [[0]],
        [[0, 1, 2]],
        [["0", 5]],
        [[True, 5]],
        [[-1, 5]],
        [[9, 5]],
        [[0, float("nan")]],
        [[0, float("inf")]],
        [[0, 10**400]],
        [[0, 1]] * 501,
    ],
)
def test_what_is_no_stretch_of_a_recording_is_refused(raw: object) -> None:
    with pytest.raises(Invalid) as refused:
        segments.read(raw)
    assert refused.value.field == "segments"


@given(st.lists(st.tuples(st.integers(1, 9000), st.sampled_from(KINDS)), max_size=40))
def test_people_are_counted_exactly(members: list[tuple[int, str]]) -> None:
    everybody = {user for user, _ in members}
    whole = people.unite(people.unpack(people.pack(people.member(user))) for user, _ in members)
    assert people.count(whole) == len(everybody)
    assert list(people.ids(whole)) == sorted(everybody)
    by_kind: dict[str, int] = {}
    for user, kind in members:
        by_kind[kind] = by_kind.get(kind, 0) | people.member(user)
    assert people.unpack_by_name(people.pack_by_name(by_kind)) == by_kind


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=6),
    st.integers(1, 400).map(lambda tenths: tenths * 100),
)
def test_a_part_is_watched_when_its_middle_was(pairs: list[tuple[int, int]], length: int) -> None:
    """Recounted with fractions, part by part; all in milliseconds."""
    stretches = [(low * 100, high * 100) for low, high in map(sorted, pairs)]
    mask = watched.parts_of(stretches, length)
    for part in range(100):
        middle = Fraction(2 * part + 1, 200) * length
        assert bool(mask >> part & 1) == any(start <= middle < end for start, end in stretches)
    assert mask < 1 << 100
    assert watched.parts_of([(0, length)], length) == (1 << 100) - 1
    assert watched.unpack(watched.pack({7: mask, 70_000: 1})) == {7: mask, 70_000: 1}
