"""Images: turned, stripped, scaled; refused by their size before they are decoded."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from tests.processor import at_most

from .conftest import ReadHere, Run
from .inputs import HEIC, photo, png_header


def test_turned_as_the_camera_says_and_stripped(read_here: ReadHere, tmp_path: Path) -> None:
    path = tmp_path / "phone.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right to show
    exif[0x010E] = "Taken at the home of a customer"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo(size=(640, 320)).save(path, exif=exif, icc_profile=profile, comment=b"a comment")
    told = read_here(path)
    assert (told.facts["width"], told.facts["height"]) == (320, 640)
    preview, thumbnail = told.renditions
    assert (preview.kind, preview.width, preview.height) == ("preview", 320, 640)
    assert (thumbnail.kind, thumbnail.width) == ("thumbnail", 320)
    with Image.open(preview.path) as image:
        assert image.format == "WEBP"
        assert not image.getexif()
        assert "icc_profile" not in image.info
        assert image.convert("L").getpixel((160, 100)) < 60  # type: ignore[operator]  # dark half on top now
        assert image.convert("L").getpixel((160, 600)) > 200  # type: ignore[operator]
    assert b"customer" not in preview.path.read_bytes()


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "I;16"),
        ("TIFF", "CMYK"),
        ("TIFF", "F"),
        ("PNG", "P"),
        ("PNG", "LA"),
        ("GIF", "P"),
        ("BMP", "1"),
        ("ICO", "RGBA"),
        ("WEBP", "RGBA"),
        ("AVIF", "RGB"),
        ("TIFF", "I"),
    ],
)
def test_every_mode_becomes_a_picture(read_here: ReadHere, tmp_path: Path, kind: str, mode: str) -> None:
    path = tmp_path / f"image.{kind.lower()}"
    photo("RGB", (64, 64)).convert("L").convert("I").point(lambda v: v * 200).convert(mode).save(
        path, kind
    ) if mode in {
        "I",
        "I;16",
        "F",
    } else photo("RGB", (64, 64)).convert(mode).save(path, kind)
    told = read_here(path)
    assert told.shortfalls == []
    assert [made.kind for made in told.renditions] == ["preview", "thumbnail"]
    with Image.open(told.renditions[0].path) as image:
        grey = image.convert("L")
        assert grey.getpixel((50, 32)) > grey.getpixel((10, 32))  # type: ignore[operator]
    assert told.facts["plays_in_browser"] is (kind != "TIFF")


def test_large_photo_is_scaled_and_its_true_size_told(read_here: ReadHere, tmp_path: Path) -> None:
    photo(size=(6000, 2000)).save(tmp_path / "large.jpg")
    told = read_here(tmp_path / "large.jpg")
    assert (told.facts["width"], told.facts["height"]) == (6000, 2000)
    assert [(made.width, made.height) for made in told.renditions] == [(2560, 853), (480, 160)]


def test_animation_and_pages_are_told(read_here: ReadHere, tmp_path: Path) -> None:
    frames = [photo(), photo().rotate(180)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    frames[0].save(tmp_path / "fax.tiff", save_all=True, append_images=frames[1:])
    assert read_here(tmp_path / "moving.gif").facts["animated"] is True
    fax = read_here(tmp_path / "fax.tiff").facts
    assert (fax["pages"], fax["animated"]) == (2, False)


def test_cut_off_photo_shows_what_is_there(read_here: ReadHere, tmp_path: Path) -> None:
    photo(size=(400, 400)).save(tmp_path / "whole.jpg", quality=95)
    data = (tmp_path / "whole.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(data[: len(data) * 2 // 3])
    told = read_here(tmp_path / "cut.jpg")
    assert len(told.renditions) == 2
    assert "cut off" in told.shortfalls[0][0]


def gif_of_size(width: int, height: int) -> bytes:
    return (
        b"GIF89a"
        + struct.pack("<HH", width, height)
        + b"\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0"
        + struct.pack("<HH", width, height)
        + b"\0\2\2D\1\0;"
    )


def icon_of(picture: bytes) -> bytes:
    return (
        b"\0\0\1\0\1\0" + bytes([16, 16, 0, 0, 1, 0, 32, 0]) + struct.pack("<II", len(picture), 22) + picture
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bomb.png", png_header(60_000, 60_000)),
        ("bomb.gif", gif_of_size(65_535, 65_535)),
        ("bomb.ico", icon_of(png_header(40_000, 40_000))),
        ("near.png", png_header(9_000, 9_000)),
    ],
)
def test_bombs_are_refused_before_they_are_decoded(
    read_here: ReadHere, tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    with at_most(seconds=1):
        told = read_here(tmp_path / name)
    assert told.renditions == []
    assert "megapixels" in told.shortfalls[0][0]


def test_bomb_in_a_child(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bomb.png").write_bytes(png_header(60_000, 60_000))
    outcome = run(tmp_path / "bomb.png")
    assert (outcome.ok, outcome.partial, outcome.renditions) == (False, False, [])
    assert "megapixels" in (outcome.reason or "")


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe0" + bytes(100), b"II*\x00" + b"\xff" * 60]
)
def test_broken_images_have_a_reason(read_here: ReadHere, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "broken").write_bytes(data)
    told = read_here(tmp_path / "broken")
    assert told.renditions == []
    assert "damaged or incomplete" in told.shortfalls[0][0]


def test_photo_of_a_phone_is_shown(read_here: ReadHere, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(HEIC)
    told = read_here(path)
    assert (told.facts["width"], told.facts["height"], told.facts["plays_in_browser"]) == (32, 64, False)
    with Image.open(told.renditions[0].path) as image:
        assert (image.format, image.size) == ("WEBP", (32, 64))
        grey = image.convert("L")
        assert (grey.getpixel((16, 10)), grey.getpixel((16, 50))) == (0, 255)
    outcome = run(path)
    assert (outcome.ok, outcome.file_type.label) == (True, "HEIC photo")
    (tmp_path / "cut.heic").write_bytes(HEIC[:250])
    assert "damaged or incomplete" in read_here(tmp_path / "cut.heic").shortfalls[0][0]
