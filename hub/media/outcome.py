"""What is known of a file after it was processed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from hub.media.filetype import FileType

PassageKind = Literal["page", "slide", "section", "transcript"]
RenditionKind = Literal["poster", "thumbnail", "page", "preview", "strip", "mp4", "webm", "audio"]


@dataclass(frozen=True)
class Facts:
    """None means: does not apply, or could not be found out. Width and height are as shown, after rotation."""

    pages: int | None = None  # pages, slides, or images in one TIFF
    duration_s: float | None = None
    width: int | None = None
    height: int | None = None
    has_audio: bool | None = None
    has_video: bool | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    animated: bool | None = None  # an image of several frames
    plays_in_browser: bool | None = None  # the original, as it is
    title: str | None = None  # as written inside the file
    strip_frames: int | None = None  # pictures in the preview strip, row by row
    strip_columns: int | None = None
    strip_every_s: float | None = None


@dataclass(frozen=True)
class Passage:
    """A stretch of text that search can land on. `number` counts from 1; times are seconds from the start."""

    kind: PassageKind
    number: int
    title: str
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True)
class Rendition:
    """A file made from the original, in the work folder; the caller moves it to storage. `size` is in bytes.

    `mp4`, `webm` and `audio` are to be played instead of the original; `preview` is an image to be shown instead of it,
    `strip` many small pictures of a video in one.
    """

    kind: RenditionKind
    path: Path
    mime: str
    size: int
    page: int | None = None  # from 1, of kind "page"
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Outcome:
    """`ok`: all that Hub makes of such a file is there. `partial`: some of it is, `reason` says what is not.

    With neither, only the original is kept. `reason` is a sentence for a marketer with the remedy; `detail` is for
    administrators.
    """

    file_type: FileType
    ok: bool
    partial: bool
    facts: Facts = field(default_factory=Facts)
    passages: list[Passage] = field(default_factory=list)
    renditions: list[Rendition] = field(default_factory=list)
    reason: str | None = None
    detail: str = ""
    unfinished: bool = False  # to be converted yet, which was not asked for
