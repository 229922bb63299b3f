"""How far the recording of one asset is watched, and from version to version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.analytics.one_asset.days import Bands
from hub.library.models import Asset
from hub.usage import watched
from hub.usage.spans import Span
from hub.usage.watched import Retention

NEWEST = 10  # versions that are compared


@dataclass(frozen=True, slots=True)
class Watching:
    """The recording over the range, and each version of it over all time; `length`: seconds, where it is known."""

    whole: Retention
    versions: Sequence[tuple[int, Retention]]
    length: float | None

    @property
    def curve(self) -> list[tuple[int, float | None, int]]:
        """Each hundredth part: its number, the second at which it begins if that is known, and the people who watched it."""
        size = None if self.length is None else self.length / watched.PARTS
        return [
            (part, None if size is None else part * size, people)
            for part, people in enumerate(self.whole.parts)
        ]


def retention(asset: Asset, bands: Bands, span: Span) -> Watching | None:
    """Retention: of 100 equal parts of the recording, different people who watched the middle of each in the range. Reached the
    end: those who watched any of the last five parts. Watched of it: parts watched by each, the mean over those who
    watched any."""
    whole, _ = watched.retention(row.watched for band, row in bands.items() if band.oldest <= span.oldest)
    if not whole.people:
        return None
    _, by_version = watched.retention(row.watched for row in bands.values())
    versions = sorted(by_version.items(), reverse=True)[:NEWEST]
    lengths = [file.facts["duration_s"] for file in asset.files if file.facts.get("duration_s")]
    return Watching(whole, versions if len(versions) > 1 else (), float(lengths[0]) if lengths else None)
