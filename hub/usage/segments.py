"""Stretches of a recording: checked, merged, measured. In seconds of the recording, to the millisecond."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hub.errors import Invalid
from hub.usage.values import is_number

Segment = tuple[float, float]

MOST = 500  # segments in one event
FURTHEST = 24 * 3600.0  # seconds; recordings of unknown length are taken to end here


def read(raw: object) -> tuple[Segment, ...]:
    """The segments a page sent, merged.

    Raises:
        Invalid: it is no list of [start, end], or one of them is below zero or runs backwards.
    """
    if not isinstance(raw, list) or len(raw) > MOST:
        raise Invalid("segments", f"Segments are a list of at most {MOST} pairs [start, end].")
    return merge(_pair(entry) for entry in raw)


def _pair(raw: object) -> Segment:
    if not isinstance(raw, list) or len(raw) != 2 or not all(is_number(value) for value in raw):
        raise Invalid("segments", "A segment is a pair of numbers [start, end], in seconds.")
    start, end = float(raw[0]), float(raw[1])
    if start < 0 or end < start:
        raise Invalid("segments", "A segment starts at 0 or later and does not end before it starts.")
    return round(start, 3), round(end, 3)


def merge(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The same stretches in order, with none that is empty and none that touches another."""
    merged: list[Segment] = []
    for start, end in sorted(segments):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def cut(segments: Sequence[Segment], length: float | None) -> tuple[Segment, ...]:
    """What of the segments lies within a recording of this length."""
    last = FURTHEST if length is None else length
    return merge((start, min(end, last)) for start, end in segments)


def total(segments: Iterable[Segment]) -> float:
    """How long merged segments are together."""
    return sum(end - start for start, end in segments)


def first(segments: Iterable[Segment], most: float) -> tuple[Segment, ...]:
    """The first so many seconds of merged segments."""
    left: list[Segment] = []
    for start, end in segments:
        if most <= 0:
            break
        left.append((start, round(min(end, start + most), 3)))
        most -= end - start
    return tuple(left)
