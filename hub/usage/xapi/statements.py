"""Events as xAPI 1.0.3 statements: recordings by the video profile 1.0.3, documents as experienced and interacted with.

Everything in a statement, its id too, is made from the events alone: made again, it is the same statement, which a store
takes once.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hub.usage.segments import Segment, merge, total

PROFILE = "https://w3id.org/xapi/video"
EXTENSION = f"{PROFILE}/extensions/"
VIDEO = f"{PROFILE}/activity-type/video"
DOCUMENT = "http://id.tincanapi.com/activitytype/document"
VERBS = {
    "initialized": "http://adlnet.gov/expapi/verbs/initialized",
    "played": f"{PROFILE}/verbs/played",
    "paused": f"{PROFILE}/verbs/paused",
    "seeked": f"{PROFILE}/verbs/seeked",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "terminated": "http://adlnet.gov/expapi/verbs/terminated",
    "experienced": "http://adlnet.gov/expapi/verbs/experienced",
    "interacted": "http://adlnet.gov/expapi/verbs/interacted",
}
COMPLETE = 0.95  # of a recording, each second once, is all of it: few stay for the last seconds
NAMES = uuid.UUID("6f1d2c1e-8a51-5f0e-9d0a-3a5d5f1c7b42")  # of this hub's statements

Statement = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Used:
    """What a statement needs of an event, its person and its asset. `hub`: the address of the hub."""

    id: str
    kind: str
    at: datetime
    data: dict[str, Any]
    person: str
    asset: str
    title: str
    hub: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one person played of one recording without a long break, report by report, the earliest first."""

    session: str
    reports: Sequence[Used]


def of_document(event: Used) -> list[Statement]:
    """A page that was open, or pages that were read. Nothing, if it was not for a moment."""
    pages = event.data.get("pages", ())
    dwell = event.data.get("dwell", 0) if event.kind == "opened" else sum(s for _, s in pages)
    if not dwell and not event.data.get("share"):
        return []
    verb = "experienced" if event.kind == "opened" else "interacted"
    told = _statement(event, verb, event.at, DOCUMENT)
    told["result"] = {"duration": _duration(dwell)}
    if event.kind == "read":
        own = f"{event.hub}/xapi/extensions/"
        extensions = {f"{own}pages": [list(page) for page in pages]} if pages else {}
        if event.data.get("share"):
            extensions[f"{own}share"] = event.data["share"]
        told["result"]["extensions"] = extensions
    return [told]


def of_report(sitting: Sitting, number: int) -> list[Statement]:
    """What one report of a sitting adds to what was told before it. Nothing, if the recording's length is not known."""
    event = sitting.reports[number]
    length = event.data.get("length")
    if not length:
        return []
    earlier = sitting.reports[:number]
    told = list(_moves(sitting, event, earlier, length))
    if not earlier:
        told.insert(0, _told(sitting, event, "initialized", _began(event), length))
    before, after = _share(earlier, length), _share(sitting.reports[: number + 1], length)
    state = _state(sitting.reports[: number + 1], length)
    if before < COMPLETE <= after:
        took = (event.at - _began(sitting.reports[0])).total_seconds()
        done = _told(sitting, event, "completed", event.at, length, **state)
        done["result"] |= {"completion": True, "duration": _duration(took)}
        done["context"]["extensions"][f"{EXTENSION}completion-threshold"] = COMPLETE
        told.append(done)
    if number == len(sitting.reports) - 1:
        told.append(_told(sitting, event, "terminated", event.at, length, **state))
    return told


def _moves(sitting: Sitting, event: Used, earlier: Sequence[Used], length: float) -> Iterator[Statement]:
    """Played and paused for each stretch, seeked between them. The last one ended when the report was made."""
    segments: list[Segment] = [(start, end) for start, end in event.data["segments"]]
    was = earlier[-1].data["segments"][-1][1] if earlier else None
    at, speed = _began(event), event.data.get("speed", 1)
    for number, (start, end) in enumerate(segments):
        if was is not None and was != start:
            gap = {"time-from": was, "time-to": start}
            yield _told(sitting, event, "seeked", at, length, number, **gap)
        yield _told(sitting, event, "played", at, length, number, time=start)
        at += timedelta(seconds=(end - start) / speed)
        seen = [*_segments(earlier), *segments[: number + 1]]
        yield _told(sitting, event, "paused", at, length, number, time=end, **_seen(seen, length))
        was = end


def _began(event: Used) -> datetime:
    """When the first stretch of a report began, by the clock."""
    return event.at - timedelta(seconds=total(event.data["segments"]) / event.data.get("speed", 1))


def _segments(reports: Sequence[Used]) -> list[Segment]:
    return [(start, end) for report in reports for start, end in report.data["segments"]]


def _share(reports: Sequence[Used], length: float) -> float:
    return round(min(total(merge(_segments(reports))) / length, 1), 3)


def _state(reports: Sequence[Used], length: float) -> dict[str, Any]:
    return {"time": reports[-1].data["segments"][-1][1], **_seen(_segments(reports), length)}


def _seen(segments: Sequence[Segment], length: float) -> dict[str, Any]:
    """As the profile writes what was played, in the order in which it was, and the share of it, each second once."""
    played = "[,]".join(f"{start:g}[.]{end:g}" for start, end in segments)
    return {"progress": round(min(total(merge(segments)) / length, 1), 3), "played-segments": played}


def _told(
    sitting: Sitting, event: Used, verb: str, at: datetime, length: float, number: int = 0, **extensions: Any
) -> Statement:
    """A statement of the video profile."""
    told = _statement(event, verb, at, VIDEO, number)
    if extensions:
        told["result"] = {"extensions": {EXTENSION + name: value for name, value in extensions.items()}}
    told["context"]["contextActivities"] = {"category": [{"id": PROFILE, "objectType": "Activity"}]}
    told["context"]["extensions"] = {
        f"{EXTENSION}session-id": sitting.session,
        f"{EXTENSION}length": length,
        f"{EXTENSION}speed": f"{event.data.get('speed', 1):g}x",
    }
    return told


def _statement(event: Used, verb: str, at: datetime, kind: str, number: int = 0) -> Statement:
    return {
        "id": str(uuid.uuid5(NAMES, f"{event.id} {verb} {number}")),
        "actor": {"objectType": "Agent", "account": {"homePage": event.hub, "name": event.person}},
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": {
            "objectType": "Activity",
            "id": f"{event.hub}/a/{event.asset}",
            "definition": {"type": kind, "name": {"und": event.title}},
        },
        "context": {"platform": "Hub"},
        "timestamp": at.isoformat(timespec="milliseconds"),
    }


def _duration(seconds: float) -> str:
    """ISO 8601, to a hundredth of a second, as xAPI compares durations."""
    return f"PT{max(seconds, 0):.2f}S"
