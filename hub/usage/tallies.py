"""Counting events: one person's use of one asset on one day, by kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from hub.usage import segments as stretches
from hub.usage.events import Opened, Played
from hub.usage.segments import Segment


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
        if event.own:
            self.own += 1
        elif event.machine:
            self.machine += 1
        elif event.kind == Played.kind:
            self._add_played(event.data)
        else:
            self.count += 1
            self.dwell_ms += _ms(event.data.get("dwell", 0)) if event.kind == Opened.kind else 0

    def _add_played(self, data: Mapping[str, Any]) -> None:
        self.segments.extend((_ms(start), _ms(end)) for start, end in data["segments"])
        sitting = data.get("sitting")
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
