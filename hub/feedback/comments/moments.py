"""The moment of a recording that a comment is about: “at 1:23”."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hub.errors import Invalid
from hub.library.models import Asset, StoredFile
from hub.web.filters import duration

RECORDINGS = ("video", "audio")

_CLOCK = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,6})(?:[.,]\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """`seek`: the second, where the recording is still the asset's; None: another has taken its place."""

    label: str
    recording: str
    seek: int | None


def recordings(asset: Asset) -> list[StoredFile]:
    """The files of an asset of which a moment can be named."""
    return [file for file in asset.files if file.family in RECORDINGS and file.facts.get("duration_s")]


def read(asset: Asset, at: str, recording: str) -> tuple[StoredFile, int] | None:
    """The recording and the second that somebody gave, such as `1:23`; `recording`: the public id of its file, empty: the first.

    Raises:
        Invalid: field `at`.
    """
    at = at.strip()
    if not at:
        return None
    there = recordings(asset)
    file = next((file for file in there if file.public_id == recording), None) if recording else None
    file = file or (there[0] if there and not recording else None)
    if file is None:
        raise Invalid("at", "There is no such recording here.", "Leave the moment out.")
    found = _CLOCK.fullmatch(at)
    if found is None:
        raise Invalid("at", "That is no moment of a recording.", "Write minutes and seconds: 1:23.")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    if (found[2] and seconds > 59) or (found[1] and minutes > 59):
        raise Invalid("at", "That is no moment of a recording.", "Write minutes and seconds: 1:23.")
    second = hours * 3600 + minutes * 60 + seconds
    length = float(file.facts["duration_s"])
    if second > length:
        raise Invalid("at", f"The recording ends at {duration(length)}.", "Name a moment before its end.")
    return file, second


def shown(asset: Asset, file: StoredFile | None, second: int | None) -> Moment | None:
    """A comment's moment as the page shows it."""
    if file is None or second is None:
        return None
    here = file.replaced_at is None and file.asset_id == asset.id
    return Moment(duration(second), file.public_id, second if here else None)
