"""What is inside a recording, by PyAV."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition, Stream

from hub.media.ffmpeg import DEMUXERS, input_options

_PACKETS_TO_FIRST_FRAME = 600


@dataclass(frozen=True)
class Picture:
    """A stream of pictures. Width and height are as shown; `decodes`: a frame could be made of it."""

    codec: str
    pixels: str
    width: int
    height: int
    decodes: bool


@dataclass(frozen=True)
class Recording:
    """`in_header`: the length is written in the file, not counted. `fragmented`: an MP4 in pieces, as browsers record."""

    duration_s: float | None
    in_header: bool
    fragmented: bool
    picture: Picture | None
    sound: str | None  # codec
    cover: bytes | None
    title: str | None


def probe(path: Path, mime: str) -> Recording:
    """Raises av.FFmpegError when it cannot be opened at all."""
    with _opened(path, mime) as container:
        picture = _picture(container)
        sound = next((_codec(stream) for stream in container.streams.audio), None)
        duration = (
            container.duration / av.time_base if container.duration and container.duration > 0 else None
        )
        title = container.metadata.get("title")
    in_header = duration is not None
    if duration is None and (picture or sound):
        duration = _counted(path, mime)
    return Recording(
        duration_s=duration,
        in_header=in_header,
        fragmented=DEMUXERS[mime] == "mov" and _has_fragments(path),
        picture=picture,
        sound=sound,
        cover=_cover(path, mime),
        title=title,
    )


def _opened(path: Path, mime: str) -> InputContainer:
    return av.open(
        f"file:{path}", format=DEMUXERS[mime], options=input_options(mime), metadata_errors="replace"
    )


def _codec(stream: Stream) -> str:
    # PyAV has no codec context for a codec it does not know, such as those of protected files.
    return stream.codec_context.codec.canonical_name if stream.codec_context is not None else "unknown"


def _is_cover(stream: Stream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


def _picture(container: InputContainer) -> Picture | None:
    stream = next((stream for stream in container.streams.video if not _is_cover(stream)), None)
    if stream is None:
        return None
    codec = _codec(stream)
    if codec == "unknown":
        return Picture(codec, "", 0, 0, decodes=False)
    width, height, decodes = stream.codec_context.width, stream.codec_context.height, False
    stream.codec_context.thread_count = 1
    with contextlib.suppress(av.FFmpegError):
        for count, packet in enumerate(container.demux(stream)):
            frames = packet.decode()
            if frames or count > _PACKETS_TO_FIRST_FRAME:
                decodes = bool(frames)
                if frames and frames[0].rotation % 180:
                    width, height = height, width
                break
    return Picture(codec, stream.codec_context.pix_fmt or "", width, height, decodes)


def _counted(path: Path, mime: str) -> float | None:
    """The end of the last packet: raw recordings of a browser have no length in their header."""
    end = 0.0
    with contextlib.suppress(av.FFmpegError), _opened(path, mime) as container:
        streams = [
            stream for stream in (*container.streams.audio, *container.streams.video) if not _is_cover(stream)
        ]
        for packet in container.demux(streams):
            if packet.pts is not None and packet.time_base is not None:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return end or None


def _cover(path: Path, mime: str) -> bytes | None:
    with contextlib.suppress(av.FFmpegError), _opened(path, mime) as container:
        stream = next(filter(_is_cover, container.streams.video), None)
        if stream is not None:
            return next((bytes(packet) for packet in container.demux(stream) if packet.size), None)
    return None


def _has_fragments(path: Path) -> bool:
    """Whether an MP4 is a chain of fragments: looks at the heads of its outermost boxes."""
    with path.open("rb") as file:
        size, place = path.stat().st_size, 0
        for _ in range(100):
            file.seek(place)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if head[4:8] == b"moof":
                return True
            length = int.from_bytes(head[8:16], "big") if length == 1 else length
            place += length
            if length < 8 or place >= size:
                return False
    return False
