"""What only S3 has: a network, keys of its own, another name for browsers."""

from __future__ import annotations

import io
import itertools
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.storage import PartsMissing, S3Options, SizeMismatch, Stat, Storage, StorageUnavailable, make_storage
from hub.storage.bucket import connect
from tests.servers.process import free_ports
from tests.servers.s3 import S3Server
from tests.storage.place import KEY, Place

NOWHERE = S3Options(endpoint="http://127.0.0.1:9", access_key="a", secret_key="b")


def make(setting: str, options: S3Options) -> Storage:
    return make_storage(setting, data=Path("unused"), url="", secret=b"", s3=options)


def options_of(server: S3Server) -> S3Options:
    return S3Options(endpoint=server.endpoint, access_key=server.access_key, secret_key=server.secret_key)


def test_a_server_that_is_away_is_unavailable() -> None:
    storage = make("s3:bucket", replace(NOWHERE, endpoint=f"http://127.0.0.1:{free_ports(1)[0]}"))
    for call in (
        lambda: storage.stat("a"),
        lambda: storage.put("a", io.BytesIO(b"x"), "text/plain"),
        lambda: list(storage.list()),
        lambda: storage.parts("a", "x"),
    ):
        with pytest.raises(StorageUnavailable, match="does not answer") as said:
            call()
        assert "HUB_S3_ENDPOINT" in said.value.remedy
    assert "no answer" in storage.ensure_cors("https://hub.example.com")


@pytest.mark.servers
def test_wrong_keys_and_a_missing_bucket_name_the_setting(swift_server: S3Server) -> None:
    wrong = make(f"s3:{swift_server.bucket}", replace(options_of(swift_server), secret_key="wrong"))
    with pytest.raises(StorageUnavailable, match="SignatureDoesNotMatch") as said:
        list(wrong.list())
    assert "HUB_S3_SECRET_ACCESS_KEY" in said.value.remedy
    lost = make("s3:no-such-bucket", options_of(swift_server))
    with pytest.raises(StorageUnavailable, match="NoSuchBucket") as said:
        lost.put("a", io.BytesIO(b"x"), "text/plain")
    assert "HUB_STORAGE" in said.value.remedy


def test_prefixes_keep_apart(moto_server: S3Server) -> None:
    options = options_of(moto_server)
    one, two = (
        make(f"s3:{moto_server.bucket}/one", options),
        make(f"s3:{moto_server.bucket}/one-more", options),
    )
    one.put("a", io.BytesIO(b"1"), "text/plain")
    two.put("a", io.BytesIO(b"2"), "text/plain")
    two.put("b", io.BytesIO(b"2"), "text/plain")
    assert list(one.list()) == ["a"]
    with two.open("a") as stream:
        assert stream.read() == b"2"


def test_browsers_get_the_public_name() -> None:
    storage = make("s3:bucket", replace(NOWHERE, public_endpoint="https://files.example.com"))
    for url in (storage.url("a", expires=60), storage.part_url("a", "upload", 1, 5, 60)):
        assert url.startswith("https://files.example.com/bucket/a?")


def test_parts_are_bound_to_their_size() -> None:
    query = parse_qs(urlsplit(make("s3:bucket", NOWHERE).part_url("a", "upload", 3, 5, 90)).query)
    assert query["X-Amz-SignedHeaders"] == ["content-length;host"]
    assert query["X-Amz-Expires"] == ["90"]
    assert query["partNumber"] == ["3"]


def test_no_address_outlives_what_signatures_allow() -> None:
    query = parse_qs(urlsplit(make("s3:bucket", NOWHERE).url("a", expires=10**9)).query)
    assert query["X-Amz-Expires"] == ["604800"]


@pytest.mark.parametrize(
    ("options", "checksums", "style"),
    [
        (NOWHERE, "when_required", "path"),
        (replace(NOWHERE, checksums="when_supported", path_style=False), "when_supported", "virtual"),
        (replace(NOWHERE, endpoint=""), "when_supported", "virtual"),
        (replace(NOWHERE, endpoint="", checksums="when_required", path_style=True), "when_required", "path"),
    ],
)
def test_checksums_follow_the_endpoint_unless_set(options: S3Options, checksums: str, style: str) -> None:
    config = connect(options, options.endpoint).meta.config
    assert config.request_checksum_calculation == checksums
    assert config.response_checksum_validation == checksums
    assert config.s3["addressing_style"] == style


def test_equal_addresses_for_a_while_so_that_browsers_need_not_fetch_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage = make("s3:bucket", NOWHERE)
    moment = 1_000_000_000.0
    monkeypatch.setattr("hub.storage.s3.time.time", lambda: moment)
    first = storage.url("a", expires=3600)
    assert parse_qs(urlsplit(first).query)["X-Amz-Expires"] == ["4500"]
    moment += 99
    assert storage.url("a", expires=3600) == first
    assert storage.url("b", expires=3600) != first
    assert storage.url("a", expires=3600, filename="b") != first
    numbers = itertools.count()
    monkeypatch.setattr("hub.storage.s3.S3Storage._signed", lambda *_: str(next(numbers)))
    moment += 900
    assert [storage.url("a", expires=3600) for _ in range(2)] == ["0", "0"]
    assert [storage.url("a", expires=60) for _ in range(2)] == ["1", "2"]


def test_secrets_do_not_show() -> None:
    assert "hidden" not in repr(S3Options(access_key="hidden1", secret_key="hidden2"))


@pytest.fixture
def breaks_off() -> Iterator[str]:
    """A server that sends half of what it announces, then hangs up, as often as it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    line.recv(65536)
                    line.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nETag: "x"\r\n\r\n' + b"x" * 500)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_download_that_breaks_off_is_not_taken_for_whole(breaks_off: str) -> None:
    storage = make("s3:bucket", replace(NOWHERE, endpoint=breaks_off))
    with storage.open("a") as stream, pytest.raises(StorageUnavailable):
        stream.read()
    with pytest.raises(StorageUnavailable), storage.local_path("a"):
        pass


@pytest.mark.servers
def test_parts_that_are_too_small_are_refused_in_words(swift_server: S3Server) -> None:
    place = Place(make(swift_server.fresh(), options_of(swift_server)), swift_server.can)
    upload = place.storage.begin_upload(KEY, "text/plain", 2)
    sent = [place.send(upload, 1, b"x"), place.send(upload, 2, b"y")]
    with pytest.raises(PartsMissing, match="below 5 MiB"):
        place.storage.complete_upload(KEY, upload, sent, size=2)
    assert place.storage.stat(KEY) is None


@pytest.mark.parametrize(("size", "expected"), [(None, StorageUnavailable), (2, SizeMismatch)])
def test_what_did_not_arrive_whole_is_not_kept(
    moto_server: S3Server, monkeypatch: pytest.MonkeyPatch, size: int | None, expected: type[Exception]
) -> None:
    storage = make(moto_server.fresh(), options_of(moto_server))
    wrong = Stat(size, "text/plain", None, datetime.now(UTC)) if size else None
    with monkeypatch.context() as patched:
        patched.setattr(type(storage), "stat", lambda *_: wrong)
        with pytest.raises(expected):
            storage.put("a", io.BytesIO(b"123"), "text/plain")
    assert (storage.stat("a") is None) == (expected is SizeMismatch)
