"""What every storage does with bytes under keys."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hub.errors import Invalid
from tests.storage.place import FIRST, KEY, MIB, Place

BAD_KEYS = (
    "",
    "/etc/passwd",
    "../secret",
    "files/../../secret",
    "files/..",
    "files//x",
    "files/./x",
    "files/x/",
    "files/.hidden",
    "files\\x",
    "files/a\x00b",
    "files/a\nb",
    "files/x\n",
    "files/ä",
    "files/a b",
    "files/%2e%2e/x",
    "f" * 129,
    "f/" * 300 + "f",
)


class Pipe(io.RawIOBase):
    """A stream that can only be read forward, a little at a time."""

    def __init__(self, content: bytes) -> None:
        self._inner = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        chunk = self._inner.read(min(len(buffer), 70_000))
        buffer[: len(chunk)] = chunk
        return len(chunk)


class ObjectContract:
    """Bytes under keys."""

    def test_keeps_bytes_and_facts(self, place: Place) -> None:
        content = Random(2).randbytes(300_001)
        stat = place.storage.put(KEY, io.BytesIO(content), "video/mp4")
        assert place.read(KEY) == content
        assert stat == place.storage.stat(KEY)
        assert (stat.size, stat.content_type) == (300_001, "video/mp4")
        assert stat.etag
        assert '"' not in stat.etag
        assert abs(stat.modified - datetime.now(UTC)) < timedelta(minutes=1)

    def test_takes_files_and_streams_that_cannot_seek(self, place: Place, tmp_path: Path) -> None:
        content = Random(3).randbytes(9 * MIB)
        file = tmp_path / "file"
        file.write_bytes(content)
        place.storage.put("a", file, "text/plain")
        pipe = io.BufferedReader(Pipe(content))
        place.storage.put("b", pipe, "text/plain")
        assert not pipe.closed
        assert place.read("a") == place.read("b") == content
        assert file.read_bytes() == content

    def test_reads_a_stream_from_where_it_stands(self, place: Place) -> None:
        stream = io.BytesIO(b"0123456789")
        stream.seek(4)
        assert place.storage.put("a", stream, "text/plain").size == 6
        assert place.read("a") == b"456789"

    def test_replaces(self, place: Place) -> None:
        place.put("a", b"first", "text/plain")
        before = place.storage.stat("a")
        place.put("a", b"another", "image/png")
        after = place.storage.stat("a")
        assert place.read("a") == b"another"
        assert before
        assert after
        assert (after.content_type, after.size) == ("image/png", 7)
        assert after.etag != before.etag

    def test_keeps_an_empty_object(self, place: Place) -> None:
        place.put("empty", b"")
        assert place.read("empty") == b""
        stat = place.storage.stat("empty")
        assert stat
        assert stat.size == 0

    def test_a_type_that_is_none_is_kept_as_bytes(self, place: Place) -> None:
        place.put("a", b"x", "evil\r\nX-Header: 1")
        stat = place.storage.stat("a")
        assert stat
        assert stat.content_type == "application/octet-stream"

    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            (0, None, b"0123456789"),
            (3, None, b"3456789"),
            (0, 1, b"0"),
            (3, 7, b"3456"),
            (8, 99, b"89"),
            (5, 5, b""),
            (10, None, b""),
        ],
    )
    def test_opens_a_range(self, place: Place, start: int, end: int | None, expected: bytes) -> None:
        place.put("a", b"0123456789")
        with place.storage.open("a", start, end) as stream:
            assert stream.read() == expected
            assert stream.read() == b""

    def test_reads_in_pieces(self, place: Place) -> None:
        place.put("a", FIRST)
        with place.storage.open("a", 10, 3 * MIB) as stream:
            assert stream.read(5) == FIRST[10:15]
            assert stream.read(2 * MIB) == FIRST[15 : 15 + 2 * MIB]
            assert stream.read() == FIRST[15 + 2 * MIB : 3 * MIB]

    def test_what_is_missing_is_said(self, place: Place) -> None:
        place.put("noise", b"x")
        assert place.storage.stat("gone") is None
        with pytest.raises(FileNotFoundError):
            place.storage.open("gone")
        with pytest.raises(FileNotFoundError):
            place.storage.open("gone", 3, 3)
        with pytest.raises(FileNotFoundError), place.storage.local_path("gone"):
            pass
        place.storage.delete("gone")
        assert list(place.storage.list()) == ["noise"]

    def test_deletes(self, place: Place) -> None:
        place.put("files/a", b"a")
        place.put("files/b", b"b")
        place.storage.delete("files/a")
        assert place.storage.stat("files/a") is None
        assert place.read("files/b") == b"b"

    def test_lists_by_prefix_in_order(self, place: Place) -> None:
        keys = ["files/ab/1", "files/ab/2.mp4", "files/ab-c/3", "files/abc", "posters/ab"]
        for key in reversed(keys):
            place.put(key, b"x")
        assert list(place.storage.list()) == sorted(keys)
        assert list(place.storage.list("files/ab/")) == ["files/ab/1", "files/ab/2.mp4"]
        assert list(place.storage.list("files/ab")) == sorted(keys[:4])
        assert list(place.storage.list("nothing")) == []

    def test_gives_a_real_file(self, place: Place) -> None:
        place.put(KEY, FIRST, "video/mp4")
        with place.storage.local_path(KEY) as path:
            assert path.suffix == ".mp4"
            assert path.read_bytes() == FIRST
        assert place.read(KEY) == FIRST

    @pytest.mark.parametrize("key", BAD_KEYS)
    def test_refuses_keys_that_are_none(self, place: Place, key: str) -> None:
        storage = place.storage
        calls: Sequence[Callable[[], object]] = (
            lambda: storage.put(key, io.BytesIO(b"x"), "text/plain"),
            lambda: storage.open(key),
            lambda: storage.delete(key),
            lambda: storage.stat(key),
            lambda: storage.local_path(key).__enter__(),
            lambda: storage.url(key, expires=60),
            lambda: storage.begin_upload(key, "text/plain", 1),
            lambda: storage.part_url(key, "0" * 32, 1, 1, 60),
            lambda: storage.parts(key, "0" * 32),
            lambda: storage.complete_upload(key, "0" * 32, [], size=1),
            lambda: storage.abort_upload(key, "0" * 32),
        )
        for call in calls:
            with pytest.raises(Invalid) as refused:
                call()
            assert refused.value.field == "key"

    def test_refuses_prefixes_that_are_none(self, place: Place) -> None:
        with pytest.raises(Invalid):
            list(place.storage.list("../"))
