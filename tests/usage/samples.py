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

from hub.usage.models import Search, SearchUse, Seen, UsageEvent

KINDS = (
    "opened", "played", "copied", "downloaded", "read", "presented", "shared_outside", "sent", "attached",
)  # fmt: skip


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
    length: int | None = None  # of the recording
    version: int = 0
    pages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Look:
    """A search as a test wants it, and what it led to: (asset, rank, copied, own). It comes in `late` hours after its uses."""

    user: int
    words: str
    age: float
    page: int
    machine: bool
    led: tuple[tuple[int, int, bool, bool], ...]


@st.composite
def looks(draw: st.DrawFn, oldest: float = 800 * 24) -> Look:
    use = st.tuples(
        st.integers(0, 2), st.integers(1, 60), st.booleans(), st.integers(0, 5).map(lambda n: n == 0)
    )
    return Look(
        user=draw(st.integers(0, 3)),
        words=draw(st.sampled_from(("", "hipaa", "hipaa objection"))),
        age=draw(st.one_of(st.floats(0, min(oldest, 72)), st.floats(0, oldest))),
        page=draw(st.integers(1, 2)),
        machine=draw(st.integers(0, 9)) == 0,
        led=tuple(draw(st.lists(use, max_size=3))),
    )


@st.composite
def samples(draw: st.DrawFn, assets: int = 3, users: int = 4, oldest: float = 800 * 24) -> Sample:
    kind = draw(st.sampled_from(KINDS))
    start, length = st.integers(0, 40), st.integers(1, 30)
    stretch = st.tuples(start, length).map(lambda pair: (pair[0], pair[0] + pair[1]))
    played, read = kind == "played", kind == "read"
    return Sample(
        asset=draw(st.integers(0, assets - 1)),
        user=draw(st.integers(0, users - 1)),
        kind=kind,
        age=draw(st.one_of(st.floats(0, min(oldest, 72)), st.floats(0, oldest))),
        own=draw(st.integers(0, 9)) == 0,
        machine=draw(st.integers(0, 9)) == 0,
        dwell=draw(st.integers(0, 300)) if kind == "opened" else 0,
        segments=tuple(draw(st.lists(stretch, min_size=1, max_size=3))) if played else (),
        sitting=draw(st.one_of(st.none(), st.integers(0, 1))) if played or read else None,
        length=draw(st.sampled_from((None, 50, 70))) if played else None,
        version=draw(st.integers(1, 2)) if played else 0,
        pages=tuple(draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 60)), max_size=2)))
        if read
        else (),
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
        data = {"segments": [list(pair) for pair in sample.segments], "speed": 1.0, "version": sample.version}
        if sample.length is not None:
            data["length"] = float(sample.length)
    if sample.kind == "read":
        data = {"pages": [list(pair) for pair in sample.pages]}
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


def store_looks(
    session: Session,
    found: Iterable[Look],
    assets: Sequence[int],
    users: Sequence[int],
    moment: datetime,
    received: datetime | None = None,
) -> None:
    """Put searches into their table, with what they led to as events."""
    searches: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    uses: list[dict[str, Any]] = []
    for look in found:
        at, search = moment - timedelta(hours=look.age), str(uuid.uuid4())
        user = users[look.user]
        row = {
            "client_id": search,
            "user_id": user,
            "at": at,
            "received_at": received or at,
            "total": 9,
            "took_ms": 1.0,
        }
        searches.append(
            row | {"words": look.words, "folded": look.words, "page": look.page, "machine": look.machine}
        )
        for place, rank, copied, own in look.led:
            event: dict[str, Any] = {
                "client_id": str(uuid.uuid4()),
                "kind": "copied" if copied else "opened",
                "at": at,
                "received_at": received or at,
                "user_id": user,
                "asset_id": assets[place],
                "own": own,
                "data": {},
            }
            events.append(event)
            use = {name: event[name] for name in ("kind", "at", "user_id", "asset_id")}
            uses.append(use | {"event_id": event["client_id"], "search_id": search, "rank": rank})
    for model, rows in ((Search, searches), (UsageEvent, events), (SearchUse, uses)):
        if rows:
            session.execute(insert(model), rows)


def store_seen(
    session: Session,
    found: Iterable[Sample],
    assets: Sequence[int],
    users: Sequence[int],
    moment: datetime,
    received: datetime | None = None,
) -> None:
    """Put impressions into their table: of each sample, only who saw what when, and whether that counts."""
    of_event = ("client_id", "at", "received_at", "user_id", "asset_id", "own", "machine")
    rows = [_row(sample, assets, users, moment, received) for sample in found]
    if rows:
        session.execute(insert(Seen), [{name: row[name] for name in of_event} for row in rows])


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
    kinds: dict[str, int]
    ended: int
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
    reads: set[object] = set()
    seconds: set[tuple[int, int, date, int]] = set()
    for number, (s, day) in enumerate(counted):
        if s.kind not in {"played", "read"}:
            continue
        (plays if s.kind == "played" else reads).add(
            (s.asset, s.user, day, s.sitting) if s.sitting is not None else number
        )
        seconds |= {
            (s.asset, s.user, day, second) for start, end in s.segments for second in range(start, end)
        }
    kinds = {kind: len([s for s, _ in counted if s.kind == kind]) for kind in KINDS}
    kinds |= {"played": len(plays), "read": len(reads)}
    return Recount(
        opened=kinds["opened"],
        played=kinds["played"],
        copied=kinds["copied"],
        downloaded=kinds["downloaded"],
        watched_s=len(seconds),
        read_s=sum(s.dwell for s, _ in counted),
        people=len({s.user for s, _ in counted}),
        kinds=kinds,
        ended=len({s.user for s, _ in counted if s.length and parts_seen([s]) & set(range(95, 100))}),
        by_kind={kind: len({s.user for s, _ in counted if s.kind == kind}) for kind in KINDS},
        own=len([s for s, _ in chosen if s.own and not s.machine]),
        machine=len([s for s, _ in chosen if s.machine]),
        last=max((day for _, day in counted), default=None),
    )


def parts_seen(found: Iterable[Sample]) -> set[int]:
    """Which hundredths of its recording somebody saw the middle of, looked at one by one."""
    return {
        part
        for s in found
        if s.length
        for part in range(100)
        if any(start <= (part + 0.5) * s.length / 100 < end for start, end in s.segments)
    }
