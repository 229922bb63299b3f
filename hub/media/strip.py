"""A preview strip: small pictures of a video at even distances, in one image, for seeking by eye."""

from __future__ import annotations

import math

from PIL import Image

from hub.media.ffmpeg import run_ffmpeg
from hub.media.images import picture_of
from hub.media.pictures import write_picture
from hub.media.playback import shown_size
from hub.media.probe import Recording
from hub.media.report import Report
from hub.media.task import Task

SHORTEST = 8.0  # seconds; in less there is nothing to look for
_FRAMES = 100
_COLUMNS = 10
_WIDTH = 160  # pixels of one picture
_CLOSEST = 2.0  # seconds between two
_DECODED_WHOLE = 60.0  # seconds; in longer ones only key frames are decoded, which are seconds apart anyway


def make_strip(recording: Recording, task: Task, report: Report) -> None:
    """Write and report the strip. It is an extra: a video that yields none is not worth a word."""
    duration = recording.duration_s or 0
    if duration < SHORTEST or task.ffmpeg is None:
        return
    every = max(_CLOSEST, duration / _FRAMES)
    frames = math.ceil(duration / every)
    rows = math.ceil(frames / _COLUMNS)
    sheet = task.scratch / "strip.png"
    choose = f"fps=1/{every:.3f}:round=up,{shown_size(_WIDTH, _WIDTH)},tile={_COLUMNS}x{rows}"
    ran = run_ffmpeg(
        task.ffmpeg,
        task.path,
        task.mime,
        [*("-map", "0:V:0", "-frames:v", "1", "-vf", choose, "-c:v", "png"), "-f", "image2", f"file:{sheet}"],
        decoder=() if duration <= _DECODED_WHOLE else ("-skip_frame", "nokey"),
        threads=task.limits.threads,
    )
    if ran.code or not sheet.is_file():
        return
    picture = picture_of(sheet.read_bytes(), task.limits)
    sheet.unlink()
    if picture.width % _COLUMNS or picture.height % rows:
        return
    _report(picture, task, report, frames, every)


def _report(picture: Image.Image, task: Task, report: Report, frames: int, every: float) -> None:
    write_picture(picture, task, report, "strip", picture.width)
    report.facts(strip_frames=frames, strip_columns=_COLUMNS, strip_every_s=round(every, 3))
