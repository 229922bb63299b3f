"""Video and audio: facts, a poster, and a rendition where browsers would not play the original."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import av
from PIL import Image

from hub.media import wording
from hub.media.faults import MediaFault, Unusable
from hub.media.ffmpeg import Ran, run_ffmpeg
from hub.media.images import picture_of
from hub.media.pictures import write_picture
from hub.media.playback import Plan, encoding, plan, shown_size
from hub.media.probe import Recording, probe
from hub.media.report import Report
from hub.media.strip import make_strip
from hub.media.task import Task

_ENDINGS = {"mp4": ("mp4", "video/mp4"), "webm": ("webm", "video/webm"), "audio": ("m4a", "audio/mp4")}
_ENOUGH = 0.9  # of the length: less means that the rest could not be read


def read(task: Task, report: Report) -> None:
    """Facts first, then the pictures, then what takes long."""
    recording = _probed(task)
    picture = recording.picture
    chosen = plan(recording, task.mime)
    report.facts(
        duration_s=recording.duration_s,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        has_audio=recording.sound is not None,
        has_video=picture is not None,
        video_codec=picture.codec if picture else None,
        audio_codec=recording.sound,
        plays_in_browser=chosen is None,
        title=recording.title,
    )
    if picture is not None:
        _make_poster(recording, task, report)
        make_strip(recording, task, report)
    elif recording.cover is not None:
        _use_cover(recording.cover, task, report)
    if chosen is not None:
        _make_playable(chosen, recording, task, report)


def _probed(task: Task) -> Recording:
    try:
        recording = probe(task.path, task.mime)
    except av.FFmpegError as error:
        raise Unusable(wording.damaged(task.label), str(error)) from error
    unreadable = (
        recording.picture is not None
        and not recording.picture.decodes
        and recording.sound in {None, "unknown"}
    )
    if unreadable or (recording.picture is None and recording.sound in {None, "unknown"}):
        raise Unusable(
            f"Hub found no picture or sound it can read in this {task.label}. It may be damaged or copy-protected; "
            "save it as MP4 (video) or MP3 (audio) without protection and upload that.",
            f"picture {recording.picture}, sound {recording.sound}",
        )
    if recording.picture is not None and not recording.picture.decodes:
        return replace(recording, picture=None)
    return recording


def _make_poster(recording: Recording, task: Task, report: Report) -> None:
    """From a little way in, where recordings are no longer black; from the very first picture if there is none."""
    frame = task.scratch / "frame.png"
    choose = f"{shown_size(task.limits.poster_width, task.limits.poster_width)},thumbnail=24"
    output = ["-map", "0:V:0", "-frames:v", "1", "-vf", choose, "-c:v", "png", "-f", "image2", "-update", "1"]
    log = ""
    for seek in dict.fromkeys([min(3.0, (recording.duration_s or 0) * 0.1), 0.0]):
        ran = _ffmpeg(task, [*output, f"file:{frame}"], seek)
        log = ran.log
        if frame.is_file() and frame.stat().st_size:
            _write_posters(picture_of(frame.read_bytes(), task.limits), task, report)
            frame.unlink()
            return
    report.shortfall(
        "Hub could not make a picture of this video to show in lists. The video may be damaged; play it.", log
    )


def _use_cover(cover: bytes, task: Task, report: Report) -> None:
    # A cover is an extra: a broken one is not worth a word.
    with contextlib.suppress(OSError, ValueError, SyntaxError, Unusable):
        _write_posters(picture_of(cover, task.limits), task, report)


def _write_posters(picture: Image.Image, task: Task, report: Report) -> None:
    write_picture(picture, task, report, "poster", task.limits.poster_width)
    write_picture(picture, task, report, "thumbnail", task.limits.thumbnail_width)


def _make_playable(chosen: Plan, recording: Recording, task: Task, report: Report) -> None:
    ending, mime = _ENDINGS[chosen.kind]
    path = task.renditions / f"playable.{ending}"
    if _takes_long(chosen, recording) and not task.convert:
        report.unfinished()
        return
    ran, made = _encode(chosen, recording, task, path, mime)
    if made is None and recording.picture is not None and not task.convert:
        path.unlink(missing_ok=True)
        report.unfinished()
        return
    if made is None and (chosen.copy_picture or chosen.copy_sound):
        # What cannot be copied into the new container can still be decoded and encoded.
        chosen = Plan("mp4" if recording.picture is not None else "audio")
        ending, mime = _ENDINGS[chosen.kind]
        path.unlink(missing_ok=True)
        path = task.renditions / f"playable.{ending}"
        ran, made = _encode(chosen, recording, task, path, mime)
    if made is None:
        path.unlink(missing_ok=True)
        raise Unusable(_not_converted(task), ran.log)
    size = (made.picture.width, made.picture.height) if made.picture else None
    report.rendition(chosen.kind, path, mime, size)
    if recording.duration_s and (made.duration_s or 0) < recording.duration_s * _ENOUGH - 0.5:
        report.shortfall(
            f"Only the first {made.duration_s or 0:.0f} of {recording.duration_s:.0f} seconds of this {task.label} could be "
            "read: the file is damaged or incomplete. Upload it again from the place where it was made.",
            ran.log,
        )


def _takes_long(chosen: Plan, recording: Recording) -> bool:
    """Encoding pictures does; copying them, or encoding sound, is a matter of seconds."""
    return recording.picture is not None and not chosen.copy_picture


def _encode(
    chosen: Plan, recording: Recording, task: Task, path: Path, mime: str
) -> tuple[Ran, Recording | None]:
    """Run ffmpeg. With it, what was made, or None when nothing that plays came out."""
    ran = _ffmpeg(task, [*encoding(chosen, recording, task.limits), f"file:{path}"])
    if not path.is_file() or not path.stat().st_size:
        return ran, None
    try:
        made = probe(path, mime)
    except av.FFmpegError:
        return ran, None
    complete = bool(made.duration_s) and (made.picture is not None) >= (recording.picture is not None)
    return ran, made if complete and ran.code == 0 else None


def _ffmpeg(task: Task, output: list[str], seek: float = 0.0) -> Ran:
    if task.ffmpeg is None:
        raise MediaFault("No ffmpeg was found. Install it, or name it in HUB_FFMPEG.")
    return run_ffmpeg(task.ffmpeg, task.path, task.mime, output, seek=seek, threads=task.limits.threads)


def _not_converted(task: Task) -> str:
    remedy = "MP3 or M4A" if task.family == "audio" else "MP4 (H.264)"
    return (
        f"Hub could not convert this {task.label} into something browsers play. Save it as {remedy} and upload that; "
        "the original can be downloaded."
    )
