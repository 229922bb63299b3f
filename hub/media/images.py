"""Images: size known before anything is decoded, metadata left behind."""

from __future__ import annotations

import io
import warnings
from typing import BinaryIO

import pi_heif
from PIL import Image, ImageFile

from hub.media.faults import Unusable
from hub.media.limits import Limits
from hub.media.pictures import upright, write_picture
from hub.media.report import Report
from hub.media.task import Task

# JPEG covers MPO too. Others are left out on purpose: EPS would start a program, and few people need FITS.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "TIFF", "BMP", "ICO")
pi_heif.register_heif_opener(thumbnails=False)
_IN_BROWSERS = {"JPEG", "MPO", "PNG", "GIF", "WEBP", "AVIF", "BMP", "ICO"}


def read(task: Task, report: Report) -> None:
    """Preview and thumbnail; of an animation or a TIFF of several pages, from the first picture."""
    with task.path.open("rb") as file:
        image = open_bounded(file, task.limits)
        frames = (
            int(getattr(image, "n_frames", 1))
            if image.format in {"TIFF", "GIF", "WEBP", "AVIF", "PNG"}
            else 1
        )
        pages = frames if image.format == "TIFF" else None
        shown = image.format in _IN_BROWSERS
        if image.format == "JPEG":
            image.draft("RGB", (task.limits.preview_width, task.limits.preview_width))
        width, height = image.size
        try:
            picture = upright(image)
        except OSError as error:
            if "truncated" not in str(error):
                raise
            picture = _cut_off(file, task, report, str(error))
    # After a reduced decode the real size comes from the header, in the order in which it is shown.
    turned = (picture.width > picture.height) != (width > height) and picture.width != picture.height
    real = _header_size(task)
    report.facts(
        width=real[1] if turned else real[0],
        height=real[0] if turned else real[1],
        pages=pages,
        animated=frames > 1 and pages is None,
        plays_in_browser=shown,
    )
    write_picture(picture, task, report, "preview", task.limits.preview_width)
    write_picture(picture, task, report, "thumbnail", task.limits.thumbnail_width)


def open_bounded(file: BinaryIO, limits: Limits) -> Image.Image:
    """Open an image without decoding it. Raises Unusable for one of too many pixels."""
    # Pillow's own guard, for pictures inside of others (icons), which the size in the header does not cover.
    Image.MAX_IMAGE_PIXELS = limits.pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
    try:
        image = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Unusable(_too_large(limits), str(bomb)) from bomb
    if image.width * image.height > limits.pixels:
        raise Unusable(_too_large(limits), f"{image.width} × {image.height}")
    return image


def picture_of(data: bytes, limits: Limits) -> Image.Image:
    """A decoded picture out of memory: a cover inside a recording, a frame made by ffmpeg."""
    return upright(open_bounded(io.BytesIO(data), limits))


def _cut_off(file: BinaryIO, task: Task, report: Report, detail: str) -> Image.Image:
    file.seek(0)
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    picture = upright(open_bounded(file, task.limits))
    report.shortfall(
        f"This {task.label} is cut off: its lower part is missing. Upload it again from the place where it was made.",
        detail,
    )
    return picture


def _header_size(task: Task) -> tuple[int, int]:
    with task.path.open("rb") as file:
        return open_bounded(file, task.limits).size


def _too_large(limits: Limits) -> str:
    return (
        f"This image has more than {limits.pixels // 1_000_000} megapixels, the most Hub opens. "
        "Save it smaller and upload that to have it shown."
    )
