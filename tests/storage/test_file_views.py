"""The directory storage's own HTTP: what S3 servers do by themselves, the hub must do here."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hub.storage import S3Options, Storage, make_storage
from tests.storage.conftest import SECRET, FileServer, make_app
from tests.storage.conversation import ask, tag

KEY = "files/abcd/talk.mp4"


@pytest.fixture
def storage(file_server: FileServer, tmp_path: Path) -> Storage:
    storage = file_server.storage(tmp_path, origin=file_server.url)
    storage.put(KEY, io.BytesIO(b"0123456789"), "video/mp4")
    return storage


def begin(storage: Storage, size: int = 10) -> tuple[str, str]:
    upload = storage.begin_upload("files/new", "video/mp4", size)
    return upload, storage.part_url("files/new", upload, 1, size, 60)


def test_head_tells_all_but_the_bytes(storage: Storage) -> None:
    url = storage.url(KEY, expires=60, inline=True, content_type="video/mp4")
    head, get = ask("HEAD", url), ask("GET", url)
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Accept-Ranges"):
        assert head.headers[name] == get.headers[name] is not None


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ("bytes=0-1,4-5", 200, b"0123456789"),  # several at once may be answered with the whole
        ("bytes=5-2", 200, b"0123456789"),
        ("bytes=-", 200, b"0123456789"),
        ("bytes=", 200, b"0123456789"),
        ("bytes=a-b", 200, b"0123456789"),
        ("bytes=--1", 200, b"0123456789"),
        ("bytes=" + "9" * 400 + "-", 200, b"0123456789"),
        ("BYTES = 1-2", 206, b"12"),
        ("bytes=999999999999999999-", 416, b""),
        ("bytes=-0", 416, b""),
    ],
)
def test_odd_ranges(storage: Storage, asked: str, status: int, body: bytes) -> None:
    answer = ask("GET", storage.url(KEY, expires=60), headers={"Range": asked})
    assert (answer.status, answer.body) == (status, body)
    assert answer.headers["Content-Range"] == (
        "bytes 1-2/10" if status == 206 else "bytes */10" if status == 416 else None
    )


def test_a_range_of_something_that_changed_is_the_whole_new_thing(storage: Storage) -> None:
    url = storage.url(KEY, expires=60)
    known = f'"{tag(ask("GET", url))}"'
    assert ask("GET", url, headers={"Range": "bytes=0-1", "If-Range": known}).body == b"01"
    storage.put(KEY, io.BytesIO(b"changed"), "video/mp4")
    assert ask("GET", url, headers={"Range": "bytes=0-1", "If-Range": known}).body == b"changed"


def test_an_empty_file_is_served(storage: Storage) -> None:
    storage.put("empty", io.BytesIO(), "text/plain")
    answer = ask("GET", storage.url("empty", expires=60))
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", "0")


def test_every_answer_is_sealed(storage: Storage) -> None:
    url = storage.url(KEY, expires=60, inline=True)
    _, part = begin(storage)
    answers = (
        ask("GET", url),
        ask("GET", url, headers={"Range": "bytes=99-"}),
        ask("GET", url[:-9] + "x/talk.mp4"),
        ask("PUT", part, b"0123456789"),
        ask("PUT", part, b"0123456789 and more"),
    )
    assert [a.status for a in answers] == [200, 416, 403, 200, 413]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Access-Control-Allow-Origin"] is None
        assert answer.headers["Set-Cookie"] is None


def test_equal_addresses_for_a_while_so_that_browsers_need_not_fetch_again(storage: Storage) -> None:
    assert storage.url(KEY, expires=86_400) == storage.url(KEY, expires=86_400)
    answer = ask("GET", storage.url(KEY, expires=86_400))
    age = int(answer.headers["Cache-Control"].removeprefix("private, max-age="))
    assert 86_390 <= age <= 86_400 * 5 / 4


def test_what_may_be_read_may_not_be_written_and_the_other_way_round(storage: Storage) -> None:
    upload, part = begin(storage)
    read = storage.url(KEY, expires=60)
    swapped = part.replace("/p/", "/o/") + "/x"
    assert ask("GET", swapped).status == 403
    assert ask("PUT", read.replace("/o/", "/p/").rpartition("/")[0], b"0123456789").status == 403
    assert ask("GET", part).status == 405
    assert ask("PUT", read, b"x").status == 405
    assert ask("POST", part, b"0123456789").status == 405
    assert storage.parts("files/new", upload) == []


def test_another_secret_signs_nothing(storage: Storage, file_server: FileServer, tmp_path: Path) -> None:
    other = make_storage("directory:", data=tmp_path, url=f"{file_server.url}/files", secret=b"x" * 32)
    assert ask("GET", other.url(KEY, expires=60)).status == 403
    assert ask("GET", storage.url(KEY, expires=60)).status == 200


def test_more_than_declared_is_refused_with_the_limit(storage: Storage) -> None:
    upload, part = begin(storage)
    answer = ask("PUT", part, b"0123456789X")
    assert answer.status == 413
    assert b"10 bytes" in answer.body
    big = ask("PUT", part, bytes(3_000_000))
    assert big.status == 413
    assert storage.parts("files/new", upload) == []


def test_less_than_declared_is_refused(storage: Storage) -> None:
    upload, part = begin(storage)
    answer = ask("PUT", part, b"012345678")
    assert answer.status == 422
    assert b"9 bytes instead of 10" in answer.body
    assert ask("PUT", part, b"").status == 422
    assert storage.parts("files/new", upload) == []


def test_a_part_that_is_cut_off_leaves_nothing(storage: Storage, tmp_path: Path) -> None:
    upload, part = begin(storage, 1_000_000)
    place = urlsplit(part)
    with socket.create_connection((str(place.hostname), int(place.port or 0))) as line:
        line.sendall(
            f"PUT {place.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".encode()
            + bytes(400_000)
        )
        line.shutdown(socket.SHUT_WR)
        assert b" 400 " in line.recv(100) or b" 422 " in line.recv(100)
    assert storage.parts("files/new", upload) == []
    assert [p.name for p in (tmp_path / "files" / "uploads" / upload).iterdir()] == ["upload.json"]
    assert ask("PUT", part, bytes(1_000_000)).status == 200


def test_the_same_part_twice_at_once_is_one_of_the_two(storage: Storage) -> None:
    upload, part = begin(storage, 2_000_000)
    contents = [bytes([n]) * 2_000_000 for n in range(4)]

    def send(content: bytes) -> Callable[[], object]:
        return lambda: ask("PUT", part, content)

    threads = [threading.Thread(target=send(content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    storage.complete_upload("files/new", upload, storage.parts("files/new", upload), size=2_000_000)
    with storage.open("files/new") as stream:
        assert stream.read() in contents


def test_pages_of_another_origin_may_send_and_read_when_files_have_one_of_their_own(
    file_server: FileServer, tmp_path: Path
) -> None:
    storage = file_server.storage(tmp_path, origin="https://hub.example.com")
    storage.put(KEY, io.BytesIO(b"x"), "video/mp4")
    _, part = begin(storage, 1)
    asks = {"Origin": "https://hub.example.com", "Access-Control-Request-Method": "PUT"}
    answers = (
        ask("OPTIONS", part, headers=asks),
        ask("PUT", part, b"x"),
        ask("GET", storage.url(KEY, expires=60)),
    )
    assert [a.status for a in answers] == [200, 200, 200]
    for answer in answers:
        assert answer.headers["Access-Control-Allow-Origin"] == "https://hub.example.com"
        assert answer.headers["Access-Control-Allow-Credentials"] is None
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "PUT" in answers[0].headers["Access-Control-Allow-Methods"]


def test_with_files_in_s3_the_hub_serves_none(tmp_path: Path) -> None:
    directory = make_storage("directory:", data=tmp_path, url="http://localhost/files", secret=SECRET)
    url = directory.url(KEY, expires=60)
    options = S3Options(endpoint="http://127.0.0.1:9", access_key="a", secret_key="b")
    client = make_app(
        make_storage("s3:bucket", data=tmp_path, url="", secret=SECRET, s3=options)
    ).test_client()
    answer = client.get(urlsplit(url).path)
    assert answer.status_code == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_goes_while_it_is_asked_for_is_a_404(storage: Storage, tmp_path: Path) -> None:
    url = storage.url(KEY, expires=60)
    storage.delete(KEY)
    answer = ask("GET", url)
    assert answer.status == 404
    assert answer.headers["Cache-Control"] == "no-store"
