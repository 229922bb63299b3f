"""The use of one asset over some days, added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from hub.usage import each_person, people
from hub.usage.events import EVENTS, KINDS, Opened, Played
from hub.usage.models import SpanUse
from hub.usage.watched import Parts, Viewers, who_ended


@dataclass(frozen=True, slots=True)
class DayRow:
    """A row of `usage_daily`."""

    asset_id: int
    day: date
    user_id: int
    kind: str
    count: int
    ms: int
    own: int
    machine: int


ENDED = "ended"  # beside the kinds of events: who saw the end of a recording


@dataclass(slots=True)
class Sums:
    """Counts by kind of event, milliseconds, what was left out, the last day of use, and who, by what they did."""

    opened: int = 0
    played: int = 0
    copied: int = 0
    downloaded: int = 0
    read: int = 0
    presented: int = 0
    shared_outside: int = 0
    sent: int = 0
    attached: int = 0
    impression: int = 0
    read_ms: int = 0
    watched_ms: int = 0
    own: int = 0
    machine: int = 0
    last_day: date | None = None
    who: dict[str, int] = field(default_factory=dict)
    used: each_person.Counts = field(default_factory=dict)  # of bands alone, as is `watched`
    watched: Parts = field(default_factory=dict)

    def add(self, row: DayRow) -> None:
        self.own += row.own
        self.machine += row.machine
        if not row.count:
            return
        setattr(self, row.kind, getattr(self, row.kind) + row.count)
        if row.kind == Opened.kind:
            self.read_ms += row.ms
        elif row.kind == Played.kind:
            self.watched_ms += row.ms
        self.last_day = max(self.last_day or row.day, row.day)
        self.add_people(row.kind, people.member(row.user_id))
        each_person.add(self.used, row.user_id, row.kind, row.count, row.ms)

    def add_people(self, doing: str, members: int) -> None:
        if members:
            self.who[doing] = self.who.get(doing, 0) | members

    def add_watched(self, version: int, viewers: Viewers) -> None:
        """Count who watched which parts of a version on one day."""
        self.add_people(ENDED, who_ended(viewers))
        for user_id, parts in viewers.items():
            key = version, user_id
            self.watched[key] = self.watched.get(key, 0) | parts

    @classmethod
    def of(cls, row: SpanUse, who: bytes) -> Self:
        """The sums that a row keeps, and who."""
        added: dict[str, Any] = {name: getattr(row, name) for name in ADDED}
        return cls(**added, last_day=row.last_day, who=people.unpack_by_name(who))

    def columns(self) -> dict[str, Any]:
        """As `SpanUse` keeps them."""
        values: dict[str, Any] = {name: getattr(self, name) for name in (*ADDED, "last_day")}
        values |= {f"{doing}_people": people.count(self.who.get(doing, 0)) for doing in (*EVENTS, ENDED)}
        users = people.unite(self.who.get(kind, 0) for kind in KINDS)
        return values | {"people": people.count(users), "who": people.pack(users)}


ADDED = (*EVENTS, "read_ms", "watched_ms", "own", "machine")


def unite(parts: Iterable[Sums]) -> Sums:
    """The sums over spans that share no day."""
    parts = list(parts)
    whole = Sums(**{name: sum(getattr(part, name) for part in parts) for name in ADDED})
    whole.last_day = max((part.last_day for part in parts if part.last_day), default=None)
    for part in parts:
        for doing, members in part.who.items():
            whole.add_people(doing, members)
    return whole
