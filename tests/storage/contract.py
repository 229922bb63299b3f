"""What every storage does. An adapter passes by a class of a few lines that says how a `place` is made."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hub.errors import Invalid
from hub.storage import Part, PartsMissing, SizeMismatch, Storage
from tests.servers.s3 import Can
from tests.storage.conversation import ask, tag

MIB = 1024 * 1024
SMALLEST = 5 * MIB  # of all parts but the last, anywhere that speaks S3
FIRST = Random(1).randbytes(SMALLEST)
LAST = b"the end"
KEY = "files/abcdefgh2345/quarterly-deck.mp4"
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


@dataclass(frozen=True, slots=True)
class Place:
    """A storage with nothing in it, and what its server can do."""

    storage: Storage
    can: frozenset[Can]

    def put(self, key: str, content: bytes, content_type: str = "application/octet-stream") -> None:
        self.storage.put(key, io.BytesIO(content), content_type)

    def read(self, key: str) -> bytes:
        with self.storage.open(key) as stream:
            return stream.read()

    def send(self, upload: str, number: int, content: bytes, *, key: str = KEY) -> Part:
        url = self.storage.part_url(key, upload, number, len(content), 60)
        answer = ask("PUT", url, content)
        assert answer.status == 200, answer.body
        return Part(number, len(content), tag(answer))


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


class AddressContract:
    """Signed addresses that read."""

    def test_downloads(self, place: Place) -> None:
        place.put(KEY, FIRST, "video/mp4")
        answer = ask("GET", place.storage.url(KEY, expires=60, filename="Deck 1.mp4"))
        assert (answer.status, answer.body) == (200, FIRST)
        assert answer.headers["Content-Disposition"] == 'attachment; filename="Deck 1.mp4"'
        assert answer.headers["Content-Length"] == str(SMALLEST)
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["ETag"]
        assert "private" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize(
        ("wanted", "status", "expected", "says"),
        [
            ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
            ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
            ("bytes=-2", 206, b"89", "bytes 8-9/10"),
            ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
            ("bytes=9-9", 206, b"9", "bytes 9-9/10"),
            ("bytes=0-", 206, b"0123456789", "bytes 0-9/10"),
            ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
            ("bytes=10-", 416, None, None),
            ("bytes=99-100", 416, None, None),
            ("lines=1-2", 200, b"0123456789", None),
            ("bytes=nonsense", 200, b"0123456789", None),
        ],
    )
    def test_serves_ranges(
        self, place: Place, wanted: str, status: int, expected: bytes | None, says: str | None
    ) -> None:
        place.put("a.mp4", b"0123456789", "video/mp4")
        answer = ask("GET", place.storage.url("a.mp4", expires=60, inline=True), headers={"Range": wanted})
        if status == 200 and Can.FORGIVE_RANGES not in place.can:
            pytest.skip("this server refuses or guesses such a range")
        assert answer.status == status
        if expected is not None:
            assert answer.body == expected
            assert answer.headers["Content-Range"] == says

    def test_knows_what_the_browser_has(self, place: Place) -> None:
        place.put("a", b"x")
        url = place.storage.url("a", expires=60)
        known = str(ask("GET", url).headers["ETag"])
        assert ask("GET", url, headers={"If-None-Match": known}).status == 304
        place.put("a", b"yy")
        assert ask("GET", url, headers={"If-None-Match": known}).body == b"yy"

    @pytest.mark.parametrize(
        ("content_type", "expected"),
        [
            ("video/mp4", "video/mp4"),
            ("image/png", "image/png"),
            ("application/pdf", "application/pdf"),
            ("text/vtt", "text/vtt; charset=utf-8"),
            ("text/plain; charset=ISO-8859-1", "text/plain; charset=iso-8859-1"),
        ],
    )
    def test_shows_harmless_types_in_the_page(self, place: Place, content_type: str, expected: str) -> None:
        place.put("a", b"x", "application/octet-stream")
        url = place.storage.url("a", expires=60, inline=True, filename="a", content_type=content_type)
        headers = ask("GET", url).headers
        assert headers["Content-Type"].replace("; ", ";") == expected.replace("; ", ";")
        assert headers["Content-Disposition"] == 'inline; filename="a"'

    @pytest.mark.parametrize(
        "content_type",
        ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/javascript", ""],
    )
    def test_everything_else_is_a_download(self, place: Place, content_type: str) -> None:
        place.put("a", b"<script>alert(1)</script>", content_type)
        for url in (
            place.storage.url("a", expires=60, inline=True),
            place.storage.url("a", expires=60, inline=True, content_type=content_type),
        ):
            headers = ask("GET", url).headers
            assert headers["Content-Type"] == "application/octet-stream"
            assert headers["Content-Disposition"] == "attachment"

    def test_looks_up_the_declared_type_when_none_is_given(self, place: Place) -> None:
        place.put("a", b"x", "image/png")
        headers = ask("GET", place.storage.url("a", expires=60, inline=True)).headers
        assert (headers["Content-Type"], headers["Content-Disposition"]) == ("image/png", "inline")

    @pytest.mark.parametrize(
        ("filename", "expected"),
        [
            ('a"b;c.pdf', "attachment; filename=\"a_b_c.pdf\"; filename*=UTF-8''a%22b%3Bc.pdf"),
            ("Größe.pdf", "attachment; filename=\"Groe.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf"),
            (
                "x\r\nSet-Cookie: a=b",
                "attachment; filename=\"xSet-Cookie_ a_b\"; filename*=UTF-8''xSet-Cookie%3A%20a%3Db",
            ),
            ("../../etc/passwd", 'attachment; filename="passwd"'),
            ("日本.mp4", "attachment; filename=\"mp4\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.mp4"),
        ],
    )
    def test_names_downloads_safely(self, place: Place, filename: str, expected: str) -> None:
        place.put("a", b"x")
        headers = ask("GET", place.storage.url("a", expires=60, filename=filename)).headers
        assert headers["Content-Disposition"] == expected
        assert headers["Set-Cookie"] is None

    def test_says_404_for_what_is_gone(self, place: Place) -> None:
        assert ask("GET", place.storage.url("gone", expires=60)).status == (
            404 if Can.ANSWER_404 in place.can else 403
        )

    def test_refuses_changed_and_expired_addresses(self, place: Place) -> None:
        if Can.REFUSE_WRONG_SIGNATURE not in place.can:
            pytest.skip("this server checks no signatures")
        place.put("aaa", b"mine")
        place.put("aab", b"not for you")
        short = place.storage.url("aaa", expires=1)
        url = place.storage.url("aaa", expires=60)
        assert ask("GET", url).status == 200
        middle = url.index("/", 10) + (len(url) - url.index("/", 10)) // 2
        changed = url[:middle] + ("A" if url[middle] != "A" else "B") + url[middle + 1 :]
        for forged in (changed, url[:-1] + ("0" if url[-1] != "0" else "1") if "?" in url else changed + "x"):
            assert ask("GET", forged).status in {400, 403, 404}
        assert ask("PUT", url, b"overwritten").status in {403, 405}
        assert place.read("aaa") == b"mine"
        time.sleep(2.1)
        assert ask("GET", short).status == 403


class UploadContract:
    """Uploads in parts, sent to signed addresses as a browser does."""

    def begin(self, place: Place, size: int = SMALLEST + len(LAST)) -> str:
        return place.storage.begin_upload(KEY, "video/mp4", size)

    def test_makes_one_object_of_parts(self, place: Place) -> None:
        upload = self.begin(place)
        assert place.storage.parts(KEY, upload) == []
        sent = [place.send(upload, 1, FIRST), place.send(upload, 2, LAST)]
        assert place.storage.parts(KEY, upload) == sent
        assert place.storage.stat(KEY) is None
        stat = place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST))
        assert place.read(KEY) == FIRST + LAST
        assert (stat.size, stat.content_type) == (SMALLEST + len(LAST), "video/mp4")
        assert stat == place.storage.stat(KEY)
        assert place.storage.parts(KEY, upload) == ([] if Can.FORGET_PARTS in place.can else sent)

    def test_aborting_what_is_complete_changes_nothing(self, place: Place) -> None:
        upload = self.begin(place)
        sent = [place.send(upload, 1, FIRST), place.send(upload, 2, LAST)]
        place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST))
        place.storage.abort_upload(KEY, upload)
        assert place.storage.sweep_uploads(timedelta(0)) == 0
        assert place.read(KEY) == FIRST + LAST

    def test_a_single_small_part_is_enough(self, place: Place) -> None:
        upload = self.begin(place, 1)
        place.storage.complete_upload(KEY, upload, [place.send(upload, 1, b"x")], size=1)
        assert place.read(KEY) == b"x"

    def test_takes_parts_in_any_order(self, place: Place) -> None:
        upload = self.begin(place)
        last = place.send(upload, 2, LAST)
        first = place.send(upload, 1, FIRST)
        place.storage.complete_upload(KEY, upload, [last, first], size=SMALLEST + len(LAST))
        assert place.read(KEY) == FIRST + LAST

    def test_the_last_sending_of_a_part_counts(self, place: Place) -> None:
        upload = self.begin(place)
        stale = place.send(upload, 1, bytes(SMALLEST))
        last = place.send(upload, 2, LAST)
        first = place.send(upload, 1, FIRST)
        assert place.storage.parts(KEY, upload) == [first, last]
        with pytest.raises(PartsMissing):
            place.storage.complete_upload(KEY, upload, [stale, last], size=SMALLEST + len(LAST))
        place.storage.complete_upload(KEY, upload, [first, last], size=SMALLEST + len(LAST))
        assert place.read(KEY) == FIRST + LAST

    def test_completing_again_gives_the_same(self, place: Place) -> None:
        upload = self.begin(place)
        sent = [place.send(upload, 1, FIRST), place.send(upload, 2, LAST)]
        once = place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST))
        assert place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST)) == once
        with pytest.raises((FileNotFoundError, SizeMismatch)):
            place.storage.complete_upload(KEY, upload, sent, size=SMALLEST)
        assert place.read(KEY) == FIRST + LAST

    def test_of_two_that_complete_at_once_both_get_the_object(self, place: Place) -> None:
        upload = self.begin(place)
        sent = [place.send(upload, 1, FIRST), place.send(upload, 2, LAST)]

        def complete(_: int) -> int:
            return place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST)).size

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(complete, range(4))) == [SMALLEST + len(LAST)] * 4
        assert place.read(KEY) == FIRST + LAST

    def test_a_gap_is_refused_and_can_be_filled(self, place: Place) -> None:
        upload = self.begin(place)
        last = place.send(upload, 2, LAST)
        with pytest.raises(PartsMissing, match="missing: 1"):
            place.storage.complete_upload(KEY, upload, [last], size=SMALLEST + len(LAST))
        with pytest.raises(PartsMissing):
            place.storage.complete_upload(
                KEY, upload, [Part(1, SMALLEST, "invented"), last], size=SMALLEST + len(LAST)
            )
        with pytest.raises(PartsMissing):
            place.storage.complete_upload(KEY, upload, [], size=SMALLEST + len(LAST))
        assert place.storage.stat(KEY) is None
        first = place.send(upload, 1, FIRST)
        place.storage.complete_upload(KEY, upload, [first, last], size=SMALLEST + len(LAST))
        assert place.read(KEY) == FIRST + LAST

    @pytest.mark.parametrize("off", [-1, 1])
    def test_another_size_than_declared_is_refused(self, place: Place, off: int) -> None:
        upload = self.begin(place)
        sent = [place.send(upload, 1, FIRST), place.send(upload, 2, LAST)]
        with pytest.raises(SizeMismatch) as refused:
            place.storage.complete_upload(KEY, upload, sent, size=SMALLEST + len(LAST) + off)
        assert refused.value.arrived == SMALLEST + len(LAST)
        assert place.storage.stat(KEY) is None

    def test_a_part_larger_than_declared_is_refused(self, place: Place) -> None:
        upload = self.begin(place, 4)
        url = place.storage.part_url(KEY, upload, 1, 4, 60)
        answer = ask("PUT", url, b"12345")
        if Can.ENFORCE_SIGNED_LENGTH in place.can:
            assert answer.status in {403, 413}
            assert place.storage.parts(KEY, upload) == []
        else:
            with pytest.raises(SizeMismatch):
                place.storage.complete_upload(KEY, upload, place.storage.parts(KEY, upload), size=4)
        assert place.storage.stat(KEY) is None

    def test_an_empty_upload_is_refused(self, place: Place) -> None:
        with pytest.raises(Invalid):
            self.begin(place, 0)
        upload = self.begin(place)
        with pytest.raises(Invalid):
            place.storage.part_url(KEY, upload, 1, 0, 60)

    @pytest.mark.parametrize("number", [0, -1, 10_001])
    def test_part_numbers_are_limited(self, place: Place, number: int) -> None:
        with pytest.raises(Invalid):
            place.storage.part_url(KEY, self.begin(place), number, 1, 60)

    def test_an_aborted_upload_is_gone(self, place: Place) -> None:
        upload = self.begin(place, 1)
        url = place.storage.part_url(KEY, upload, 1, 1, 60)
        part = place.send(upload, 1, b"x")
        place.storage.abort_upload(KEY, upload)
        place.storage.abort_upload(KEY, upload)
        assert place.storage.parts(KEY, upload) == []
        assert ask("PUT", url, b"x").status == (404 if Can.KNOW_UPLOADS in place.can else 500)
        with pytest.raises(FileNotFoundError):
            place.storage.complete_upload(KEY, upload, [part], size=1)
        assert place.storage.stat(KEY) is None

    def test_parts_of_one_key_are_not_those_of_another(self, place: Place) -> None:
        if Can.KNOW_UPLOADS not in place.can:
            pytest.skip("this server looks at the id of an upload alone")
        upload = self.begin(place, 1)
        part = place.send(upload, 1, b"x")
        assert place.storage.parts("other", upload) == []
        with pytest.raises(FileNotFoundError):
            place.storage.complete_upload("other", upload, [part], size=1)
        place.storage.abort_upload("other", upload)
        assert place.storage.parts(KEY, upload) == [part]

    def test_refuses_changed_and_expired_addresses_of_parts(self, place: Place) -> None:
        if Can.REFUSE_WRONG_SIGNATURE not in place.can:
            pytest.skip("this server checks no signatures")
        upload = self.begin(place, 2)
        url = place.storage.part_url(KEY, upload, 1, 2, 1)
        second = place.storage.part_url(KEY, upload, 2, 2, 60)
        changed = second.replace("partNumber=2", "partNumber=1") if "?" in second else second[:-20] + "A" * 20
        assert changed != second
        assert ask("PUT", changed, b"xx").status == 403
        time.sleep(2.1)
        assert ask("PUT", url, b"xx").status == 403
        assert place.storage.parts(KEY, upload) == []

    def test_sweeps_what_nobody_came_back_to(self, place: Place) -> None:
        upload = self.begin(place, 1)
        part = place.send(upload, 1, b"x")
        place.put("kept", b"x")
        if Can.KNOW_UPLOADS in place.can:
            assert place.storage.sweep_uploads(timedelta(hours=1)) == 0
            assert place.storage.parts(KEY, upload) == [part]
        time.sleep(1.1)  # servers tell the time in whole seconds
        assert place.storage.sweep_uploads(timedelta(0)) == 1
        assert place.storage.parts(KEY, upload) == []
        assert place.storage.sweep_uploads(timedelta(0)) == 0
        assert list(place.storage.list()) == ["kept"]

    def test_says_in_words_when_cors_cannot_be_set(self, place: Place) -> None:
        said = place.storage.ensure_cors("https://hub.example.com")
        assert (said == "") == (Can.BUCKET_CORS in place.can)
        assert said == "" or "https://hub.example.com" in said


class StorageContract(ObjectContract, AddressContract, UploadContract):
    """All of it."""
