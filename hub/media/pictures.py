"""Writing renditions of a decoded picture, as WebP without metadata."""

from __future__ import annotations

import contextlib
import io

from PIL import Image, ImageCms, ImageOps

from hub.media.outcome import RenditionKind
from hub.media.report import Report
from hub.media.task import Task

_TALLEST = 4  # times the width; a page or screenshot longer than this is shown smaller
_WEBP_SIDE = 16_383


def write_picture(
    image: Image.Image,
    task: Task,
    report: Report,
    kind: RenditionKind,
    width: int,
    *,
    page: int | None = None,
) -> None:
    """Write `image`, scaled down to at most `width` pixels across, and report it."""
    factor = min(width / image.width, min(width * _TALLEST, _WEBP_SIDE) / image.height)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    scaled = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0) if factor < 1 else image
    name = f"{kind}-{page}.webp" if page else f"{kind}.webp"
    path = task.renditions / name
    scaled.save(path, "WEBP", quality=80, method=2)
    report.rendition(kind, path, "image/webp", scaled.size, page)


def upright(image: Image.Image) -> Image.Image:
    """As people see it: turned as the camera says, in sRGB, in a mode WebP takes; without metadata."""
    turned = ImageOps.exif_transpose(image)
    profile = turned.info.get("icc_profile")
    if turned.mode.startswith("I;16"):
        turned = turned.point(lambda value: value / 256).convert("L")
    if turned.mode in {"I", "F"}:
        low, high = turned.getextrema()
        scale = (
            255 / (high - low)
            if isinstance(low, int | float) and isinstance(high, int | float) and high > low
            else 0
        )
        turned = turned.point(lambda value: value * scale).convert("L")
    if profile and turned.mode in {"RGB", "CMYK"}:
        turned = _in_srgb(turned, profile)
    alpha = "A" in turned.getbands() or "transparency" in turned.info
    plain = turned.convert("RGBA" if alpha else "RGB")
    plain.info.clear()
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """A broken or odd profile is left aside; colours are then a little off, which is better than no picture."""
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        return converted or image
    return image
