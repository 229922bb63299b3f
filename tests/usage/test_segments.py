from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Invalid
from hub.usage import people, segments
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


@given(st.lists(st.tuples(st.integers(1, 700), st.sampled_from(KINDS)), max_size=40))
def test_people_are_counted_exactly(members: list[tuple[int, str]]) -> None:
    packed = [people.pack(people.member(user, kind)) for user, kind in members]
    united = people.unite(people.unpack(one) for one in packed)
    assert people.count(united) == len({user for user, _ in members})
    for kind in KINDS:
        assert people.count(united, kind) == len({user for user, done in members if done == kind})
