"""What browsers play, and the least work that makes a recording one of those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hub.media.limits import Limits
from hub.media.probe import Picture, Recording

_WEB_PIXELS = {"yuv420p", "yuvj420p", "yuva420p"}
_MP4_PICTURES = {"h264", "vp9", "av1"}
_WEBM_PICTURES = {"vp8", "vp9", "av1"}
_MP4_SOUNDS = {"aac", "mp3", "opus"}
_WEBM_SOUNDS = {"opus", "vorbis"}
_PLAIN_SOUNDS = {
    ("audio/mpeg", "mp3"),
    ("audio/aac", "aac"),
    ("audio/mp4", "aac"),
    ("video/mp4", "aac"),
    ("video/mp4", "mp3"),
}


@dataclass(frozen=True)
class Plan:
    """What to make: the kind of rendition and, for each stream, whether it is copied or encoded."""

    kind: Literal["mp4", "webm", "audio"]
    copy_picture: bool = False
    copy_sound: bool = False

    @property
    def copies_all(self) -> bool:
        return self.copy_picture and self.copy_sound


def plan(recording: Recording, mime: str) -> Plan | None:
    """The rendition to make for playing, or None when browsers play the original."""
    if recording.picture is None:
        return _sound_plan(recording, mime)
    picture_ok = _plain(recording.picture)
    if mime == "video/webm":
        plays = (
            picture_ok
            and recording.picture.codec in _WEBM_PICTURES
            and recording.sound in {None, *_WEBM_SOUNDS}
        )
        if plays:
            return None if recording.in_header else Plan("webm", copy_picture=True, copy_sound=True)
    if mime == "video/mp4":
        plays = (
            picture_ok
            and recording.picture.codec in _MP4_PICTURES
            and recording.sound in {None, *_MP4_SOUNDS}
        )
        if plays:
            return Plan("mp4", copy_picture=True, copy_sound=True) if recording.fragmented else None
    return Plan(
        "mp4",
        copy_picture=picture_ok and recording.picture.codec == "h264",
        copy_sound=recording.sound in {None, "aac"},
    )


def _plain(picture: Picture) -> bool:
    """Browsers decode 8-bit 4:2:0; AV1 also with 10 bits."""
    return picture.decodes and (picture.pixels in _WEB_PIXELS or picture.codec == "av1")


def _sound_plan(recording: Recording, mime: str) -> Plan | None:
    if mime == "video/webm" and recording.sound in _WEBM_SOUNDS:
        return None if recording.in_header else Plan("webm", copy_picture=True, copy_sound=True)
    if (mime, recording.sound) in _PLAIN_SOUNDS and not recording.fragmented:
        return None
    return Plan("audio", copy_picture=True, copy_sound=recording.sound == "aac")


def encoding(chosen: Plan, recording: Recording, limits: Limits) -> list[str]:
    """ffmpeg's arguments for this plan, up to the name of the output."""
    arguments = ["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-max_muxing_queue_size", "4096"]
    if chosen.kind == "audio":
        arguments += ["-vn"]
    elif recording.picture is not None:
        arguments += [
            "-map",
            "0:V:0",
            *(["-c:v", "copy"] if chosen.copy_picture else _picture_encoding(recording, limits)),
        ]
    if recording.sound is not None:
        arguments += [
            "-map",
            "0:a:0",
            "-c:a",
            *(["copy"] if chosen.copy_sound else ["aac", "-b:a", "128k", "-ac", "2"]),
        ]
    if chosen.kind == "webm":
        return [*arguments, "-cues_to_front", "1", "-f", "webm"]
    return [*arguments, "-movflags", "+faststart", "-f", "mp4" if chosen.kind == "mp4" else "ipod"]


def _picture_encoding(recording: Recording, limits: Limits) -> list[str]:
    long = (recording.duration_s or 0) > limits.long_video_seconds
    height = limits.long_video_height if long else limits.video_height
    return [
        "-vf",
        shown_size(height * 16 // 9, height),
        *(
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "23",
            "-profile:v",
            "high",
            "-pix_fmt",
            "yuv420p",
        ),
        *("-fpsmax", "60", "-threads", str(limits.threads)),
    ]


def shown_size(width: int, height: int) -> str:
    """A filter: square pixels, inside `width` × `height` or, held upright, `height` × `width`; even numbers."""
    long_side, short_side = max(width, height), min(width, height)
    box_width, box_height = (
        f"if(gt(dar,1),{long_side},{short_side})",
        f"if(gt(dar,1),{short_side},{long_side})",
    )
    factor = f"min(1,min({box_width}/(iw*sar),{box_height}/ih))"
    return f"scale=w='max(2,2*trunc(iw*sar*{factor}/2))':h='max(2,2*trunc(ih*{factor}/2))',setsar=1"
