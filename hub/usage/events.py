"""What people do with assets: the vocabulary of usage events. `docs/events.md` tells pages how to send them.

Each event is a dataclass that reads itself from what a page sent (`read`), refusing what makes no sense.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Self

from hub.errors import Invalid
from hub.usage import segments as stretches
from hub.usage.segments import Segment
from hub.usage.values import identifier, number, text

RANK_MOST = 100_000
LONGEST_LOOK = 4 * 3600.0  # seconds; a page left open is not being read
PAGES_MOST = 500  # in one event
PAGE_LAST = 100_000

PageSeconds = tuple[int, float]


def _found(data: Mapping[str, object]) -> tuple[str, int]:
    """The search that led to an event and the place among its results, from 1; "" and 0 when none did.

    Raises:
        Invalid: one is given without the other, or makes no sense.
    """
    if not data.get("search_id"):
        return "", 0
    return identifier("search_id", data["search_id"]), int(number("rank", data.get("rank"), 1, RANK_MOST))


@dataclass(frozen=True, slots=True)
class Impression:
    """A row of it was in view in a list, at least half of it for a second; at `rank`, of the search `search_id` if of one.

    Being seen is not being used: impressions are kept apart and count in no figure of use.
    """

    kind: ClassVar[str] = "impression"

    search_id: str = ""
    rank: int = 0

    @classmethod
    def read(cls, data: Mapping[str, object]) -> Self:
        if data.get("search_id") or not data.get("rank"):
            return cls(*_found(data))
        return cls("", int(number("rank", data["rank"], 1, RANK_MOST)))


@dataclass(frozen=True, slots=True)
class Opened:
    """The page of an asset was read: `dwell` seconds in view, after a search for `search`, where it stood at `rank`."""

    kind: ClassVar[str] = "opened"

    dwell: float = 0.0
    search: str = ""
    search_id: str = ""
    rank: int = 0

    @classmethod
    def read(cls, data: Mapping[str, object]) -> Self:
        dwell = number("dwell", data.get("dwell", 0), 0, 1e9)
        return cls(min(dwell, LONGEST_LOOK), text("search", data.get("search"), 200), *_found(data))


@dataclass(frozen=True, slots=True)
class Played:
    """Part of a recording was watched or heard: `segments` in its own seconds, merged, at `speed`, in one `sitting`."""

    kind: ClassVar[str] = "played"

    segments: tuple[Segment, ...]
    speed: float = 1.0
    sitting: str = ""

    @classmethod
    def read(cls, data: Mapping[str, object]) -> Self:
        sitting = data.get("sitting")
        return cls(
            stretches.read(data.get("segments")),
            number("speed", data.get("speed", 1), 0.1, 16),
            identifier("sitting", sitting) if sitting else "",
        )

    def within(self, length: float | None) -> Self:
        """The same, without what lies beyond the end of the recording.

        Raises:
            Invalid: nothing is left.
        """
        left = stretches.cut(self.segments, length)
        if not left:
            raise Invalid("segments", "Nothing of the recording was played.")
        return replace(self, segments=left)


@dataclass(frozen=True, slots=True)
class Copied:
    """Its text, or the part that the event's place names, was copied in one click; at `rank` of a search, if from there."""

    kind: ClassVar[str] = "copied"

    search_id: str = ""
    rank: int = 0

    @classmethod
    def read(cls, data: Mapping[str, object]) -> Self:
        return cls(*_found(data))


@dataclass(frozen=True, slots=True)
class Downloaded:
    """One of its files was downloaded: `file`, its public id."""

    kind: ClassVar[str] = "downloaded"

    file: str = ""

    @classmethod
    def read(cls, data: Mapping[str, object]) -> Self:
        return cls(text("file", data.get("file"), 12))


@dataclass(frozen=True, slots=True)
class Read:
    """Part of a document was in view: `pages`, with the seconds of each, `share` of a text (0 to 1), in one `sitting`."""

    kind: ClassVar[str] = "read"

    pages: tuple[PageSeconds, ...] = ()
    share: float = 0.0
    sitting: str = ""

    @classmethod
    def read(cls, data: Mapping[str, object]) -> Self:
        sitting = data.get("sitting")
        found = cls(
            _pages(data.get("pages", [])),
            round(number("share", data.get("share", 0), 0, 1), 3),
            identifier("sitting", sitting) if sitting else "",
        )
        if not found.pages and not found.share:
            raise Invalid("pages", "Nothing of it was read: “pages” or “share” says what was.")
        return found

    @property
    def dwell(self) -> float:
        """Seconds that pages were in view, all together."""
        return sum(seconds for _, seconds in self.pages)


def _pages(raw: object) -> tuple[PageSeconds, ...]:
    """[[page, seconds], …], pages from 1; seconds of the same page are added up."""
    if not isinstance(raw, list) or len(raw) > PAGES_MOST:
        raise Invalid("pages", f"Pages are a list of at most {PAGES_MOST} pairs [page, seconds].")
    seconds: dict[int, float] = {}
    for entry in raw:
        if not isinstance(entry, list) or len(entry) != 2 or isinstance(entry[0], float):
            raise Invalid("pages", "A page is a pair [page, seconds]; pages are whole numbers from 1.")
        page = int(number("pages", entry[0], 1, PAGE_LAST))
        seconds[page] = seconds.get(page, 0) + number("pages", entry[1], 0, 1e9)
    return tuple((page, round(min(s, LONGEST_LOOK), 3)) for page, s in sorted(seconds.items()) if s)


@dataclass(frozen=True, slots=True)
class _Act:
    """Something done with an asset towards a buyer; `deal`: what the person calls the deal."""

    deal: str = ""

    @classmethod
    def read(cls, data: Mapping[str, object]) -> Self:
        return cls(text("deal", data.get("deal"), 200))


@dataclass(frozen=True, slots=True)
class Presented(_Act):
    """It was shown to a buyer, in a meeting or on a call."""

    kind: ClassVar[str] = "presented"


@dataclass(frozen=True, slots=True)
class SharedOutside(_Act):
    """A way to it, such as a link, was given to a buyer."""

    kind: ClassVar[str] = "shared_outside"


@dataclass(frozen=True, slots=True)
class Sent(_Act):
    """It was sent to a buyer, in a message."""

    kind: ClassVar[str] = "sent"


@dataclass(frozen=True, slots=True)
class Attached(_Act):
    """It was attached to a deal or to a message about one."""

    kind: ClassVar[str] = "attached"


Event = (
    Impression | Opened | Played | Read | Copied | Downloaded | Presented | SharedOutside | Sent | Attached
)

EVENTS: dict[str, type[Event]] = {
    event.kind: event
    for event in (
        Impression,
        Opened,
        Played,
        Copied,
        Downloaded,
        Read,
        Presented,
        SharedOutside,
        Sent,
        Attached,
    )
}
KINDS = tuple(kind for kind in EVENTS if kind != Impression.kind)  # of use
ACTS = frozenset({Presented.kind, SharedOutside.kind, Sent.kind, Attached.kind})  # towards a buyer
SURFACES = frozenset({"web", "api", "crm_panel", "slack", "podcast", "share_link"})


def read_event(kind: object, data: object) -> Event:
    """The event of this kind that `data` tells of.

    Raises:
        Invalid: there is no such kind, or the data make no sense for it.
    """
    known = EVENTS.get(kind) if isinstance(kind, str) else None
    if known is None:
        raise Invalid("kind", f"“kind” is one of: {', '.join(EVENTS)}.")
    if data is not None and not isinstance(data, dict):
        raise Invalid("data", "“data” is an object.")
    return known.read(data or {})


def stored(event: Event) -> dict[str, Any]:
    """An event as it is kept in the `data` column; what is empty is left out."""
    return {name: value for name, value in asdict(event).items() if value}
