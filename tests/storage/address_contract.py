"""What every storage does with signed addresses that read."""

from __future__ import annotations

import time

import pytest

from tests.servers.s3 import Can
from tests.storage.conversation import ask
from tests.storage.place import FIRST, KEY, SMALLEST, Place


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
