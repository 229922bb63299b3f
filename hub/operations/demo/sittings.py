"""One person with one asset: opened, perhaps played, copied from, downloaded. Made as the events that pages send."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hub.library.kinds import Kind
from hub.usage.events import Copied, Downloaded, Event, Opened, Played, stored
from hub.usage.segments import Segment, merge, total

MACHINES = 0.012  # of the openings are a mail scanner's that follows links
SEARCHED = 0.55
UNSPOKEN = {"and", "are", "from", "how", "our", "that", "the", "two", "what", "whom", "with", "your"}

# Seconds that the page is usually in view, and how often its text is copied and which part, its file downloaded.
READING = {
    Kind.SOUND_BITE: 14, Kind.ELEVATOR_PITCH: 30, Kind.VALUE_PROPOSITION: 35, Kind.CUSTOMER_STORY: 65, Kind.SUCCESS_FACTOR: 60,
    Kind.PITCH_VIDEO: 20, Kind.BATTLECARD: 55, Kind.DECK: 70, Kind.DOCUMENT: 80, Kind.LINK: 8,
}  # fmt: skip
COPYING = {
    Kind.SOUND_BITE: (0.5, "sentence"), Kind.ELEVATOR_PITCH: (0.35, "body"), Kind.VALUE_PROPOSITION: (0.28, "body"),
    Kind.CUSTOMER_STORY: (0.16, "quote"), Kind.BATTLECARD: (0.25, "answers"), Kind.LINK: (0.3, "url"),
}  # fmt: skip
DOWNLOADING = {Kind.DECK: 0.45, Kind.DOCUMENT: 0.38, Kind.PITCH_VIDEO: 0.04}
PLAYING = 0.85


@dataclass(frozen=True, slots=True)
class Use:
    """One event before it is a row."""

    client_id: str
    at: datetime
    received_at: datetime
    event: Event
    place: str = ""
    machine: bool = False
    user_id: int = 0
    asset_id: int = 0
    own: bool = False
    length: float = 0.0  # of the recording that was played

    def by(self, user_id: int, asset_id: int, *, own: bool) -> Use:
        """The same, of this person with this asset."""
        return replace(self, user_id=user_id, asset_id=asset_id, own=own)

    def row(self) -> dict[str, Any]:
        """The columns that `hub.usage.recording.record` writes."""
        return {
            "client_id": self.client_id,
            "kind": self.event.kind,
            "at": self.at,
            "received_at": self.received_at,
            "user_id": self.user_id,
            "asset_id": self.asset_id,
            "surface": "web",
            "place": self.place,
            "own": self.own,
            "machine": self.machine,
            "data": stored(self.event) | ({"length": self.length, "version": 1} if self.length else {}),
        }


def sitting(
    kind: Kind, title: str, terms: tuple[str, ...], seconds: float, at: datetime, chance: Random
) -> list[Use]:
    """What somebody does with an asset from a moment on; at the end stands the opening, sent when the page is left."""
    if chance.random() < MACHINES:
        return [_use(Opened(), at, chance, machine=True)]
    dwell = round(min(READING[kind] * chance.lognormvariate(0, 0.7), 1800) + 1, 1)
    uses: list[Use] = []
    if seconds and chance.random() < PLAYING:
        uses, watched = _played(at, seconds, chance)
        dwell += watched
    likely, place = COPYING.get(kind, (0.0, ""))
    if chance.random() < likely:
        uses.append(_use(Copied(), at + timedelta(seconds=dwell * 0.6), chance, place))
    if chance.random() < DOWNLOADING.get(kind, 0):
        uses.append(_use(Downloaded(), at + timedelta(seconds=dwell * 0.8), chance, "file"))
    search = _asked(title, terms, chance) if chance.random() < SEARCHED else ""
    return [*uses, _use(Opened(dwell, search), at + timedelta(seconds=dwell), chance)]


def _use(event: Event, at: datetime, chance: Random, place: str = "", *, machine: bool = False) -> Use:
    client_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    return Use(client_id, at, at + timedelta(seconds=chance.uniform(0.2, 9)), event, place, machine)


def _played(at: datetime, seconds: float, chance: Random) -> tuple[list[Use], float]:
    """One or two reports of a player in one sitting, and for how long it played."""
    sitting_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    speed = chance.choices((1.0, 1.25, 1.5), (8, 2, 1))[0]
    uses, passed = [], 0.0
    for segments in _watched(seconds, chance):
        event = Played(merge(segments), speed, sitting_id)
        passed += total(event.segments) / speed
        use = _use(event, at + timedelta(seconds=3 + passed), chance, "asset")
        uses.append(replace(use, length=seconds))
    return uses, round(passed, 1)


def _watched(seconds: float, chance: Random) -> list[list[Segment]]:
    """Which stretches: most people watch all of it or stop early; some hear the beginning again, some look for the end."""
    way = chance.random()
    if way < 0.5:
        return [[(0.0, seconds)]]
    if way < 0.8:
        return [[(0.0, round(seconds * chance.betavariate(2, 2.5) + 0.5, 1))]]
    if way < 0.92:
        return [[(0.0, seconds)], [(0.0, round(seconds * 0.35, 1))]]
    return [[(0.0, round(seconds * 0.15, 1)), (round(seconds * 0.6, 1), seconds)]]


def _asked(title: str, terms: tuple[str, ...], chance: Random) -> str:
    """What somebody typed to find it: a word or two of its title, or of what it is filed under."""
    said = [word.strip("“”‘’.,?!'s").lower() for word in title.split()]
    said = [word for word in said if len(word) > 2 and word not in UNSPOKEN]
    filed = [term.partition(":")[2].replace("-", " ") for term in terms if not term.startswith("stage:")]
    if filed and chance.random() < 0.35:
        return chance.choice(filed)
    start = chance.randrange(max(len(said) - 1, 1))
    return " ".join(said[start : start + 2])
