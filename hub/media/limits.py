"""How much one file may cost."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds on one run of `process()`. What is over a bound is cut or refused with a reason, never an exception.

    Times are wall seconds of the whole child, after which it and all it started are killed; what was finished by then
    is kept. `memory_bytes` is address space, for the child and for each ffmpeg it starts.
    """

    document_seconds: int = 120
    image_seconds: int = 60
    text_seconds: int = 30
    audio_seconds: int = 1200
    video_seconds: int = 3600

    memory_bytes: int = 2048 * MIB
    output_bytes: int = 4096 * MIB  # all that one file may write, renditions and scratch together
    threads: int = 2  # of each ffmpeg

    text_bytes: int = 16 * MIB  # read of a text, Markdown or HTML file; the rest is left out
    text_chars: int = 5_000_000  # of all passages together
    passages: int = 5_000

    pages: int = 5_000  # of a PDF read for text
    page_images: int = 50
    page_width: int = 1280  # pixels

    pixels: int = 80_000_000  # of an image, width × height, before it is decoded
    preview_width: int = 2560
    poster_width: int = 1280
    thumbnail_width: int = 480

    zip_members: int = 10_000  # of a PPTX or DOCX
    zip_bytes: int = 512 * MIB  # all members uncompressed
    zip_ratio: int = 200  # uncompressed : compressed, of members larger than 1 MiB

    office_seconds: int = 80  # of one conversion by LibreOffice, out of `document_seconds`
    office_memory_bytes: int = 4096 * MIB  # address space of readers that start it
    libreoffice: str = ""  # the program, by name or path; empty: the one on PATH; "none": not used
    ffmpeg: str = ""  # the program, by name or path; empty: the one on PATH, else the one that pip brought
    video_height: int = 1080  # of a converted video
    long_video_seconds: int = 600  # longer videos are converted to `long_video_height`
    long_video_height: int = 720

    def seconds_for(self, family: str) -> int:
        """Wall seconds for a file of this family."""
        match family:
            case "pdf" | "slides" | "document":
                return self.document_seconds
            case "image":
                return self.image_seconds
            case "audio":
                return self.audio_seconds
            case "video":
                return self.video_seconds
            case _:
                return self.text_seconds


DEFAULT_LIMITS = Limits()
