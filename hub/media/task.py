"""What the child is asked to do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from hub.media.limits import Limits

# Which module of this package reads which type. They are imported by the child alone, one at a time, so that neither
# the web process nor the worker loads a decoder, and a PDF cannot reach a video codec.
READERS: dict[str, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "slides": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
    ),
    "worddoc": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.ms-word.document.macroenabled.12",
    ),
    "images": (
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/avif",
        "image/heic",
        "image/tiff",
        "image/bmp",
        "image/vnd.microsoft.icon",
    ),
    "recordings": (
        "video/mp4",
        "video/quicktime",
        "video/3gpp",
        "video/webm",
        "video/x-matroska",
        "video/x-msvideo",
        "video/x-flv",
        "video/x-ms-wmv",
        "video/mpeg",
        "video/mp2t",
        "video/ogg",
        "audio/mp4",
        "audio/mpeg",
        "audio/aac",
        "audio/ogg",
        "audio/flac",
        "audio/wav",
        "audio/aiff",
        "audio/x-caf",
        "audio/amr",
        "audio/basic",
        "audio/x-ms-wma",
    ),
    "workbook": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.macroenabled.12",
    ),
    "odf": (
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    "rtf": ("application/rtf",),
    "table": ("text/csv",),
    "oldoffice": (
        "application/msword",
        "application/vnd.ms-powerpoint",
        "application/vnd.ms-excel",
        "application/vnd.apple.keynote",
        "application/vnd.apple.pages",
        "application/vnd.apple.numbers",
    ),
    "captions": ("text/vtt", "application/x-subrip"),
    "prose": ("text/plain", "text/markdown", "application/json", "application/xml"),
    "webpage": ("text/html",),
}
_READER_OF = {mime: reader for reader, mimes in READERS.items() for mime in mimes}
USES_FFMPEG = "recordings"
USES_OFFICE = frozenset({"slides", "odf", "oldoffice"})  # where there is one
NEEDS_OFFICE = "oldoffice"


def reader_of(mime: str) -> str | None:
    """The module that reads this type, or None: the original is kept and nothing is made of it."""
    return _READER_OF.get(mime)


@dataclass(frozen=True)
class Task:
    """`path`: the file. `renditions`: where results go. `scratch`: for what is thrown away. `label`: the type, for people."""

    reader: str
    path: Path
    mime: str
    family: str
    label: str
    renditions: Path
    scratch: Path
    ffmpeg: Path | None
    limits: Limits
    office: Path | None = None  # LibreOffice, for readers that use it where it is
    convert: bool = True  # also what takes long; else it is only said that it is to be done

    @property
    def report(self) -> Path:
        return self.scratch / "report.jsonl"

    @property
    def tools(self) -> bool:
        """Whether the child may start another program."""
        return self.reader == USES_FFMPEG or self.office is not None

    @property
    def memory_bytes(self) -> int:
        """Address space it may use."""
        return self.limits.memory_bytes if self.office is None else self.limits.office_memory_bytes

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Task:
        values = json.loads(text)
        for name in ("path", "renditions", "scratch", "ffmpeg", "office"):
            values[name] = Path(values[name]) if values[name] is not None else None
        return cls(**values | {"limits": Limits(**values["limits"])})
