"""What stands in `library/*.yaml`: the demo's assets, as they are to be made. The file's name is the kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hub.library.kinds import KINDS, Kind
from hub.library.models import State
from hub.library.taxonomy import key_of

FOLDER = Path(__file__).parent / "library"
FILES = {
    Kind.CUSTOMER_STORY: "customer_stories",
    Kind.SOUND_BITE: "sound_bites",
    Kind.ELEVATOR_PITCH: "elevator_pitches",
    Kind.VALUE_PROPOSITION: "value_propositions",
    Kind.BATTLECARD: "battlecards",
    Kind.SUCCESS_FACTOR: "success_factors",
    Kind.DECK: "decks",
    Kind.DOCUMENT: "documents",
    Kind.PITCH_VIDEO: "pitch_videos",
    Kind.LINK: "links",
}
CONTENT = ("title", "summary", "body")
SOURCE = "fernway-demo:"


@dataclass(frozen=True, slots=True)
class Order:
    """A file to be drawn: how (`make`), under which name, from what. `seconds`: of a video; `number`: its place among them."""

    make: str
    name: str
    content: Mapping[str, Any]
    seconds: float = 0.0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """An asset to be made. `use`: how much people like to open it, 0 for nobody ever, 1 for the usual.

    `versions` are the texts as they were, oldest first, each with its `note`; the last one is as the entry itself.
    """

    key: str  # the same in every run
    kind: Kind
    title: str
    days_ago: float
    summary: str = ""
    body: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[str, ...] = ()
    external: bool = False
    teams: tuple[str, ...] = ()
    state: State = State.PUBLISHED
    use: float = 1.0
    versions: tuple[Mapping[str, str], ...] = ()
    order: Order | None = None
    review_in: int | None = None  # days from now; a review that is overdue has less than none
    expires_in: int | None = None
    publish_in: int | None = None  # a draft that goes out then

    @property
    def source(self) -> str:
        """What the made asset is known by."""
        return f"{SOURCE}{self.key}"


@dataclass(frozen=True, slots=True)
class Said:
    """A rating somebody gave, in their own words."""

    about: str  # a title
    by: str  # a name
    stars: int
    helped: bool | None
    sentence: str


def entries(*, clip_seconds: float | None = None) -> list[Entry]:
    """Every asset to be made. `clip_seconds`: make all videos this long instead."""
    found: list[Entry] = []
    for kind, name in FILES.items():
        for number, raw in enumerate(_read(name)):
            found.append(_entry(kind, raw, number, clip_seconds))
    return found


def ratings() -> list[Said]:
    """What people said of assets, in sentences."""
    return [
        Said(group["about"], said["by"], said["stars"], said.get("helped"), said["sentence"])
        for group in _read("ratings")
        for said in group["said"]
    ]


def _read(name: str) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def _entry(kind: Kind, raw: Mapping[str, Any], number: int, clip_seconds: float | None) -> Entry:
    known = {known.key for known in KINDS[kind].fields}
    file = dict(raw.get("file", {}))
    return Entry(
        key=key_of(raw["title"]),
        kind=kind,
        title=raw["title"],
        days_ago=float(raw["days_ago"]),
        summary=raw.get("summary", ""),
        body=raw.get("body", ""),
        fields={key: str(value) for key, value in raw.items() if key in known},
        terms=tuple(raw.get("terms", ())),
        external=raw.get("external", False),
        teams=tuple(raw.get("teams", ())),
        state=State(raw.get("state", State.PUBLISHED)),
        use=float(raw.get("use", 1)),
        versions=tuple(raw.get("versions", ())),
        order=_order(file, number, clip_seconds) if file else None,
        review_in=raw.get("review_in"),
        expires_in=raw.get("expires_in"),
        publish_in=raw.get("publish_in"),
    )


def _order(file: dict[str, Any], number: int, clip_seconds: float | None) -> Order:
    make, name, seconds = file.pop("make"), file.pop("name"), file.pop("seconds", 0)
    if seconds and clip_seconds is not None:
        seconds = clip_seconds
    return Order(make, name, file, seconds=float(seconds), number=number)
