"""Recordings as the player takes them: addresses, captions, preview strip, and what is said beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import url_for
from sqlalchemy.orm import Session

from hub.library.captions import tracks
from hub.library.captions.models import CaptionTrack
from hub.library.models import Asset, FileState, Rendition, StoredFile
from hub.media.cues import Cue, grouped
from hub.storage import storage

LIFETIME = 6 * 3600  # seconds; a tab may stay open over a long call


@dataclass(frozen=True, slots=True)
class Strip:
    """Small pictures of a video, row by row in one image, one each `every` seconds."""

    url: str
    frames: int
    columns: int
    every: float


@dataclass(frozen=True, slots=True)
class Captions:
    """A track as the player's menu has it."""

    id: str
    url: str
    language: str
    label: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Half a minute of talk: (seconds, words) of each cue."""

    start: float
    cues: list[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Recording:
    """A video or sound. `sources`: (address, type), best first. `transcript` is in the language of `shown`."""

    file: StoredFile
    sources: list[tuple[str, str]]
    poster: str
    audio: bool
    title: str
    strip: Strip | None = None
    captions: list[Captions] = field(default_factory=list)
    shown: Captions | None = None
    transcript: list[Paragraph] = field(default_factory=list)


def recordings(session: Session, asset: Asset, wanted: str = "") -> dict[int, Recording]:
    """The recordings of an asset that can be played, by file. `wanted` names the track whose words are shown."""
    playable = {file.id: found for file in asset.files if (found := sources(file))}
    by_file = tracks.of_files(session, list(playable))
    return {
        file.id: _recording(session, asset, file, playable[file.id], by_file.get(file.id, []), wanted)
        for file in asset.files
        if file.id in playable
    }


def sources(file: StoredFile) -> list[tuple[str, str]]:
    """What the hub made for browsers, else the original when a browser can play it; nothing while it is read."""
    if file.family not in tracks.RECORDINGS or file.state is FileState.WAITING:
        return []
    made = [r for kind in ("mp4", "webm", "audio") if (r := best(file, kind)) is not None]
    found = [(address(r), r.mime) for r in made]
    if not found and file.facts.get("plays_in_browser"):
        url = storage().url(file.storage_key, expires=LIFETIME, inline=True, content_type=file.mime)
        found = [(url, file.mime)]
    return found


def best(file: StoredFile, kind: str) -> Rendition | None:
    """The first rendition of this kind."""
    return next((r for r in file.renditions if r.kind == kind), None)


def address(rendition: Rendition) -> str:
    """An address that shows a rendition in the page."""
    return storage().url(rendition.storage_key, expires=LIFETIME, inline=True, content_type=rendition.mime)


def paragraphs(cues: Sequence[Cue]) -> list[Paragraph]:
    """Cues put together to stretches that read well."""
    return [
        Paragraph(group[0].start / 1000, [(cue.start / 1000, cue.text) for cue in group])
        for group in grouped(cues)
    ]


def _recording(
    session: Session,
    asset: Asset,
    file: StoredFile,
    found: list[tuple[str, str]],
    its_tracks: Sequence[CaptionTrack],
    wanted: str,
) -> Recording:
    poster = best(file, "poster")
    captions = [_captions(asset, track) for track in its_tracks]
    place = next((n for n, track in enumerate(its_tracks) if track.public_id == wanted), 0)
    return Recording(
        file=file,
        sources=found,
        poster=address(poster) if poster else "",
        audio=not file.facts.get("has_video", file.family == "video"),
        title=file.filename,
        strip=_strip(file),
        captions=captions,
        shown=captions[place] if captions else None,
        transcript=paragraphs(tracks.current(session, its_tracks[place])) if captions else [],
    )


def _captions(asset: Asset, track: CaptionTrack) -> Captions:
    # The number in the address is only there so that a browser never shows those of a former version.
    url = url_for(
        "captions.download",
        public_id=asset.public_id,
        track_id=track.public_id,
        form="vtt",
        version=track.version,
    )
    return Captions(track.public_id, url, track.language, track.label)


def _strip(file: StoredFile) -> Strip | None:
    image, facts = best(file, "strip"), file.facts
    if image is None or not facts.get("strip_every_s"):
        return None
    return Strip(address(image), facts["strip_frames"], facts["strip_columns"], facts["strip_every_s"])
