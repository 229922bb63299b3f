"""Events for tests: strategies that make them, and a recount from the raw events that shares no code with the hub."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from hub.usage.models import UsageEvent

KINDS = ("opened", "played", "copied", "downloaded")


@dataclass(frozen=True)
class Sample:
    """An event as a test wants it: `asset` and `user` are places in a list, `age` is in hours."""

    asset: int
    user: int
    kind: str
    age: float
    own: bool
    machine: bool
    dwell: int = 0
    segments: tuple[tuple[int, int], ...] = ()
    sitting: int | None = None


@st.composite
def samples(draw: st.DrawFn, assets: int = 3, users: int = 4, oldest: float = 800 * 24) -> Sample:
    kind = draw(st.sampled_from(KINDS))
    start, length = st.integers(0, 40), st.integers(1, 30)
    stretch = st.tuples(start, length).map(lambda pair: (pair[0], pair[0] + pair[1]))
    played = kind == "played"
    return Sample(
        asset=draw(st.integers(0, assets - 1)),
        user=draw(st.integers(0, users - 1)),
        kind=kind,
        age=draw(st.one_of(st.floats(0, min(oldest, 72)), st.floats(0, oldest))),
        own=draw(st.integers(0, 9)) == 0,
        machine=draw(st.integers(0, 9)) == 0,
        dwell=draw(st.integers(0, 300)) if kind == "opened" else 0,
        segments=tuple(draw(st.lists(stretch, min_size=1, max_size=3))) if played else (),
        sitting=draw(st.one_of(st.none(), st.integers(0, 1))) if played else None,
    )


def store(
    session: Session,
    found: Iterable[Sample],
    assets: Sequence[int],
    users: Sequence[int],
    moment: datetime,
    received: datetime | None = None,
) -> None:
    """Put samples into the table, as they would have come in."""
    rows = [_row(sample, assets, users, moment, received) for sample in found]
    if rows:
        session.execute(insert(UsageEvent), rows)


def _row(
    sample: Sample, assets: Sequence[int], users: Sequence[int], moment: datetime, received: datetime | None
) -> dict[str, Any]:
    at = moment - timedelta(hours=sample.age)
    data: dict[str, Any] = {}
    if sample.kind == "opened" and sample.dwell:
        data["dwell"] = float(sample.dwell)
    if sample.kind == "played":
        data = {"segments": [list(pair) for pair in sample.segments], "speed": 1.0}
        if sample.sitting is not None:
            data["sitting"] = f"sitting-{sample.sitting}"
    return {
        "client_id": str(uuid.uuid4()),
        "kind": sample.kind,
        "at": at,
        "received_at": received or at,
        "user_id": users[sample.user],
        "asset_id": assets[sample.asset],
        "own": sample.own,
        "machine": sample.machine,
        "data": data,
    }


@dataclass(frozen=True)
class Recount:
    """The figures of some assets over some days, counted one event after the other."""

    opened: int
    played: int
    copied: int
    downloaded: int
    watched_s: int
    read_s: int
    people: int
    by_kind: dict[str, int]
    own: int
    machine: int
    last: date | None


def recount(
    found: Iterable[Sample], moment: datetime, assets: set[int], first: date | None, last: date
) -> Recount:
    """Count the samples of these assets (places in the list) from `first` to `last`, both included."""
    chosen = [(s, (moment - timedelta(hours=s.age)).date()) for s in found if s.asset in assets]
    chosen = [(s, day) for s, day in chosen if (first is None or day >= first) and day <= last]
    counted = [(s, day) for s, day in chosen if not s.own and not s.machine]
    plays: set[object] = set()
    seconds: set[tuple[int, int, date, int]] = set()
    for number, (s, day) in enumerate(counted):
        if s.kind != "played":
            continue
        plays.add((s.asset, s.user, day, s.sitting) if s.sitting is not None else number)
        seconds |= {
            (s.asset, s.user, day, second) for start, end in s.segments for second in range(start, end)
        }
    return Recount(
        opened=len([s for s, _ in counted if s.kind == "opened"]),
        played=len(plays),
        copied=len([s for s, _ in counted if s.kind == "copied"]),
        downloaded=len([s for s, _ in counted if s.kind == "downloaded"]),
        watched_s=len(seconds),
        read_s=sum(s.dwell for s, _ in counted),
        people=len({s.user for s, _ in counted}),
        by_kind={kind: len({s.user for s, _ in counted if s.kind == kind}) for kind in KINDS},
        own=len([s for s, _ in chosen if s.own]),
        machine=len([s for s, _ in chosen if s.machine and not s.own]),
        last=max((day for _, day in counted), default=None),
    )
