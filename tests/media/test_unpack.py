"""Archives from anywhere: what is in them comes out within its folder and within limits, or not at all."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.media import archive as archives
from hub.media.archive import Unpacked, unpack

Pack = Callable[[zipfile.ZipFile], None]


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[Pack | bytes], Unpacked]:
    def open_(given: Pack | bytes) -> Unpacked:
        path = tmp_path / "in.zip"
        if isinstance(given, bytes):
            path.write_bytes(given)
        else:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
                given(made)
        (tmp_path / "work").mkdir(exist_ok=True)
        return unpack(path, "in.zip", tmp_path / "work")

    return open_


def files(found: Unpacked) -> dict[str, bytes]:
    return {
        str(path.relative_to(found.folder)): path.read_bytes()
        for path in found.folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def test_what_is_in_it_comes_out(opened: Callable[[Pack | bytes], Unpacked]) -> None:
    def pack(made: zipfile.ZipFile) -> None:
        made.writestr("Q3/story.md", "text")
        made.writestr("Q3/decks/größe.pptx", b"123")
        made.writestr("__MACOSX/Q3/._story.md", "x")
        made.writestr("Q3/.DS_Store", "x")

    found = opened(pack)
    assert found.folder.name == "Q3"
    assert files(found) == {"story.md": b"text", "decks/größe.pptx": b"123"}
    assert (found.notes, found.reason) == ((), "")


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "/etc/out.txt", "..\\out.txt", "C:\\out.txt", "a/./b", "a//b", "x\n.txt", "a/ /b", "n" * 300]
)  # fmt: skip
def test_names_that_lead_elsewhere_are_left_out(
    name: str, tmp_path: Path, opened: Callable[[Pack | bytes], Unpacked]
) -> None:
    def pack(made: zipfile.ZipFile) -> None:
        made.writestr("fine.txt", "fine")
        made.writestr(zipfile.ZipInfo(name), "out")

    found = opened(pack)
    assert files(found) == {"fine.txt": b"fine"}
    assert len(found.notes) == 1
    assert "left out" in found.notes[0]
    assert not list(tmp_path.rglob("out.txt"))


def test_links_and_devices_are_left_out(opened: Callable[[Pack | bytes], Unpacked]) -> None:
    def pack(made: zipfile.ZipFile) -> None:
        for name, mode in (("link", stat.S_IFLNK), ("pipe", stat.S_IFIFO), ("plain", stat.S_IFREG)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (mode | 0o777) << 16
            made.writestr(entry, "/etc/passwd")

    found = opened(pack)
    assert files(found) == {"plain": b"/etc/passwd"}
    assert len(found.notes) == 2


def test_doubles_are_left_out(opened: Callable[[Pack | bytes], Unpacked]) -> None:
    def pack(made: zipfile.ZipFile) -> None:
        for name in ("a.txt", "A.TXT", "b", "b/c.txt", "d/e.txt", "d"):
            made.writestr(name, name)

    found = opened(pack)
    assert files(found) == {"a.txt": b"a.txt", "b": b"b", "d/e.txt": b"d/e.txt"}
    assert len(found.notes) == 3


@pytest.mark.parametrize(("raw", "meant"), [("größe.txt".encode("cp437"), "größe.txt"), ("größe.txt".encode(), "größe.txt"), ("東京.txt".encode(), "東京.txt")])  # fmt: skip
def test_names_in_the_letters_of_dos_and_in_utf_8(
    raw: bytes, meant: str, opened: Callable[[Pack | bytes], Unpacked]
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("x" * len(raw), "text")
    packed = made.getvalue().replace(b"x" * len(raw), raw)
    assert list(files(opened(packed))) == [meant]


def test_a_hundred_thousand_entries_are_refused(opened: Callable[[Pack | bytes], Unpacked]) -> None:
    def pack(made: zipfile.ZipFile) -> None:
        for number in range(100_000):
            made.writestr(zipfile.ZipInfo(str(number)), "")

    found = opened(pack)
    assert found.reason == "It holds 100,000 files, and 20,000 are the most. Pack it in parts."
    assert files(found) == {}


def test_what_swells_is_refused(opened: Callable[[Pack | bytes], Unpacked]) -> None:
    assert "swell" in opened(lambda made: made.writestr("zeros", b"\0" * 30_000_000)).reason


def test_entries_that_share_their_bytes_are_refused(opened: Callable[[Pack | bytes], Unpacked]) -> None:
    """As in the bombs of David Fifield: many entries of the directory point at one piece of data."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a", b"x" * 1_000)
        for number in range(50):
            entry = zipfile.ZipInfo(f"b{number}")
            entry.header_offset, entry.compress_size, entry.file_size = 0, 1_000, 1_000
            entry.CRC = archive.infolist()[0].CRC
            archive.filelist.append(entry)
            archive.NameToInfo[entry.filename] = entry
        archive._didModify = True  # type: ignore[attr-defined]
    assert "swell" in opened(made.getvalue()).reason


def test_an_entry_that_holds_more_than_it_says(opened: Callable[[Pack | bytes], Unpacked]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"x" * 5_000)
    lying = made.getvalue().replace(struct.pack("<I", 5_000), struct.pack("<I", 50))
    assert opened(lying).reason != ""


def test_one_with_a_password_is_refused(opened: Callable[[Pack | bytes], Unpacked]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a", b"secret")
    raw = bytearray(made.getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + place] |= 1
    assert opened(bytes(raw)).reason == "It is protected by a password. Pack it again without one."


def test_archives_in_it_stay_closed(opened: Callable[[Pack | bytes], Unpacked]) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 50_000_000)
    found = opened(lambda made: made.writestr("inner.zip", inner.getvalue()))
    assert files(found) == {"inner.zip": inner.getvalue()}


def test_what_is_no_archive(opened: Callable[[Pack | bytes], Unpacked]) -> None:
    assert "no ZIP" in opened(b"PK\x03\x04 nothing of the kind").reason
    assert "no ZIP" in opened(b"").reason


def test_too_large_by_its_own_word(
    monkeypatch: pytest.MonkeyPatch, opened: Callable[[Pack | bytes], Unpacked]
) -> None:
    def pack(made: zipfile.ZipFile) -> None:
        made.writestr("a", b"x")
        made.infolist()[0].file_size = archives.MOST_BYTES + 1

    assert opened(pack).reason != ""
