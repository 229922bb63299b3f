"""Counting events: one person's use of one asset on one day, by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from hub.usage import segments as stretches
from hub.usage.events import Opened, Played, Read
from hub.usage.segments import Segment
from hub.usage.watched import parts_of


class RawEvent(NamedTuple):
    """What the rollups read of an event."""

    asset_id: int
    user_id: int
    kind: str
    at: datetime
    own: bool
    machine: bool
    data: Mapping[str, Any]


class Key(NamedTuple):
    """What one row of `usage_daily` is about."""

    asset_id: int
    day: date
    user_id: int
    kind: str


@dataclass(slots=True)
class Tally:
    """Events of one key, as they come in."""

    count: int = 0
    own: int = 0
    machine: int = 0
    dwell_ms: int = 0
    sittings: set[str] = field(default_factory=set)
    segments: list[Segment] = field(default_factory=list)

    def add(self, event: RawEvent) -> None:
        if event.machine:
            self.machine += 1
        elif event.own:
            self.own += 1
        elif event.kind == Played.kind:
            self.segments.extend(_in_ms(event.data["segments"]))
            self._add_sitting(event.data.get("sitting"))
        elif event.kind == Read.kind:
            self.dwell_ms += sum(_ms(seconds) for _, seconds in event.data.get("pages", ()))
            self._add_sitting(event.data.get("sitting"))
        else:
            self.count += 1
            self.dwell_ms += _ms(event.data.get("dwell", 0)) if event.kind == Opened.kind else 0

    def _add_sitting(self, sitting: str | None) -> None:
        if sitting is None or sitting not in self.sittings:
            self.count += 1
        if sitting is not None:
            self.sittings.add(sitting)

    @property
    def ms(self) -> int:
        """Milliseconds in view, or of the recording that were watched, each counted once."""
        return self.dwell_ms + int(stretches.total(stretches.merge(self.segments)))


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _in_ms(segments: Iterable[Segment]) -> Iterable[Segment]:
    return ((_ms(start), _ms(end)) for start, end in segments)


def tally(events: Iterable[RawEvent]) -> dict[Key, Tally]:
    """The events counted by asset, day (UTC), person and kind."""
    tallies: dict[Key, Tally] = {}
    for event in events:
        key = Key(event.asset_id, event.at.date(), event.user_id, event.kind)
        known = tallies.get(key)
        if known is None:
            known = tallies[key] = Tally()
        known.add(event)
    return tallies


def watched(events: Iterable[RawEvent]) -> dict[tuple[int, date, int], dict[int, int]]:
    """The parts that each person watched, by asset, day (UTC) and version; of recordings whose length was known."""
    found: dict[tuple[int, date, int], dict[int, int]] = defaultdict(dict)
    for event in events:
        length = event.data.get("length") if event.kind == Played.kind else None
        if not length or event.own or event.machine:
            continue
        mask = parts_of(_in_ms(event.data["segments"]), _ms(length))
        viewers = found[event.asset_id, event.at.date(), event.data.get("version", 0)]
        viewers[event.user_id] = viewers.get(event.user_id, 0) | mask
    return found
